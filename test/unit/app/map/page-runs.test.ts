/** Runs of page states against a naive walk. */
import { describe, expect, it } from 'vitest';
import { pageRuns } from '../../../../src/app/map/page-runs.js';
import { PrngStream } from '../../../../src/base/prng.js';

function naiveRuns(state: Uint8Array): number[] {
  const runs: number[] = [];
  state.forEach((value, page) => {
    const last = runs.length - 3;
    if (value === 0) return;
    if ((runs[last] ?? -9) + (runs[last + 1] ?? 0) === page && runs[last + 2] === value) {
      runs[last + 1] = (runs[last + 1] ?? 0) + 1;
    } else runs.push(page, 1, value);
  });
  return runs;
}

describe('runs of equal pages', () => {
  it('are those of a walk page by page, for areas of any length', () => {
    const draws = new PrngStream(9, 'areas');
    for (let round = 0; round < 300; round += 1) {
      const state = new Uint8Array(draws.below(700));
      let page = 0;
      while (page < state.length) {
        const end = page + 1 + draws.below(draws.below(3) === 0 ? 90 : 4);
        state.fill(draws.below(3) === 0 ? 0 : 1 + draws.below(255), page, end);
        page = end;
      }
      expect([...pageRuns(state)]).toEqual(naiveRuns(state));
    }
  });

  it('grow with a picture of more runs than fit at first', () => {
    const state = Uint8Array.from({ length: 4096 }, (_, page) => 1 + (page % 2));
    expect(pageRuns(state)).toHaveLength(3 * 4096);
  });
});
