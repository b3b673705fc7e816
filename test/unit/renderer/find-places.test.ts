/** What a search in the window leads to, and which tick a click in the event strip means. */
import { describe, expect, it } from 'vitest';
import { findPlaces } from '../../../renderer/charts/find-places.js';
import { nearestTick } from '../../../renderer/charts/nearest-tick.js';
import { parseView } from '../../../renderer/stores/view-memory.js';
import { fakeResult } from '../../support/fake-result.js';

const SOURCE = {
  result: fakeResult({ seedCount: 2 }),
  text: 'xlab 1\npool progs\n  pool mods\nphase a for 1s { free all progs }\n',
  map: { areaAddress: '0xffffffffc0000000', areaPages: 258_048 },
};

describe('find', () => {
  it('leads to the byte of an address of the module area', () => {
    expect(findPlaces('0xffffffffc0001040', SOURCE)[0]).toMatchObject({
      kind: 'address',
      byte: 0x1040,
    });
    expect(findPlaces('ffffffff81000000', SOURCE)).toEqual([]);
    expect(findPlaces('ffffffffc0001040', { ...SOURCE, map: null })).toEqual([]);
  });

  it('leads to the line of a pool and to recorded metrics', () => {
    const found = findPlaces('pro', SOURCE);
    expect(found[0]).toMatchObject({ kind: 'pool', title: 'progs', line: 2 });
    const metrics = findPlaces('directmap4k', SOURCE);
    expect(metrics.map(({ title }) => title)).toEqual(['DirectMap4k']);
    expect(findPlaces('', { ...SOURCE, result: null })).toHaveLength(2);
  });
});

describe('a click in the event strip', () => {
  const ticks = [10, 20, 21].map((timeNs, step) => ({
    effect: 'direct_map.split_2m',
    timeNs,
    step,
  }));

  it('means the nearest tick within reach', () => {
    expect(nearestTick(ticks, 13, 5)?.timeNs).toBe(10);
    expect(nearestTick(ticks, 20.6, 5)?.timeNs).toBe(21);
    expect(nearestTick(ticks, 30, 5)).toBeNull();
    expect(nearestTick([], 30, 5)).toBeNull();
  });
});

describe('the remembered view', () => {
  const compareOf = (stored: unknown) =>
    parseView(JSON.stringify({ panes: { compare: stored } })).panes.compare;
  const all = { editorShown: true, hiddenPanes: [] };

  it('keeps panes that it knows hidden and nothing else', () => {
    expect(compareOf({ hiddenPanes: ['map', 'attic', 4] }).hiddenPanes).toEqual(['map']);
    expect(compareOf({ hiddenPanes: 'map' })).toEqual(all);
    expect(compareOf(7)).toEqual(all);
    expect(parseView(null).panes.author).toEqual(all);
  });

  it('keeps the strip in place of the editor for the layout that it belongs to', () => {
    const { panes } = parseView('{"panes":{"compare":{"editorShown":false}}}');
    expect(panes.compare.editorShown).toBe(false);
    expect(panes.author.editorShown).toBe(true);
    expect(compareOf({ editorShown: 'no' }).editorShown).toBe(true);
  });
});
