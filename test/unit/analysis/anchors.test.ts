import { describe, expect, it } from 'vitest';
import { anchorRegistry, evaluateAnchors } from '../../../src/analysis/anchors/index.js';
import { largeAreaStrides } from '../../../src/analysis/anchors/text-anchors.js';
import { ladderRungs, programFetchShare } from '../../../src/analysis/anchors/created-programs.js';
import type { AnchorResult, RunResult } from '../../../src/contract/run-result.js';
import type {
  DesignPlan,
  FreeMemoryPlan,
  PointPlan,
  StatementPlan,
  ValuePlan,
} from '../../../src/contract/scenario-plan.js';
import { SMALL_POINT } from '../../support/small-plan.js';
import { PlanWriter } from '../../support/point-plan.js';
import { designsOf, oneRun, planOf, pointOf, runOf, type Moves } from './hand-made-runs.js';

/** What the anchor says about these runs; undefined where it does not apply. */
const judge = (
  id: string,
  points: readonly PointPlan[],
  runs: readonly RunResult[],
): AnchorResult | undefined =>
  evaluateAnchors({ plan: planOf(points), runs }).find((anchor) => anchor.id === id);

const fixed = (value: number): ValuePlan => ({ kind: 'fixed', value });
const KIB = 1024;

describe('anchors', () => {
  it('are at most twelve, in order, each with a claim', () => {
    const ids = anchorRegistry.entries.map(({ id }) => id);
    expect(ids).toEqual([...Array(12).keys()].map((i) => `T${String(i + 1)}`));
    for (const anchor of anchorRegistry.entries) expect(anchor.claim).not.toBe('');
  });

  it('say nothing about a scenario without runs', () => {
    expect(evaluateAnchors({ plan: planOf([pointOf({})]), runs: [] })).toEqual([]);
  });
});

describe('T1, the constant sum', () => {
  const rows = (small: readonly [number, number], large: readonly [number, number]): Moves => ({
    DirectMap4k: small,
    DirectMap2M: large,
    DirectMap1G: [0, 0],
  });

  it('is met where the three rows keep their sum and not met where they do not', () => {
    const kept = oneRun('first', rows([1024, 3072], [8192, 6144]));
    expect(judge('T1', [pointOf({})], [kept])).toMatchObject({ met: true });
    const lost = oneRun('first', rows([1024, 3072], [8192, 6143]));
    expect(judge('T1', [pointOf({})], [kept, lost])).toMatchObject({
      met: false,
      found: 'constant in 1 of 2 runs',
    });
  });

  it('does not apply without all three rows, nor to runs that failed', () => {
    const two = oneRun('first', { DirectMap4k: [1, 2], DirectMap2M: [2, 1] });
    expect(judge('T1', [pointOf({})], [two])).toBeUndefined();
    const failed = oneRun('first', rows([1, 2], [2, 2]), { status: 'overran' });
    expect(judge('T1', [pointOf({})], [failed])).toBeUndefined();
  });
});

/** `n` instances of sockex1: a filter of 168 bytes and two probes of 40. */
function ladderPoint(
  instances: number,
  kind: FreeMemoryPlan['kind'],
  designs: readonly DesignPlan[] = designsOf('module_alloc', 'bpf_prog_pack'),
): PointPlan {
  const w = new PlanWriter();
  const body = [w.repeat(instances, [w.bpf(168), w.bpf(40), w.bpf(40)])];
  const freeMemory: FreeMemoryPlan = kind === 'scattered' ? { kind, share: 0.3 } : { kind };
  return w.point([w.phase('burst', body)], {
    designs,
    machine: { ...SMALL_POINT.machine, freeMemory },
  });
}

const LADDER = [512, 1024, 2048] as const;
const ladderPoints = (kind: FreeMemoryPlan['kind']): readonly PointPlan[] =>
  LADDER.map((instances) => ladderPoint(instances, kind));

