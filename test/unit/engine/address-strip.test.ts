import { describe, expect, it } from 'vitest';
import { addressStrip, type StripSource } from '../../../src/engine/address-strip.js';

const SLOT_BYTES = 2 * 1024 * 1024;
const SLOT_PAGES = 512;

interface Area {
  readonly slots: number;
  /** Live ranges: first byte and size. */
  readonly live?: readonly (readonly [number, number])[];
  /** Slots that one 2M entry maps. */
  readonly large?: readonly number[];
  /** Pages that are writable, and those that are executable. */
  readonly writable?: readonly number[];
  readonly executable?: readonly number[];
}

const machine = ({ slots, live = [], large = [], writable = [], executable = [] }: Area) => {
  const both = writable.filter((page) => executable.includes(page)).length;
  const source = {
    areaPages: slots * SLOT_PAGES,
    writableExecutablePages: both,
    leafLevel: (page: number) => (large.includes(Math.floor(page / SLOT_PAGES)) ? 2 : 1),
    isExecutable: (page: number) => executable.includes(page),
    isWritable: (page: number) => writable.includes(page),
    placements: { extents: () => live.map(([byte, sizeBytes]) => ({ byte, sizeBytes })) },
  };
  return source as unknown as StripSource;
};

describe('the address strip of a machine', () => {
  it('gives the tenths of a slot that are live, rounded up, and a point for none', () => {
    const live = [
      [0, 1],
      [SLOT_BYTES, Math.floor(SLOT_BYTES / 10)],
      [2 * SLOT_BYTES, Math.floor(SLOT_BYTES / 10) + 1],
      [3 * SLOT_BYTES, SLOT_BYTES],
    ] as const;
    expect(addressStrip(machine({ slots: 5, live }))).toBe('1129.');
  });

  it('splits what reaches over the border of two slots', () => {
    const live = [[SLOT_BYTES / 2, SLOT_BYTES]] as const;
    expect(addressStrip(machine({ slots: 2, live }))).toBe('55');
  });

  it('marks a slot of one 2M entry, and before that one that is writable and executable', () => {
    expect(addressStrip(machine({ slots: 3, large: [1] }))).toBe('.H.');
    const area = { slots: 3, large: [1], writable: [600, 1100], executable: [600, 1200] };
    expect(addressStrip(machine(area))).toBe('.!.');
  });
});
