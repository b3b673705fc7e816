/**
 * Physical memory as the rest of mm sees it. Frames are numbered from physical address 0 (PFN), below
 * 2^32. Requests are unmovable kernel memory; `node` -1 is the local node of the current CPU.
 */
export interface FrameSource {
  /** First frame of a naturally aligned block of 2^order frames (0..10), or -1. */
  allocBlock(node: number, order: number): number;
  /** Up to `count` single frames in the order the per-CPU lists give them; how many were had. */
  allocBulk(node: number, count: number, out: Float64Array, offset: number): number;
  /** Returns a block; order-0 frees go through the per-CPU list. */
  freeBlock(frame: number, order: number): void;
  readonly freePages: number;
  verify(): void;
}

/** Leaves of the direct map as boot left them: half-open frame ranges, ascending, level 1, 2 or 3. */
export interface BootLeafRange {
  readonly startPfn: number;
  readonly endPfn: number;
  readonly level: number;
}
