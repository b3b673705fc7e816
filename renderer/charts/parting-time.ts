/** Where the curves of the headline metric part: the moment that a first look should stand at. */
import { headlinePoint } from '../../src/analysis/headline.js';
import { orderedDesigns } from '../../src/analysis/run-index.js';
import { valueAt } from '../../src/analysis/time-slices.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { firstMetrics } from './chart-rows.js';

/** Share of the largest distance between two curves from which they count as parted. */
const PARTED = 0.5;

/** Simulated ns; 0 where no two designs differ. */
export function partingTime(result: ExperimentResult): number {
  const metric = firstMetrics(result)[0] ?? '';
  const point = headlinePoint(result);
  const seed = result.scenario.seeds[0];
  const curves = orderedDesigns(result).flatMap((design) => {
    const run = result.runs.find(
      (entry) => entry.design === design && entry.point === point && entry.seed === seed,
    );
    return run?.series.find((series) => series.metric === metric) ?? [];
  });
  const times = curves[0]?.timesNs ?? [];
  const distances = times.map((timeNs) => {
    const values = curves.map((curve) => valueAt(curve, timeNs) ?? 0);
    return Math.max(...values) - Math.min(...values);
  });
  const most = Math.max(0, ...distances);
  if (most === 0) return 0;
  return times[distances.findIndex((distance) => distance >= most * PARTED)] ?? 0;
}
