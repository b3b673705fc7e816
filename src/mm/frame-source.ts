/**
 * Physical memory as the rest of mm sees it. Frames are numbered from physical address 0 (PFN), below
 * 2^34. Requests are unmovable kernel memory; `node` -1 is the local node of the current CPU.
 */
export interface FrameSource {
  /**
   * First frame of a naturally aligned block of 2^order frames (0..10), or -1. `mayReclaim` (default
   * true): page cache may be dropped to form the block; false for the large chunks that vmalloc
   * tries first since 6.19.
   */
  allocBlock(node: number, order: number, mayReclaim?: boolean): number;
  /** Up to `count` single frames in the order the per-CPU lists give them; how many were had. */
  allocBulk(node: number, count: number, out: Float64Array, offset: number): number;
  /** Returns a block or part of one; small orders go through the list of the current CPU. */
  freeBlock(frame: number, order: number): void;
  /** The following requests come from a CPU of this node (0..nodes-1). Absent where nodes are not modelled. */
  runOnNode?(node: number): void;
  readonly freePages: number;
  verify(): void;
}

/** Leaves of the direct map as boot left them: half-open frame ranges, ascending, level 1, 2 or 3. */
export interface BootLeafRange {
  readonly startPfn: number;
  readonly endPfn: number;
  readonly level: number;
}
