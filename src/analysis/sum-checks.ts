/**
 * Sums that must hold before a table is printed: text mappings add up to the reserved text, each
 * level-2 split shows as 2 MiB of DirectMap4k, and the three DirectMap rows keep their sum. A sum
 * that does not hold is a defect of the model and stands above the table as a warning.
 */
import { MIB, PAGE_SIZE_BYTES, PMD_SIZE_BYTES, PUD_SIZE_BYTES } from '../base/units.js';
import type { ExperimentResult, PhaseResult, RunResult } from '../contract/run-result.js';

interface SumCheck {
  readonly title: string;
  /** Bytes that should be zero; undefined or NaN where a metric is not known. */
  readonly residueBytes: (phase: PhaseResult) => number | undefined;
}

const last = (phase: PhaseResult, name: string): number | undefined => phase.metrics[name]?.last;
const increase = (phase: PhaseResult, name: string): number | undefined =>
  phase.metrics[name]?.delta;

const SUM_CHECKS: readonly SumCheck[] = [
  {
    title: '4 KiB x text.pte_4k + 2 MiB x text.pmd_2m = text.reserved_bytes',
    residueBytes: (phase) => {
      const small = last(phase, 'text.pte_4k');
      const large = last(phase, 'text.pmd_2m');
      const reserved = last(phase, 'text.reserved_bytes');
      if (small === undefined || large === undefined || reserved === undefined) return undefined;
      return small * PAGE_SIZE_BYTES + large * PMD_SIZE_BYTES - reserved;
    },
  },
  {
    title: '2 MiB x (level-2 splits - collapses) = growth of DirectMap4k',
    residueBytes: (phase) => {
      const splits = increase(phase, 'direct_map_level2_splits');
      const grown = increase(phase, 'DirectMap4k');
      if (splits === undefined || grown === undefined) return undefined;
      const collapses = increase(phase, 'direct_map_level2_collapses') ?? 0;
      return (splits - collapses) * PMD_SIZE_BYTES - grown;
    },
  },
  {
    title: '1 GiB x (level-3 splits - collapses) = loss of DirectMap1G',
    residueBytes: (phase) => {
      const splits = increase(phase, 'direct_map_level3_splits');
      const grown = increase(phase, 'DirectMap1G');
      if (splits === undefined || grown === undefined) return undefined;
      const collapses = increase(phase, 'direct_map_level3_collapses') ?? 0;
      return (splits - collapses) * PUD_SIZE_BYTES + grown;
    },
  },
  {
    title: 'DirectMap4k + DirectMap2M + DirectMap1G is constant',
    residueBytes: (phase) => {
      const parts = ['DirectMap4k', 'DirectMap2M', 'DirectMap1G'].map((name) =>
        increase(phase, name),
      );
      return parts.includes(undefined)
        ? undefined
        : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
    },
  },
];

/** One sentence per sum that fails in the runs of a point and phase; empty when all hold. */
export function sumWarnings(
  result: ExperimentResult,
  where: { readonly point: number; readonly phase: string },
): readonly string[] {
  const runs = result.runs.filter((run) => run.point === where.point && run.status === 'ok');
  return SUM_CHECKS.flatMap((check) => {
    const broken = runs.flatMap((run) => residueOf(check, run, where.phase));
    const worst = broken[0];
    if (worst === undefined) return [];
    return [
      `sum does not hold in ${String(broken.length)} of ${String(runs.length)} runs: ` +
        `${check.title} (${worst.run.design}, seed ${String(worst.run.seed)}: off by ` +
        `${(worst.residue / MIB).toFixed(3)} MiB)`,
    ];
  });
}

function residueOf(
  check: SumCheck,
  run: RunResult,
  phaseName: string,
): readonly { readonly run: RunResult; readonly residue: number }[] {
  return run.phases
    .filter((phase) => phase.name === phaseName)
    .flatMap((phase) => {
      const residue = check.residueBytes(phase);
      const holds = residue === undefined || !Number.isFinite(residue) || Math.abs(residue) < 1;
      return holds ? [] : [{ run, residue }];
    });
}
