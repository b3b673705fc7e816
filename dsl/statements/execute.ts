/** `execute RATE on cpu A..B { rows }`: who runs, which drives the iTLB. */
import type { ExecuteRowPlan } from '../../src/contract/scenario-plan.js';
import type { ExecuteNode, Expr, Prop, PropGroup, Value } from '../ast.js';
import { wrongWeights } from '../diagnostics/distributions.js';
import { givenTwice, unknownName } from '../diagnostics/names.js';
import { missingPart } from '../diagnostics/syntax.js';
import { noValueHere, wrongNumber } from '../diagnostics/values.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { checkBackground } from '../lower/background.js';
import { nextAddress, type LowerContext } from '../lower/context.js';
import { fixedNumber, lowerChoice, poolIndex } from '../lower/values.js';
import { argumentsFit } from '../values/arguments.js';
import { describe, evaluate, numberOf } from '../values/evaluate.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

const Execute = T.word('execute');
const Cpu = T.word('cpu');

const ROW_KEYS = ['weight', 'hot', 'locality', 'pages'] as const;
type RowKey = (typeof ROW_KEYS)[number];
type RowValues = ReadonlyMap<RowKey, Value>;

/** `kernel weight 33%, hot 2MiB`: pairs of a key and its value; `broken` after a report. */
function rowValues(prop: Prop, context: LowerContext): { values: RowValues; broken: boolean } {
  const values = new Map<RowKey, Value>();
  let broken = false;
  for (const group of prop.groups) {
    for (const { key, at, value } of pairs(group)) {
      const known = ROW_KEYS.find((name) => name === key);
      broken ||= known === undefined || value === undefined;
      if (known === undefined) {
        const candidates = ROW_KEYS;
        const where = "in 'execute'";
        context.report(
          unknownName({ span: at, what: 'key', name: key, where, candidates, listAs: 'keys' }),
        );
      } else if (value === undefined) {
        context.report(missingPart(at, `'${key}' needs a value`, 'write it behind the name'));
      } else if (values.has(known)) {
        context.report(givenTwice(key, at, values.get(known)?.span ?? at));
      } else values.set(known, value);
    }
  }
  return { values, broken };
}

function pairs(group: PropGroup): { key: string; at: Expr['span']; value: Value | undefined }[] {
  const list: { key: string; at: Expr['span']; value: Value | undefined }[] = [];
  const rest = [...group.values];
  if (group.key !== undefined) {
    list.push({ key: group.key.text, at: group.key.span, value: rest.shift() });
  }
  while (rest.length > 0) {
    const name = rest.shift();
    if (name === undefined) break;
    const key = name.expr.kind === 'ref' ? name.expr.path.text : 'value';
    list.push({ key, at: name.span, value: rest.shift() });
  }
  return list;
}

/** `weighted` is false when the weight is missing or a mistake. */
function lowerRow(
  prop: Prop,
  context: LowerContext,
): { readonly row: ExecuteRowPlan; readonly weighted: boolean } {
  const { scope } = context;
  const { values, broken } = rowValues(prop, context);
  const name = prop.path.text;
  const target: ExecuteRowPlan['target'] =
    name === 'kernel' || name === 'user'
      ? { kind: name }
      : { kind: 'pool', pool: poolIndex(prop.path, context) };
  const weight = values.get('weight');
  if (weight === undefined && !broken) {
    context.report(missingPart(prop.path.span, `'${name}' needs a weight`, "add 'weight 10%'"));
  }
  const hot = values.get('hot');
  const pages = values.get('pages');
  const pageSize =
    pages === undefined
      ? undefined
      : lowerChoice(pages.expr, ['4K', '2M'], { what: 'page size' }, scope);
  if (pages !== undefined && target.kind !== 'user') {
    context.report(noValueHere(pages.span, `'pages' of '${name}'`));
  }
  if (hot !== undefined && target.kind === 'pool') {
    context.report(noValueHere(hot.span, `'hot' of a pool`));
  }
  const hotWanted = { unit: 'size', what: 'hot', min: 1 } as const;
  const share = weight === undefined ? undefined : numberOf(weight.expr, scope, 'share', 'weight');
  const row = {
    target,
    weight: share ?? 0,
    ...(hot === undefined ? {} : { hotBytes: fixedNumber(hot.expr, hotWanted, scope) }),
    locality: lowerLocality(values.get('locality'), context),
    ...(pageSize === undefined ? {} : { pages: pageSize }),
  };
  return { row, weighted: share !== undefined };
}

