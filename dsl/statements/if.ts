/** `if a CMP b { ... } else { ... }`: parameters only, decided before the run. */
import { compare } from '../../src/contract/comparison.js';
import type { IfNode } from '../ast.js';
import { equalForCompare } from '../diagnostics/expectations.js';
import { unknownName } from '../diagnostics/names.js';
import { badArithmetic } from '../diagnostics/values.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { insideBlock, lowerBody, nextAddress, type LowerContext } from '../lower/context.js';
import { describe, evaluate } from '../values/evaluate.js';
import type { Scalar } from '../values/scope.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

/** Numbers compare by value; words and texts are equal or not. Undefined after a report. */
function holds(node: IfNode, context: LowerContext): boolean | undefined {
  const { scope } = context;
  const left = evaluate(node.left, scope);
  const right = evaluate(node.right, scope);
  if (left.kind === 'broken' || right.kind === 'broken') return undefined;
  if (left.kind === 'number' && right.kind === 'number' && left.unit === right.unit) {
    return compare(left.value, node.cmp.text === '=' ? '==' : node.cmp.text, right.value);
  }
  const text = (scalar: Scalar): string | undefined =>
    scalar.kind === 'word' || scalar.kind === 'text' ? scalar.value : undefined;
  const [a, b] = [text(left), text(right)];
  const sign = node.cmp.text;
  if (a !== undefined && b !== undefined && (sign === '==' || sign === '!=' || sign === '=')) {
    return (a === b) === (sign !== '!=');
  }
  // A word that no param holds, before a number, is a param that is not there.
  const { left: expr } = node;
  const candidates = scope.file.namesOf(['param']);
  const isLoose = left.kind === 'word' && right.kind === 'number' && expr.kind === 'ref';
  if (isLoose && !candidates.includes(expr.path.text)) {
    const { text: name } = expr.path;
    context.report(unknownName({ span: expr.span, what: 'param', name, candidates }));
    return undefined;
  }
  const span = { start: node.left.span.start, end: node.right.span.end };
  context.report(badArithmetic(span, sign, describe(left), describe(right)));
  return undefined;
}

export const ifStatement = defineStatement<IfNode>({
  keyword: 'if',
  kinds: ['if'],
  starts: [T.Words.if],
  words: [T.Words.else],
  braces: 'statements',
  syntax: ['if EXPR CMP EXPR { STATEMENTS } else { STATEMENTS }'],
  help: 'Chooses between statements by parameters, before the run; never by what a run measured.',
  rule: (kit) =>
    kit.RULE<IfNode>('if', () => {
      const keyword = tokenSpan(kit.CONSUME(T.Words.if));
      const left = kit.SUBRULE(kit.shared.expr);
      const cmp = kit.SUBRULE(kit.shared.compare);
      const right = kit.SUBRULE1(kit.shared.expr);
      const body = kit.SUBRULE(kit.shared.body);
      const otherwise = kit.OPTION(() => {
        kit.CONSUME(T.Words.else);
        return kit.SUBRULE1(kit.shared.body);
      });
      const span = kit.spanFrom(keyword.start);
      const node = { kind: 'if', keyword, left, cmp, right, body, span } as const;
      return otherwise === undefined ? node : { ...node, otherwise };
    }),
  lower(node, context) {
    const address = nextAddress(context, 'if');
    if (node.cmp.text === '=') context.report(equalForCompare(node.cmp.span));
    const chosen = holds(node, context) ?? true;
    const inside = (name: string, taken: boolean): LowerContext =>
      insideBlock(context, { address: `${address}/${name}`, flow: taken ? 'shared' : 'maybe' });
    // The branch that is not taken is lowered for its checks only. Both see what was released before.
    const [then, or] = [inside('then', chosen), inside('else', !chosen)];
    const yes = lowerBody(node.body, then);
    const no = node.otherwise === undefined ? [] : lowerBody(node.otherwise, or);
    return chosen ? yes : no;
  },
});
