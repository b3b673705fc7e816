/** The load of a report: what is created, how often, how large, who executes, for how long. */
import type {
  ArrivalPlan,
  CreatePlan,
  ExecutePlan,
  PointPlan,
  StatementPlan,
} from '../../contract/scenario-plan.js';
import {
  durationText,
  largeNumber,
  plainNumber,
  rateText,
  sizeText,
  valueText,
} from './plain-quantity.js';

/** Clauses that a report shows; the rest is counted. */
const CLAUSES_MAX = 12;

interface Tally {
  /** Creations that happen once, by kind, then by size. */
  readonly counted: Map<string, Map<string, number>>;
  readonly clauses: string[];
}

const KIND_NAMES: Readonly<Record<CreatePlan['kind'], string>> = {
  module: 'modules',
  bpf: 'BPF',
  trampoline: 'trampolines',
  kprobe: 'kprobes',
  alloc: 'raw requests',
};

function kindText(what: CreatePlan): string {
  return what.kind === 'alloc' ? `${what.memory} requests` : KIND_NAMES[what.kind];
}

function sizeOf(what: CreatePlan): string {
  if (what.kind === 'module' || what.kind === 'kprobe') return '';
  return valueText(what.size, sizeText);
}

function arrivalText(arrival: ArrivalPlan): string {
  const rate = rateText(arrival.ratePerSecond);
  return arrival.kind === 'burst' ? `bursts of ${String(arrival.count)}, ${rate}` : rate;
}

/** Kinds that a body creates, in order, each once. */
function kindsIn(body: readonly StatementPlan[]): readonly string[] {
  const kinds = new Set<string>();
  const visit = (statement: StatementPlan): void => {
    if (statement.kind === 'create') kinds.add(kindText(statement.what));
    if (statement.kind === 'poke') kinds.add('pokes');
    for (const list of bodiesOf(statement)) list.forEach(visit);
  };
  body.forEach(visit);
  return [...kinds];
}

function bodiesOf(statement: StatementPlan): readonly (readonly StatementPlan[])[] {
  switch (statement.kind) {
    case 'repeat':
    case 'every':
    case 'arrive':
    case 'at':
      return [statement.body];
    case 'parallel':
      return statement.branches.map((branch) => branch.body);
    case 'mix':
      return statement.options.map((option) => option.body);
    default:
      return [];
  }
}

const listText = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

function executeText(execute: ExecutePlan): string {
  return `${largeNumber(execute.ratePerSecond)} fetches/s`;
}

function churnText(statement: Extract<StatementPlan, { kind: 'churn' }>): string {
  const { what } = statement.item;
  const { live } = statement;
  const size = sizeOf(what);
  const bound =
    live.kind === 'unbounded'
      ? ''
      : `, ${live.kind === 'about' ? 'about' : 'at most'} ${String(live.count)} live`;
  const sizes = size === '' ? '' : `, ${size}`;
  const lifetime = valueText(statement.lifetime, durationText);
  return `${kindText(what)} ${arrivalText(statement.arrival)}${sizes}, lifetime ${lifetime}${bound}`;
}

function addCreation(tally: Tally, what: CreatePlan, count: number): void {
  const kind = kindText(what);
  const sizes = tally.counted.get(kind) ?? new Map<string, number>();
  tally.counted.set(kind, sizes);
  const size = sizeOf(what);
  sizes.set(size, (sizes.get(size) ?? 0) + count);
}

function walk(tally: Tally, point: PointPlan, body: readonly StatementPlan[], times: number): void {
  for (const statement of body) {
    switch (statement.kind) {
      case 'create':
        addCreation(tally, statement.what, times);
        break;
      case 'repeat':
        walk(tally, point, statement.body, times * statement.count);
        break;
      case 'at':
        walk(tally, point, statement.body, times);
        break;
      case 'parallel':
        for (const branch of statement.branches) {
          walk(tally, point, branch.body, times * statement.threads);
        }
        break;
      case 'mix':
        for (const option of statement.options) {
          walk(tally, point, option.body, times * option.weight);
        }
        break;
      default:
        addClause(tally, point, statement);
    }
  }
}

function addClause(tally: Tally, point: PointPlan, statement: StatementPlan): void {
  const clause = clauseOf(point, statement);
  if (clause !== '' && !tally.clauses.includes(clause)) tally.clauses.push(clause);
}

function clauseOf(point: PointPlan, statement: StatementPlan): string {
  switch (statement.kind) {
    case 'every': {
      const kinds = kindsIn(statement.body);
      return kinds.length === 0
        ? ''
        : `${listText(kinds)} every ${durationText(statement.intervalNs)}`;
    }
    case 'arrive': {
      const kinds = kindsIn(statement.body);
      return kinds.length === 0 ? '' : `${listText(kinds)} ${arrivalText(statement.arrival)}`;
    }
    case 'churn':
      return churnText(statement);
    case 'execute':
      return executeText(statement.execute);
    case 'start': {
      const layout = point.layouts[statement.layout];
      if (layout === undefined) return '';
      const count = layout.objects.length;
      return `starts from ${layout.name}, ${String(count)} object${count === 1 ? '' : 's'}`;
    }
    case 'replay': {
      const recording = point.recordings[statement.recording];
      if (recording === undefined) return '';
      const speed = statement.speed === 1 ? '' : ` at ${plainNumber(statement.speed)}x`;
      return `replays ${recording.name}${speed}, ${String(recording.events.length)} requests`;
    }
    default:
      return '';
  }
}

function countedClauses(tally: Tally): readonly string[] {
  return [...tally.counted].map(([kind, sizes]) => {
    const total = [...sizes.values()].reduce((sum, count) => sum + count, 0);
    const only = sizes.size === 1 ? ([...sizes.keys()][0] ?? '') : '';
    const amount = Number.isInteger(total)
      ? String(total)
      : `about ${plainNumber(Math.round(total))}`;
    return `${amount} ${kind}${only === '' ? '' : ` of ${only}`}`;
  });
}

/** `180 modules; BPF 40/s, q50 500 B, lifetime q50 8 s; 5e6 fetches/s; 300 s` */
export function loadText(point: PointPlan): string {
  const tally: Tally = { counted: new Map(), clauses: [] };
  for (const phase of point.phases) walk(tally, point, phase.body, 1);
  const clauses = [...countedClauses(tally), ...tally.clauses];
  const shown = clauses.slice(0, CLAUSES_MAX);
  const hidden = clauses.length - shown.length;
  const durationNs = point.phases
    .filter((phase) => !phase.discard)
    .reduce((sum, phase) => sum + (phase.durationNs ?? 0), 0);
  return [
    ...(shown.length === 0 ? ['no requests'] : shown),
    ...(hidden > 0 ? [`${String(hidden)} more`] : []),
    ...(durationNs > 0 ? [durationText(durationNs)] : []),
  ].join('; ');
}
