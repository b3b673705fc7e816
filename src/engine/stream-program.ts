/**
 * The plan of a point made ready to run under one seed: values with their streams, arrivals, and the
 * order keys of every statement (position in the file, branch). Statements keep their shape.
 */
import { unreachable } from '../base/assert.js';
import { log } from '../base/math.js';
import type {
  ArrivalPlan,
  CreateStatement,
  MachinePlan,
  PhasePlan,
  PointPlan,
  SelectorPlan,
  StatementPlan,
} from '../contract/scenario-plan.js';
import { creationOf, type Creation } from './creation.js';
import { durationNsOf, DrawStreams, type DrawStream, type ValueSource } from './draw-streams.js';
import type { PoolNeeds } from './live-objects.js';

interface StepBase {
  readonly site: number;
  /** Position in the file: statements of the same instant run in this order. */
  readonly position: number;
}

export interface CreateStep extends StepBase {
  readonly kind: 'create';
  readonly creation: Creation;
  readonly pool: number;
  readonly handle: number;
  readonly lifetime: ValueSource | undefined;
  readonly node: ValueSource | undefined;
}

export interface Selection {
  readonly plan: SelectorPlan;
  readonly amount: ValueSource | undefined;
  readonly stream: DrawStream | undefined;
}

export interface ChurnStep extends StepBase {
  readonly kind: 'churn';
  readonly item: CreateStep;
  readonly arrivals: ArrivalSource;
  /** Rest of life of what stands at the start of `live about`. */
  readonly residual: () => ValueSource;
  readonly live: Extract<StatementPlan, { kind: 'churn' }>['live'];
  readonly holdBackAllowed: boolean;
  /** Arrivals and those not made, over all times that the statement ran. */
  readonly tally: { arrivals: number; heldBack: number };
}

export interface Branch {
  /** Rank of the branch among all of the phase. */
  readonly branch: number;
  readonly body: readonly Step[];
}

export type Step =
  | CreateStep
  | ChurnStep
  | (StepBase & { readonly kind: 'release' | 'poke'; readonly selection: Selection })
  | (StepBase & {
      readonly kind: 'repeat';
      readonly count: number;
      readonly body: readonly Step[];
    })
  | (StepBase & {
      readonly kind: 'every';
      readonly intervalNs: number;
      readonly body: readonly Step[];
    })
  | (StepBase & {
      readonly kind: 'arrive';
      readonly arrivals: ArrivalSource;
      readonly body: readonly Step[];
    })
  | (StepBase & { readonly kind: 'at'; readonly offsetNs: number; readonly body: readonly Step[] })
  | (StepBase & { readonly kind: 'wait'; readonly duration: ValueSource })
  | (StepBase & {
      readonly kind: 'parallel';
      readonly threads: number;
      /** Thread that runs first: the seed turns the order. */
      readonly rotation: number;
      readonly branches: readonly Branch[];
    })
  | (StepBase & {
      readonly kind: 'mix';
      readonly stream: DrawStream;
      readonly options: readonly { readonly weight: number; readonly body: readonly Step[] }[];
    })
  | (StepBase & { readonly kind: 'execute' })
  | (StepBase & { readonly kind: 'start'; readonly layout: number; readonly pool: number })
  | (StepBase & {
      readonly kind: 'replay';
      readonly recording: number;
      readonly speed: number;
      readonly fromNs: number;
      readonly toNs: number;
    })
  | (StepBase & { readonly kind: 'mark'; readonly text: string });

export type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>;

export interface PhaseProgram {
  readonly plan: PhasePlan;
  readonly body: readonly Step[];
}

export interface StreamProgram {
  readonly phases: readonly PhaseProgram[];
  readonly machine: MachinePlan;
  readonly poolNeeds: readonly PoolNeeds[];
  readonly churns: readonly ChurnStep[];
}

/**
 * When things arrive. `poisson`: independent, `uniform`: evenly spaced from the start, `burst`:
 * independent bursts. Gaps add up as fractions of a nanosecond, so that rates hold in the long run.
 */
export class ArrivalSource {
  private readonly gapNs: number;

  constructor(
    private readonly plan: ArrivalPlan,
    private readonly stream: DrawStream,
  ) {
    this.gapNs = 1e9 / plan.ratePerSecond;
  }

  /** Time of the first arrival after a start at `clockNs`, not rounded. */
  first(clockNs: number): number {
    return this.plan.kind === 'uniform' ? clockNs : this.next(clockNs);
  }

  /** Time of the arrival after the one at `clockNs`, not rounded. */
  next(clockNs: number): number {
    if (this.plan.kind === 'uniform') return clockNs + this.gapNs;
    return clockNs - this.gapNs * log(1 - this.stream.unit());
  }

  /** Events at one arrival. */
  get perArrival(): number {
    return this.plan.kind === 'burst' ? this.plan.count : 1;
  }
}

class ProgramBuilder {
  readonly churns: ChurnStep[] = [];
  readonly needs: { random: boolean; size: boolean }[];
  private readonly streams: DrawStreams;
  private position = 0;
  private branch = 0;

  constructor(
    private readonly point: PointPlan,
    seed: number,
  ) {
    this.streams = new DrawStreams(seed);
    this.needs = point.pools.map(() => ({ random: false, size: false }));
  }

  body(plans: readonly StatementPlan[]): readonly Step[] {
    return plans.map((plan) => this.step(plan));
  }

