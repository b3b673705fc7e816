/** What each statement asks for, when, and in which order. */
import { describe, expect, it } from 'vitest';
import { createRequestRecord, RequestKind } from '../../../src/contract/request.js';
import type { PointPlan, StatementPlan } from '../../../src/contract/scenario-plan.js';
import { ScenarioStream } from '../../../src/engine/request-stream.js';
import { exponential, fixed, PlanWriter } from '../../support/point-plan.js';
import { eachRecord, recordText, streamLines } from '../../support/stream-text.js';

const MS = 1_000_000;

/** Lines of one phase of 100 ms. */
function linesOf(
  write: (w: PlanWriter) => readonly StatementPlan[],
  more: Partial<PointPlan> = {},
): readonly string[] {
  const w = new PlanWriter();
  const body = write(w);
  return streamLines(w.point([w.phase('p', body, { durationNs: 100 * MS })], more));
}

interface Row {
  readonly name: string;
  readonly body: (w: PlanWriter) => readonly StatementPlan[];
  readonly lines: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: 'creations are made at once and lifetimes end them',
    body: (w) => [w.bpf(64, { lifetime: fixed(5 * MS) }), w.bpf(64, { lifetime: fixed(3 * MS) })],
    lines: ['0ms load bpf 0', '0ms load bpf 1', '3ms free bpf 1', '5ms free bpf 0'],
  },
  {
    name: 'a module is initialised and then gives its init memory back',
    body: (w) => [w.module([4096, 0, 0, 0, 100, 0, 0], { lifetime: fixed(9 * MS) }, 2 * MS)],
    lines: [
      '0ms load module 0',
      '2ms module init done 0',
      '2ms free module init 0',
      '9ms unload module 0',
    ],
  },
  {
    name: 'a module without init sections has no init memory to give back',
    body: (w) => [w.module([4096, 0, 0, 0, 0, 0, 0], { lifetime: fixed(9 * MS) })],
    lines: ['0ms load module 0', '1ms module init done 0', '9ms unload module 0'],
  },
  {
    name: 'a module that goes before its init is done takes its init memory along',
    body: (w) => [w.module([4096, 0, 0, 0, 100, 0, 0], { lifetime: fixed(1 * MS) }, 2 * MS)],
    lines: ['0ms load module 0', '1ms unload module 0'],
  },
  {
    name: 'a handle is released once, however often it is freed',
    body: (w) => {
      const h = w.handle();
      return [w.bpf(64, { handle: h }), w.wait(MS), w.freeHandle(h), w.freeHandle(h)];
    },
    lines: ['0ms load bpf 0', '1ms free bpf 0'],
  },
  {
    name: 'repeat runs its body one after another',
    body: (w) => [w.repeat(3, [w.bpf(64, { pool: w.pool('a') }), w.wait(2 * MS)])],
    lines: ['0ms load bpf 0', '2ms load bpf 1', '4ms load bpf 2'],
  },
  {
    name: 'every starts at once and stops before the end of its phase',
    body: (w) => [w.every(40 * MS, [w.bpf(64, { pool: w.pool('a') })])],
    lines: ['0ms load bpf 0', '40ms load bpf 1', '80ms load bpf 2'],
  },
  {
    name: 'bodies of every may overlap',
    body: (w) => {
      const h = w.handle();
      return [w.every(40 * MS, [w.bpf(64, { handle: h }), w.wait(50 * MS), w.freeHandle(h)])];
    },
    lines: [
      '0ms load bpf 0',
      '40ms load bpf 1',
      '50ms free bpf 0',
      '80ms load bpf 2',
      '90ms free bpf 1',
    ],
  },
  {
    name: 'uniform arrivals are evenly spaced from the start',
    body: (w) => [
      w.arrive({ kind: 'uniform', ratePerSecond: 25 }, [w.bpf(64, { pool: w.pool('a') })]),
    ],
    lines: ['0ms load bpf 0', '40ms load bpf 1', '80ms load bpf 2'],
  },
  {
    name: 'at counts from the start of its block',
    body: (w) => [w.wait(5 * MS), w.at(20 * MS, [w.mark('x')]), w.mark('y')],
    lines: ['5ms mark y', '20ms mark x'],
  },
  {
    name: 'at in a repetition counts from the start of the repetition, which waits for it',
    body: (w) => [w.repeat(2, [w.mark('a'), w.at(10 * MS, [w.mark('b')])])],
    lines: ['0ms mark a', '10ms mark b', '10ms mark a', '20ms mark b'],
  },
  {
    name: 'at behind parallel starts together with it',
    body: (w) => [
      w.branches({ a: [w.wait(50 * MS), w.mark('a')] }),
      w.at(20 * MS, [w.mark('during')]),
      w.mark('after'),
    ],
    lines: ['20ms mark during', '50ms mark a', '50ms mark after'],
  },
  {
    name: 'branches of an instant go one after the other',
    body: (w) => [
      w.branches({ a: [w.mark('a1'), w.mark('a2')], b: [w.mark('b1'), w.mark('b2')] }),
      w.mark('end'),
    ],
    lines: ['0ms mark a1', '0ms mark a2', '0ms mark b1', '0ms mark b2', '0ms mark end'],
  },
  {
    name: 'what is due comes before statements of the same instant',
    body: (w) => [w.bpf(64, { lifetime: fixed(5 * MS) }), w.wait(5 * MS), w.mark('x')],
    lines: ['0ms load bpf 0', '5ms free bpf 0', '5ms mark x'],
  },
  {
    name: 'statements of an instant go by position in the file',
    body: (w) => [
      w.every(10 * MS, [w.mark('first')]),
      w.wait(20 * MS),
      w.mark('second'),
      w.every(70 * MS, [w.mark('third')]),
    ],
    lines: [
      '0ms mark first',
      '10ms mark first',
      '20ms mark first',
      '20ms mark second',
      '20ms mark third',
      '30ms mark first',
      '40ms mark first',
      '50ms mark first',
      '60ms mark first',
      '70ms mark first',
      '80ms mark first',
      '90ms mark first',
      '90ms mark third',
    ],
  },
  {
    name: 'the oldest of a pool go first',
    body: (w) => {
      const pool = w.pool('a');
      return [w.repeat(3, [w.bpf(64, { pool })]), w.some('release', pool, { count: 2 })];
    },
    lines: [
      '0ms load bpf 0',
      '0ms load bpf 1',
      '0ms load bpf 2',
      '0ms free bpf 0',
      '0ms free bpf 1',
    ],
  },
  {
    name: 'newest, largest and smallest take what they say, the older of two equals first',
    body: (w) => {
      const pool = w.pool('a');
      const sizes = [100, 300, 200, 300, 100];
      return [
        ...sizes.map((size) => w.bpf(size, { pool })),
        w.some('poke', pool, { count: 2 }, 'largest'),
        w.some('poke', pool, { count: 3 }, 'smallest'),
        w.some('release', pool, { count: 1 }, 'largest'),
        w.some('release', pool, { count: 1 }, 'newest'),
        w.some('release', pool, { count: 1 }, 'smallest'),
      ];
    },
    lines: [
      ...[0, 1, 2, 3, 4].map((object) => `0ms load bpf ${String(object)}`),
      '0ms poke 1',
      '0ms poke 3',
      '0ms poke 0',
      '0ms poke 4',
      '0ms poke 2',
      '0ms free bpf 1',
      '0ms free bpf 4',
      '0ms free bpf 0',
    ],
  },
  {
    name: 'a share is rounded to the nearest count, halves up',
    body: (w) => {
      const pool = w.pool('a');
      return [w.repeat(5, [w.bpf(64, { pool })]), w.some('release', pool, { share: 0.3 })];
    },
    lines: [
      ...[0, 1, 2, 3, 4].map((object) => `0ms load bpf ${String(object)}`),
      '0ms free bpf 0',
      '0ms free bpf 1',
    ],
  },
  {
    name: 'taking more than the pool holds takes all and notes what is missing',
    body: (w) => {
      const pool = w.pool('a');
      return [w.bpf(64, { pool }), w.some('release', pool, { count: 3 })];
    },
    lines: ['0ms load bpf 0', '0ms note 0 x2', '0ms free bpf 0'],
  },
  {
    name: 'free all without a pool takes everything that lives',
    body: (w) => {
      const h = w.handle();
      return [w.bpf(64, { pool: w.pool('a') }), w.bpf(64, { handle: h }), w.freeAll()];
    },
    lines: ['0ms load bpf 0', '0ms load bpf 1', '0ms free bpf 0', '0ms free bpf 1'],
  },
  {
    name: 'execute runs until its block ends',
    body: (w) => [w.repeat(2, [w.execute(1000), w.wait(10 * MS)])],
    lines: [
      '0ms execute start 0',
      '10ms execute end 0',
      '10ms execute start 1',
      '20ms execute end 1',
    ],
  },
  {
    name: 'background work of a branch that takes no time goes on in the phase',
    body: (w) => [
      w.branches({ a: [w.every(60 * MS, [w.mark('x')])], b: [w.execute(1000)] }),
      w.mark('y'),
    ],
    lines: [
      '0ms mark x',
      '0ms execute start 0',
      '0ms mark y',
      '60ms mark x',
      '100ms execute end 0',
    ],
  },
  {
    name: 'background work of a branch that takes time ends with it',
    body: (w) => [w.branches({ a: [w.every(20 * MS, [w.mark('x')]), w.wait(50 * MS)] })],
    lines: ['0ms mark x', '20ms mark x', '40ms mark x'],
  },
];

