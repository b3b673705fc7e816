/** The margin of the editor: requests of a run by line, shares of a metric, and statements that never ran. */
import { describe, expect, it } from 'vitest';
import { lineShares } from '../../../renderer/editor/line-shares.js';
import { expectedMarks } from '../../../renderer/editor/line-mark.js';
import type { ExperimentResult } from '../../../src/contract/run-result.js';
import type { CauseRow } from '../../../src/contract/sim-event.js';
import { fakeResult } from '../../support/fake-result.js';

const cause = (line: number, count: number, effect = 'direct_map.split_2m'): CauseRow => ({
  effect,
  phase: 'steady',
  line,
  label: 'load bpf',
  path: '',
  count,
  amount: count,
});
const plain = fakeResult({ seedCount: 6 });
const result: ExperimentResult = {
  ...plain,
  runs: plain.runs.map((run, i) => ({
    ...run,
    lines: [
      { line: 21, requests: 60 },
      { line: 22, requests: 2400 },
      { line: 25, requests: 0 },
    ],
    causes: i % 2 === 0 ? [cause(21, 3), cause(22, 1, 'vmap.alloc')] : [cause(25, 1)],
  })),
};
const CHOICE = { metric: 'direct_map_level2_splits', seed: null, point: null };

describe('the margin', () => {
  it('tells what the lines asked for in the run on screen', () => {
    const marks = lineShares(result, { ...CHOICE, seed: 2 });
    expect(marks.map(({ line, text }) => [line, text])).toEqual([
      [21, '60'],
      [22, '2.4k'],
      [25, '0'],
    ]);
    expect(marks[0]?.title).toContain('60 requests in seed 2');
  });

  it('has bars for the share of the selected metric over all designs', () => {
    const marks = lineShares(result, CHOICE);
    const shares = marks.map(({ share }) => share);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect(shares[0]).toBeGreaterThan(shares[2] ?? 1);
    expect(shares[1]).toBe(0);
    expect(marks[0]?.title).toMatch(/\d+ % of direct_map_level2_splits in all designs$/);
  });

  it('has bars for the share of requests where a metric has no causes', () => {
    const marks = lineShares(result, { ...CHOICE, metric: 'objects.live' });
    expect(marks[1]?.share).toBeCloseTo(2400 / 2460);
    expect(marks[1]?.title).toContain('of all requests');
  });

  it('marks statements that never ran', () => {
    const marks = lineShares(result, CHOICE);
    expect(marks.filter(({ unused }) => unused).map(({ line }) => line)).toEqual([25]);
  });

  it('says nothing for results that do not know their lines', () => {
    expect(lineShares(plain, CHOICE)).toEqual([]);
  });

  it('tells what is expected before anything has run', () => {
    const marks = expectedMarks([
      { line: 3, requests: 40.4 },
      { line: 4, requests: 10.1 },
      { line: 5, requests: 0 },
    ]);
    expect(marks.map(({ text, share }) => [text, share])).toEqual([
      ['40', 1],
      ['10', 0.25],
    ]);
    expect(marks[0]?.title).toBe('about 40 requests expected in a run');
  });
});
