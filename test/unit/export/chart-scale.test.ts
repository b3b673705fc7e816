import { describe, expect, it } from 'vitest';
import type { ChartModel, ChartPoint } from '../../../src/export/chart-model.js';
import { EXPORT_FORMAT } from '../../../src/export/chart-format.js';
import { chartOptions } from '../../../src/export/chart-options.js';
import { valueScale } from '../../../src/export/chart-scale.js';
import { buildChartModel } from '../../../src/export/chart-model.js';
import { shortName } from '../../../src/export/short-name.js';
import { fakeResult } from '../../support/fake-result.js';

const drawn = buildChartModel(fakeResult({ seedCount: 2 }), 'text.pte_4k');
if (drawn === undefined) throw new Error('the result has no such series');

/** One line through these values. */
function modelOf(...values: readonly number[]): ChartModel {
  const [line] = drawn?.lines ?? [];
  if (drawn === undefined || line === undefined) throw new Error('no line');
  const points = values.map((value, i): ChartPoint => [i, value]);
  const { letter, name, style, seedCount } = line;
  return { ...drawn, lines: [{ letter, name, style, seedCount, points }] };
}

const ticks = ({ min, max, interval }: ReturnType<typeof valueScale>): number =>
  (max - min) / interval;

describe('the value axis', () => {
  it.each([
    ['starts at 0 when the values reach down', [3, 100], 0, 100],
    ['does not start at 0 when all lie in its upper part', [92, 99], 92, 100],
    ['of negative values ends at 0', [-80, -10], -80, 0],
    ['of one value starts at 0', [17, 17], 0, 20],
    ['of nothing but 0 has a height', [0, 0], 0, 1],
  ])('%s', (_what, values, min, max) => {
    const scale = valueScale(modelOf(...values));
    expect([scale.min, scale.max]).toEqual([min, max]);
    expect(ticks(scale)).toBeLessThanOrEqual(7);
  });

  it('takes values that differ in their last binary digit for one', () => {
    const value = 16646144 / 1024;
    const scale = valueScale(modelOf(value, value * (1 + 2 ** -52)));
    expect(scale.min).toBe(0);
    expect(ticks(scale)).toBeLessThanOrEqual(7);
  });
});

describe('names in a chart', () => {
  it('are cut only where they do not fit, and keep what tells two results apart', () => {
    expect(shortName('topdown_split [five years]', 34)).toBe('topdown_split [five years]');
    const long = shortName(`${'long'.repeat(10)} [many]`, 34);
    expect(long).toBe('longlonglonglonglonglongl.. [many]');
    expect(long).toHaveLength(34);
    expect(shortName(`a [${'b'.repeat(40)}]`, 22)).toHaveLength(22);
  });
});

describe('numbers at the axes', () => {
  const model = modelOf(0, 1500);
  interface Axis {
    readonly axisLabel: {
      readonly customValues?: readonly number[];
      formatter(value: number): string;
    };
  }
  const axis = (name: 'xAxis' | 'yAxis', shown: ChartModel, heightPx: number): Axis =>
    chartOptions(shown, { ...EXPORT_FORMAT, framed: false, heightPx })[name] as unknown as Axis;
  const written = (heightPx: number): readonly string[] =>
    [0, 250, 500, 750, 1000].map((value) =>
      axis('yAxis', model, heightPx).axisLabel.formatter(value),
    );

  it('are all written in a high plot, and every second one in a low plot', () => {
    expect(written(300)).toEqual(['0', '250', '500', '750', '1000']);
    expect(written(120)).toEqual(['0', '', '500', '', '1000']);
  });

  it('stand at round times where the axis starts between them', () => {
    const zoomed = { ...model, startSeconds: 128.9, endSeconds: 239.8 };
    expect(axis('xAxis', zoomed, 300).axisLabel.customValues).toEqual([140, 160, 180, 200, 220]);
    const whole = { ...model, startSeconds: 0, endSeconds: 240 };
    expect(axis('xAxis', whole, 300).axisLabel.customValues).toBeUndefined();
  });
});
