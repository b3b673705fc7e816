/** Charts that a scenario was looked at with. */
import { describe, expect, it } from 'vitest';
import { parseCharts, withCharts } from '../../../renderer/stores/chart-memory.js';

const CHOICE = { metrics: ['DirectMap4k'], freeScales: ['DirectMap4k'] };

describe('remembered charts', () => {
  it('keep the newest choice of each scenario, and not of any number of scenarios', () => {
    let stored = withCharts([], 'a.xlab', { metrics: [], freeScales: [] });
    stored = withCharts(stored, 'a.xlab', CHOICE);
    expect(stored).toEqual([['a.xlab', CHOICE]]);
    for (let i = 0; i < 60; i += 1) stored = withCharts(stored, `${i}.xlab`, CHOICE);
    expect(stored).toHaveLength(50);
    expect(stored.at(-1)?.[0]).toBe('59.xlab');
  });

  it('come back from the storage, and nothing else does', () => {
    expect(parseCharts(JSON.stringify([['a.xlab', CHOICE]]))).toEqual([['a.xlab', CHOICE]]);
    expect(
      parseCharts(JSON.stringify([['a', 1], 7, [3, CHOICE], ['b', { metrics: [1] }]])),
    ).toEqual([['b', { metrics: [], freeScales: [] }]]);
    expect(parseCharts('{')).toEqual([]);
    expect(parseCharts(null)).toEqual([]);
  });
});
