/** `free`, and `unload`, `detach`, `unregister`, which also check the kind. */
import type { ReleaseNode, ReleaseVerb } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { nextAddress } from '../lower/context.js';
import { lowerSelector } from '../lower/selector.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

const Free = T.word('free');
const Unload = T.word('unload');
const Detach = T.word('detach');
const Unregister = T.word('unregister');

export const freeStatement = defineStatement<ReleaseNode>({
  keyword: 'free',
  kinds: ['release'],
  starts: [Free, Unload, Detach, Unregister],
  words: [],
  braces: 'nothing',
  syntax: [
    'free HANDLE',
    'free all [POOL]',
    'free N|SHARE [oldest|newest|random|largest|smallest] of POOL',
    'unload|detach|unregister HANDLE',
  ],
  help: 'Releases allocations. Without an order word the oldest go first.',
  rule: (kit) =>
    kit.RULE<ReleaseNode>('free', () => {
      const token = kit.OR([
        { ALT: () => kit.CONSUME(Free) },
        { ALT: () => kit.CONSUME(Unload) },
        { ALT: () => kit.CONSUME(Detach) },
        { ALT: () => kit.CONSUME(Unregister) },
      ]);
      const selector = kit.SUBRULE(kit.shared.selector);
      const keyword = tokenSpan(token);
      const verb = token.image as ReleaseVerb;
      return { kind: 'release', verb, keyword, selector, span: kit.spanFrom(keyword.start) };
    }),
  lower(node, context) {
    const address = nextAddress(context, 'free');
    const { verb, keyword, selector } = node;
    const plan = lowerSelector(selector, { verb, verbSpan: keyword, address }, context);
    if (plan === undefined) return [];
    const { file } = context.scope;
    const label = `${verb} ${file.textOf(selector.span)}`;
    const site = context.point.site({ file, span: keyword }, address, label);
    return [{ kind: 'release', site, selector: plan }];
  },
});
