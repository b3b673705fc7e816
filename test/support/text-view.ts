/** A module area whose leaves a test sets page by page, and a machine around it. */
import type { ExecutePlan, ExecuteRowPlan, MachinePlan } from '../../src/contract/scenario-plan.js';
import type { TextView } from '../../src/workload/fetch-engine.js';

export const AREA_PAGE = 0xffffffffc0000;
const MIB = 1048576;

export class FakeTextView implements TextView {
  readonly areaVpn = AREA_PAGE;
  mappingVersion = 1;
  private readonly levels = new Map<number, number>();

  /** Maps pages [start, end) executable by leaves of this level; 0 unmaps. */
  map(start: number, end: number, level: number): void {
    for (let page = start; page < end; page += 1) this.levels.set(page, level);
    this.mappingVersion += 1;
  }

  leafLevel(page: number): number {
    return this.levels.get(page) ?? 0;
  }

  isExecutable(page: number): boolean {
    return this.leafLevel(page) > 0;
  }
}

export const fetchMachine = (change: Partial<MachinePlan> = {}): MachinePlan => ({
  ramBytes: 64 * 1024 * MIB,
  nodes: 1,
  possibleNodes: 1,
  cpus: 64,
  cpu: 'skl',
  tlb: [],
  directMap: '1G',
  collapse: 'design',
  freeMemory: { kind: 'fresh' },
  kernelTextBytes: 24 * MIB,
  moduleAreaBytes: 1008 * MIB,
  kernel: '6.12',
  levels: 4,
  kaslr: { kind: 'off' },
  pti: false,
  initFreeDelayNs: 0,
  costs: false,
  ...change,
});

const UNIFORM = { kind: 'uniform' } as const;

export const userRow = (weight: number, hotBytes: number): ExecuteRowPlan => ({
  target: { kind: 'user' },
  weight,
  hotBytes,
  pages: '4K',
  locality: UNIFORM,
});

export const kernelRow = (weight: number, hotBytes = 2 * MIB): ExecuteRowPlan => ({
  target: { kind: 'kernel' },
  weight,
  hotBytes,
  locality: UNIFORM,
});

export const poolRow = (pool: number, weight: number, skew?: number): ExecuteRowPlan => ({
  target: { kind: 'pool', pool },
  weight,
  locality: skew === undefined ? UNIFORM : { kind: 'zipf', skew },
});

export const executePlan = (
  rows: readonly ExecuteRowPlan[],
  change: Partial<ExecutePlan> = {},
): ExecutePlan => ({
  ratePerSecond: 5e6,
  cpuStart: 0,
  cpuEnd: 64,
  stream: 'execute',
  rows,
  ...change,
});
