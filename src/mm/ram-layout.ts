/**
 * Physical memory of a machine as firmware reports it (the e820 "usable" ranges) and how it is
 * divided over NUMA nodes. Frames are physical addresses / 4096. Page 0 and 640 KiB..1 MiB are never
 * RAM. Follows arch/x86/kernel/e820.c (e820__memblock_setup, trim_bios_range).
 */
import { assert } from '../base/assert.js';
import { GIB, KIB, MIB, PAGE_SIZE_BYTES } from '../base/units.js';

/** Half-open range of physical addresses in bytes. */
export interface RamRange {
  readonly start: number;
  readonly end: number;
}

/** Half-open range of frames. */
export interface FrameRange {
  readonly startPfn: number;
  readonly endPfn: number;
}

/** Largest memory that firmware of the default layout puts below 4 GiB. */
const LOW_RAM_BYTES_MAX = 3 * GIB;
const FOUR_GIB_BYTES = 4 * GIB;
/** ACPI tables at the end of low memory. */
const FIRMWARE_TOP_BYTES = 128 * KIB;
const FIRST_RANGE_END_BYTES = 0x9f000;
const LEGACY_HOLE: RamRange = { start: 0xa0000, end: MIB };

/**
 * Layout of a guest with `ramBytes` of memory (64 MiB and more): up to 3 GiB below 4 GiB, the rest
 * from 4 GiB on, 128 KiB of tables at the end of low memory.
 */
export function defaultRamRanges(ramBytes: number): readonly RamRange[] {
  const low = Math.min(ramBytes, LOW_RAM_BYTES_MAX);
  const ranges: RamRange[] = [
    { start: PAGE_SIZE_BYTES, end: FIRST_RANGE_END_BYTES },
    { start: MIB, end: low - FIRMWARE_TOP_BYTES },
  ];
  if (ramBytes > low) ranges.push({ start: FOUR_GIB_BYTES, end: FOUR_GIB_BYTES + ramBytes - low });
  return ranges;
}

/** Sorted, merged, page-aligned ranges of frames without page 0 and the legacy hole. */
export function framesOfRam(ram: readonly RamRange[]): readonly FrameRange[] {
  const parts: RamRange[] = [];
  for (const range of ram) {
    parts.push({
      start: Math.max(range.start, PAGE_SIZE_BYTES),
      end: Math.min(range.end, LEGACY_HOLE.start),
    });
    parts.push({ start: Math.max(range.start, LEGACY_HOLE.end), end: range.end });
  }
  const frames = parts
    .map(({ start, end }) => ({
      startPfn: Math.ceil(start / PAGE_SIZE_BYTES),
      endPfn: Math.floor(end / PAGE_SIZE_BYTES),
    }))
    .filter(({ startPfn, endPfn }) => startPfn < endPfn)
    .sort((a, b) => a.startPfn - b.startPfn);
  const merged: { startPfn: number; endPfn: number }[] = [];
  for (const range of frames) {
    const last = merged[merged.length - 1];
    if (last === undefined || range.startPfn > last.endPfn) merged.push({ ...range });
    else last.endPfn = Math.max(last.endPfn, range.endPfn);
  }
  assert(merged.length > 0, 'a machine has memory');
  return merged;
}

/** Part of `ranges` inside [startPfn, endPfn). */
export function clipFrames(
  ranges: readonly FrameRange[],
  startPfn: number,
  endPfn: number,
): readonly FrameRange[] {
  return ranges
    .map((range) => ({
      startPfn: Math.max(range.startPfn, startPfn),
      endPfn: Math.min(range.endPfn, endPfn),
    }))
    .filter((range) => range.startPfn < range.endPfn);
}

/** `ranges` without [startPfn, endPfn). */
export function cutFrames(
  ranges: readonly FrameRange[],
  startPfn: number,
  endPfn: number,
): readonly FrameRange[] {
  return ranges
    .flatMap((range) => [
      { startPfn: range.startPfn, endPfn: Math.min(range.endPfn, startPfn) },
      { startPfn: Math.max(range.startPfn, endPfn), endPfn: range.endPfn },
    ])
    .filter((range) => range.startPfn < range.endPfn);
}

/** Frames in `ranges`. */
export const frameCount = (ranges: readonly FrameRange[]): number =>
  ranges.reduce((sum, range) => sum + range.endPfn - range.startPfn, 0);
