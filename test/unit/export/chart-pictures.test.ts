/** Charts as files: text that can be searched and edited, what leads back to the run, twice the pixels. */
import { init } from 'echarts/core';
import { describe, expect, it } from 'vitest';
import { buildChartModel } from '../../../src/export/chart-model.js';
import { EXPORT_FORMAT } from '../../../src/export/chart-format.js';
import { chartOptions } from '../../../src/export/chart-options.js';
import { renderChartPng } from '../../../src/export/chart-png.js';
import { renderChartSvg } from '../../../src/export/chart-svg.js';
import { FAKE_DESIGNS, fakeResult } from '../../support/fake-result.js';

const METRIC = 'DirectMap4k';
const result = fakeResult({ seedCount: 2, designs: FAKE_DESIGNS });
const svg = renderChartSvg(result, METRIC) ?? '';
const textsOf = (picture: string): readonly string[] =>
  [...picture.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '');
const shown = textsOf(svg);

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

describe('a chart with names that are longer than their places', () => {
  const [first, second] = FAKE_DESIGNS;
  if (first === undefined || second === undefined) throw new Error('the fake has no designs');
  const long = 'bpf_prog_pack with one pack per node [recorded on the build machine]';
  const crowded = fakeResult({
    seedCount: 1,
    designs: [first, { ...second, name: long }],
    title: 'What happens to the direct map of a build machine '.repeat(4).trim(),
    phases: [
      { name: 'boot', seconds: 40, discard: true },
      { name: 'load-all-programs', seconds: 8 },
      { name: 'steady state', seconds: 300 },
      { name: 'storm', seconds: 6 },
      { name: 'drain', seconds: 60 },
    ],
  });
  const picture = renderChartSvg(crowded, METRIC) ?? '';
  const heightOf = (text: string): number => Number(/<svg [^>]*height="(\d+)"/.exec(text)?.[1]);

  it('says each of them whole: over its band, or by number under the plot', () => {
    const words = textsOf(picture);
    const all = words.join(' ');
    expect(words).toEqual(expect.arrayContaining(['2', '4', 'steady state', 'drain']));
    expect(all).toContain('phases: boot (not counted); 2 load-all-programs; 4 storm');
    expect(all).toContain(`designs: B ${long}`);
    expect(all).toContain(crowded.scenario.title);
  });

  it('cuts no other text, and grows instead of taking height from the plot', () => {
    const cut = textsOf(picture).filter((text) => text.includes('..'));
    expect(cut).toEqual([expect.stringMatching(/^B bpf_prog/)]);
    const roomy = fakeResult({ seedCount: 1, phases: [{ name: 'steady', seconds: 300 }] });
    const least = heightOf(renderChartSvg(roomy, METRIC) ?? '');
    expect(least).toBe(EXPORT_FORMAT.heightPx);
    expect(heightOf(picture)).toBeGreaterThan(least);
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
