/** Duration and size of scenarios in words, and names for variants of designs. */
import { describe, expect, it } from 'vitest';
import { runSizeText, sizeWords, spanWords } from '../../../renderer/charts/scenario-size.js';
import { fitting } from '../../../renderer/commands/fitting.js';
import { freeName } from '../../../renderer/editor/free-name.js';

describe('the size of a scenario', () => {
  it('is told in runs, simulated time and requests, and in time here where it ran before', () => {
    const size = { runs: 90, durationNs: 300e9, requests: 24_321 };
    expect(sizeWords(size, null)).toBe('90 runs of 5 min, 24 k requests each');
    expect(sizeWords(size, { ms: 41_000, basis: 'itself', workers: 2 })).toBe(
      '90 runs of 5 min, 24 k requests each; about 41 s here',
    );
    expect(sizeWords(size, { ms: 41_000, basis: 'size', workers: 2 })).toBe(
      '90 runs of 5 min, 24 k requests each; about 41 s, guessed',
    );
    expect(sizeWords({ runs: 1, durationNs: 6e9, requests: 80 }, null)).toBe(
      '1 run of 6 s, 80 requests',
    );
  });

  it('of the next run is told in designs, seeds and points', () => {
    const run = { designs: ['a', 'b'], seeds: 10, points: ['n=1', 'n=2', 'n=3'], runs: 60 };
    expect(runSizeText(run, null)).toBe('2 designs, 10 seeds, 3 sweep points: 60 runs');
    const two = { ...run, seeds: 1, points: [''], runs: 2 };
    expect(runSizeText(two, { ms: 3100, basis: 'size', workers: 1 })).toBe(
      '2 designs, 1 seed: 2 runs, about 3 s on 1 worker, guessed from its size',
    );
    expect(runSizeText(two, { ms: 3100, basis: 'others', workers: 2 })).toBe(
      '2 designs, 1 seed: 2 runs, about 3 s here, on 2 workers, going by other scenarios',
    );
  });

  it.each([
    [35e7, '350 ms'],
    [119e9, '120 s'],
    [7200e9, '2 h'],
  ])('says %d ns as %s', (ns, text) => {
    expect(spanWords(ns)).toBe(text);
  });
});

describe('a list that is searched', () => {
  it('keeps the entries that hold every word, in any order and case', () => {
    const entries = [{ search: 'Direct map splits' }, { search: 'splits of text' }];
    expect(fitting(entries, 'MAP split')).toEqual([entries[0]]);
    expect(fitting(entries, '')).toEqual(entries);
  });
});

describe('a name for a variant', () => {
  it('does not stand in the text yet', () => {
    expect(freeName('mine', 'compare mine')).toBe('mine_2');
    expect(freeName('mine', 'compare mine, mine_2, mine_3')).toBe('mine_4');
  });
});
