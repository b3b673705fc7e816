/** The rule `selector`: whom a release or a poke takes. */
import type { IToken } from 'chevrotain';
import type { Expr, OrderWord, Path, Selector } from '../ast.js';
import * as T from '../tokens.js';
import { type Rule, type RuleKit } from './rule-kit.js';

export function selectorRule(kit: RuleKit): Rule<Selector> {
  const order = kit.RULE<IToken>('order', () =>
    kit.OR([
      { ALT: () => kit.CONSUME(T.Words.oldest) },
      { ALT: () => kit.CONSUME(T.Words.newest) },
      { ALT: () => kit.CONSUME(T.Words.random) },
      { ALT: () => kit.CONSUME(T.Words.largest) },
      { ALT: () => kit.CONSUME(T.Words.smallest) },
    ]),
  );
  return kit.RULE('selector', () => {
    const start = kit.here();
    return kit.OR<Selector>([
      {
        ALT: () => {
          kit.CONSUME(T.Words.all);
          const pool = kit.OPTION<Path>(() => kit.SUBRULE(kit.shared.path));
          const span = kit.spanFrom(start);
          return pool === undefined ? { all: true, span } : { all: true, pool, span };
        },
      },
      {
        ALT: () => {
          const what: Expr = kit.SUBRULE(kit.shared.expr);
          const word = kit.OPTION1(() => kit.SUBRULE(order));
          const pool = kit.OPTION2(() => {
            kit.CONSUME(T.Words.of);
            return kit.SUBRULE1(kit.shared.path);
          });
          return {
            all: false,
            what,
            ...(word === undefined ? {} : { order: word.image as OrderWord }),
            ...(pool === undefined ? {} : { pool }),
            span: kit.spanFrom(start),
          };
        },
      },
    ]);
  });
}
