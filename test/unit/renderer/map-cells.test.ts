/** Cells of a map: kinds by most bytes, live shares, differences; against a count page by page. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffCells, kindOfState, mapCells, usedRange } from '../../../renderer/maps/map-cells.js';
import { mapGeometry } from '../../../renderer/maps/map-geometry.js';
import { areaEntries, areaLines } from '../../../renderer/maps/table-lines.js';
import { placeText } from '../../../renderer/maps/map-text.js';
import { CellKind, DiffKind } from '../../../renderer/maps/map-palette.js';
import { PageStateBit } from '../../../src/contract/map-data.js';

const TEXT_4K = PageStateBit.mapped | PageStateBit.executable;
const TEXT_2M = TEXT_4K | PageStateBit.huge;
const DATA = PageStateBit.mapped | PageStateBit.writable;
const PAGE = 4096;

/** `aa..D` one letter a page: a text 4K, H text 2M, D data, g guard, ! writable text, . free. */
function pagesOf(picture: string): number[] {
  const states: Readonly<Record<string, number>> = {
    a: TEXT_4K,
    H: TEXT_2M,
    D: DATA,
    g: PageStateBit.guard,
    z: PageStateBit.lazy,
    '!': TEXT_4K | PageStateBit.writable,
  };
  return Array.from(picture).flatMap((letter, page) => {
    const state = states[letter];
    return state === undefined ? [] : [page, 1, state];
  });
}

const cellsOf = (picture: string, pagesPerCell: number, extents: readonly number[] = []) =>
  mapCells(
    { pages: Int32Array.from(pagesOf(picture)), extents: Int32Array.from(extents) },
    {
      startByte: 0,
      cellBytes: pagesPerCell * PAGE,
      cellCount: Math.ceil(picture.length / pagesPerCell),
    },
  );

describe('map cells', () => {
  it.each([
    ['aaD.', CellKind.text4K],
    ['aDD.', CellKind.data],
    ['HHa.', CellKind.text2M],
    ['a!..', CellKind.writableExecutable],
    ['g...', CellKind.guard],
    ['gzz.', CellKind.lazy],
    ['ggga', CellKind.text4K],
    ['....', CellKind.free],
  ])('shows %s as what most of it is', (picture, kind) => {
    expect(cellsOf(picture, 4).kind[0]).toBe(kind);
  });

  it('counts live bytes of extents that cross cells', () => {
    const { live } = cellsOf('aaaa', 2, [7, PAGE, 2 * PAGE, 0]);
    expect([...live]).toEqual([0.5, 0.5]);
  });

  it('says gained, lost, held and freed against the baseline', () => {
    const base = cellsOf('aH.D', 1);
    const other = cellsOf('HaD.', 1);
    expect([...diffCells(base, other)]).toEqual([
      DiffKind.gained2M,
      DiffKind.lost2M,
      DiffKind.held,
      DiffKind.freed,
    ]);
  });

  it('agrees with a count page by page on any picture', () => {
    const letters = fc.constantFrom('a', 'H', 'D', 'g', '.');
    fc.assert(
      fc.property(fc.array(letters, { minLength: 8, maxLength: 60 }), (list) => {
        const picture = list.join('');
        const { kind } = cellsOf(picture, 4);
        kind.forEach((found, cell) => {
          const part = picture.slice(cell * 4, cell * 4 + 4);
          const mapped = Array.from(part).some((letter) => 'aHD'.includes(letter));
          const isMapped = found !== CellKind.free && found !== CellKind.guard;
          expect(isMapped).toBe(mapped);
        });
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('names states that are neither writable text nor plain text', () => {
    expect(kindOfState(0)).toBe(CellKind.free);
    expect(kindOfState(DATA)).toBe(CellKind.data);
  });
});

describe('map geometry', () => {
  it('covers the span with whole rows of cells', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4096, max: 2 ** 30 }),
        fc.integer({ min: 100, max: 2000 }),
        fc.integer({ min: 20, max: 400 }),
        (spanBytes, widthPx, heightPx) => {
          const geometry = mapGeometry({ startByte: 0, spanBytes, widthPx, heightPx });
          expect(geometry.cellCount * geometry.cellBytes).toBeGreaterThanOrEqual(spanBytes);
          expect(geometry.cellCount).toBe(geometry.rows * geometry.cellsPerRow);
          expect(geometry.rows * geometry.rowHeightPx).toBeLessThanOrEqual(heightPx + 1e-6);
        },
      ),
      { seed: 9, numRuns: 300 },
    );
  });
});

describe('the part of the area in use', () => {
  it('begins at the 2 MiB slot of the first page, also far up in the area', () => {
    const pages = Int32Array.from([512 * 100 + 7, 3, TEXT_4K, 512 * 101, 512, TEXT_2M]);
    expect(usedRange({ pages })).toEqual({ startByte: 100 * 512 * PAGE, spanBytes: 1024 * PAGE });
    expect(usedRange({ pages: new Int32Array() })).toEqual({ startByte: 0, spanBytes: 0 });
  });
});

describe('entries of one table', () => {
  const pages = Int32Array.from([510, 4, TEXT_4K, 520, 2, DATA, 600, 5, PageStateBit.guard]);

  it('are those of its 512 pages, with what they map', () => {
    expect(areaEntries({ pages }, 0)).toEqual([{ from: 510, count: 2, kind: CellKind.text4K }]);
    expect(areaEntries({ pages }, 512)).toEqual([
      { from: 0, count: 2, kind: CellKind.text4K },
      { from: 8, count: 2, kind: CellKind.data },
    ]);
  });

  it('add up to what the line above says', () => {
    const moment = { pages } as Parameters<typeof areaLines>[0];
    const [line] = areaLines(moment, 2048);
    const tables = [...(line?.ticks ?? [])].flatMap((tick, place) => (tick === 1 ? [place] : []));
    const shown = tables.flatMap((place) => areaEntries({ pages }, place * 512));
    expect(shown.reduce((sum, { count }) => sum + count, 0)).toBe(line?.entryCount);
  });
});

describe('a place in one line', () => {
  it('tells its last states, the newest first, and how many came before', () => {
    const history = [DATA, TEXT_4K, 0, DATA, TEXT_4K].map((state, i) => ({
      timeNs: i * 1e9,
      step: i,
      state,
    }));
    const text = placeText({ address: '0x0', state: TEXT_4K, history });
    expect(text).toMatch(
      /^page text, 4K entries, r-x since 4\.000000 s, before data or rodata, rw-/,
    );
    expect(text).toMatch(/, 1 earlier change$/);
  });
});