const splitsAt = (
  level2: readonly number[],
  level3: readonly number[],
  more: { readonly design?: string; readonly firstPoint?: number } = {},
): readonly RunResult[] =>
  level2.map((value, i) =>
    oneRun(
      more.design ?? 'module_alloc',
      {
        direct_map_level2_splits: [7, 7 + value],
        direct_map_level3_splits: [1, 1 + (level3[i] ?? 0)],
      },
      { point: (more.firstPoint ?? 0) + i },
    ),
  );

describe('the sockex1 ladder', () => {
  it('is recognised by its program sizes, 8 GiB and the state of free memory', () => {
    expect(ladderRungs(ladderPoints('fresh')).map(({ instances }) => instances)).toEqual([
      ...LADDER,
    ]);
    expect(ladderRungs(ladderPoints('page_cache'))[0]?.memory).toBe('filled');
    expect(ladderRungs(ladderPoints('scattered'))).toEqual([]);
    const large = { ...SMALL_POINT.machine, ramBytes: 2 ** 34 };
    expect(ladderRungs([{ ...ladderPoint(512, 'fresh'), machine: large }])).toEqual([]);
    const w = new PlanWriter();
    const uneven = w.point([w.phase('burst', [w.bpf(168), w.bpf(40)])], {
      machine: SMALL_POINT.machine,
    });
    expect(ladderRungs([uneven])).toEqual([]);
  });

  it.each([
    { id: 'T2', kind: 'fresh', level2: [183, 389, 765], level3: [0, 2, 3] },
    { id: 'T3', kind: 'page_cache', level2: [217, 483, 1097], level3: [4, 4, 4] },
  ] as const)('$id is met by the published splits, within their tolerance', (row) => {
    const points = ladderPoints(row.kind);
    expect(judge(row.id, points, splitsAt(row.level2, row.level3))?.met).toBe(true);
    const near = row.level2.map((value) => Math.floor(value * 1.1));
    expect(judge(row.id, points, splitsAt(near, row.level3))?.met).toBe(true);
    const far = row.level2.map((value, i) => (i === 2 ? Math.ceil(value * 1.11) : value));
    expect(judge(row.id, points, splitsAt(far, row.level3))?.met).toBe(false);
    const deep = row.level3.map((value, i) => (i === 0 ? value + 3 : value));
    expect(judge(row.id, points, splitsAt(row.level2, deep))?.met).toBe(false);
  });

  it('T2 needs fresh memory, T3 filled, and both need all three rungs and the status quo', () => {
    const runs = splitsAt([183, 389, 765], [0, 2, 3]);
    expect(judge('T3', ladderPoints('fresh'), runs)).toBeUndefined();
    expect(judge('T2', ladderPoints('page_cache'), runs)).toBeUndefined();
    expect(judge('T2', ladderPoints('fresh').slice(0, 2), runs.slice(0, 2))).toBeUndefined();
    const packsOnly = LADDER.map((n) => ladderPoint(n, 'fresh', designsOf('bpf_prog_pack')));
    expect(judge('T2', packsOnly, runs)).toBeUndefined();
  });

  it('T4 holds changed pages per block against fresh memory, and wants filling to lower them', () => {
    const both = [...ladderPoints('fresh'), ...ladderPoints('page_cache')];
    const fresh = splitsAt([183, 389, 765], [0, 2, 3]);
    const filled = splitsAt([217, 483, 1097], [4, 4, 4], { firstPoint: 3 });
    expect(judge('T4', both, [...fresh, ...filled])).toMatchObject({
      met: true,
      // 1536 / 183, 3072 / 389, 6144 / 765; then the filled ones.
      found: 'fresh 8.4, 7.9, 8; filled 7.1, 6.4, 5.6',
    });
    expect(judge('T4', ladderPoints('fresh'), fresh)?.met).toBe(true);
    const same = splitsAt([183, 389, 765], [4, 4, 4], { firstPoint: 3 });
    expect(judge('T4', both, [...fresh, ...same])?.met).toBe(false);
    expect(judge('T4', ladderPoints('fresh'), splitsAt([300, 600, 900], [0, 2, 3]))?.met).toBe(
      false,
    );
    expect(judge('T4', ladderPoints('page_cache'), fresh)).toBeUndefined();
  });

  it('T5 wants no split with packs after warm-up, and applies up to 4000 instances', () => {
    const points = ladderPoints('fresh');
    const clean = splitsAt([0, 0, 0], [0, 0, 0], { design: 'bpf_prog_pack' });
    expect(judge('T5', points, clean)?.met).toBe(true);
    const one = splitsAt([0, 1, 0], [0, 0, 0], { design: 'bpf_prog_pack' });
    expect(judge('T5', points, one)).toMatchObject({
      met: false,
      found: '0 in 2 of 3 runs; bpf_prog_pack up to 1',
    });
    const warm = runOf({
      design: 'bpf_prog_pack',
      phases: [
        { name: 'boot', discard: true, moves: { direct_map_level2_splits: [0, 9] } },
        { name: 'burst', moves: { direct_map_level2_splits: [9, 9] } },
      ],
    });
    expect(judge('T5', points.slice(0, 1), [warm])?.met).toBe(true);
    expect(judge('T5', [ladderPoint(4001, 'fresh')], clean.slice(0, 1))).toBeUndefined();
    expect(judge('T5', points, splitsAt([0, 0, 0], [0, 0, 0]))).toBeUndefined();
  });
});

