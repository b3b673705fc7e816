/** `phase name [for duration] [discard] { ... }`: a named span of time. */
import type { PhaseDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Phase = T.word('phase');

export const phaseDeclaration = defineDeclaration<PhaseDecl>({
  keyword: 'phase',
  kinds: ['phase'],
  starts: [Phase],
  words: [],
  braces: 'statements',
  once: false,
  syntax: ['phase NAME [for D] [discard] { STATEMENTS }'],
  help:
    'The unit of all statistics; phases run in the order in which they stand. `discard` keeps one ' +
    'out of tables and expectations. Without `for` it ends with its statements.',
  rule: (kit) =>
    kit.RULE<PhaseDecl>('phase', () => {
      const keyword = tokenSpan(kit.CONSUME(Phase));
      const name = kit.SUBRULE(kit.shared.name);
      const duration = kit.OPTION(() => {
        kit.CONSUME(T.Words.for);
        return kit.SUBRULE(kit.shared.expr);
      });
      const discard = kit.OPTION1(() => kit.CONSUME(T.Words.discard)) !== undefined;
      const body = kit.SUBRULE(kit.shared.body);
      const span = kit.spanFrom(keyword.start);
      const node = { kind: 'phase', keyword, name, discard, body, span } as const;
      return duration === undefined ? node : { ...node, duration };
    }),
});
