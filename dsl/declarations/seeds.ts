/** `seeds 1..30` or `seeds 3, 7, 11`: the repeats. */
import type { SeedsDecl } from '../ast.js';
import { tokenSpan, type Rule, type RuleKit } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Seeds = T.word('seeds');

type Seed = SeedsDecl['seeds'][number];

function seedRule(kit: RuleKit): Rule<Seed> {
  return kit.RULE<Seed>('seed', () => {
    const start = kit.here();
    const low = kit.SUBRULE(kit.shared.expr);
    const high = kit.OPTION(() => {
      kit.CONSUME(T.DotDot);
      return kit.SUBRULE1(kit.shared.expr);
    });
    const span = kit.spanFrom(start);
    return high === undefined ? { low, span } : { low, high, span };
  });
}

export const seedsDeclaration = defineDeclaration<SeedsDecl>({
  keyword: 'seeds',
  kinds: ['seeds'],
  starts: [Seeds],
  words: [],
  braces: 'nothing',
  once: true,
  syntax: ['seeds LOW..HIGH', 'seeds N, M, ...'],
  help: 'Each design runs once per seed, with the same requests for all designs. Default: seeds 1.',
  rule: (kit) => {
    const seed = seedRule(kit);
    return kit.RULE<SeedsDecl>('seeds', () => {
      const keyword = tokenSpan(kit.CONSUME(Seeds));
      const seeds = [kit.SUBRULE(seed)];
      kit.MANY(() => {
        kit.CONSUME(T.Comma);
        seeds.push(kit.SUBRULE1(seed));
      });
      return { kind: 'seeds', keyword, seeds, span: kit.spanFrom(keyword.start) };
    });
  },
});
