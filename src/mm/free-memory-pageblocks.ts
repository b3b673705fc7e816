/** The whole pageblocks (2 MiB) of a zone, numbered upward through its ranges. */
import { PAGEBLOCK_PAGES } from './frame-allocator-blocks.js';
import type { FrameRange } from './ram-layout.js';

/** Whole pageblocks of one range, counted through all ranges of the zone. */
interface BlockRun {
  readonly firstIndex: number;
  readonly endIndex: number;
  /** First frame of the first. */
  readonly startPfn: number;
}

/** Whole pageblocks of ascending ranges of frames. */
export function pageblocksOf(ranges: readonly FrameRange[]): Pageblocks {
  const runs: BlockRun[] = [];
  let count = 0;
  for (const range of ranges) {
    const { startPfn, endPfn } = wholePageblocks(range);
    if (startPfn >= endPfn) continue;
    const blocks = (endPfn - startPfn) / PAGEBLOCK_PAGES;
    runs.push({ firstIndex: count, endIndex: count + blocks, startPfn });
    count += blocks;
  }
  return new Pageblocks(runs, count);
}

/** Frames of the whole pageblocks in a range; empty (start >= end) when there is none. */
export const wholePageblocks = ({ startPfn, endPfn }: FrameRange): FrameRange => ({
  startPfn: Math.ceil(startPfn / PAGEBLOCK_PAGES) * PAGEBLOCK_PAGES,
  endPfn: Math.floor(endPfn / PAGEBLOCK_PAGES) * PAGEBLOCK_PAGES,
});

export class Pageblocks {
  constructor(
    private readonly runs: readonly BlockRun[],
    readonly count: number,
  ) {}

  /** First frame of pageblock `index`, 0..count-1. */
  frameAt(index: number): number {
    for (const run of this.runs) {
      if (index < run.endIndex) return run.startPfn + (index - run.firstIndex) * PAGEBLOCK_PAGES;
    }
    return -1;
  }

  /** Index behind the last pageblock of the run that holds `index`. */
  runEnd(index: number): number {
    return this.runs.find((run) => index < run.endIndex)?.endIndex ?? this.count;
  }
}
