/** T1 to T5 and T8: what loading many small programs does to the direct map. */
import {
  designsLike,
  countedPhases,
  increaseOf,
  medianOf,
  PACK_DESIGNS,
  runsOf,
  short,
  STATUS_QUO_DESIGNS,
  within,
  type Anchor,
  type AnchorInput,
} from './anchor.js';
import { ladderRungs, type LadderRung } from './created-programs.js';

const KIB = 1024;
const DIRECT_MAP_ROWS = ['DirectMap4k', 'DirectMap2M', 'DirectMap1G'] as const;
/** Sum of every published table of the 8 GiB guest, kB. */
const PUBLISHED_SUM_KIB = 10_485_596;
const RUNG_INSTANCES = [512, 1024, 2048] as const;
/** sockex1 changes three pages an instance. */
const PAGES_PER_INSTANCE = 3;

/** T1: every simulated table keeps its own sum; on the published guest it is the published one. */
const constantSum: Anchor = {
  id: 'T1',
  claim: 'DirectMap4k + DirectMap2M + DirectMap1G keeps its sum (Aaron Lu, 7 Nov 2022)',
  evaluate: ({ runs, plan }) => {
    const sums = runs
      .filter((run) => run.status === 'ok')
      .flatMap((run) => {
        const rows = run.phases.flatMap((phase) => {
          const parts = DIRECT_MAP_ROWS.map((name) => phase.metrics[name]);
          const missing = parts.includes(undefined);
          const sum = (pick: 'first' | 'last'): number =>
            parts.reduce((total, part) => total + (part?.[pick] ?? 0), 0);
          return missing ? [] : [sum('first'), sum('last')];
        });
        return rows.length === 0 ? [] : [rows];
      });
    if (sums.length === 0) return undefined;
    const steady = sums.filter((rows) => new Set(rows).size === 1).length;
    const values = new Set(sums.flat().map((value) => value / KIB));
    const text = values.size === 1 ? `, ${String([...values][0])} kB` : '';
    const isLadder = ladderRungs(plan.points).length === plan.points.length;
    return {
      wanted: 'one sum in every row' + (isLadder ? ` (published: ${PUBLISHED_SUM_KIB} kB)` : ''),
      found: `constant in ${String(steady)} of ${String(sums.length)} runs${text}`,
      met: steady === sums.length,
    };
  },
};

interface LadderSplits {
  readonly level2: readonly number[];
  readonly level3: readonly number[];
}

/** Splits of the status quo at 512, 1024, 2048 instances; undefined unless all three were run. */
function ladderSplits(input: AnchorInput, memory: LadderRung['memory']): LadderSplits | undefined {
  const rungs = ladderRungs(input.plan.points).filter((rung) => rung.memory === memory);
  const level2: number[] = [];
  const level3: number[] = [];
  for (const instances of RUNG_INSTANCES) {
    const rung = rungs.find((candidate) => candidate.instances === instances);
    const point = rung === undefined ? undefined : input.plan.points[rung.point];
    if (rung === undefined || point === undefined) return undefined;
    const design = designsLike(point, STATUS_QUO_DESIGNS)[0];
    if (design === undefined) return undefined;
    const runs = runsOf(input, rung.point, design.name);
    const splits2 = medianOf(runs, (run) => increaseOf(run, 'direct_map_level2_splits'));
    const splits3 = medianOf(runs, (run) => increaseOf(run, 'direct_map_level3_splits'));
    if (splits2 === undefined || splits3 === undefined) return undefined;
    level2.push(splits2);
    level3.push(splits3);
  }
  return { level2, level3 };
}

/** Tolerance of T4, taken for the split counts as well. */
const LADDER_TOLERANCE = 0.1;
const LEVEL3_TOLERANCE = 2;

function ladderAnchor(id: string, memory: LadderRung['memory'], published: LadderSplits): Anchor {
  return {
    id,
    claim: `splits of module_alloc at 512, 1024, 2048 sockex1, ${memory} memory (Aaron Lu)`,
    evaluate: (input) => {
      const found = ladderSplits(input, memory);
      if (found === undefined) return undefined;
      const text = (splits: LadderSplits): string =>
        `level 2 ${splits.level2.map(short).join(', ')}; ` +
        `level 3 ${splits.level3.map(short).join(', ')}`;
      const met =
        found.level2.every((value, i) =>
          within(value, published.level2[i] ?? 0, LADDER_TOLERANCE),
        ) &&
        found.level3.every(
          (value, i) => Math.abs(value - (published.level3[i] ?? 0)) <= LEVEL3_TOLERANCE,
        );
      return {
        wanted: `${text(published)} (level 2 within 10%, level 3 within 2)`,
        found: text(found),
        met,
      };
    },
  };
}

