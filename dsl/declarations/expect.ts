/** `expect claim ...` and `warn if claim ...`: what has to hold. */
import type { Expr, ExpectDecl, Name, Path } from '../ast.js';
import type { Rule, RuleKit } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Expect = T.word('expect');
const Warn = T.word('warn');

type Claim = ExpectDecl['claim'];
type Tail = Partial<Pick<ExpectDecl, 'phase' | 'with'>> & Pick<ExpectDecl, 'atEnd' | 'designs'>;

function claimRule(kit: RuleKit): Rule<Claim> {
  return kit.RULE<Claim>('claim', () =>
    kit.OR<Claim>([
      {
        ALT: () => {
          kit.CONSUME(T.Words.no);
          return { kind: 'no', metric: kit.SUBRULE(kit.shared.path) };
        },
      },
      {
        ALT: () => {
          const never = kit.OPTION(() => kit.CONSUME(T.Words.never)) !== undefined;
          const left: Expr = kit.SUBRULE(kit.shared.expr);
          const cmp = kit.SUBRULE(kit.shared.compare);
          const right: Expr = kit.SUBRULE1(kit.shared.expr);
          return { kind: never ? 'never' : 'holds', left, cmp, right };
        },
      },
    ]),
  );
}

/** `[in PHASE | at end of PHASE] [for designs] [with name value]`. */
function tailRule(kit: RuleKit): Rule<Tail> {
  const place = kit.RULE<{ phase: Name; atEnd: boolean }>('expectPlace', () =>
    kit.OR<{ phase: Name; atEnd: boolean }>([
      {
        ALT: () => {
          kit.CONSUME(T.Words.in);
          return { phase: kit.SUBRULE(kit.shared.name), atEnd: false };
        },
      },
      {
        ALT: () => {
          kit.CONSUME(T.Words.at);
          kit.CONSUME(T.Words.end);
          kit.CONSUME(T.Words.of);
          return { phase: kit.SUBRULE1(kit.shared.name), atEnd: true };
        },
      },
    ]),
  );
  return kit.RULE<Tail>('expectTail', () => {
    const where = kit.OPTION(() => kit.SUBRULE(place));
    const designs: Path[] = [];
    kit.OPTION1(() => {
      kit.CONSUME(T.Words.for);
      designs.push(kit.SUBRULE1(kit.shared.path));
      kit.MANY(() => {
        kit.CONSUME(T.Comma);
        designs.push(kit.SUBRULE2(kit.shared.path));
      });
    });
    const extra = kit.OPTION2(() => {
      kit.CONSUME(T.Words.with);
      const name = kit.SUBRULE(kit.shared.name);
      return { name, value: kit.SUBRULE(kit.shared.expr) };
    });
    return {
      atEnd: false,
      ...(where ?? {}),
      designs,
      ...(extra === undefined ? {} : { with: extra }),
    };
  });
}

export const expectDeclaration = defineDeclaration<ExpectDecl>({
  keyword: 'expect',
  kinds: ['expect', 'warn'],
  starts: [Expect, Warn],
  words: [T.Words.never, T.Words.no],
  braces: 'nothing',
  once: false,
  syntax: [
    'expect EXPR CMP EXPR [in PHASE | at end of PHASE] [for DESIGN, ...] [with confidence 95%]',
    'expect no METRIC [in PHASE]',
    'expect never EXPR CMP EXPR [in PHASE]',
    'warn if EXPR CMP EXPR ...',
  ],
  help:
    'A claim that must hold in every seed and sweep point, or with confidence for the paired ' +
    'difference over seeds. `warn if` is reported and does not fail the run.',
  rule: (kit) => {
    const claimPart = claimRule(kit);
    const tailPart = tailRule(kit);
    return kit.RULE<ExpectDecl>('expect', () => {
      const start = kit.here();
      const kind = kit.OR<ExpectDecl['kind']>([
        {
          ALT: () => {
            kit.CONSUME(Expect);
            return 'expect';
          },
        },
        {
          ALT: () => {
            kit.CONSUME(Warn);
            kit.CONSUME(T.Words.if);
            return 'warn';
          },
        },
      ]);
      const claim = kit.SUBRULE(claimPart);
      const tail = kit.SUBRULE(tailPart);
      const keyword = { start, end: start + kind.length };
      return { kind, keyword, claim, ...tail, span: kit.spanFrom(start) };
    });
  },
});
