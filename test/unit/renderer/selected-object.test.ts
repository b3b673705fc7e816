/** What is selected, in the maps and in the event strip; where verdicts were decided; values at pins. */
import { describe, expect, it } from 'vitest';
import { symbolPath, symbolsAt } from '../../../renderer/charts/event-symbols.js';
import { pinsText } from '../../../renderer/charts/pin-report.js';
import { remainingText } from '../../../renderer/charts/progress-text.js';
import { momentTable, timesTable } from '../../../renderer/charts/table-rows.js';
import { verdictPlace } from '../../../renderer/charts/verdict-place.js';
import { executedText } from '../../../renderer/maps/executed-text.js';
import { firstLiveByte, liveOf, objectCells } from '../../../renderer/maps/object-cells.js';
import type { ExperimentResult, Verdict } from '../../../src/contract/run-result.js';
import { fakeResult } from '../../support/fake-result.js';

describe('cells of an object', () => {
  const window = { startByte: 4096, cellBytes: 1024, cellCount: 8 };
  const extents = Int32Array.from([
    ...[7, 5000, 3000, 0],
    ...[8, 4096, 64, 0],
    ...[7, 11_000, 9000, 1],
  ]);

  it('are all that hold a byte of it, inside the window', () => {
    expect(objectCells({ extents }, new Set([7]), window)).toEqual([0, 1, 2, 3, 6, 7]);
    expect(objectCells({ extents }, new Set([8]), window)).toEqual([0]);
    expect(objectCells({ extents }, new Set([7, 8]), window)).toEqual([0, 1, 2, 3, 6, 7]);
  });

  it('lead to what lives in them first', () => {
    expect(firstLiveByte({ extents }, 4096, 5120)).toBe(4096);
    expect(firstLiveByte({ extents }, 4200, 5120)).toBe(5000);
    expect(firstLiveByte({ extents }, 6000, 7000)).toBe(6000);
    expect(firstLiveByte({ extents }, 8000, 11_000)).toBeNull();
  });

  it('belong to objects that are counted with their bytes', () => {
    expect(liveOf({ extents }, new Set([7, 9]))).toEqual({ objects: 1, bytes: 12_000 });
  });

  it('are none where there is no such object', () => {
    expect(objectCells({ extents }, new Set([9]), window)).toEqual([]);
    expect(objectCells({ extents }, new Set(), window)).toEqual([]);
  });
});

describe('when a place was executed', () => {
  it('is told with the time since, and what is not known says so', () => {
    const at = (lastNs: number | null, untilNs: number | null): string =>
      executedText({ lastNs, untilNs }, 3e9);
    expect(at(1.5e9, null)).toBe('last executed at 1.500000 s, 1.5 s ago');
    expect(at(3e9, null)).toBe('last executed at 3.000000 s, just now');
    expect(at(null, null)).toBe('not executed so far');
    expect(at(null, 2e9)).toBe('not executed; fetches after 2.000000 s are not kept');
    expect(at(1e9, 2e9)).toMatch(/^last executed at 1.000000 s; fetches after 2/);
  });
});

describe('symbols of the event strip', () => {
  it('differ by their shape, not only by colour', () => {
    const kinds = ['split', 'collapse', 'failed', 'selected'] as const;
    expect(new Set(kinds.map((kind) => symbolPath(kind, 10, 0))).size).toBe(4);
  });

  it('stand where something happened and do not touch each other', () => {
    const path = symbolsAt('failed', [0, 100, 1, 50, 20], { durationNs: 100, widthPx: 20, y: 0 });
    expect(path.match(/M/g)).toHaveLength(6);
    expect(path).toContain(symbolPath('failed', 10, 0));
  });
});

