/**
 * The direct map of a recorded machine at its first snapshot, as leaves: from the recorded page
 * tables, or, where they were not recorded, 1G leaves over whole GiB of memory above the first.
 * Memory that no recorded leaf tells about is mapped by 2M leaves.
 */
import { PAGE_SIZE_BYTES, PTRS_PER_PMD_PAGES, PTRS_PER_PUD_PAGES } from '../base/units.js';
import type { BootLeafRange } from '../mm/frame-source.js';
import type { FrameRange } from '../mm/ram-layout.js';
import { machineOfRecording } from '../recording/recorded-machine.js';
import type { Recording } from '../recording/recording.js';

const RW_BIT = 2n;
const REGIONS_PER_GIB = PTRS_PER_PUD_PAGES / PTRS_PER_PMD_PAGES;

export interface RecordedDirectMap {
  readonly leaves: readonly BootLeafRange[];
  /** 2M leaves that are read-only: their first frames. */
  readonly readOnly: readonly number[];
}

/** `ram` in frames: what is mapped at least. */
export function recordedDirectMap(
  recording: Recording,
  ram: readonly FrameRange[],
): RecordedDirectMap {
  const large = new Set<number>();
  const small = new Set<number>();
  const readOnly = new Set<number>();
  const regions = new Set<number>();
  for (const { startPfn, endPfn } of ram) addRegions(regions, startPfn, endPfn);
  const recorded = recording.initialLeaves.filter((leaf) => leaf.region === 'direct');
  for (const leaf of recorded) {
    const start = leaf.physical / PAGE_SIZE_BYTES;
    const end = start + Number(leaf.end - leaf.start) / PAGE_SIZE_BYTES;
    addRegions(regions, start, end);
    if (leaf.level === '1G') addGibs(large, start, end);
    else if (leaf.level === '4K') addRegions(small, start, end);
    else if ((leaf.flags & RW_BIT) === 0n) addRegions(readOnly, start, end);
  }
  if (recorded.length === 0 && machineOfRecording(recording).directMap === '1G') {
    for (const { startPfn, endPfn } of ram) {
      addGibs(large, Math.max(startPfn, PTRS_PER_PUD_PAGES), endPfn);
    }
  }
  const leaves = [...large].sort(ascending).map((gib) => leafOf(gib, PTRS_PER_PUD_PAGES, 3));
  for (const region of [...regions].sort(ascending)) {
    if (large.has(Math.floor(region / REGIONS_PER_GIB))) continue;
    leaves.push(leafOf(region, PTRS_PER_PMD_PAGES, small.has(region) ? 1 : 2));
  }
  return {
    leaves,
    readOnly: [...readOnly].filter((region) => !small.has(region)).map(firstFrame),
  };
}

const ascending = (a: number, b: number): number => a - b;

const firstFrame = (region: number): number => region * PTRS_PER_PMD_PAGES;

const leafOf = (index: number, pages: number, level: number): BootLeafRange => ({
  startPfn: index * pages,
  endPfn: (index + 1) * pages,
  level,
});

/** Every 2M region that [start, end) touches. */
function addRegions(regions: Set<number>, start: number, end: number): void {
  for (let region = Math.floor(start / PTRS_PER_PMD_PAGES); firstFrame(region) < end; region += 1) {
    regions.add(region);
  }
}

/** Every GiB that lies whole in [start, end). */
function addGibs(gibs: Set<number>, start: number, end: number): void {
  const first = Math.ceil(start / PTRS_PER_PUD_PAGES);
  for (let gib = first; (gib + 1) * PTRS_PER_PUD_PAGES <= end; gib += 1) gibs.add(gib);
}
