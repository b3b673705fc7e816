/**
 * Page-table entries of x86-64 as far as the lab tells them apart: one byte of flags a leaf, and the
 * 64-bit form that the hardware and the kernel's dumps show.
 *
 *   flags  | . . G A D X W P |     X is the inverse of the hardware's NX bit
 *   entry  |NX| ... frame ... |G|PSE|D|A|PCD|PWT|US|RW|P|
 *
 * A leaf that is mapped but not present keeps A, so flags of 0 mean: nothing mapped.
 */
import { LeafLevel } from '../base/units.js';

export const PTE_PRESENT = 1;
export const PTE_WRITABLE = 2;
export const PTE_EXECUTABLE = 4;
export const PTE_DIRTY = 8;
/** Always set on a mapped leaf. Model: nothing ages, so nothing clears it. */
export const PTE_ACCESSED = 16;
export const PTE_GLOBAL = 32;

/** Different flag bytes. */
export const PTE_FLAG_VALUES = 64;

/** PAGE_KERNEL: present, writable, not executable. */
export const PAGE_KERNEL = PTE_PRESENT + PTE_WRITABLE + PTE_DIRTY + PTE_ACCESSED + PTE_GLOBAL;
export const PAGE_KERNEL_RO = PTE_PRESENT + PTE_ACCESSED + PTE_GLOBAL;
export const PAGE_KERNEL_ROX = PAGE_KERNEL_RO + PTE_EXECUTABLE;

/**
 * Flags after an attribute change. A leaf that loses Present loses Global with it; setting Present
 * does not bring Global back (__change_page_attr, arch/x86/mm/pat/set_memory.c).
 */
export function changedFlags(flags: number, set: number, clear: number): number {
  const changed = (flags & ~clear) | set;
  return (changed & PTE_PRESENT) === 0 ? changed & ~PTE_GLOBAL : changed;
}

const NX_BIT = 1n << 63n;
const PSE_BIT = 0x80n;
/** Flag and its place in the entry, for those that stand there as they are. */
const ENTRY_BITS: readonly (readonly [number, bigint])[] = [
  [PTE_PRESENT, 0x1n],
  [PTE_WRITABLE, 0x2n],
  [PTE_ACCESSED, 0x20n],
  [PTE_DIRTY, 0x40n],
  [PTE_GLOBAL, 0x100n],
];

/** The entry of a leaf of `level` that maps `frame`, as /sys/kernel/debug/page_tables would hold it. */
export function pteValue(flags: number, frame: number, level: LeafLevel): bigint {
  let value = BigInt(frame) * 4096n;
  for (const [flag, bit] of ENTRY_BITS) if ((flags & flag) !== 0) value |= bit;
  if ((flags & PTE_EXECUTABLE) === 0) value |= NX_BIT;
  // A large leaf that is not present has no PSE bit: the kernel keeps the two together.
  if (level > LeafLevel.pte4K && (flags & PTE_PRESENT) !== 0) value |= PSE_BIT;
  return value;
}