describe('T6, one leaf for 140 pages', () => {
  const host = { ...SMALL_POINT.machine, ramBytes: 64 * 2 ** 30 };
  const point = pointOf({ machine: host, designs: designsOf('module_alloc', 'bpf_prog_pack') });
  const leaves = (design: string, small: number, large: number, reserved: number): RunResult =>
    oneRun(design, {
      'text.pte_4k': [0, small],
      'text.pmd_2m': [0, large],
      'text.reserved_bytes': [0, reserved],
    });
  const paged = leaves('module_alloc', 140, 0, 140 * 4096);

  it('is met by 139 leaves fewer and 1488 kB wasted', () => {
    expect(judge('T6', [point], [paged, leaves('bpf_prog_pack', 0, 1, 2 ** 21)])).toMatchObject({
      met: true,
      found: 'saving 139 leaves, waste 1488 kB, 0.0022%',
    });
    expect(judge('T6', [point], [paged, leaves('bpf_prog_pack', 1, 1, 2 ** 21 + 4096)])?.met).toBe(
      false,
    );
  });

  it('applies to 140 pages on 64 GiB beside a design with a 2M leaf only', () => {
    const packed = leaves('bpf_prog_pack', 0, 1, 2 ** 21);
    expect(judge('T6', [pointOf({ designs: point.designs })], [paged, packed])).toBeUndefined();
    const more = leaves('module_alloc', 141, 0, 141 * 4096);
    expect(judge('T6', [point], [more, packed])).toBeUndefined();
    expect(judge('T6', [point], [paged])).toBeUndefined();
  });
});

const PACKS: readonly DesignPlan[] = [
  { name: 'pack_4k', design: 'bpf_prog_pack', options: {} },
  { name: 'pack_2m', design: 'bpf_prog_pack', options: { leaf: '2M' } },
];

/** A machine that spends `share` of its references in a pool that holds BPF programs. */
function hostPoint(
  share: number,
  designs: readonly DesignPlan[],
  programs: (w: PlanWriter, pool: number) => StatementPlan = (w, pool) =>
    w.repeat(160, [w.bpf(500, { pool })]),
): PointPlan {
  const w = new PlanWriter();
  const pool = w.pool('running');
  const row = { hotBytes: 2 ** 21, locality: { kind: 'uniform' } } as const;
  const execute: StatementPlan = {
    kind: 'execute',
    site: w.site('execute'),
    execute: {
      ratePerSecond: 1e6,
      cpuStart: 0,
      cpuEnd: 8,
      rows: [
        { ...row, target: { kind: 'user' }, weight: 1 - share },
        { ...row, target: { kind: 'pool', pool }, weight: share },
      ],
      stream: 'refs',
    },
  };
  return w.point([w.phase('load', [programs(w, pool)]), w.phase('steady', [execute])], { designs });
}