  private step(plan: StatementPlan): Step {
    this.position += 1;
    const base = { site: plan.site, position: this.position };
    switch (plan.kind) {
      case 'create':
        return this.create(plan, base.position);
      case 'release':
      case 'poke':
        return { ...base, kind: plan.kind, selection: this.selection(plan.selector) };
      case 'repeat':
        return { ...base, kind: 'repeat', count: plan.count, body: this.body(plan.body) };
      case 'every':
        return { ...base, kind: 'every', intervalNs: plan.intervalNs, body: this.body(plan.body) };
      case 'arrive': {
        const arrivals = new ArrivalSource(plan.arrival, this.streams.stream(plan.stream));
        return { ...base, kind: 'arrive', arrivals, body: this.body(plan.body) };
      }
      case 'at':
        return { ...base, kind: 'at', offsetNs: plan.offsetNs, body: this.body(plan.body) };
      case 'wait':
        return { ...base, kind: 'wait', duration: this.streams.value(plan.duration) };
      case 'parallel':
        return this.parallel(plan, base);
      case 'mix':
        return {
          ...base,
          kind: 'mix',
          stream: this.streams.stream(plan.stream),
          options: plan.options.map(({ weight, body }) => ({ weight, body: this.body(body) })),
        };
      case 'churn':
        return this.churn(plan, base);
      case 'execute':
        return { ...base, kind: 'execute' };
      case 'start':
        return { ...base, kind: 'start', layout: plan.layout, pool: plan.pool };
      case 'replay': {
        const { recording, speed, fromNs, toNs } = plan;
        return { ...base, kind: 'replay', recording, speed, fromNs, toNs };
      }
      case 'mark':
        return { ...base, kind: 'mark', text: plan.text };
      default:
        return unreachable(plan);
    }
  }

  private create(plan: CreateStatement, position: number): CreateStep {
    return {
      kind: 'create',
      site: plan.site,
      position,
      creation: creationOf(plan.what, this.streams),
      pool: plan.pool,
      handle: plan.handle,
      lifetime: plan.lifetime && this.streams.value(plan.lifetime),
      node: plan.node && this.streams.value(plan.node),
    };
  }

  private selection(plan: SelectorPlan): Selection {
    if (plan.kind !== 'some') return { plan, amount: undefined, stream: undefined };
    const needs = this.needs[plan.pool];
    if (needs !== undefined && plan.order === 'random') needs.random = true;
    if (needs !== undefined && (plan.order === 'largest' || plan.order === 'smallest')) {
      needs.size = true;
    }
    return {
      plan,
      amount: this.streams.value(plan.amount.value),
      stream: this.streams.stream(plan.stream),
    };
  }

  private parallel(
    plan: Extract<StatementPlan, { kind: 'parallel' }>,
    base: { readonly site: number; readonly position: number },
  ): Step {
    const { threads, site } = plan;
    const address = this.point.sites[site]?.address ?? '';
    const branches = plan.branches.map(({ body }) => {
      this.branch += 1;
      const { branch } = this;
      return { branch, body: this.body(body) };
    });
    const rotation = threads > 1 ? this.streams.stream(`${address}.rotation`).below(threads) : 0;
    return { ...base, kind: 'parallel', threads, rotation, branches };
  }

  private churn(
    plan: Extract<StatementPlan, { kind: 'churn' }>,
    base: { readonly site: number; readonly position: number },
  ): Step {
    const item = this.create(plan.item, base.position);
    const address = this.point.sites[plan.site]?.address ?? '';
    const lifetime = plan.item.lifetime ?? plan.lifetime;
    const ages = (): ValueSource =>
      lifetime.kind === 'fixed'
        ? this.streams.value(lifetime)
        : this.streams.value({ ...lifetime, stream: `${address}.ages` });
    const step: ChurnStep = {
      ...base,
      kind: 'churn',
      item: {
        ...item,
        // The item's own lifetime is nearer than the block's.
        lifetime: item.lifetime ?? this.streams.value(plan.lifetime),
        pool: item.pool < 0 ? plan.pool : item.pool,
      },
      arrivals: new ArrivalSource(plan.arrival, this.streams.stream(plan.stream)),
      residual: () => residualLifetimes(ages(), this.streams.stream(`${address}.residual`)),
      live: plan.live,
      holdBackAllowed: plan.holdBackAllowed,
      tally: { arrivals: 0, heldBack: 0 },
    };
    this.churns.push(step);
    return step;
  }
}

export function streamProgram(point: PointPlan, seed: number): StreamProgram {
  const builder = new ProgramBuilder(point, seed);
  const phases = point.phases.map((plan) => ({ plan, body: builder.body(plan.body) }));
  return {
    phases,
    machine: point.machine,
    poolNeeds: builder.needs,
    churns: builder.churns,
  };
}

/** Draws of a lifetime that stand for its distribution when ages at the start are drawn. */
const AGE_SAMPLES = 4096;

/**
 * Rest of life of something met at a random instant: long lives are met more often, each at a
 * uniform point (renewal theory). From AGE_SAMPLES draws of the lifetime's distribution.
 */
export function residualLifetimes(lifetime: ValueSource, stream: DrawStream): ValueSource {
  const lives = new Float64Array(AGE_SAMPLES);
  for (let i = 0; i < AGE_SAMPLES; i += 1) lives[i] = durationNsOf(lifetime);
  const cumulative = new Float64Array(AGE_SAMPLES);
  let sum = 0;
  for (let i = 0; i < AGE_SAMPLES; i += 1) {
    sum += lives[i] ?? 0;
    cumulative[i] = sum;
  }
  return {
    next: () => {
      const target = stream.unit() * sum;
      let low = 0;
      let high = AGE_SAMPLES - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((cumulative[middle] ?? 0) > target) high = middle;
        else low = middle + 1;
      }
      return (lives[low] ?? 0) * stream.unit();
    },
  };
}
