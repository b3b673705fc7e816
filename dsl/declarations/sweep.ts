/** `sweep target over v1, v2`: one axis; several sweeps form a product. */
import type { Path, SweepDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Sweep = T.word('sweep');

export const sweepDeclaration = defineDeclaration<SweepDecl>({
  keyword: 'sweep',
  kinds: ['sweep'],
  starts: [Sweep],
  words: [T.Words.over],
  braces: 'nothing',
  once: false,
  syntax: ['sweep TARGET over V1, V2, ...', 'sweep (A, B) over (1, 2), (3, 4), ...'],
  help:
    'Runs the scenario once per value. A target is a param, a machine key (machine.ram) or an ' +
    'allocator option (rox_big.cache).',
  rule: (kit) =>
    kit.RULE<SweepDecl>('sweep', () => {
      const keyword = tokenSpan(kit.CONSUME(Sweep));
      const targets: Path[] = [];
      const tuple = kit.OR<boolean>([
        {
          ALT: () => {
            targets.push(kit.SUBRULE(kit.shared.path));
            return false;
          },
        },
        {
          ALT: () => {
            kit.CONSUME(T.LeftParen);
            targets.push(kit.SUBRULE1(kit.shared.path));
            kit.MANY(() => {
              kit.CONSUME(T.Comma);
              targets.push(kit.SUBRULE2(kit.shared.path));
            });
            kit.CONSUME(T.RightParen);
            return true;
          },
        },
      ]);
      kit.CONSUME(T.Words.over);
      const values = [kit.SUBRULE(kit.shared.expr)];
      kit.MANY1(() => {
        kit.CONSUME1(T.Comma);
        values.push(kit.SUBRULE1(kit.shared.expr));
      });
      return {
        kind: 'sweep',
        keyword,
        targets,
        tuple,
        values,
        span: kit.spanFrom(keyword.start),
      };
    }),
});