const walks = (design: string, count: number, seed = 1): RunResult =>
  oneRun(design, { 'itlb_misses.walk_completed': [100, 100 + count] }, { seed });

describe('T7, the same packs with 4K and with 2M leaves', () => {
  const pair = (percent: number): readonly RunResult[] => [
    walks('pack_2m', 1_000_000),
    walks('pack_4k', 1_000_000 * (1 + percent / 100)),
  ];

  it.each([
    { percent: 0.09, met: true },
    { percent: 0.03, met: true },
    { percent: 0.3, met: true },
    { percent: 0.02, met: false },
    { percent: 0.31, met: false },
    { percent: -0.09, met: false },
  ])('$percent% more walks: $met', ({ percent, met }) => {
    const found = judge('T7', [hostPoint(0.01, PACKS)], pair(percent));
    expect(found).toMatchObject({ met, found: `${percent.toFixed(3)}% more walks` });
  });

  it('applies only where BPF is executed and is at most 1% of the references', () => {
    expect(judge('T7', [hostPoint(0.011, PACKS)], pair(0.09))).toBeUndefined();
    expect(judge('T7', [hostPoint(0.3, PACKS)], pair(0.09))).toBeUndefined();
    expect(judge('T7', [hostPoint(0, PACKS)], pair(0.09))).toBeUndefined();
    expect(judge('T7', [hostPoint(0.0001, PACKS)], pair(0.09))?.met).toBe(true);
  });

  it('needs both kinds of leaf and the same seeds', () => {
    expect(judge('T7', [hostPoint(0.01, PACKS.slice(0, 1))], pair(0.09))).toBeUndefined();
    const apart = [walks('pack_2m', 1e6, 1), walks('pack_4k', 1e6, 2)];
    expect(judge('T7', [hostPoint(0.01, PACKS)], apart)).toBeUndefined();
  });

  it('finds programs in churn, arrivals and layouts, and no modules among them', () => {
    const churn = hostPoint(0.2, PACKS, (w, pool) =>
      w.churn(w.bpf(64, { pool }), {
        arrival: { kind: 'poisson', ratePerSecond: 1 },
        lifetime: fixed(1e9),
      }),
    );
    expect(programFetchShare(churn)).toBe(0.2);
    const nested = hostPoint(0.2, PACKS, (w, pool) =>
      w.arrive({ kind: 'uniform', ratePerSecond: 1 }, [w.threads(2, [w.bpf(64, { pool })])]),
    );
    expect(programFetchShare(nested)).toBe(0.2);
    const layout = hostPoint(0.2, PACKS, (w, pool) => ({
      kind: 'start',
      site: w.site('start'),
      layout: 0,
      pool,
    }));
    expect(programFetchShare(layout)).toBe(0);
    const objects = [{ kind: 'bpf', name: 'a', sizeBytes: 64 }] as const;
    expect(programFetchShare({ ...layout, layouts: [{ name: 'l', objects }] })).toBe(0.2);
    const modules = hostPoint(0.2, PACKS, (w, pool) => w.module([4096], { pool }));
    expect(programFetchShare(modules)).toBe(0);
  });
});

describe('T8, grouped pages against the status quo', () => {
  const point = pointOf({ designs: designsOf('module_alloc', 'grouped=grouped_pages') });
  const grown = (design: string, pages: number): RunResult =>
    oneRun(design, { DirectMap4k: [64 * KIB, (64 + pages) * KIB] });

  it('wants at least 95% fewer new 4K pages', () => {
    const runs = (after: number): RunResult[] => [
      grown('module_alloc', 1000),
      grown('grouped', after),
    ];
    expect(judge('T8', [point], runs(50))).toMatchObject({ met: true });
    expect(judge('T8', [point], runs(51))).toMatchObject({ met: false });
  });

  it('does not apply where the status quo splits nothing or is not compared', () => {
    expect(judge('T8', [point], [grown('module_alloc', 0), grown('grouped', 0)])).toBeUndefined();
    expect(judge('T8', [pointOf({})], [grown('first', 10)])).toBeUndefined();
  });
});

