/** What a plan creates: BPF programs with their sizes, counted through repeats and threads. */
import type {
  CreatePlan,
  DistributionPlan,
  PointPlan,
  StatementPlan,
  ValuePlan,
} from '../../contract/scenario-plan.js';

export interface CreatedPrograms {
  /** Number of programs per fixed size in bytes. */
  readonly countBySize: ReadonlyMap<number, number>;
  /** Size distributions that programs are drawn from, in order of appearance. */
  readonly distributions: readonly DistributionPlan[];
  /** Programs created by statements that run a fixed number of times. */
  readonly count: number;
  readonly moduleCount: number;
}

/** Walks the phases; `arrive`, `every` and `churn` have no fixed count and add distributions only. */
export function createdPrograms(point: PointPlan): CreatedPrograms {
  const countBySize = new Map<number, number>();
  const distributions: DistributionPlan[] = [];
  let count = 0;
  let moduleCount = 0;
  const addSize = (size: ValuePlan, times: number): void => {
    count += times;
    if (size.kind === 'draw') distributions.push(size.distribution);
    else countBySize.set(size.value, (countBySize.get(size.value) ?? 0) + times);
  };
  const create = (what: CreatePlan, times: number): void => {
    if (what.kind === 'module') moduleCount += times;
    if (what.kind === 'bpf') addSize(what.size, times);
  };
  const walk = (body: readonly StatementPlan[], times: number): void => {
    for (const statement of body) walkStatement(statement, times);
  };
  const walkStatement = (statement: StatementPlan, times: number): void => {
    switch (statement.kind) {
      case 'create':
        create(statement.what, times);
        return;
      case 'repeat':
        walk(statement.body, times * statement.count);
        return;
      case 'at':
        walk(statement.body, times);
        return;
      case 'parallel':
        for (const branch of statement.branches) walk(branch.body, times * statement.threads);
        return;
      case 'every':
      case 'arrive':
        walk(statement.body, 0);
        return;
      case 'mix':
        for (const option of statement.options) walk(option.body, times * option.weight);
        return;
      case 'churn':
        create(statement.item.what, 0);
        return;
      default:
        return;
    }
  };
  for (const phase of point.phases) walk(phase.body, 1);
  return { countBySize, distributions, count, moduleCount };
}

/** Pools that BPF programs go to, by index; those of layouts included. */
function poolsOfPrograms(point: PointPlan): ReadonlySet<number> {
  const pools = new Set<number>();
  forEachStatement(point, (statement) => {
    if (statement.kind === 'churn' && statement.item.what.kind === 'bpf') pools.add(statement.pool);
    if (statement.kind === 'create' && statement.what.kind === 'bpf') pools.add(statement.pool);
    if (statement.kind !== 'start') return;
    const objects = point.layouts[statement.layout]?.objects ?? [];
    if (objects.some((object) => object.kind === 'bpf')) pools.add(statement.pool);
  });
  pools.delete(-1);
  return pools;
}

/**
 * Largest share (0..1) of the references of one `execute` that goes to pools of BPF programs; 0 when
 * no program is executed.
 */
export function programFetchShare(point: PointPlan): number {
  const pools = poolsOfPrograms(point);
  let largest = 0;
  forEachStatement(point, (statement) => {
    if (statement.kind !== 'execute') return;
    const share = statement.execute.rows
      .filter(({ target }) => target.kind === 'pool' && pools.has(target.pool))
      .reduce((sum, row) => sum + row.weight, 0);
    largest = Math.max(largest, share);
  });
  return largest;
}

/** Every statement of the phases, outer before inner. */
function forEachStatement(point: PointPlan, visit: (statement: StatementPlan) => void): void {
  const walk = (body: readonly StatementPlan[]): void => {
    for (const statement of body) {
      visit(statement);
      if ('body' in statement) walk(statement.body);
      if (statement.kind === 'parallel') for (const branch of statement.branches) walk(branch.body);
      if (statement.kind === 'mix') for (const option of statement.options) walk(option.body);
    }
  };
  for (const phase of point.phases) walk(phase.body);
}

/** Code sizes of sockex1 in bytes: one filter and two probes (192, 64 and 64 bytes of a pack). */
const SOCKEX1_FILTER_BYTES = 168;
const SOCKEX1_PROBE_BYTES = 40;

/** Instances of sockex1 that a point loads; 0 when it loads anything else. */
export function sockex1Instances(point: PointPlan): number {
  const { countBySize, distributions } = createdPrograms(point);
  const filters = countBySize.get(SOCKEX1_FILTER_BYTES) ?? 0;
  const probes = countBySize.get(SOCKEX1_PROBE_BYTES) ?? 0;
  const only = countBySize.size === 2 && distributions.length === 0;
  return only && probes === filters * 2 ? filters : 0;
}

const EIGHT_GIB_BYTES = 8589934592;

/** A rung of the published ladder: instances and the state of free memory of the 8 GiB guest. */
export interface LadderRung {
  readonly point: number;
  readonly instances: number;
  readonly memory: 'fresh' | 'filled';
}

export function ladderRungs(points: readonly PointPlan[]): readonly LadderRung[] {
  return points.flatMap((point, index): readonly LadderRung[] => {
    const instances = sockex1Instances(point);
    const { kind } = point.machine.freeMemory;
    if (instances === 0 || point.machine.ramBytes !== EIGHT_GIB_BYTES) return [];
    if (kind === 'scattered') return [];
    return [{ point: index, instances, memory: kind === 'fresh' ? 'fresh' : 'filled' }];
  });
}

/** Share of draws strictly below `bound`; undefined for shapes that state no shares. */
export function shareBelow(distribution: DistributionPlan, bound: number): number | undefined {
  switch (distribution.kind) {
    case 'empirical': {
      const { values } = distribution;
      return values.length === 0
        ? undefined
        : values.filter((value) => value < bound).length / values.length;
    }
    case 'quantiles':
      return shareOfQuantiles(distribution, bound);
    default:
      return undefined;
  }
}

function shareOfQuantiles(
  distribution: Extract<DistributionPlan, { kind: 'quantiles' }>,
  bound: number,
): number {
  const { points, scale } = distribution;
  const position = (value: number): number => (scale === 'log' ? Math.log(value) : value);
  for (let i = 0; i + 1 < points.length; i += 1) {
    const lower = points[i];
    const upper = points[i + 1];
    if (lower === undefined || upper === undefined || bound > upper.value) continue;
    if (bound <= lower.value) return lower.share;
    const width = position(upper.value) - position(lower.value);
    const part = width === 0 ? 1 : (position(bound) - position(lower.value)) / width;
    return lower.share + (upper.share - lower.share) * part;
  }
  return 1;
}
