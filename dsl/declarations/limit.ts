/** `limit events n`, `limit time d`, `limit runs n`. */
import type { LimitDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Limit = T.word('limit');

export const limitDeclaration = defineDeclaration<LimitDecl>({
  keyword: 'limit',
  kinds: ['limit'],
  starts: [Limit],
  words: [],
  braces: 'nothing',
  once: false,
  syntax: ['limit events N', 'limit time D', 'limit runs N'],
  help: 'Stops with an error beyond this: events or simulated time of one run, runs of the scenario.',
  rule: (kit) =>
    kit.RULE<LimitDecl>('limit', () => {
      const keyword = tokenSpan(kit.CONSUME(Limit));
      const what = kit.SUBRULE(kit.shared.name);
      const value = kit.SUBRULE(kit.shared.expr);
      return { kind: 'limit', keyword, what, value, span: kit.spanFrom(keyword.start) };
    }),
});
