/**
 * The request stream against a naive expansion: generators for threads, one flat list of everything
 * that can happen, the earliest found by looking at all of it.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScenarioStream } from '../../src/engine/request-stream.js';
import { fixed, PlanWriter } from '../support/point-plan.js';
import { eachRecord, streamLines } from '../support/stream-text.js';
import type { StatementPlan } from '../../src/contract/scenario-plan.js';

const MS = 1_000_000;
const PHASE_NS = 60 * MS;

/** Statements small enough to be expanded by hand. */
type Simple =
  | {
      readonly kind: 'load';
      readonly size: number;
      readonly lifeMs: number;
      readonly pooled: boolean;
    }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'mark'; readonly text: string }
  | {
      readonly kind: 'free';
      readonly count: number;
      readonly order: 'oldest' | 'newest' | 'largest';
    }
  | { readonly kind: 'repeat'; readonly count: number; readonly body: readonly Simple[] }
  | { readonly kind: 'at'; readonly ms: number; readonly body: readonly Simple[] }
  | { readonly kind: 'branches'; readonly bodies: readonly (readonly Simple[])[] }
  | { readonly kind: 'every'; readonly ms: number; readonly body: readonly Simple[] };

const leaf: fc.Arbitrary<Simple> = fc.oneof(
  fc.record({
    kind: fc.constant('load' as const),
    size: fc.integer({ min: 1, max: 4 }),
    lifeMs: fc.integer({ min: 0, max: 30 }),
    pooled: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ kind: fc.constant('mark' as const), text: fc.constantFrom('x', 'y', 'z') }),
  fc.record({
    kind: fc.constant('free' as const),
    count: fc.integer({ min: 0, max: 3 }),
    order: fc.constantFrom('oldest' as const, 'newest' as const, 'largest' as const),
  }),
);

const { statement } = fc.letrec<{ statement: Simple }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: leaf },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('repeat' as const),
        count: fc.integer({ min: 0, max: 3 }),
        body: fc.array(tie('statement'), { maxLength: 3 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('branches' as const),
        bodies: fc.array(fc.array(tie('statement'), { maxLength: 3 }), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    },
  ),
}));

const topLevel: fc.Arbitrary<Simple> = fc.oneof(
  { weight: 4, arbitrary: statement },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('every' as const),
      ms: fc.integer({ min: 7, max: 25 }),
      body: fc.array(leaf, { maxLength: 3 }),
    }),
  },
);

/** An `at` can only stand first: behind what takes time it might be reached too late. */
const phaseBody = fc
  .tuple(
    fc.array(
      fc.record({
        kind: fc.constant('at' as const),
        ms: fc.integer({ min: 0, max: 20 }),
        body: fc.array(leaf, { maxLength: 3 }),
      }),
      { maxLength: 2 },
    ),
    fc.array(topLevel, { maxLength: 6 }),
  )
  .map(([ats, rest]): readonly Simple[] => [...ats, ...rest]);

function planOf(body: readonly Simple[], w: PlanWriter): readonly StatementPlan[] {
  return body.map((simple): StatementPlan => {
    switch (simple.kind) {
      case 'load':
        return w.bpf(simple.size, {
          pool: simple.pooled ? w.pool('a') : -1,
          lifetime: fixed(simple.lifeMs * MS),
        });
      case 'wait':
        return w.wait(simple.ms * MS);
      case 'mark':
        return w.mark(simple.text);
      case 'free':
        return w.some('release', w.pool('a'), { count: simple.count }, simple.order);
      case 'repeat':
        return w.repeat(simple.count, planOf(simple.body, w));
      case 'at':
        return w.at(simple.ms * MS, planOf(simple.body, w));
      case 'every':
        return w.every(simple.ms * MS, planOf(simple.body, w));
      case 'branches':
        return w.branches(
          Object.fromEntries(simple.bodies.map((inner, i) => [`b${String(i)}`, planOf(inner, w)])),
        );
    }
  });
}

/** What a thread asks of the scheduler before its next move. */
type Ask =
  { readonly position: number } | { readonly waitNs: number } | { readonly until: () => boolean };

