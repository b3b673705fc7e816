/** Point plans for tests of the engine, without the language: short words for statements. */
import type {
  ArrivalPlan,
  CreatePlan,
  CreateStatement,
  DesignPlan,
  MachinePlan,
  PhasePlan,
  PickOrder,
  PointPlan,
  StatementPlan,
  ValuePlan,
} from '../../src/contract/scenario-plan.js';

export const fixed = (value: number): ValuePlan => ({ kind: 'fixed', value });

export const uniform = (low: number, high: number, stream: string): ValuePlan => ({
  kind: 'draw',
  distribution: { kind: 'uniform', low, high },
  stream,
});

export const exponential = (mean: number, stream: string): ValuePlan => ({
  kind: 'draw',
  distribution: { kind: 'exp', mean },
  stream,
});

export const TEST_MACHINE: MachinePlan = {
  ramBytes: 4 * 2 ** 30,
  nodes: 1,
  possibleNodes: 1,
  cpus: 8,
  cpu: 'skl',
  tlb: [],
  directMap: '1G',
  collapse: 'design',
  freeMemory: { kind: 'fresh' },
  kernelTextBytes: 24 * 2 ** 20,
  moduleAreaBytes: 1008 * 2 ** 20,
  kernel: '6.12',
  levels: 4,
  kaslr: { kind: 'off' },
  pti: false,
  initFreeDelayNs: 0,
  costs: false,
};

/** Builds statements; every statement gets a site of its own, in order of writing. */
export class PlanWriter {
  readonly sites: { line: number; address: string; label: string }[] = [];
  private readonly pools: string[] = [];
  private handles = 0;

  site(label: string): number {
    const line = this.sites.length + 1;
    this.sites.push({ line, address: `test/${label}.${String(line)}`, label });
    return line - 1;
  }

  pool(name: string): number {
    const known = this.pools.indexOf(name);
    if (known >= 0) return known;
    this.pools.push(name);
    return this.pools.length - 1;
  }

  handle(): number {
    this.handles += 1;
    return this.handles - 1;
  }

  create(
    what: CreatePlan,
    more: Partial<Pick<CreateStatement, 'pool' | 'handle' | 'lifetime' | 'node'>> = {},
  ): CreateStatement {
    const label = what.kind === 'module' ? `load module ${what.shape.name}` : `make ${what.kind}`;
    return { kind: 'create', site: this.site(label), what, pool: -1, handle: -1, ...more };
  }

  bpf(
    size: number | ValuePlan,
    more: Partial<Pick<CreateStatement, 'pool' | 'handle' | 'lifetime' | 'node'>> = {},
  ): CreateStatement {
    const value = typeof size === 'number' ? fixed(size) : size;
    return this.create({ kind: 'bpf', name: '', size: value }, more);
  }

  module(
    sections: readonly number[],
    more: Partial<Pick<CreateStatement, 'pool' | 'handle' | 'lifetime' | 'node'>> = {},
    initTimeNs = 1_000_000,
  ): CreateStatement {
    const shape = { name: 'm', sections: sections.map(fixed), initTime: fixed(initTimeNs) };
    return this.create({ kind: 'module', shape }, more);
  }

  freeHandle(handle: number): StatementPlan {
    const selector = { kind: 'handle', handle } as const;
    return { kind: 'release', site: this.site('free handle'), selector };
  }

  freeAll(pool = -1): StatementPlan {
    return { kind: 'release', site: this.site('free all'), selector: { kind: 'all', pool } };
  }

  some(
    kind: 'release' | 'poke',
    pool: number,
    amount: { readonly count: number } | { readonly share: number },
    order: PickOrder = 'oldest',
  ): StatementPlan {
    const site = this.site(`${kind} some`);
    const value =
      'count' in amount
        ? ({ kind: 'count', value: fixed(amount.count) } as const)
        : ({ kind: 'share', value: fixed(amount.share) } as const);
    const stream = `${String(site)}.pick`;
    return { kind, site, selector: { kind: 'some', pool, order, amount: value, stream } };
  }

