/** `compare a, b, c [baseline a]`: the designs of the scenario. */
import type { CompareDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const CompareWord = T.word('compare');

export const compareDeclaration = defineDeclaration<CompareDecl>({
  keyword: 'compare',
  kinds: ['compare'],
  starts: [CompareWord],
  words: [],
  braces: 'nothing',
  once: true,
  syntax: ['compare DESIGN, ... [baseline DESIGN]'],
  help: 'The designs that run side by side. Without `baseline`, the first is the baseline.',
  rule: (kit) =>
    kit.RULE<CompareDecl>('compareDesigns', () => {
      const keyword = tokenSpan(kit.CONSUME(CompareWord));
      const designs = [kit.SUBRULE(kit.shared.path)];
      kit.MANY(() => {
        kit.CONSUME(T.Comma);
        designs.push(kit.SUBRULE1(kit.shared.path));
      });
      const baseline = kit.OPTION(() => {
        kit.CONSUME(T.Words.baseline);
        return kit.SUBRULE2(kit.shared.path);
      });
      const span = kit.spanFrom(keyword.start);
      const node = { kind: 'compare', keyword, designs, span } as const;
      return baseline === undefined ? node : { ...node, baseline };
    }),
});
