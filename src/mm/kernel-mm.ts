/**
 * The primitives of kernel memory management that designs are written in: vmap areas, frames, page
 * attributes, text poke. Implementations apply the release's rules, keep every counter, record each
 * effect with its cause, and refuse what a kernel would refuse.
 *
 * Pages of the module area are named by their index from the area's first page (MODULES_VADDR,
 * before any KASLR offset), 0..areaPages.
 */
import type { EffectKind } from '../contract/sim-event.js';
import type { KernelRules } from './kernel-rules.js';
import type { Placements } from './placements.js';

/** One vmap area of the module area and its mapping. */
export interface VmArea {
  /** First page index. */
  readonly page: number;
  /** Mapped pages, guard excluded. */
  readonly pages: number;
  readonly guardPages: number;
  /** True when every 2M window of it was mapped by a 2M leaf at creation. */
  readonly huge: boolean;
  /** VM_FLUSH_RESET_PERMS. */
  resetPerms: boolean;
}

export interface VmallocRequest {
  readonly sizeBytes: number;
  /** 1, or 512 for 2M alignment. */
  readonly alignPages: number;
  /** Half-open window of page indexes. Absent: from the load offset to the end of the module area. */
  readonly windowStart?: number;
  readonly windowEnd?: number;
  /** VM_TOPDOWN_VMAP asks for the highest fit. Default lowest. */
  readonly fit?: 'lowest' | 'highest';
  /** VM_ALLOW_HUGE_VMAP: 2M leaves when size and release allow; falls back to 4K as a whole. */
  readonly allowHuge?: boolean;
  /** Overrides the release's node rule for huge mappings (proposals: 2022 `divide`, 2024 `ignore`). */
  readonly hugeNodeRule?: 'divide' | 'ignore';
  /** Without the 4K retry: no order-9 page means failure. */
  readonly hugeOnly?: boolean;
  /** Physical pages for 4K mappings: as the release asks, or order-9 chunks where available. */
  readonly backing?: 'kernel' | 'order9';
  /** Default 1. */
  readonly guardPages?: number;
  /** VM_FLUSH_RESET_PERMS from the start. */
  readonly resetPerms?: boolean;
  /** NUMA node asked for; absent: the local node. */
  readonly node?: number;
  /**
   * Frames to map with 4K entries, one a page, taken from PageSupply before. They stay the caller's:
   * vfree neither resets their aliases nor returns them. `resetPerms` then only purges.
   */
  readonly frames?: ArrayLike<number>;
  /**
   * Protection of the mapping from the start, default `rw`; the aliases are left as they are. `rox`
   * is for designs that fill memory before it is mapped.
   */
  readonly protection?: 'rw' | 'ro' | 'rox';
}

/** Physical pages for designs that keep pages of their own (alloc_pages, set_direct_map_*). */
export interface PageSupply {
  /** First frame of an aligned block of 2^order frames, or -1. Counts order-9 requests. */
  allocBlock(node: number, order: number): number;
  freeBlock(frame: number, order: number): void;
  /** set_direct_map_valid_noflush over frames: present and RW, or not present. Splits may flush. */
  setValid(frame: number, pages: number, valid: boolean): void;
  /** One broadcast over the whole kernel range, after frames were made not present. */
  flushKernelRange(): void;
}

/** Effects reported outside, in order. Pages and amounts as EffectKind says. */
export type EffectSink = (kind: EffectKind, page: number, amount: number, path: string) => void;

export interface MmCounters {
  level2Splits: number;
  level3Splits: number;
  level2Collapses: number;
  level3Collapses: number;
  textSplits: number;
  textCollapses: number;
  cpaCalls: number;
  /** Broadcasts that reach every CPU (full and per-page). */
  remoteFlushes: number;
  fullFlushes: number;
  rangeFlushes: number;
  /** Pages invalidated one by one, summed over range flushes. */
  flushedPages: number;
  localFlushes: number;
  pokeCalls: number;
  pokeBytes: number;
  purges: number;
  order9Requests: number;
  order9Failures: number;
  hugeFallbacks: number;
  /** Page-table pages now in use beyond those at boot. */
  pageTablePages: number;
}

export interface KernelMm {
  readonly rules: KernelRules;
  readonly cpus: number;
  readonly nodes: number;
  readonly possibleNodes: number;
  /** Pages of the module area: 258048 (1008 MiB) or 389120. */
  readonly areaPages: number;
  /** Unsigned VPN of page index 0. */
  readonly areaVpn: number;
  /** KASLR load offset in pages, 0 when off. */
  readonly loadOffsetPages: number;
  readonly counters: MmCounters;
  readonly placements: Placements;
  /** Absent on machines that only replay recordings. */
  readonly pageSupply?: PageSupply;
  /**
   * Unused rest of the last 2M page of kernel text, mapped 2M, read-only and executable. Its page
   * indexes are negative, the kernel image lies below the module area. Absent where text ends on a
   * 2M line.
   */
  readonly kernelTail?: { readonly page: number; readonly pages: number };

  /** Maps an area RW+NX. Undefined: no address space or no memory. */
  vmalloc(request: VmallocRequest): VmArea | undefined;
  /** Unmaps; with resetPerms also resets the direct map and purges; else the addresses stay lazy. */
  vfree(area: VmArea): void;

  setMemoryRo(page: number, pages: number): void;
  setMemoryRw(page: number, pages: number): void;
  setMemoryX(page: number, pages: number): void;
  setMemoryNx(page: number, pages: number): void;
  /** RO and X in one pass; two calls on releases without it. Collapses where the release does. */
  setMemoryRox(page: number, pages: number): void;
  /** set_direct_map_valid_noflush over the frames behind the pages: present and RW, or not present. */
  setDirectMapValid(page: number, pages: number, valid: boolean): void;
  /** Returns every lazy area to the free tree. */
  purgeLazyAreas(): void;

  /**
   * Writes `sizeBytes` at byte offset `byte` (from page index 0) through a temporary mapping, in
   * steps of `stepBytes` (default two pages, as text_poke_copy). One local flush per step.
   */
  textPoke(byte: number, sizeBytes: number, stepBytes?: number): void;

  /** Names the call path of what follows, e.g. `free_module`; the returned value restores the old one. */
  enterPath(name: string): number;
  leavePath(previous: number): void;
  /** Records an effect of the design itself (collision, fallback). */
  note(kind: EffectKind, page: number, amount: number): void;

  /** Leaf that maps a page of the module area: 0 none, 1 4K, 2 2M. */
  leafLevel(page: number): number;
  isExecutable(page: number): boolean;
  isWritable(page: number): boolean;
}
