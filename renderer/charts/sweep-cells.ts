/** The sweep strip: the headline metric at every sweep point, by design, with a shade for each cell. */
import { headlineMetric, headlinePhase } from '../../src/analysis/headline.js';
import { chooseUnit, formatIn, rowLabel } from '../../src/analysis/quantity-text.js';
import { isPerSecond } from '../../src/analysis/metric-roles.js';
import { sweepMedians } from '../../src/analysis/sweep.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';

export interface SweepCell {
  readonly text: string;
  /** 0 for the smallest value of the strip, 1 for the largest. */
  readonly shade: number;
}

export interface SweepColumn {
  readonly point: number;
  /** `2048 page_cache`. */
  readonly title: string;
  /** One for each design. */
  readonly cells: readonly SweepCell[];
}

export interface SweepStripModel {
  /** `DirectMap4k, MiB; phase burst`. */
  readonly title: string;
  /** Names of the swept parameters. */
  readonly names: string;
  readonly letters: readonly string[];
  readonly columns: readonly SweepColumn[];
}

/** Null without a sweep. */
export function sweepStrip(result: ExperimentResult): SweepStripModel | null {
  const metric = headlineMetric(result);
  const phase = headlinePhase(result)?.name;
  if (metric === undefined || phase === undefined) return null;
  const sweep = sweepMedians(result, metric, phase);
  if (sweep === undefined) return null;
  const values = sweep.rows.flatMap(({ medians }) => medians.flatMap((value) => value ?? []));
  const unit = chooseUnit(metric, values);
  const least = Math.min(...values);
  const most = Math.max(...values);
  return {
    title: `${rowLabel(metric, unit, isPerSecond(metric))}, phase ${phase}, median over seeds`,
    names: sweep.names.join(', '),
    letters: sweep.letters,
    columns: sweep.rows.map(({ point, values: swept, medians }) => ({
      point,
      title: swept.join(' '),
      cells: medians.map((value) => ({
        text: value === undefined ? '-' : formatIn(value, unit),
        shade: value === undefined || most === least ? 0 : (value - least) / (most - least),
      })),
    })),
  };
}