interface Job {
  timeNs: number;
  readonly branch: number;
  position: number;
  readonly repetition: number;
  readonly order: number;
  readonly foreground: boolean;
  until: (() => boolean) | undefined;
  readonly moves: Generator<Ask, void>;
}

interface Program {
  readonly id: number;
  readonly size: number;
  readonly pooled: boolean;
  readonly dueNs: number;
}

/** Positions and branches in order of the text, by statement object. */
function numbered(body: readonly Simple[]): ReadonlyMap<Simple | readonly Simple[], number> {
  const numbers = new Map<Simple | readonly Simple[], number>();
  let position = 0;
  let branch = 0;
  const walk = (list: readonly Simple[]): void => {
    for (const simple of list) {
      position += 1;
      numbers.set(simple, position);
      if (simple.kind === 'branches') {
        for (const inner of simple.bodies) {
          branch += 1;
          numbers.set(inner, branch);
          walk(inner);
        }
      } else if ('body' in simple) walk(simple.body);
    }
  };
  walk(body);
  return numbers;
}

/** Lines as `streamLines` gives them. */
class NaiveExpansion {
  readonly lines: string[] = [];
  private readonly jobs: Job[] = [];
  private readonly live: Program[] = [];
  private readonly numbers: ReadonlyMap<Simple | readonly Simple[], number>;
  private nowNs = 0;
  private created = 0;
  private orders = 0;

  constructor(private readonly body: readonly Simple[]) {
    this.numbers = numbered(body);
  }

  run(): readonly string[] {
    this.spawn(this.block(this.body, 0, true), { timeNs: 0, branch: 0, foreground: true });
    for (;;) {
      const due = [...this.live].sort((a, b) => a.dueNs - b.dueNs || a.id - b.id)[0];
      const job = this.earliest();
      const jobNs = job?.timeNs ?? Infinity;
      if (due !== undefined && due.dueNs <= Math.min(jobNs, PHASE_NS)) {
        this.nowNs = due.dueNs;
        this.release(due);
      } else if (
        job !== undefined &&
        (jobNs < PHASE_NS || (jobNs === PHASE_NS && job.foreground))
      ) {
        this.nowNs = jobNs;
        this.move(job);
      } else return this.lines;
    }
  }

  private earliest(): Job | undefined {
    const ready = this.jobs.filter((job) => job.until === undefined);
    return ready.sort(
      (a, b) =>
        a.timeNs - b.timeNs ||
        a.branch - b.branch ||
        a.position - b.position ||
        a.repetition - b.repetition ||
        a.order - b.order,
    )[0];
  }

  private move(job: Job): void {
    const asked = job.moves.next();
    if (asked.done === true) this.jobs.splice(this.jobs.indexOf(job), 1);
    else if ('position' in asked.value) job.position = asked.value.position;
    else if ('waitNs' in asked.value) job.timeNs = this.nowNs + asked.value.waitNs;
    else job.until = asked.value.until;
    for (const waiting of this.jobs) {
      if (waiting.until?.() !== true) continue;
      waiting.until = undefined;
      waiting.timeNs = this.nowNs;
    }
  }

  private spawn(
    moves: Generator<Ask, void>,
    how: Pick<Job, 'timeNs' | 'branch' | 'foreground'> & { readonly repetition?: number },
  ): void {
    this.orders += 1;
    const { timeNs, branch, foreground, repetition = 0 } = how;
    const job: Job = {
      timeNs,
      branch,
      foreground,
      repetition,
      position: 0,
      order: this.orders,
      until: undefined,
      moves,
    };
    this.jobs.push(job);
    // A new thread stands at its first statement at once.
    const first = moves.next();
    if (first.done !== true && 'position' in first.value) job.position = first.value.position;
  }

  private *block(
    body: readonly Simple[],
    branch: number,
    foreground: boolean,
  ): Generator<Ask, void> {
    const startNs = this.nowNs;
    if (body.length === 0) yield { position: 0 };
    for (const simple of body) {
      yield { position: this.numbers.get(simple) ?? 0 };
      yield* this.statement(simple, { branch, foreground, startNs });
    }
  }

