/** `repeat N { ... }`: the body N times, one after another. */
import type { RepeatNode } from '../ast.js';
import { releasedInLoop } from '../diagnostics/handles.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { insideBlock, lowerBody, nextAddress } from '../lower/context.js';
import { fixedNumber } from '../lower/values.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

const Repeat = T.word('repeat');

export const repeatStatement = defineStatement<RepeatNode>({
  keyword: 'repeat',
  kinds: ['repeat'],
  starts: [Repeat],
  words: [],
  braces: 'statements',
  syntax: ['repeat N { STATEMENTS }'],
  help: 'Runs the body N times, one after another.',
  rule: (kit) =>
    kit.RULE<RepeatNode>('repeat', () => {
      const keyword = tokenSpan(kit.CONSUME(Repeat));
      const count = kit.SUBRULE(kit.shared.expr);
      const body = kit.SUBRULE(kit.shared.body);
      return { kind: 'repeat', keyword, count, body, span: kit.spanFrom(keyword.start) };
    }),
  lower(node, context) {
    const address = nextAddress(context, 'repeat');
    const { scope, point } = context;
    const count = fixedNumber(node.count, { unit: 'count', what: 'repeat' }, scope);
    const label = `repeat ${scope.file.textOf(node.count.span)}`;
    const site = point.site({ file: scope.file, span: node.keyword }, address, label);
    const before = new Set(context.handles.allReleased.map(([handle]) => handle));
    const flow = count === 0 ? 'maybe' : 'shared';
    const body = lowerBody(node.body, insideBlock(context, { address, flow }));
    for (const [handle, span] of count > 1 ? context.handles.allReleased : []) {
      if (!before.has(handle)) context.report(releasedInLoop(handle.name, span));
    }
    return [{ kind: 'repeat', site, count, body }];
  },
});