describe('the place of a verdict', () => {
  const plain = fakeResult({ seedCount: 6 });
  const points = [{ label: 'n=512' }, { label: 'n=512, buddy=fresh' }];
  const result = {
    ...plain,
    scenario: { ...plain.scenario, points },
    runs: plain.runs.map((run) => ({ ...run, point: 1 })),
  };
  const { design } = result.runs[0] ?? { design: '' };
  const verdict = (detail: string): Verdict => ({
    expectation: 9,
    text: 'max(text.pte_4k) < 1 in steady',
    line: 4,
    severity: 'expect',
    state: 'fail',
    held: 0,
    total: 6,
    detail,
  });

  it('is the seed, the sweep point and the moment that decided', () => {
    const place = verdictPlace(
      result,
      verdict(`9 against 1 (${design}, seed 3, n=512, buddy=fresh)`),
    );
    expect(place).toMatchObject({ seed: 3, point: 1 });
    const run = result.runs.find(({ seed, design: own }) => seed === 3 && own === design);
    const series = run?.series.find(({ metric }) => metric === 'text.pte_4k');
    const at = series?.timesNs.indexOf(place.timeNs) ?? -1;
    expect(at).toBeGreaterThanOrEqual(0);
    const phase = run?.phases.find(({ name }) => name === 'steady');
    const inPhase = series?.values.filter((_, i) => {
      const timeNs = series.timesNs[i] ?? 0;
      return timeNs >= (phase?.startNs ?? 0) && timeNs <= (phase?.endNs ?? 0);
    });
    expect(series?.values[at]).toBe(Math.max(...(inPhase ?? [])));
  });

  it('names no sweep point where the verdict names none', () => {
    expect(verdictPlace(result, verdict(`9 against 1 (${design}, seed 3)`)).point).toBeNull();
  });
});

describe('values at pins', () => {
  const result = fakeResult({ seedCount: 6 });
  const pins = [{ id: 1, name: 'vor dem Stürm', timeNs: 200e9 }];
  const choice = { point: 0, seed: null, metrics: ['DirectMap4k', 'text.pte_4k'] };

  it('stand below a report in its width, one row for each chart', () => {
    const text = pinsText(result, pins, choice);
    const lines = text.split('\n');
    expect(lines[0]).toBe('Values at pins (median of 6 seeds)');
    expect(lines.find((line) => line.startsWith('vor dem St?rm, 200.'))).toMatch(/A\s+B\s+C$/);
    expect(lines.filter((line) => line.startsWith('  '))).toHaveLength(2);
    expect(lines.every((line) => line.length <= 72)).toBe(true);
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('are none without pins', () => {
    expect(pinsText(result, [], choice)).toBe('');
  });

  it('stand in the table in one unit, that of its caption, however far they are apart', () => {
    const grown = fakeResult({ seedCount: 1 });
    const [run] = grown.runs;
    const [first] = run?.series ?? [];
    if (run === undefined || first === undefined) throw new Error('the fake has no series');
    const metric = { ...grown.metrics[0], name: first.metric, label: 'grows', unit: 'bytes' };
    const series = { ...first, timesNs: [0, 1e9], values: [2048, 2 ** 30] };
    const one = {
      ...grown,
      metrics: [metric],
      runs: [{ ...run, series: [series] }],
    } as ExperimentResult;
    const found = timesTable(one, [0, 2e9], { point: 0, seed: null });
    expect(found.label).toBe('grows, MiB');
    expect(found.cells.map(([cell]) => cell?.value)).toEqual(['0.00195', '1024']);
    const { rows } = momentTable(one, 0, { point: 0, seed: null });
    expect([rows[0]?.label, rows[0]?.cells[0]?.value]).toEqual(['grows, KiB', '2']);
  });
});

describe('the time that a continued run has left', () => {
  it('is judged by what ran since, not by what was kept', () => {
    const progress = { done: 50, kept: 50, total: 100, requests: 0, elapsedMs: 1000 };
    expect(remainingText(progress)).toBe('');
    const later = { ...progress, done: 60, elapsedMs: 10_000 };
    expect(remainingText(later)).toBe(remainingText({ ...later, done: 10, kept: 0, total: 50 }));
  });
});
