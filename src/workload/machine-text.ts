/**
 * Where code that no allocator design moves lies: the core kernel image, user code of the processes in
 * rotation, the entry page of page-table isolation, and the data that shares a second level. Addresses
 * are page numbers of x86-64 Linux.
 *
 * Model: the hot part of the kernel is spread evenly over its text; each process of the rotation runs
 * an equal share of the hot user code in an address space of its own.
 */
import { PAGE_SIZE_BYTES, PTRS_PER_PMD_PAGES } from '../base/units.js';

/** _text, 0xffffffff81000000. */
const KERNEL_TEXT_PAGE = 0xffffffff81000;
/** First program text of a PIE process, 0x555555554000, rounded to 2 MiB. */
const USER_TEXT_PAGE = 0x555555400;
/** Processes lie 1 GiB apart, as randomisation would put them. */
const PROCESS_STRIDE_PAGES = 0x40000 + 37 * 512;
/** Start of the direct map, 0xffff888000000000. */
const DIRECT_MAP_PAGE = 0xffff888000000;
/** cpu_entry_area text, 0xfffffe0000000000. */
export const ENTRY_PAGE = 0xfffffe0000000;
/** Address spaces in rotation on one CPU. */
export const PROCESSES = 4;
/** Data pages that code of one CPU has in use. */
const DATA_PAGES = 8192;
/** They lie this far apart in the direct map, a prime. */
const DATA_STRIDE_PAGES = 7;

/** A place: 4 KiB page number and whether a 2M leaf maps it. */
export interface CodePlace {
  readonly page: number;
  readonly isLarge: boolean;
}

/** Hot page `index` of `hotPages` in kernel text of this size; its tail below 2 MiB has 4K leaves. */
export function kernelPlace(index: number, hotPages: number, textBytes: number): CodePlace {
  const textPages = Math.max(1, Math.floor(textBytes / PAGE_SIZE_BYTES));
  const offset = Math.floor((index * textPages) / Math.max(hotPages, 1)) % textPages;
  const largePages = Math.floor(textPages / PTRS_PER_PMD_PAGES) * PTRS_PER_PMD_PAGES;
  return { page: KERNEL_TEXT_PAGE + offset, isLarge: offset < largePages };
}

/** Code pages of the many tasks that run only now and then (daemons, shells, cron). */
const VISITOR_PAGES = 32768;

/** Page of a visiting task at a quantile in [0, 1). */
export const visitorPage = (quantile: number): number =>
  USER_TEXT_PAGE + PROCESSES * PROCESS_STRIDE_PAGES + Math.floor(quantile * VISITOR_PAGES);

/** Hot page `index` of a process. */
export const userPage = (process: number, index: number): number =>
  USER_TEXT_PAGE + process * PROCESS_STRIDE_PAGES + index;

/** Data page at a quantile in [0, 1). */
export const dataPage = (quantile: number): number =>
  DIRECT_MAP_PAGE + Math.floor(quantile * DATA_PAGES) * DATA_STRIDE_PAGES;

/** Owners of pages that no design moves; an owner's index is its place here. */
export const MACHINE_OWNERS = [
  'kernel text',
  'user code',
  'visiting tasks',
  'entry code',
  'data',
] as const;

const KERNEL_HALF_PAGE = 0xffff800000000;

/** Index in MACHINE_OWNERS of a 4 KiB page number outside the module area. */
export function ownerOfMachinePage(page: number): number {
  if (page < USER_TEXT_PAGE + PROCESSES * PROCESS_STRIDE_PAGES) return 1;
  if (page < KERNEL_HALF_PAGE) return 2;
  if (page >= KERNEL_TEXT_PAGE) return 0;
  return page === ENTRY_PAGE ? 3 : 4;
}
