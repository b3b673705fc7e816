/** Charts as files: text that can be searched and edited, what leads back to the run, twice the pixels. */
import { init } from 'echarts/core';
import { describe, expect, it } from 'vitest';
import { buildChartModel } from '../../../src/export/chart-model.js';
import { chartOptions, EXPORT_FORMAT } from '../../../src/export/chart-options.js';
import { renderChartPng } from '../../../src/export/chart-png.js';
import { renderChartSvg } from '../../../src/export/chart-svg.js';
import { FAKE_DESIGNS, fakeResult } from '../../support/fake-result.js';

const METRIC = 'DirectMap4k';
const result = fakeResult({ seedCount: 2, designs: FAKE_DESIGNS });
const svg = renderChartSvg(result, METRIC) ?? '';
const shown = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '');

describe('a chart as SVG', () => {
  it('has its words as text in a generic font', () => {
    const fonts = [...svg.matchAll(/font-family[=:]\s*"?([^";]+)/g)].map(([, name]) => name);
    expect(shown.length).toBeGreaterThan(10);
    expect(new Set(fonts)).toEqual(new Set(['sans-serif']));
  });

  it('has letter and name of each design beside its line, on a light ground', () => {
    FAKE_DESIGNS.forEach(({ name }, i) => expect(shown).toContain(`${'ABCDEF'.charAt(i)} ${name}`));
    expect(svg).toMatch(/<rect [^>]*fill="(?:#fff(?:fff)?|white|rgb\(255,255,255\))"/i);
  });

  it('says title, hash and model in the picture and in its description', () => {
    const description = /<desc>([^<]*)<\/desc>/.exec(svg)?.[1] ?? '';
    const words = shown.join('\n');
    for (const text of [result.scenario.title, result.scenarioHash.slice(0, 12), 'model 1']) {
      expect(words).toContain(text);
      expect(description).toContain(text);
    }
    expect(words).toContain('simulation');
  });

  it('is the same bytes again', () => {
    expect(renderChartSvg(result, METRIC)).toBe(svg);
  });
});

describe('a chart that is drawn again', () => {
  it('has its areas one over the other as at first: no phase covers a band', () => {
    const model = buildChartModel(result, METRIC);
    if (model === undefined) throw new Error('the fake result has no such series');
    const chart = init(null, null, { renderer: 'svg', ssr: true, width: 960, height: 540 });
    /** Areas in the order in which they are painted. */
    const areas = (): readonly string[] => {
      chart.setOption(chartOptions(model, EXPORT_FORMAT), { notMerge: true });
      return chart
        .getZr()
        .storage.getDisplayList(true)
        .filter(({ type }) => type.endsWith('polygon'))
        .map(({ type }) => type);
    };
    const bands = FAKE_DESIGNS.map(() => 'ec-polygon');
    const first = areas();
    expect(first.slice(-bands.length)).toEqual(bands);
    expect(first.length).toBeGreaterThan(bands.length);
    expect(areas()).toEqual(first);
    chart.dispose();
  });
});

describe('a chart as PNG', () => {
  it('has twice the pixels of the picture', async () => {
    const png = Buffer.from((await renderChartPng(result, METRIC)) ?? []);
    const [, width, height] = /<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      2 * Number(width),
      2 * Number(height),
    ]);
  });
});