function lowerLocality(
  value: Value | undefined,
  context: LowerContext,
): ExecuteRowPlan['locality'] {
  if (value === undefined) return { kind: 'uniform' };
  const scalar = evaluate(value.expr, context.scope);
  if (scalar.kind === 'word' && scalar.value === 'uniform') return { kind: 'uniform' };
  if (scalar.kind === 'form' && scalar.call.path.text === 'zipf') {
    argumentsFit(scalar.call, ['skew'], scalar.scope);
    const [argument] = scalar.call.args;
    const skew =
      argument === undefined ? 1 : numberOf(argument.value, scalar.scope, 'count', 'skew');
    return { kind: 'zipf', skew: Math.max(0, skew ?? 1) };
  }
  if (scalar.kind !== 'broken') {
    const span = scalar.kind === 'form' ? scalar.call.path.span : value.expr.span;
    const name =
      scalar.kind === 'word'
        ? scalar.value
        : scalar.kind === 'form'
          ? scalar.call.path.text
          : describe(scalar);
    const candidates = ['uniform', 'zipf'];
    context.report(unknownName({ span, what: 'locality', name, candidates, listAs: 'possible' }));
  }
  return { kind: 'uniform' };
}

function lowerCpus(node: ExecuteNode, context: LowerContext): { start: number; end: number } {
  const { cpus } = context.point.sources.machine;
  if (node.cpus === undefined) return { start: 0, end: cpus };
  const wanted = { unit: 'count', what: 'cpu' } as const;
  const start = fixedNumber(node.cpus.low, wanted, context.scope);
  const last =
    node.cpus.high === undefined ? start : fixedNumber(node.cpus.high, wanted, context.scope);
  if (last < start) {
    context.report(wrongNumber(node.cpus.span, 'the range of CPUs is empty', 'swap its ends'));
  } else if (last >= cpus) {
    const help = `the machine has ${cpus === 1 ? 'cpu 0' : `cpu 0..${cpus - 1}`}`;
    context.report(wrongNumber(node.cpus.span, `cpu ${last} does not exist`, help));
  }
  return { start, end: last + 1 };
}

export const executeStatement = defineStatement<ExecuteNode>({
  keyword: 'execute',
  kinds: ['execute'],
  starts: [Execute],
  words: [Cpu],
  braces: 'properties',
  syntax: [
    'execute RATE [on cpu A..B] {',
    '  user   weight SHARE, hot SIZE, pages 4K|2M',
    '  kernel weight SHARE, hot SIZE',
    '  POOL   weight SHARE, locality uniform|zipf(skew=S)',
    '}',
  ],
  help:
    'References to instruction pages per second of the whole machine, in the background. The ' +
    'weights add up to 100%; an empty pool gives its weight to `kernel`.',
  rule: (kit) =>
    kit.RULE<ExecuteNode>('execute', () => {
      const keyword = tokenSpan(kit.CONSUME(Execute));
      const rate = kit.SUBRULE(kit.shared.expr);
      const cpus = kit.OPTION(() => {
        kit.CONSUME(T.Words.on);
        kit.CONSUME(Cpu);
        const start = kit.here();
        const low = kit.SUBRULE1(kit.shared.expr);
        const high = kit.OPTION1(() => {
          kit.CONSUME(T.DotDot);
          return kit.SUBRULE2(kit.shared.expr);
        });
        const span = kit.spanFrom(start);
        return high === undefined ? { low, span } : { low, high, span };
      });
      const block = kit.SUBRULE(kit.shared.block);
      const span = kit.spanFrom(keyword.start);
      const node = { kind: 'execute', keyword, rate, block, span } as const;
      return cpus === undefined ? node : { ...node, cpus };
    }),
  lower(node, context) {
    const address = nextAddress(context, 'execute');
    checkBackground('execute', node.keyword, context);
    const { scope, point } = context;
    const rate = numberOf(node.rate, scope, 'rate', 'execute');
    if (rate !== undefined && rate <= 0) {
      context.report(wrongNumber(node.rate.span, 'the rate must be above 0', 'raise it'));
    }
    const cpus = lowerCpus(node, context);
    const seen = new Map<string, Prop>();
    for (const prop of node.block.props) {
      const first = seen.get(prop.path.text);
      if (first === undefined) seen.set(prop.path.text, prop);
      else context.report(givenTwice(prop.path.text, prop.path.span, first.path.span));
    }
    const lowered = node.block.props.map((prop) => lowerRow(prop, context));
    const rows = lowered.map(({ row }) => row);
    const weights = rows.map((row) => row.weight);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (rows.length === 0) {
      const message = "'execute' needs something to run";
      context.report(missingPart(node.keyword, message, "write 'kernel weight 100%'"));
    } else if (lowered.every(({ weighted }) => weighted) && Math.abs(total - 1) > 1e-9) {
      context.report(wrongWeights({ span: node.keyword, weights, rest: false }));
    }
    const label = `execute ${scope.file.textOf(node.rate.span)}`;
    const site = point.site({ file: scope.file, span: node.keyword }, address, label);
    const execute = {
      ratePerSecond: rate ?? 1,
      cpuStart: cpus.start,
      cpuEnd: cpus.end,
      rows,
      stream: `${address}.fetch`,
    };
    return [{ kind: 'execute', site, execute }];
  },
});
