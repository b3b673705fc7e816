/** `mix { 60%: ...; 30%: ...; rest: ... }`: one of several, drawn each time. */
import type { Expr, MixNode, MixOption } from '../ast.js';
import { restNotLast, wrongWeights } from '../diagnostics/distributions.js';
import { missingPart } from '../diagnostics/syntax.js';
import { tokenSpan, type Rule, type RuleKit } from '../grammar/rule-kit.js';
import { insideBlock, nextAddress, type LowerContext } from '../lower/context.js';
import { numberOf } from '../values/evaluate.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

const Mix = T.word('mix');

function mixRule(kit: RuleKit): Rule<MixNode> {
  const option = kit.RULE<MixOption>('mixOption', () => {
    const start = kit.here();
    const weight = kit.SUBRULE(kit.shared.expr);
    kit.CONSUME(T.Colon);
    const statement = kit.SUBRULE(kit.shared.statement);
    return { weight, statement, span: kit.spanFrom(start) };
  });
  return kit.RULE<MixNode>('mix', () => {
    const keyword = tokenSpan(kit.CONSUME(Mix));
    const options: MixOption[] = [];
    kit.CONSUME(T.LeftBrace);
    kit.OPTION(() => options.push(kit.SUBRULE(option)));
    kit.MANY(() => {
      kit.CONSUME(T.StatementEnd);
      kit.OPTION1(() => options.push(kit.SUBRULE1(option)));
    });
    kit.CONSUME(T.RightBrace);
    return { kind: 'mix', keyword, options, span: kit.spanFrom(keyword.start) };
  });
}

const isRest = (expr: Expr | undefined): boolean =>
  expr?.kind === 'ref' && expr.path.text === 'rest';

/** Weights of all options, `rest` filled in; undefined after a report. */
function weightsOf(node: MixNode, context: LowerContext): number[] | undefined {
  const { scope } = context;
  const weights: number[] = [];
  let broken = false;
  for (const [index, option] of node.options.entries()) {
    if (isRest(option.weight)) {
      if (index !== node.options.length - 1) {
        context.report(restNotLast(option.weight.span));
        return undefined;
      }
      const before = weights.reduce((sum, weight) => sum + weight, 0);
      weights.push(Math.max(0, 1 - before));
      continue;
    }
    const weight = numberOf(option.weight, scope, 'share', 'mix');
    if (weight === undefined) broken = true;
    weights.push(weight ?? 0);
  }
  if (broken) return undefined;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (Math.abs(total - 1) <= 1e-9) return weights;
  // What `rest` takes is nothing when the others add up to more than the whole.
  const given = weights.filter((_, index) => !isRest(node.options[index]?.weight));
  const rest = given.length === weights.length;
  context.report(wrongWeights({ span: node.keyword, weights: given, rest }));
  return undefined;
}

export const mixStatement = defineStatement<MixNode>({
  keyword: 'mix',
  kinds: ['mix'],
  starts: [Mix],
  words: [],
  braces: 'nothing',
  syntax: ['mix { SHARE: STATEMENT; ...; rest: STATEMENT }'],
  help: 'One of the statements each time, drawn by weight. The weights add up to 100%.',
  rule: mixRule,
  lower(node, context) {
    const address = nextAddress(context, 'mix');
    const { scope, point } = context;
    if (node.options.length === 0) {
      const message = "'mix' needs something to choose from";
      context.report(missingPart(node.keyword, message, "write '60%: STATEMENT'"));
      return [];
    }
    const weights = weightsOf(node, context);
    const site = point.site({ file: scope.file, span: node.keyword }, address, 'mix');
    // One set of ordinals for all options: two options of a kind have two addresses.
    const inner = insideBlock(context, { address, flow: 'maybe' });
    const options = node.options.map((option, index) => {
      const alone = { ...inner, handles: context.handles.child('maybe') };
      const body = context.lowerStatement(option.statement, alone);
      alone.handles.close(context.report);
      return { weight: weights?.[index] ?? 0, body };
    });
    return [{ kind: 'mix', site, stream: `${address}.pick`, options }];
  },
});
