/** `dist name = distribution`: a named distribution. */
import type { DistDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Dist = T.word('dist');

export const distDeclaration = defineDeclaration<DistDecl>({
  keyword: 'dist',
  kinds: ['dist'],
  starts: [Dist],
  words: [],
  braces: 'nothing',
  once: false,
  syntax: ['dist NAME = DISTRIBUTION'],
  help: 'A named distribution, drawn from with `~ NAME`.',
  rule: (kit) =>
    kit.RULE<DistDecl>('dist', () => {
      const keyword = tokenSpan(kit.CONSUME(Dist));
      const name = kit.SUBRULE(kit.shared.name);
      kit.CONSUME(T.Equal);
      const value = kit.SUBRULE(kit.shared.expr);
      return { kind: 'dist', keyword, name, value, span: kit.spanFrom(keyword.start) };
    }),
});
