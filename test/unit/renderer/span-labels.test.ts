/** Names of phases on the scrubber: whole, and never over each other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textsOverPlot } from '../../../renderer/charts/phase-names.js';
import { labelWidthPx, spanLabels } from '../../../renderer/charts/span-labels.js';

/** Bands of these shares, side by side. */
function bands(names: readonly string[], shares: readonly number[], widthPx: number) {
  const all = shares.reduce((sum, share) => sum + share, 0);
  let at = 0;
  return names.map((name, i) => {
    const startPx = at;
    at += (widthPx * (shares[i] ?? 0)) / all;
    return { name, short: String(i + 1), startPx, endPx: at };
  });
}

describe('names of phases on the scrubber', () => {
  it('stand in one line where every band has room for its name', () => {
    const labels = spanLabels(bands(['boot', 'steady', 'drain'], [1, 2, 1], 600), 600).names;
    expect(labels.map(({ line }) => line)).toEqual([0, 0, 0]);
    expect(labels.map(({ leftPx }) => leftPx)).toEqual([0, 150, 450]);
  });

  it('go to the second line where a band is narrower than its name', () => {
    const labels = spanLabels(
      bands(['boot', 'steady', 'storm', 'drain'], [30, 200, 45, 125], 320),
      320,
    ).names;
    expect(labels.map(({ name }) => name)).toEqual(['boot', 'steady', 'storm', 'drain']);
    expect(labels.map(({ line }) => line)).toEqual([1, 0, 1, 0]);
  });

  it('give way to the number of the phase where both lines are taken', () => {
    const long = ['boot', 'storm_of_many_loads', 'rollback', 'steady'];
    const labels = spanLabels(bands(long, [40, 40, 40, 200], 320), 320).names;
    expect(labels.map(({ name }) => name)).toEqual(['boot', 'storm_of_many_loads', '3', 'steady']);
    expect(labels[2]?.leftPx).toBe(100 - labelWidthPx('3') / 2);
  });

  it('end inside of the bar', () => {
    const [, last] = spanLabels(bands(['steady', 'rollback'], [95, 5], 400), 400).names;
    expect(last?.leftPx).toBe(400 - labelWidthPx('rollback'));
  });

  it('never lie over each other, nor do notes', () => {
    const names = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });
    const places = fc.array(fc.integer({ min: 0, max: 1200 }), { maxLength: 10 });
    fc.assert(
      fc.property(names, places, fc.integer({ min: 100, max: 1200 }), (list, ats, widthPx) => {
        const shares = list.map((name) => (name.length % 5) + 1);
        const notes = ats.map((atPx) => ({ name: `note ${atPx}`, short: 'n', atPx }));
        const found = spanLabels(bands(list, shares, widthPx), widthPx, { notes });
        for (const line of [0, 1]) {
          const own = [...found.names, ...found.notes].filter((one) => one.line === line);
          let endPx = 0;
          for (const label of own.sort((a, b) => a.leftPx - b.leftPx)) {
            expect(label.leftPx).toBeGreaterThanOrEqual(endPx);
            endPx = label.leftPx + labelWidthPx(label.name);
          }
        }
      }),
    );
  });
});

describe('names of phases over a chart', () => {
  const phases = [
    { name: 'boot', startSeconds: 0, endSeconds: 30, discard: true },
    { name: 'steady', startSeconds: 30, endSeconds: 400, discard: false },
  ];

  it('stand in the middle of their bands and say what is not counted where there is room', () => {
    const { names } = textsOverPlot({ phases, startSeconds: 0, endSeconds: 400 }, 2400);
    expect(names.map(({ name }) => name)).toEqual(['boot (not counted)', 'steady']);
    expect(names[1]?.leftPx).toBe((180 + 2400 - labelWidthPx('steady')) / 2);
  });

  it('are those of the phases in view', () => {
    const { names } = textsOverPlot({ phases, startSeconds: 100, endSeconds: 200 }, 400);
    expect(names.map(({ name }) => name)).toEqual(['steady']);
  });

  it('leave room for marks and pins in view, whose lines stand in any case', () => {
    const span = { phases, startSeconds: 30, endSeconds: 400 };
    const note = (name: string, seconds: number) =>
      ({ name, short: '', timeNs: seconds * 1e9, kind: 'mark' }) as const;
    const marked = [
      note('too early', 10),
      note('all loaded', 60),
      note('again', 61),
      note('x', 62),
      note('late', 195),
    ];
    const { notes, lines, isTwoLines } = textsOverPlot(span, 740, marked);
    expect(notes.map(({ name, leftPx, line }) => [name, leftPx, line])).toEqual([
      ['all loaded', 60, 0],
      ['again', 62, 1],
      // The name of the phase stands behind it.
      ['late', 330 - labelWidthPx('late'), 0],
    ]);
    expect(lines.map(({ atPx }) => atPx)).toEqual([60, 62, 64, 330]);
    expect(isTwoLines).toBe(true);
  });

  it('have the number of a pin where its name has no room, in the plot where the number has none either', () => {
    const pin = (id: number, seconds: number) =>
      ({
        name: `${id} before the storm of loads`,
        short: String(id),
        timeNs: seconds * 1e9,
        kind: 'pin',
      }) as const;
    const span = { phases, startSeconds: 30, endSeconds: 400 };
    const pins = [pin(1, 45), pin(2, 120), pin(3, 200)];
    const shown = textsOverPlot(span, 185, pins);
    expect(shown.notes.map(({ name }) => name)).toEqual(['1', '2', '3']);
    expect(shown.flags).toEqual([]);

    const many = Array.from({ length: 30 }, (_, i) => pin(i + 1, 32 + i * 12));
    const crowded = textsOverPlot(span, 185, many);
    const seen = [...crowded.notes.map(({ note }) => note), ...crowded.flags];
    expect(new Set(seen).size).toBe(seen.length);
    expect(crowded.flags.length).toBeGreaterThan(0);
    crowded.flags.forEach(({ atPx }, i) => {
      const before = crowded.flags[i - 1];
      if (before !== undefined) expect(atPx - before.atPx).toBeGreaterThanOrEqual(17);
    });
  });

  it('keep in their tips all that there is to say of a phase', () => {
    const { bands: shown } = textsOverPlot({ phases, startSeconds: 0, endSeconds: 400 }, 100);
    expect(shown.map(({ about }) => about)).toEqual([
      'boot (not counted), 0.0 s to 30.0 s, key 1',
      'steady, 30.0 s to 400.0 s, key 2',
    ]);
    expect(shown.map(({ startPx, endPx }) => [startPx, endPx])).toEqual([
      [0, 7.5],
      [7.5, 100],
    ]);
  });
});