describe('T9, global flushes per load', () => {
  const point = pointOf({
    designs: designsOf('module_alloc', 'bpf_prog_pack', 'perm_alloc'),
  });
  type Row = readonly [effect: string, count: number, path?: string, label?: string];
  const caused = (design: string, rows: readonly Row[]): RunResult =>
    oneRun(
      design,
      { 'alloc.failed': [0, 0] },
      {
        causes: rows.map(
          ([effect, count, path = 'bpf_int_jit_compile', label = 'load bpf filter']) => ({
            effect,
            phase: 'steady',
            line: 5,
            label,
            path,
            count,
            amount: count,
          }),
        ),
      },
    );
  const base = (flushes: number): RunResult =>
    caused('module_alloc', [
      ['vmap.alloc', 100],
      ['tlb.flush_range', flushes],
    ]);

  it('allows the status quo four a load, packs one in a hundred, perm_alloc none', () => {
    const packs = caused('bpf_prog_pack', [['tlb.flush_all', 1]]);
    expect(judge('T9', [point], [base(400), packs, caused('perm_alloc', [])])).toMatchObject({
      met: true,
      found: 'at most module_alloc 4.00, bpf_prog_pack 0.01, perm_alloc 0.00',
    });
    expect(judge('T9', [point], [base(401), packs])?.met).toBe(false);
    expect(
      judge('T9', [point], [base(4), caused('bpf_prog_pack', [['tlb.flush_all', 2]])])?.met,
    ).toBe(false);
    expect(
      judge('T9', [point], [base(4), caused('perm_alloc', [['tlb.flush_range', 1]])])?.met,
    ).toBe(false);
  });

  it('counts loads only: freeing, purging and other labels do not belong to them', () => {
    const others = caused('bpf_prog_pack', [
      ['tlb.flush_all', 90, 'bpf_prog_free -> vfree'],
      ['tlb.flush_all', 90, '__purge_vmap_area_lazy'],
      ['tlb.flush_all', 90, 'load_module', 'load module fat'],
      ['tlb.flush_pages', 90],
    ]);
    expect(judge('T9', [point], [base(0), others])?.met).toBe(true);
  });

  it('counts the steady state: a load that takes a new pack does not belong to it', () => {
    const growth = caused('bpf_prog_pack', [
      ['tlb.flush_all', 90, 'bpf_int_jit_compile -> alloc_new_pack -> set_memory_ro'],
    ]);
    expect(judge('T9', [point], [base(0), growth])?.met).toBe(true);
  });

  it('does not apply without loads, or where nothing is compared with the status quo', () => {
    expect(judge('T9', [point], [base(0)])).toBeUndefined();
    const idle = [caused('module_alloc', []), caused('bpf_prog_pack', [])];
    expect(judge('T9', [point], idle)).toBeUndefined();
  });
});

describe('T10, 160 programs of which some run', () => {
  const designs = [...designsOf('module_alloc'), ...PACKS];
  const found = (fall4k: number, fall2m: number): readonly RunResult[] => [
    walks('module_alloc', 1000),
    walks('pack_4k', 1000 - fall4k * 10),
    walks('pack_2m', 1000 - fall2m * 10),
  ];

  it.each([
    { fall4k: 30, fall2m: 99, met: true },
    { fall4k: 10, fall2m: 65, met: true },
    { fall4k: 29, fall2m: 66, met: false },
  ])('packs take away $fall4k% and $fall2m%: $met', ({ fall4k, fall2m, met }) => {
    expect(judge('T10', [hostPoint(0.3, designs)], found(fall4k, fall2m))).toMatchObject({
      met,
      found: `pack_4k ${String(fall4k)}% fewer, pack_2m ${String(fall2m)}% fewer`,
    });
  });

  it('applies to exactly 160 programs and an executed pool', () => {
    const fewer = hostPoint(0.3, designs, (w, pool) => w.repeat(159, [w.bpf(500, { pool })]));
    expect(judge('T10', [fewer], found(40, 40))).toBeUndefined();
    const w = new PlanWriter();
    const still = w.point([w.phase('load', [w.repeat(160, [w.bpf(500)])])], { designs });
    expect(judge('T10', [still], found(40, 40))).toBeUndefined();
    const packsOnly = hostPoint(0.3, PACKS);
    expect(judge('T10', [packsOnly], found(40, 40))).toBeUndefined();
  });
});