  private *statement(
    simple: Simple,
    at: { readonly branch: number; readonly foreground: boolean; readonly startNs: number },
  ): Generator<Ask, void> {
    switch (simple.kind) {
      case 'load': {
        const { size, pooled, lifeMs } = simple;
        const id = this.created;
        this.created += 1;
        this.live.push({ id, size, pooled, dueNs: this.nowNs + lifeMs * MS });
        this.say(`load bpf ${String(id)}`);
        return;
      }
      case 'wait':
        yield { waitNs: simple.ms * MS };
        return;
      case 'mark':
        this.say(`mark ${simple.text}`);
        return;
      case 'free':
        this.free(simple);
        return;
      case 'repeat':
        for (let i = 0; i < simple.count; i += 1) {
          yield* this.block(simple.body, at.branch, at.foreground);
        }
        return;
      case 'at': {
        const { branch, foreground, startNs } = at;
        const timeNs = startNs + simple.ms * MS;
        this.spawn(this.block(simple.body, branch, foreground), { timeNs, branch, foreground });
        return;
      }
      case 'branches':
        yield* this.branches(simple.bodies, at.foreground);
        return;
      case 'every':
        this.every(simple, at.branch);
    }
  }

  private *branches(
    bodies: readonly (readonly Simple[])[],
    foreground: boolean,
  ): Generator<Ask, void> {
    let running = bodies.length;
    const counted = function* (moves: Generator<Ask, void>): Generator<Ask, void> {
      yield* moves;
      running -= 1;
    };
    for (const inner of bodies) {
      const branch = this.numbers.get(inner) ?? 0;
      const moves = counted(this.block(inner, branch, foreground));
      this.spawn(moves, { timeNs: this.nowNs, branch, foreground });
    }
    yield { until: () => running === 0 };
  }

  /** Every instance as a job of its own, all set up at once. */
  private every(simple: Extract<Simple, { kind: 'every' }>, branch: number): void {
    const position = this.numbers.get(simple) ?? 0;
    for (let i = 0; this.nowNs + i * simple.ms * MS < PHASE_NS; i += 1) {
      const timeNs = this.nowNs + i * simple.ms * MS;
      const start = function* (this: NaiveExpansion): Generator<Ask, void> {
        yield { position };
        const how = { timeNs, branch, foreground: false, repetition: i };
        this.spawn(this.block(simple.body, branch, false), how);
      }.bind(this);
      this.spawn(start(), { timeNs, branch, foreground: false, repetition: i });
    }
  }

  private free({ count, order }: Extract<Simple, { kind: 'free' }>): void {
    const pool = this.live.filter(({ pooled }) => pooled);
    if (order === 'newest') pool.reverse();
    if (order === 'largest') pool.sort((a, b) => b.size - a.size || a.id - b.id);
    const missing = count - pool.length;
    if (missing > 0) this.say(`note 0 x${String(missing)}`);
    for (const program of pool.slice(0, count)) this.release(program);
  }

  private release(program: Program): void {
    this.live.splice(this.live.indexOf(program), 1);
    this.say(`free bpf ${String(program.id)}`);
  }

  private say(text: string): void {
    this.lines.push(`${String(this.nowNs / MS)}ms ${text}`);
  }
}

/** Whether a stream ended without trouble: the naive model does not know overrunning phases. */
function isClean(point: Parameters<typeof streamLines>[0]): boolean {
  const stream = new ScenarioStream(point, 1);
  eachRecord(stream, () => undefined);
  return stream.troubles.length === 0;
}

describe('request stream', () => {
  it('is what a naive expansion of the statements gives', () => {
    let compared = 0;
    fc.assert(
      fc.property(phaseBody, (body) => {
        const w = new PlanWriter();
        w.pool('a');
        const plan = planOf(body, w);
        const point = w.point([w.phase('p', plan, { durationNs: PHASE_NS })]);
        if (!isClean(point)) return;
        compared += 1;
        expect(streamLines(point)).toEqual(new NaiveExpansion(body).run());
      }),
      { seed: 3, numRuns: 600 },
    );
    expect(compared).toBeGreaterThan(400);
  });
});
