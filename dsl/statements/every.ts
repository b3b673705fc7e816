/** `every D { ... }`: strictly periodic, starts at once, in the background. */
import type { TimedNode } from '../ast.js';
import { checkBackground } from '../lower/background.js';
import { insideBlock, lowerBody, nextAddress } from '../lower/context.js';
import { fixedNumber } from '../lower/values.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';
import { timedRule } from './timed.js';

export const everyStatement = defineStatement<TimedNode>({
  keyword: 'every',
  kinds: ['every'],
  starts: [T.Words.every],
  words: [],
  braces: 'statements',
  syntax: ['every D { STATEMENTS }'],
  help: 'Runs the body each D, the first time at once, in the background until its block ends.',
  rule: (kit) => timedRule(kit, 'every', T.Words.every),
  lower(node, context) {
    const address = nextAddress(context, 'every');
    checkBackground('every', node.keyword, context);
    const { scope, point } = context;
    const intervalNs = fixedNumber(node.when, { unit: 'time', what: 'every', min: 1 }, scope);
    const label = `every ${scope.file.textOf(node.when.span)}`;
    const site = point.site({ file: scope.file, span: node.keyword }, address, label);
    const body = lowerBody(node.body, insideBlock(context, { address, flow: 'maybe' }));
    return [{ kind: 'every', site, intervalNs, body }];
  },
});
