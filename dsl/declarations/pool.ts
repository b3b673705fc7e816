/** `pool p, q`: named sets of live allocations. */
import type { PoolDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Pool = T.word('pool');

export const poolDeclaration = defineDeclaration<PoolDecl>({
  keyword: 'pool',
  kinds: ['pool'],
  starts: [Pool],
  words: [],
  braces: 'nothing',
  once: false,
  syntax: ['pool NAME, ...'],
  help: 'Named sets of live allocations, to release, rewrite or execute some of them.',
  rule: (kit) =>
    kit.RULE<PoolDecl>('pool', () => {
      const keyword = tokenSpan(kit.CONSUME(Pool));
      const names = [kit.SUBRULE(kit.shared.name)];
      kit.MANY(() => {
        kit.CONSUME(T.Comma);
        names.push(kit.SUBRULE1(kit.shared.name));
      });
      return { kind: 'pool', keyword, names, span: kit.spanFrom(keyword.start) };
    }),
});
