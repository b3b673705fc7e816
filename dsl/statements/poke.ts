/** `poke`: rewrites text in place. */
import type { PokeNode } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { nextAddress } from '../lower/context.js';
import { lowerSelector } from '../lower/selector.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

const Poke = T.word('poke');

export const pokeStatement = defineStatement<PokeNode>({
  keyword: 'poke',
  kinds: ['poke'],
  starts: [Poke],
  words: [],
  braces: 'nothing',
  syntax: ['poke HANDLE', 'poke N|SHARE [ORDER] of POOL', 'poke all POOL'],
  help: 'Rewrites the text of live allocations in place, as live patching of code does.',
  rule: (kit) =>
    kit.RULE<PokeNode>('poke', () => {
      const keyword = tokenSpan(kit.CONSUME(Poke));
      const selector = kit.SUBRULE(kit.shared.selector);
      return { kind: 'poke', keyword, selector, span: kit.spanFrom(keyword.start) };
    }),
  lower(node, context) {
    const address = nextAddress(context, 'poke');
    const { keyword, selector } = node;
    const plan = lowerSelector(selector, { verb: 'poke', verbSpan: keyword, address }, context);
    if (plan === undefined) return [];
    const { file } = context.scope;
    const label = `poke ${file.textOf(selector.span)}`;
    const site = context.point.site({ file, span: keyword }, address, label);
    return [{ kind: 'poke', site, selector: plan }];
  },
});
