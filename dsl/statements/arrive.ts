/** `arrive poisson(RATE) { ... }`: open arrivals in the background. */
import type { TimedNode } from '../ast.js';
import { lowerArrival } from '../lower/arrivals.js';
import { checkBackground } from '../lower/background.js';
import { insideBlock, lowerBody, nextAddress } from '../lower/context.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';
import { timedRule } from './timed.js';

export const arriveStatement = defineStatement<TimedNode>({
  keyword: 'arrive',
  kinds: ['arrive'],
  starts: [T.Words.arrive],
  words: [],
  braces: 'statements',
  syntax: [
    'arrive poisson(RATE) { STATEMENTS }',
    'arrive uniform(RATE) { STATEMENTS }',
    'arrive burst(N, RATE) { STATEMENTS }',
  ],
  help: 'Runs the body at each arrival, in the background, whether or not the last one is done.',
  rule: (kit) => timedRule(kit, 'arrive', T.Words.arrive),
  lower(node, context) {
    const address = nextAddress(context, 'arrive');
    checkBackground('arrive', node.keyword, context);
    const { scope, point } = context;
    const arrival = lowerArrival(node.when, scope);
    const label = `arrive ${scope.file.textOf(node.when.span)}`;
    const site = point.site({ file: scope.file, span: node.keyword }, address, label);
    const body = lowerBody(node.body, insideBlock(context, { address, flow: 'maybe' }));
    return [{ kind: 'arrive', site, arrival, stream: `${address}.arrive`, body }];
  },
});