describe('request stream', () => {
  it.each(ROWS)('$name', ({ body, lines }) => {
    expect(linesOf(body)).toEqual(lines);
  });

  it('threads of parallel N take turns, one statement each, and anew after a wait', () => {
    const w = new PlanWriter();
    const body = [w.threads(3, [w.mark('1'), w.repeat(2, [w.mark('2')]), w.wait(MS), w.mark('3')])];
    const lines = streamLines(w.point([w.phase('p', body)]));
    expect(lines.map((line) => line.split(' ')[2])).toEqual('111222222333'.split(''));
    expect(lines.slice(9).every((line) => line.startsWith('1ms'))).toBe(true);
  });

  it('threads of parallel N go in the order 0..N-1, rotated by the seed', () => {
    const w = new PlanWriter();
    const point = w.point([w.phase('p', [w.threads(4, [w.bpf(64), w.bpf(64)])])]);
    const orderOf = (seed: number): string => {
      const processes: number[] = [];
      eachRecord(new ScenarioStream(point, seed), ({ kind, process }) => {
        if (kind === RequestKind.loadBpf) processes.push(process);
      });
      return processes.join('');
    };
    const orders = Array.from({ length: 40 }, (_, seed) => orderOf(seed + 1));
    const rotated = ['0123', '1230', '2301', '3012'].map((round) => round + round);
    expect([...new Set(orders)].sort()).toEqual(rotated);
    expect(orderOf(7)).toBe(orders[6]);
  });

  it('replays a part of a recording at another speed, pairing releases by key', () => {
    const create = (name: string) => ({ kind: 'bpf', name, sizeBytes: 64 }) as const;
    const w = new PlanWriter();
    const replay: StatementPlan = {
      kind: 'replay',
      site: w.site('replay'),
      recording: 0,
      speed: 2,
      fromNs: 10 * MS,
      toNs: Infinity,
    };
    const recording = {
      name: 'r',
      events: [
        { kind: 'create', timeNs: 0, key: 'early', create: create('early') } as const,
        { kind: 'create', timeNs: 10 * MS, key: 'a', create: create('a') } as const,
        { kind: 'release', timeNs: 20 * MS, key: 'early' } as const,
        { kind: 'release', timeNs: 30 * MS, key: 'a' } as const,
        { kind: 'release', timeNs: 40 * MS, key: 'bpf:standing' } as const,
      ],
      account: { records: 5, used: 5, dropped: 0, guessed: 0, reasons: [] },
    };
    const start: StatementPlan = { kind: 'start', site: w.site('start'), layout: 0, pool: -1 };
    const layout = { name: 'l', objects: [create('standing')] };
    const body = [start, replay, w.mark('done')];
    const point = w.point([w.phase('p', body)], { recordings: [recording], layouts: [layout] });
    expect(streamLines(point)).toEqual([
      '0ms load bpf 0',
      '0ms load bpf 1',
      '10ms free bpf 1',
      '15ms free bpf 0',
      '15ms mark done',
    ]);
  });

  it('ends phases at their time, or with their statements, and then the run', () => {
    const w = new PlanWriter();
    const point = w.point([
      w.phase('a', [w.mark('x')], { durationNs: 10 * MS }),
      w.phase('b', [w.wait(5 * MS)]),
    ]);
    const lines: string[] = [];
    eachRecord(new ScenarioStream(point, 1), (record) => lines.push(recordText(record)));
    expect(lines).toEqual([
      '0ms phase start 0',
      '0ms mark x',
      '10ms phase end 0',
      '10ms phase start 1',
      '15ms phase end 1',
      '15ms end',
    ]);
  });

  it('tells how long a phase would have needed, and ends the run there', () => {
    const w = new PlanWriter();
    const body = [w.repeat(3, [w.bpf(64, { pool: w.pool('a') }), w.wait(40 * MS)])];
    const point = w.point([w.phase('p', body, { durationNs: 100 * MS }), w.phase('q', [])]);
    const stream = new ScenarioStream(point, 1);
    const lines: string[] = [];
    eachRecord(stream, (record) => lines.push(recordText(record)));
    expect(lines.slice(-3)).toEqual(['80ms load bpf 2', '100ms phase end 0', '100ms end']);
    expect(stream.troubles).toEqual([
      { kind: 'phase_overran', phase: 0, neededNs: 120 * MS, durationNs: 100 * MS },
    ]);
  });

  it('foreground statements may still run at the last instant of their phase', () => {
    expect(linesOf((w) => [w.wait(100 * MS), w.mark('x')])).toEqual(['100ms mark x']);
  });

  it('reports an at that is reached after its time', () => {
    const w = new PlanWriter();
    const body = [w.wait(30 * MS), w.at(20 * MS, [w.mark('x')])];
    const stream = new ScenarioStream(w.point([w.phase('p', body)]), 1);
    eachRecord(stream, () => undefined);
    expect(stream.troubles).toMatchObject([
      { kind: 'at_late', wantedNs: 20 * MS, reachedNs: 30 * MS },
    ]);
  });

  it('holds churn arrivals back when the pool is full, and objects to more than 1%', () => {
    const churnWith = (holdBackAllowed: boolean) => {
      const w = new PlanWriter();
      const item = w.bpf(64, { pool: w.pool('a') });
      const churn = w.churn(item, {
        arrival: { kind: 'uniform', ratePerSecond: 100 },
        lifetime: fixed(25 * MS),
        live: { kind: 'at_most', count: 2 },
        holdBackAllowed,
      });
      return w.point([w.phase('p', [churn], { durationNs: 50 * MS })]);
    };
    expect(streamLines(churnWith(false))).toEqual([
      '0ms load bpf 0',
      '10ms load bpf 1',
      '20ms note 1 x1',
      '25ms free bpf 0',
      '30ms load bpf 2',
      '35ms free bpf 1',
      '40ms load bpf 3',
    ]);
    const strict = new ScenarioStream(churnWith(false), 1);
    eachRecord(strict, () => undefined);
    expect(strict.troubles).toMatchObject([{ kind: 'held_back', heldBack: 1, arrivals: 5 }]);
    const lenient = new ScenarioStream(churnWith(true), 1);
    eachRecord(lenient, () => undefined);
    expect(lenient.troubles).toEqual([]);
  });

  it('starts live about N with N members whose ages are those of a population at rest', () => {
    const w = new PlanWriter();
    const item = w.bpf(64, { pool: w.pool('a') });
    const churn = w.churn(item, {
      arrival: { kind: 'poisson', ratePerSecond: 50_000 },
      lifetime: exponential(20 * MS, 'life'),
      live: { kind: 'about', count: 1000 },
    });
    const point = w.point([w.phase('p', [churn], { durationNs: 100 * MS })]);
    let live = 0;
    const atTimes: number[] = [];
    let nextNs = 0;
    eachRecord(new ScenarioStream(point, 3), ({ kind, timeNs }) => {
      while (timeNs > nextNs) {
        atTimes.push(live);
        nextNs += 10 * MS;
      }
      if (kind === RequestKind.loadBpf) live += 1;
      if (kind === RequestKind.freeBpf) live -= 1;
    });
    expect(atTimes[0]).toBe(1000);
    for (const count of atTimes) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });

  it('gives poisson arrivals the asked rate and bursts their count', () => {
    const w = new PlanWriter();
    const pool = w.pool('a');
    const second = 1000 * MS;
    const point = w.point([
      w.phase('p', [w.arrive({ kind: 'poisson', ratePerSecond: 5000 }, [w.bpf(8, { pool })])], {
        durationNs: second,
      }),
      w.phase('b', [w.arrive({ kind: 'burst', ratePerSecond: 50, count: 7 }, [w.mark('x')])], {
        durationNs: second,
      }),
    ]);
    let loads = 0;
    const marksAt = new Map<number, number>();
    eachRecord(new ScenarioStream(point, 1), ({ kind, timeNs }) => {
      if (kind === RequestKind.loadBpf) loads += 1;
      if (kind === RequestKind.mark) marksAt.set(timeNs, (marksAt.get(timeNs) ?? 0) + 1);
    });
    expect(Math.abs(loads - 5000)).toBeLessThan(4 * Math.sqrt(5000));
    expect([...marksAt.values()].every((count) => count === 7)).toBe(true);
    expect(Math.abs(marksAt.size - 50)).toBeLessThan(4 * Math.sqrt(50));
  });

  it('chooses one of a mix by weight', () => {
    const w = new PlanWriter();
    const mix = w.mix([
      [0.7, [w.mark('a')]],
      [0.3, [w.mark('b')]],
    ]);
    const lines = streamLines(w.point([w.phase('p', [w.repeat(2000, [mix])])]));
    const share = lines.filter((line) => line.endsWith('a')).length / lines.length;
    expect(lines).toHaveLength(2000);
    expect(Math.abs(share - 0.7)).toBeLessThan(0.04);
  });

  it('fills sizes, variants, pools and nodes of records', () => {
    const w = new PlanWriter();
    const pool = w.pool('a');
    const body = [
      w.create(
        { kind: 'trampoline', name: '', size: fixed(100.2), trampoline: 'bpf' },
        { pool, node: fixed(7) },
      ),
      w.create({ kind: 'kprobe', name: '', optimized: true }, { pool }),
      w.create({ kind: 'alloc', memory: 'rodata', size: fixed(5) }, { pool }),
      w.freeAll(pool),
    ];
    const stream = new ScenarioStream(w.point([w.phase('p', body)]), 1);
    const seen: (readonly number[])[] = [];
    eachRecord(stream, (r) => seen.push([r.kind, r.sizeBytes, r.variant, r.pool, r.node]));
    expect(seen.slice(1, 7)).toEqual([
      [RequestKind.createTrampoline, 101, 1, 0, 0],
      [RequestKind.registerKprobe, 0, 1, 0, -1],
      [RequestKind.alloc, 5, 2, 0, -1],
      [RequestKind.freeTrampoline, 101, 0, 0, -1],
      [RequestKind.unregisterKprobe, 0, 0, 0, -1],
      [RequestKind.free, 5, 0, 0, -1],
    ]);
  });

  it('asks the outside whether to go on while statements make no requests', () => {
    const w = new PlanWriter();
    const point = w.point([w.phase('p', [w.repeat(1e9, [w.wait(0)])])]);
    let asked = 0;
    const stream = new ScenarioStream(point, 1, {
      onIdle: () => {
        asked += 1;
        if (asked === 3) throw new Error('stop');
      },
    });
    const record = createRequestRecord();
    expect(stream.next(record)).toBe(true);
    expect(() => stream.next(record)).toThrow('stop');
  });
});