describe('T11, program sizes', () => {
  const drawn = (size: ValuePlan): PointPlan => {
    const w = new PlanWriter();
    return w.point([w.phase('steady', [w.every(1e9, [w.bpf(size)])])]);
  };
  const listed = (values: readonly number[]): PointPlan =>
    drawn({ kind: 'draw', stream: 's', distribution: { kind: 'empirical', values } });
  const quantiles = (half: number, scale: 'linear' | 'log' = 'log'): PointPlan =>
    drawn({
      kind: 'draw',
      stream: 's',
      distribution: {
        kind: 'quantiles',
        scale,
        points: [
          { share: 0, value: 64 },
          { share: 0.5, value: half },
          { share: 0.75, value: 2048 },
          { share: 1, value: 16384 },
        ],
      },
    });

  it('is met by half below 500 bytes and three quarters below 2 KiB', () => {
    expect(judge('T11', [quantiles(500)], [])?.met).toBe(true);
    expect(judge('T11', [quantiles(500, 'linear')], [])?.met).toBe(true);
    expect(judge('T11', [quantiles(520)], [])?.met).toBe(false);
    expect(judge('T11', [listed([100, 499, 1000, 4000])], [])).toMatchObject({
      met: true,
      found: '50% below 500 B and 75% below 2 KiB',
    });
    expect(judge('T11', [listed([100, 500, 1000, 4000])], [])?.met).toBe(false);
  });

  it('does not apply to fixed sizes or to shapes that state no shares', () => {
    expect(judge('T11', [drawn(fixed(300))], [])).toBeUndefined();
    const exp = drawn({ kind: 'draw', stream: 's', distribution: { kind: 'exp', mean: 400 } });
    expect(judge('T11', [exp], [])).toBeUndefined();
  });
});

describe('T12, distance of 2 MiB ROX areas', () => {
  const point = pointOf({ designs: designsOf('execmem_rox') });
  const stripped = (strip: string, design = 'execmem_rox'): RunResult =>
    runOf({ design, phases: [{ moves: {}, strip }] });

  it('reads distances between neighbouring areas off a strip of 2M leaves alone', () => {
    expect(largeAreaStrides('H.H...HH.H..')).toEqual([2, 4, 2]);
    expect(largeAreaStrides('H.H9')).toEqual([]);
    expect(largeAreaStrides('')).toEqual([]);
  });

  it('is met where all neighbours stand 4 MiB apart', () => {
    expect(judge('T12', [point], [stripped('H.H.H....')])).toMatchObject({
      met: true,
      found: '4 MiB in 2 of 2',
    });
    expect(judge('T12', [point], [stripped('H.H..H')])?.met).toBe(false);
    expect(judge('T12', [point], [stripped('H..H')])?.met).toBe(false);
  });

  it('does not apply once an area has gone', () => {
    const path = 'bpf_jit_free -> free_pack -> vfree';
    const cause = { effect: 'vmap.free', phase: 'first', line: 5, label: 'free', path };
    const gone = { ...stripped('H...H'), causes: [{ ...cause, count: 1, amount: 1 }] };
    expect(judge('T12', [point], [gone])).toBeUndefined();
  });

  it('does not apply to one leaf, to other cache sizes or to other designs', () => {
    expect(judge('T12', [point], [stripped('H...')])).toBeUndefined();
    const big = [{ name: 'execmem_rox', design: 'execmem_rox', options: { cache: 2 ** 23 } }];
    expect(judge('T12', [pointOf({ designs: big })], [stripped('HHHH.HHHH')])).toBeUndefined();
    expect(judge('T12', [pointOf({})], [stripped('H.H', 'first')])).toBeUndefined();
  });
});
