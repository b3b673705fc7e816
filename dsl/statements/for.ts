/** `for i in 1..8 { ... }`: the body once per value, the variable replaced by it. */
import type { StatementPlan } from '../../src/contract/scenario-plan.js';
import type { ForNode } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { insideBlock, lowerBody, nextAddress } from '../lower/context.js';
import { fixedNumber } from '../lower/values.js';
import { count } from '../values/scope.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

export const forStatement = defineStatement<ForNode>({
  keyword: 'for',
  kinds: ['for'],
  starts: [T.Words.for],
  words: [],
  braces: 'statements',
  syntax: ['for NAME in LOW..HIGH { STATEMENTS }'],
  help: 'Runs the body once for each whole number from LOW to HIGH, both included.',
  rule: (kit) =>
    kit.RULE<ForNode>('for', () => {
      const keyword = tokenSpan(kit.CONSUME(T.Words.for));
      const name = kit.SUBRULE(kit.shared.name);
      kit.CONSUME(T.Words.in);
      const low = kit.SUBRULE(kit.shared.expr);
      kit.CONSUME(T.DotDot);
      const high = kit.SUBRULE1(kit.shared.expr);
      const body = kit.SUBRULE(kit.shared.body);
      return { kind: 'for', keyword, name, low, high, body, span: kit.spanFrom(keyword.start) };
    }),
  lower(node, context) {
    const address = nextAddress(context, 'for');
    const { scope } = context;
    const wanted = { unit: 'count', what: 'for' } as const;
    const low = fixedNumber(node.low, wanted, scope);
    const high = fixedNumber(node.high, wanted, scope);
    const plans: StatementPlan[] = [];
    for (let value = low; value <= high && !context.point.full; value += 1) {
      const inner = scope.with([[node.name.text, { kind: 'scalar', scalar: count(value) }]]);
      const place = { address: `${address}=${value}`, flow: 'shared', scope: inner } as const;
      const before = context.point.sites.length;
      for (const plan of lowerBody(node.body, insideBlock(context, place))) plans.push(plan);
      // A body that makes nothing makes nothing the next time either.
      if (context.point.sites.length === before) break;
    }
    if (low > high) {
      const inner = scope.with([[node.name.text, { kind: 'scalar', scalar: count(low) }]]);
      lowerBody(node.body, insideBlock(context, { address, flow: 'maybe', scope: inner }));
    }
    return plans;
  },
});
