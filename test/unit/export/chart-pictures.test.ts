/** Charts as files: text that can be searched and edited, what leads back to the run, twice the pixels. */
import { describe, expect, it } from 'vitest';
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
