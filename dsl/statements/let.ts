/** `let NAME = creation`: names one allocation for the rest of the block. */
import type { LetNode } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { nextAddress } from '../lower/context.js';
import { CREATION_TEXT, lowerCreation } from '../lower/creation.js';
import { declaredTwice } from '../diagnostics/names.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

const Let = T.word('let');

export const letStatement = defineStatement<LetNode>({
  keyword: 'let',
  kinds: ['let'],
  starts: [Let],
  words: [],
  braces: 'properties',
  syntax: ['let NAME = CREATION'],
  help: 'Names one allocation for the rest of the enclosing block.',
  rule: (kit) =>
    kit.RULE<LetNode>('let', () => {
      const keyword = tokenSpan(kit.CONSUME(Let));
      const name = kit.SUBRULE(kit.shared.name);
      kit.CONSUME(T.Equal);
      const creation = kit.SUBRULE(kit.shared.creation);
      return { kind: 'let', keyword, name, creation, span: kit.spanFrom(keyword.start) };
    }),
  lower(node, context) {
    const { name, creation } = node;
    const before = context.handles.ownName(name.text);
    if (before !== undefined) context.report(declaredTwice(name.text, name.span, before.span));
    const slot = context.point.newHandle();
    const has = (key: string): boolean => creation.options.some((option) => option.key === key);
    const address = nextAddress(context, CREATION_TEXT[creation.what].replace(' ', '_'));
    const plan = lowerCreation(
      creation,
      { address, handle: slot, keeper: true, defaultPool: -1 },
      context,
    );
    context.handles.add({
      name: name.text,
      slot,
      what: creation.what,
      span: name.span,
      hasLifetime: has('lifetime'),
      intoPool: has('into'),
    });
    return [plan];
  },
});
