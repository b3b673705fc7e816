/** `churn POOL { arrive, lifetime, live, item }`: programs come, live and go. */
import type {
  CreateStatement,
  StatementPlan,
  ValuePlan,
} from '../../src/contract/scenario-plan.js';
import type { ChurnNode, ChurnProp, Value } from '../ast.js';
import { givenTwice } from '../diagnostics/names.js';
import { missingPart } from '../diagnostics/syntax.js';
import { noValueHere } from '../diagnostics/values.js';
import { tokenSpan, type Rule, type RuleKit } from '../grammar/rule-kit.js';
import { lowerArrival } from '../lower/arrivals.js';
import { checkBackground } from '../lower/background.js';
import { nextAddress, type LowerContext } from '../lower/context.js';
import { lowerCreation } from '../lower/creation.js';
import { fixed, fixedNumber, lowerChoice, lowerValue, poolIndex } from '../lower/values.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

const Churn = T.word('churn');
const Live = T.word('live');
const HoldBack = T.word('hold_back');
const Item = T.word('item');

type ChurnPlan = Extract<StatementPlan, { kind: 'churn' }>;
type Props = ReadonlyMap<string, ChurnProp>;

function churnRule(kit: RuleKit): Rule<ChurnNode> {
  const key = kit.RULE('churnKey', () =>
    kit.OR([
      { ALT: () => kit.CONSUME(T.Words.arrive) },
      { ALT: () => kit.CONSUME(T.Words.lifetime) },
      { ALT: () => kit.CONSUME(Live) },
      { ALT: () => kit.CONSUME(HoldBack) },
    ]),
  );
  const prop = kit.RULE<ChurnProp>('churnProp', () => {
    const start = kit.here();
    return kit.OR<ChurnProp>([
      {
        ALT: () => {
          const token = kit.SUBRULE(key);
          const values = kit.SUBRULE(kit.shared.values);
          const name = { text: token.image, span: tokenSpan(token) };
          return { key: name, values, span: kit.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          const token = kit.CONSUME(Item);
          const item = kit.SUBRULE(kit.shared.creation);
          const name = { text: token.image, span: tokenSpan(token) };
          return { key: name, values: [], item, span: kit.spanFrom(start) };
        },
      },
    ]);
  });
  return kit.RULE<ChurnNode>('churn', () => {
    const keyword = tokenSpan(kit.CONSUME(Churn));
    const pool = kit.SUBRULE(kit.shared.path);
    const props: ChurnProp[] = [];
    kit.CONSUME(T.LeftBrace);
    kit.OPTION(() => props.push(kit.SUBRULE(prop)));
    kit.MANY(() => {
      kit.CONSUME(T.StatementEnd);
      kit.OPTION1(() => props.push(kit.SUBRULE1(prop)));
    });
    kit.CONSUME(T.RightBrace);
    return { kind: 'churn', keyword, pool, props, span: kit.spanFrom(keyword.start) };
  });
}

function propsOf(node: ChurnNode, context: LowerContext): Props {
  const props = new Map<string, ChurnProp>();
  for (const prop of node.props) {
    const first = props.get(prop.key.text);
    if (first === undefined) props.set(prop.key.text, prop);
    else context.report(givenTwice(prop.key.text, prop.key.span, first.key.span));
  }
  for (const key of ['arrive', 'lifetime', 'item']) {
    if (props.has(key)) continue;
    const message = `'churn' needs '${key}'`;
    context.report(missingPart(node.keyword, message, `add a line '${key} ...'`));
  }
  return props;
}

/** The only value of a property; undefined where it is missing. */
function onlyValue(prop: ChurnProp | undefined, context: LowerContext): Value | undefined {
  const [value, extra] = prop?.values ?? [];
  if (extra !== undefined) {
    context.report(noValueHere(extra.span, `a second value of '${prop?.key.text ?? ''}'`));
  }
  return value;
}

function lowerLive(prop: ChurnProp | undefined, context: LowerContext): ChurnPlan['live'] {
  const [mode, amount, extra] = prop?.values ?? [];
  if (prop === undefined || mode === undefined) return { kind: 'unbounded' };
  const { scope } = context;
  const kinds = ['at_most', 'about'] as const;
  const kind =
    mode.expr.kind === 'ref' ? lowerChoice(mode.expr, kinds, { what: 'bound' }, scope) : undefined;
  if (kind === undefined || amount === undefined || extra !== undefined) {
    if (mode.expr.kind !== 'ref' || kind !== undefined) {
      const help = "write 'live at_most 4000' or 'live about 600'";
      context.report(missingPart(prop.span, "'live' needs a bound and a count", help));
    }
    return { kind: 'unbounded' };
  }
  const wanted = { unit: 'count', what: 'live', min: 1 } as const;
  return { kind, count: fixedNumber(amount.expr, wanted, scope) };
}

function lowerItem(
  node: ChurnNode,
  item: ChurnProp | undefined,
  at: { readonly address: string; readonly pool: number },
  context: LowerContext,
): CreateStatement {
  const { address, pool } = at;
  const place = { address: `${address}/item`, handle: -1, keeper: true, defaultPool: pool };
  if (item?.item !== undefined) return lowerCreation(item.item, place, context);
  const site = context.point.site(
    { file: context.scope.file, span: node.keyword },
    place.address,
    'item',
  );
  const what = { kind: 'bpf', name: '', size: fixed(1) } as const;
  return { kind: 'create', site, what, pool, handle: -1 };
}

export const churnStatement = defineStatement<ChurnNode>({
  keyword: 'churn',
  kinds: ['churn'],
  starts: [Churn],
  words: [Live, HoldBack, Item],
  braces: 'nothing',
  syntax: [
    'churn POOL {',
    '  arrive poisson(RATE)',
    '  lifetime ~ DISTRIBUTION',
    '  live at_most N | about N',
    '  hold_back allow',
    '  item CREATION',
    '}',
  ],
  help:
    'Allocations come, live for their lifetime and go, in the background. An arrival beyond ' +
    '`at_most` is not made and counts `churn.held_back`.',
  rule: churnRule,
  lower(node, context) {
    const address = nextAddress(context, `churn(${node.pool.text})`);
    checkBackground('churn', node.keyword, context);
    const { scope, point } = context;
    const pool = poolIndex(node.pool, context);
    const props = propsOf(node, context);
    const label = `churn ${node.pool.text}`;
    const site = point.site({ file: scope.file, span: node.keyword }, address, label);
    const arrive = onlyValue(props.get('arrive'), context);
    const lifetime = onlyValue(props.get('lifetime'), context);
    const hold = onlyValue(props.get('hold_back'), context);
    const wanted = { unit: 'time', what: 'lifetime', stream: `${address}.lifetime` } as const;
    const lifetimePlan: ValuePlan =
      lifetime === undefined ? fixed(1) : lowerValue(lifetime, wanted, context);
    const allow =
      hold === undefined
        ? undefined
        : lowerChoice(hold.expr, ['allow', 'error'], { what: 'hold_back' }, scope);
    return [
      {
        kind: 'churn',
        site,
        pool,
        arrival:
          arrive === undefined
            ? { kind: 'poisson', ratePerSecond: 1 }
            : lowerArrival(arrive.expr, scope),
        stream: `${address}.arrive`,
        lifetime: lifetimePlan,
        live: lowerLive(props.get('live'), context),
        holdBackAllowed: allow === 'allow',
        item: lowerItem(node, props.get('item'), { address, pool }, context),
      },
    ];
  },
});
