/** `at D { ... }`: D after the enclosing block starts. */
import type { TimedNode } from '../ast.js';
import { afterBlockEnd } from '../diagnostics/limits.js';
import {
  insideBlock,
  lowerBody,
  nextAddress,
  type BlockTime,
  type LowerContext,
} from '../lower/context.js';
import { fixedNumber } from '../lower/values.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';
import { timedRule } from './timed.js';

/** Time of the body: what is left of the block around it. */
function blockOf(
  node: TimedNode,
  offsetNs: number,
  { block, scope }: LowerContext,
): { readonly block: BlockTime } {
  const { durationNs } = block;
  if (durationNs === undefined) return { block };
  const name = `the rest of ${block.name} from 'at ${scope.file.textOf(node.when.span)}'`;
  return { block: { ...block, name, durationNs: Math.max(1, durationNs - offsetNs) } };
}

export const atStatement = defineStatement<TimedNode>({
  keyword: 'at',
  kinds: ['at'],
  starts: [T.Words.at],
  words: [],
  braces: 'statements',
  syntax: ['at D { STATEMENTS }'],
  help: 'Runs the body D after the enclosing block starts.',
  rule: (kit) => timedRule(kit, 'at', T.Words.at),
  lower(node, context) {
    const address = nextAddress(context, 'at');
    const { scope, point, block } = context;
    const offsetNs = fixedNumber(node.when, { unit: 'time', what: 'at' }, scope);
    const text = scope.file.textOf(node.when.span);
    if (block.durationNs !== undefined && offsetNs >= block.durationNs) {
      const { durationNs, durationSpan, name } = block;
      const { span } = node.when;
      context.report(afterBlockEnd({ span, text, block: name, durationNs, durationSpan }));
    }
    const site = point.site({ file: scope.file, span: node.keyword }, address, `at ${text}`);
    const time = blockOf(node, offsetNs, context);
    const body = lowerBody(node.body, insideBlock(context, { address, flow: 'maybe', ...time }));
    return [{ kind: 'at', site, offsetNs, body }];
  },
});