const freshLadder = ladderAnchor('T2', 'fresh', { level2: [183, 389, 765], level3: [0, 2, 3] });
const filledLadder = ladderAnchor('T3', 'filled', { level2: [217, 483, 1097], level3: [4, 4, 4] });

const PUBLISHED_PAGES_PER_BLOCK = [8.4, 7.9, 8.0] as const;

const changedPages = (splits: LadderSplits): readonly number[] =>
  RUNG_INSTANCES.map(
    (instances, i) => (instances * PAGES_PER_INSTANCE) / Math.max(1, splits.level2[i] ?? 1),
  );

/** T4: locality of backing pages. Filling memory must lower it, which needs both ladders. */
const locality: Anchor = {
  id: 'T4',
  claim: 'changed pages per split 2M block, fresh memory; filling memory lowers it',
  evaluate: (input) => {
    const fresh = ladderSplits(input, 'fresh');
    if (fresh === undefined) return undefined;
    const filled = ladderSplits(input, 'filled');
    const freshPages = changedPages(fresh);
    const filledPages = filled === undefined ? undefined : changedPages(filled);
    const near = freshPages.every((value, i) =>
      within(value, PUBLISHED_PAGES_PER_BLOCK[i] ?? 0, LADDER_TOLERANCE),
    );
    const lower =
      filledPages === undefined || filledPages.every((value, i) => value < (freshPages[i] ?? 0));
    const filledText =
      filledPages === undefined ? '' : `; filled ${filledPages.map(short).join(', ')}`;
    return {
      wanted: `fresh ${PUBLISHED_PAGES_PER_BLOCK.map(short).join(', ')} within 10%, filled lower`,
      found: `fresh ${freshPages.map(short).join(', ')}${filledText}`,
      met: near && lower,
    };
  },
};

const PACK_INSTANCES_MAX = 4000;

/** T5: packs split nothing more once they stand. */
const packsSplitNothing: Anchor = {
  id: 'T5',
  claim: 'no further splits with packs up to 4000 sockex1 instances (Aaron Lu, 6.1-rc3)',
  evaluate: (input) => {
    const found = ladderRungs(input.plan.points)
      .filter((rung) => rung.instances <= PACK_INSTANCES_MAX)
      .flatMap((rung) => {
        const point = input.plan.points[rung.point];
        const designs = point === undefined ? [] : designsLike(point, PACK_DESIGNS);
        return designs.flatMap((design) =>
          runsOf(input, rung.point, design.name).flatMap((run) => {
            const splits = increaseOf(run, 'direct_map_level2_splits');
            return splits === undefined ? [] : [{ design: design.name, splits }];
          }),
        );
      });
    if (found.length === 0) return undefined;
    const clean = found.filter(({ splits }) => splits === 0).length;
    const largest = found.reduce((a, b) => (b.splits > a.splits ? b : a));
    const worst = largest.splits === 0 ? '' : `; ${largest.design} up to ${short(largest.splits)}`;
    return {
      wanted: '0 level-2 splits after warm-up',
      found: `0 in ${String(clean)} of ${String(found.length)} runs${worst}`,
      met: clean === found.length,
    };
  },
};

/** T8: grouped pages against the status quo. Needs a trace on which the status quo splits. */
const groupedPages: Anchor = {
  id: 'T8',
  claim: 'grouped pages: 98% fewer 4K direct-map pages on boot plus BPF tests (Edgecombe, 2021)',
  evaluate: (input) => {
    const changes = input.plan.points.flatMap((point, index) => {
      const base = designsLike(point, STATUS_QUO_DESIGNS)[0];
      const grouped = designsLike(point, ['grouped_pages'])[0];
      if (base === undefined || grouped === undefined) return [];
      const grownWith = (design: string): number | undefined =>
        medianOf(runsOf(input, index, design), (run) => {
          const first = run.phases[0]?.metrics.DirectMap4k?.first;
          const phases = countedPhases(run);
          const last = phases[phases.length - 1]?.metrics.DirectMap4k?.last;
          return first === undefined || last === undefined ? undefined : last - first;
        });
      const before = grownWith(base.name);
      const after = grownWith(grouped.name);
      if (before === undefined || after === undefined || before <= 0) return [];
      return [((before - after) / before) * 100];
    });
    if (changes.length === 0) return undefined;
    const least = Math.min(...changes);
    return {
      wanted: 'at least 95% fewer',
      found: `${short(least)}% fewer at worst over ${String(changes.length)} points`,
      met: least >= 95,
    };
  },
};

export const DIRECT_MAP_ANCHORS: readonly Anchor[] = [
  constantSum,
  freshLadder,
  filledLadder,
  locality,
  packsSplitNothing,
  groupedPages,
];