  wait(duration: number | ValuePlan): StatementPlan {
    const value = typeof duration === 'number' ? fixed(duration) : duration;
    return { kind: 'wait', site: this.site('wait'), duration: value };
  }

  repeat(count: number, body: readonly StatementPlan[]): StatementPlan {
    return { kind: 'repeat', site: this.site('repeat'), count, body };
  }

  every(intervalNs: number, body: readonly StatementPlan[]): StatementPlan {
    return { kind: 'every', site: this.site('every'), intervalNs, body };
  }

  arrive(arrival: ArrivalPlan, body: readonly StatementPlan[]): StatementPlan {
    const site = this.site('arrive');
    return { kind: 'arrive', site, arrival, stream: `${String(site)}.arrive`, body };
  }

  at(offsetNs: number, body: readonly StatementPlan[]): StatementPlan {
    return { kind: 'at', site: this.site('at'), offsetNs, body };
  }

  threads(threads: number, body: readonly StatementPlan[]): StatementPlan {
    const branches = [{ name: '', body }];
    return { kind: 'parallel', site: this.site('parallel'), threads, branches };
  }

  branches(bodies: Readonly<Record<string, readonly StatementPlan[]>>): StatementPlan {
    const branches = Object.entries(bodies).map(([name, body]) => ({ name, body }));
    return { kind: 'parallel', site: this.site('parallel'), threads: 1, branches };
  }

  mix(options: readonly (readonly [number, readonly StatementPlan[]])[]): StatementPlan {
    const site = this.site('mix');
    return {
      kind: 'mix',
      site,
      stream: `${String(site)}.pick`,
      options: options.map(([weight, body]) => ({ weight, body })),
    };
  }

  mark(text: string): StatementPlan {
    return { kind: 'mark', site: this.site(`mark ${text}`), text };
  }

  churn(
    item: CreateStatement,
    how: {
      readonly arrival: ArrivalPlan;
      readonly lifetime: ValuePlan;
      readonly live?: Extract<StatementPlan, { kind: 'churn' }>['live'];
      readonly holdBackAllowed?: boolean;
    },
  ): StatementPlan {
    const site = this.site('churn');
    return {
      kind: 'churn',
      site,
      pool: item.pool,
      arrival: how.arrival,
      stream: `${String(site)}.arrive`,
      lifetime: how.lifetime,
      live: how.live ?? { kind: 'unbounded' },
      holdBackAllowed: how.holdBackAllowed ?? false,
      item,
    };
  }

  execute(ratePerSecond: number, pool = -1): StatementPlan {
    const site = this.site('execute');
    const kernel = { kind: 'kernel' } as const;
    const target = pool < 0 ? kernel : ({ kind: 'pool', pool } as const);
    return {
      kind: 'execute',
      site,
      execute: {
        ratePerSecond,
        cpuStart: 0,
        cpuEnd: 8,
        rows: [{ target, weight: 1, hotBytes: 2 ** 21, locality: { kind: 'uniform' } }],
        stream: `${String(site)}.refs`,
      },
    };
  }

  phase(
    name: string,
    body: readonly StatementPlan[],
    more: { readonly durationNs?: number; readonly discard?: boolean } = {},
  ): PhasePlan {
    const discard = more.discard ?? false;
    const plan = { name, site: this.site(`phase ${name}`), discard, body };
    return more.durationNs === undefined ? plan : { ...plan, durationNs: more.durationNs };
  }

  point(phases: readonly PhasePlan[], more: Partial<PointPlan> = {}): PointPlan {
    const design: DesignPlan = { name: 'd', design: 'd', options: {} };
    return {
      label: '',
      assignments: [],
      machine: TEST_MACHINE,
      designs: [design],
      pools: this.pools,
      handleCount: this.handles,
      sites: this.sites,
      phases,
      layouts: [],
      recordings: [],
      probes: [],
      expectations: [],
      limits: { events: 1e8, timeNs: Number.MAX_SAFE_INTEGER },
      ...more,
    };
  }
}
