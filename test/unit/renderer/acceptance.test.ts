/**
 * Acceptance checks of the window that can be answered by calculation: designs told apart without
 * colour, and honest numbers of seeds after a stop.
 */
import { describe, expect, it } from 'vitest';
import { chartRow } from '../../../renderer/charts/chart-rows.js';
import { momentTable, phaseTable } from '../../../renderer/charts/table-rows.js';
import { CELL_LOOKS, DIFF_LOOKS } from '../../../renderer/maps/map-palette.js';
import { buildChartModel } from '../../../src/export/chart-model.js';
import { designStyle } from '../../../src/export/chart-palette.js';
import { renderChartSvg } from '../../../src/export/chart-svg.js';
import { renderMailReport } from '../../../src/export/report-mail.js';
import { fakeResult, FAKE_DESIGNS } from '../../support/fake-result.js';

const METRIC = 'DirectMap4k';

describe('a picture turned to grey', () => {
  const styles = FAKE_DESIGNS.map((_design, place) => designStyle(place, 'light'));

  it('still has six designs with a line and a marker of their own', () => {
    expect(styles).toHaveLength(6);
    expect(new Set(styles.map(({ dash }) => String(dash))).size).toBe(6);
    expect(new Set(styles.map(({ marker }) => marker)).size).toBe(6);
  });

  it('has one mark for all designs behind the sixth', () => {
    const grouped = [6, 7, 30].map((place) => designStyle(place, 'light'));
    expect(new Set(grouped.map((style) => JSON.stringify(style))).size).toBe(1);
    expect(styles.map(({ dash }) => String(dash))).not.toContain(String(grouped[0]?.dash));
    expect(styles.map(({ color }) => color)).not.toContain(grouped[0]?.color);
  });

  it('has these lines, markers and letters in every chart', () => {
    const svg = renderChartSvg(fakeResult({ seedCount: 3, designs: FAKE_DESIGNS }), METRIC) ?? '';
    const grey = svg.replace(/#[0-9a-f]{6}\b|rgba?\([^)]*\)/gi, 'grey');
    const dashes = new Set([...grey.matchAll(/stroke-dasharray="([^"]+)"/g)].map(([, one]) => one));
    const wanted = styles.flatMap(({ dash }) => (dash === 'solid' ? [] : [dash.join(',')]));
    for (const dash of wanted) expect([...dashes]).toContain(dash);
    const letters = [...grey.matchAll(/>([A-F])(?: [^<]*)?</g)].map(([, letter]) => letter);
    expect(new Set(letters)).toEqual(new Set('ABCDEF'));
  });

  it('tells the states of a map apart by pattern or letter', () => {
    const looks = CELL_LOOKS.map(({ pattern, text }) => `${pattern} ${text}`);
    expect(new Set(looks).size).toBe(CELL_LOOKS.length);
    expect(new Set(DIFF_LOOKS.map(({ text }) => text)).size).toBe(DIFF_LOOKS.length);
  });
});

describe('a run that was stopped half way', () => {
  const designs = FAKE_DESIGNS.slice(0, 3);
  /** Two whole seeds of six, and two of the three designs in the third. */
  const stopped = fakeResult({ seedCount: 6, designs, finishedRuns: 8 });
  const whole = fakeResult({ seedCount: 6, designs });
  const view = { mode: 'over', band: true, choice: {} } as const;

  it('says over each chart how many seeds each line has', () => {
    const counts = buildChartModel(stopped, METRIC)?.lines.map(({ seedCount }) => seedCount);
    expect(counts).toEqual([3, 3, 2]);
    expect(chartRow(stopped, METRIC, view).subtitle).toMatch(/^median of 2 to 3 of 6 seeds,/);
    expect(chartRow(whole, METRIC, view).subtitle).toMatch(/^median of 6 seeds,/);
  });

  it('says it in the table, and gives no stars', () => {
    const { note } = phaseTable(stopped, { point: 0, phase: 'steady' });
    expect(note).toMatch(/^median over [23] seeds; no stars: fewer than 6 seeds$/);
    expect(momentTable(stopped, 1e9, { point: 0, seed: null }).note).toBe(
      'value at the cursor, median over 3 seeds',
    );
  });

  it('says it in the report', () => {
    const text = renderMailReport(stopped);
    expect(text).toContain('INCOMPLETE: 8 of 18 runs finished');
    expect(renderMailReport(whole)).not.toContain('INCOMPLETE');
  });
});
