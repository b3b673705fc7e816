/** `mark "text"`: a named instant in charts and tables. */
import type { MarkNode } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { nextAddress } from '../lower/context.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

export const markStatement = defineStatement<MarkNode>({
  keyword: 'mark',
  kinds: ['mark'],
  starts: [T.Words.mark],
  words: [],
  braces: 'nothing',
  syntax: ['mark "TEXT"'],
  help: 'Names this instant: charts show it, `probe on mark` samples at it.',
  rule: (kit) =>
    kit.RULE<MarkNode>('mark', () => {
      const keyword = tokenSpan(kit.CONSUME(T.Words.mark));
      const text = kit.SUBRULE(kit.shared.text);
      return { kind: 'mark', keyword, text, span: kit.spanFrom(keyword.start) };
    }),
  lower(node, context) {
    const { scope, point } = context;
    const address = nextAddress(context, 'mark');
    const text = node.text.value;
    const site = point.site({ file: scope.file, span: node.keyword }, address, `mark "${text}"`);
    return [{ kind: 'mark', site, text }];
  },
});
