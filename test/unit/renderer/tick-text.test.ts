/** What the pointer reads on page-table maps. */
import { describe, expect, it } from 'vitest';
import { areaLines, directLines } from '../../../renderer/maps/table-lines.js';
import { byteOf, tickLines } from '../../../renderer/maps/tick-text.js';
import { PageStateBit } from '../../../src/contract/map-data.js';
import type { MapMoment } from '../../../src/contract/map-data.js';

const { mapped, executable, huge, writable } = PageStateBit;

const MOMENT: MapMoment = {
  step: 0,
  timeNs: 0,
  phase: '',
  request: { kind: 'wait', object: -1, line: 0, label: '', sizeBytes: 0 },
  effects: [],
  effectCount: 0,
  // A 2M leaf of text, then a table with three pages of text and one of data.
  pages: Int32Array.of(
    0,
    512,
    mapped | executable | huge,
    512,
    3,
    mapped | executable,
    600,
    1,
    mapped | writable,
  ),
  extents: Int32Array.of(),
  // A split and a collapsed region of the first GiB, the second GiB split from its 1G entry.
  directMap: Float64Array.of(512, 512, 1, 1024, 512, 2, 262_144, 262_144, 2),
};
const MAP = { kind: 'tables', moment: MOMENT, areaAddress: '0xffffffffc0000000' } as const;
const [area] = areaLines(MOMENT, 262_144);
const direct = directLines(MOMENT);

describe('a tick of the page tables', () => {
  it('tells address, size and how it is mapped', () => {
    if (area === undefined) throw new Error('no line');
    const at = (place: number, entry = -1) => tickLines({ line: area, place, entry }, MAP);
    expect(at(0)).toEqual(['0xffffffffc0000000, 2 MiB', 'text, one 2M entry, r-x']);
    expect(at(1)).toEqual(['0xffffffffc0200000, 2 MiB', 'table of 4K entries, 4 of 512 in use']);
    expect(at(2)).toEqual(['0xffffffffc0400000, 2 MiB', 'nothing mapped']);
    expect(at(1, 88)).toEqual(['0xffffffffc0258000, 4 KiB', 'data or rodata, rw-']);
    expect(byteOf({ line: area, place: 1, entry: 88 })).toBe(600 * 4096);
  });
});

describe('a tick of the direct map', () => {
  it('tells the pages and what became of them since boot', () => {
    const at = (gib: number, place: number, entry = -1) => {
      const line = direct[gib];
      if (line === undefined) throw new Error('no line');
      return tickLines({ line, place, entry }, { ...MAP, kind: 'direct' });
    };
    expect(at(0, 0)).toEqual(['pfn 0x0..0x1ff, 2 MiB', 'as at boot']);
    expect(at(0, 1)).toEqual(['pfn 0x200..0x3ff, 2 MiB', 'split into 512 x 4K']);
    expect(at(0, 1, 5)).toEqual(['pfn 0x205, 4 KiB', 'entry of a 2M entry that was split']);
    expect(at(0, 2)).toEqual(['pfn 0x400..0x5ff, 2 MiB', 'collapsed to one 2M entry']);
    expect(at(1, 3)).toEqual([
      'pfn 0x40600..0x407ff, 2 MiB',
      '2M entry of a 1G entry that was split',
    ]);
  });
});
