/** `wait D`, `wait ~ DIST`: moves the time of its own block. */
import type { WaitNode } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { nextAddress } from '../lower/context.js';
import { lowerValue } from '../lower/values.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

const Wait = T.word('wait');

export const waitStatement = defineStatement<WaitNode>({
  keyword: 'wait',
  kinds: ['wait'],
  starts: [Wait],
  words: [],
  braces: 'nothing',
  syntax: ['wait D', 'wait ~ DISTRIBUTION'],
  help: 'Lets simulated time pass in its own block.',
  rule: (kit) =>
    kit.RULE<WaitNode>('wait', () => {
      const keyword = tokenSpan(kit.CONSUME(Wait));
      const value = kit.SUBRULE(kit.shared.value);
      return { kind: 'wait', keyword, value, span: kit.spanFrom(keyword.start) };
    }),
  lower(node, context) {
    const address = nextAddress(context, 'wait');
    const { scope, point } = context;
    const wanted = { unit: 'time', what: 'wait', stream: `${address}.wait` } as const;
    const duration = lowerValue(node.value, wanted, context);
    const label = `wait ${scope.file.textOf(node.value.span)}`;
    const site = point.site({ file: scope.file, span: node.keyword }, address, label);
    return [{ kind: 'wait', site, duration }];
  },
});
