import { describe, expect, it } from 'vitest';
import type { ChartModel, ChartPoint } from '../../../src/export/chart-model.js';
import { phaseText, shortName } from '../../../src/export/chart-options.js';
import { valueScale } from '../../../src/export/chart-scale.js';
import { buildChartModel } from '../../../src/export/chart-model.js';
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

  it('of phases say that one is not counted where there is room, and vanish only where there is none', () => {
    const boot = { name: 'boot_of_the_host', discard: true };
    expect(phaseText(boot, 300)).toBe('boot_of_the_host (not counted)');
    expect(phaseText(boot, 120)).toBe('boot_of_the_host');
    expect(phaseText(boot, 60)).toBe('boot_o..');
    expect(phaseText(boot, 30)).toBe('');
  });
});
