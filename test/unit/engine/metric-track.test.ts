/** Statistics of phases against a plain computation over all samples; bounds of series. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  PhaseTrack,
  QUANTILE_MAX,
  SERIES_MAX,
  SeriesRecorder,
} from '../../../src/engine/metric-track.js';
import { quantile } from '../../../src/analysis/statistics.js';

const SECOND = 1e9;

interface Sample {
  readonly timeNs: number;
  readonly value: number;
}

/** Gaps of whole nanoseconds and values, as samples from `startNs`. */
const samplesOf = (startNs: number, steps: readonly (readonly [number, number])[]): Sample[] => {
  let timeNs = startNs;
  return steps.map(([gap, value], index) => {
    timeNs += index === 0 ? 0 : gap;
    return { timeNs, value };
  });
};

const steps = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 5 * SECOND }), fc.integer({ min: -1000, max: 1000 })),
  { minLength: 1, maxLength: 40 },
);

describe('phase statistics', () => {
  it('are those of the samples, the mean and the integral weighted by time', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 3 * SECOND }), (list, rest) => {
        const samples = samplesOf(7 * SECOND, list);
        const track = new PhaseTrack(false);
        track.start(7 * SECOND);
        for (const { timeNs, value } of samples) track.add(timeNs, value);
        const endNs = (samples.at(-1)?.timeNs ?? 0) + rest;
        const found = track.statistics(endNs, undefined);
        let area = 0;
        samples.forEach(({ timeNs, value }, i) => {
          area += value * ((samples[i + 1]?.timeNs ?? endNs) - timeNs);
        });
        const values = samples.map(({ value }) => value);
        const elapsed = endNs - 7 * SECOND;
        const last = values.at(-1) ?? 0;
        const first = values[0] ?? 0;
        expect(found).toMatchObject({
          first,
          last,
          min: Math.min(...values),
          max: Math.max(...values),
          p50: quantile(values, 0.5),
          p90: quantile(values, 0.9),
          p99: quantile(values, 0.99),
          delta: last - first,
        });
        expect(found?.mean).toBeCloseTo(elapsed > 0 ? area / elapsed : last, 6);
        expect(found?.integral).toBeCloseTo(area / SECOND, 3);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('hold a ratio for the time before its sample', () => {
    const track = new PhaseTrack(true);
    track.start(0);
    track.add(1 * SECOND, 10);
    track.add(4 * SECOND, 2);
    const found = track.statistics(4 * SECOND, undefined);
    expect(found?.mean).toBe((10 * 1 + 2 * 3) / 4);
  });

  it('do not exist without a sample', () => {
    const track = new PhaseTrack(false);
    track.start(0);
    expect(track.statistics(SECOND, undefined)).toBeUndefined();
  });

  it('stay exact in all but the quantiles however many samples there are', () => {
    const track = new PhaseTrack(false);
    track.start(0);
    const count = 5 * QUANTILE_MAX + 3;
    for (let i = 0; i < count; i += 1) track.add(i, i);
    const found = track.statistics(count, undefined);
    expect(found).toMatchObject({ first: 0, last: count - 1, min: 0, max: count - 1 });
    expect(found?.mean).toBeCloseTo((count - 1) / 2, 6);
    expect(Math.abs((found?.p90 ?? 0) / count - 0.9)).toBeLessThan(0.01);
  });
});

describe('series', () => {
  it('keep all samples while there are few, the later of two at one instant', () => {
    const series = new SeriesRecorder();
    series.add(0, 1);
    series.add(5, 2);
    series.add(5, 3);
    expect(series.result('m')).toEqual({ metric: 'm', timesNs: [0, 5], values: [1, 3] });
  });

  it.each([SERIES_MAX - 1, SERIES_MAX, SERIES_MAX + 1, 3 * SERIES_MAX + 5, 9 * SERIES_MAX])(
    'stay bounded with %i samples, evenly thinned, first and last kept',
    (count) => {
      const series = new SeriesRecorder();
      for (let i = 0; i < count; i += 1) series.add(i * 10, i);
      const { timesNs, values } = series.result('m');
      expect(timesNs.length).toBeLessThanOrEqual(SERIES_MAX + 1);
      expect(timesNs.length).toBeGreaterThanOrEqual(Math.min(count, SERIES_MAX / 2));
      expect(timesNs[0]).toBe(0);
      expect(timesNs.at(-1)).toBe((count - 1) * 10);
      expect(values).toEqual(timesNs.map((timeNs) => timeNs / 10));
      const gaps = new Set(timesNs.slice(1, -1).map((timeNs, i) => timeNs - (timesNs[i] ?? 0)));
      expect(gaps.size).toBeLessThanOrEqual(1);
    },
  );
});
