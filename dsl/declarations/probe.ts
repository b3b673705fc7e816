/** `probe every D: metrics`, `probe at end [of PHASE]: ...`, `probe on mark "x": ...`. */
import type { ProbeDecl } from '../ast.js';
import { tokenSpan, type Rule, type RuleKit } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Probe = T.word('probe');

type When = ProbeDecl['when'];

function whenRule(kit: RuleKit): Rule<When> {
  return kit.RULE<When>('probeWhen', () =>
    kit.OR<When>([
      {
        ALT: () => {
          kit.CONSUME(T.Words.every);
          return { kind: 'every', interval: kit.SUBRULE(kit.shared.expr) };
        },
      },
      {
        ALT: () => {
          kit.CONSUME(T.Words.at);
          kit.CONSUME(T.Words.end);
          const phase = kit.OPTION(() => {
            kit.CONSUME(T.Words.of);
            return kit.SUBRULE(kit.shared.name);
          });
          return phase === undefined ? { kind: 'end' } : { kind: 'end', phase };
        },
      },
      {
        ALT: () => {
          kit.CONSUME(T.Words.on);
          kit.CONSUME(T.Words.mark);
          return { kind: 'mark', text: kit.SUBRULE(kit.shared.text) };
        },
      },
    ]),
  );
}

export const probeDeclaration = defineDeclaration<ProbeDecl>({
  keyword: 'probe',
  kinds: ['probe'],
  starts: [Probe],
  words: [T.Words.on],
  braces: 'nothing',
  once: false,
  syntax: [
    'probe every D: METRIC, ...',
    'probe at end [of PHASE]: METRIC, ...',
    'probe on mark "TEXT": METRIC, ... | layout_snapshot',
  ],
  help: 'Samples metrics: periodically, at the end of phases, or at a mark.',
  rule: (kit) => {
    const whenPart = whenRule(kit);
    return kit.RULE<ProbeDecl>('probe', () => {
      const keyword = tokenSpan(kit.CONSUME(Probe));
      const when = kit.SUBRULE(whenPart);
      kit.CONSUME(T.Colon);
      const metrics = [kit.SUBRULE(kit.shared.path)];
      kit.MANY(() => {
        kit.CONSUME(T.Comma);
        metrics.push(kit.SUBRULE1(kit.shared.path));
      });
      return { kind: 'probe', keyword, when, metrics, span: kit.spanFrom(keyword.start) };
    });
  },
});
