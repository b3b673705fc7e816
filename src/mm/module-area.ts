/**
 * Where the module area lies (x86-64): it ends at MODULES_END, its length is fixed when the kernel
 * is built. With KASLR at run time allocations begin 1..1024 pages above its start, drawn once a
 * boot. Follows page_64_types.h, pgtable_64_types.h and mm/init.c execmem_arch_setup.
 *
 *   |kernel image ...  tail|  module area  offset|allocations ...        MODULES_END|
 */
import { drawBelow, streamKey } from '../base/prng.js';
import { PAGE_SIZE_BYTES, PTRS_PER_PMD_PAGES, roundUp } from '../base/units.js';
import type { MachinePlan } from '../contract/scenario-plan.js';
import { kernelImageOf } from './direct-map-boot-image.js';

/** MODULES_END / 4096. */
const MODULES_END_VPN = 0xffffffffff000;
/** Start of the kernel image window / 4096: physical addresses of the image count from here. */
const KERNEL_MAP_VPN = 0xffffffff80000;
const LOAD_OFFSET_PAGES_MAX = 1024;

export interface ModuleArea {
  readonly areaPages: number;
  /** Page number of page index 0. */
  readonly areaVpn: number;
  readonly loadOffsetPages: number;
  /** Unused rest of the last 2M page of kernel text; page indexes are negative. */
  readonly kernelTail?: { readonly page: number; readonly pages: number };
}

export function moduleAreaOf(
  machine: Pick<MachinePlan, 'moduleAreaBytes' | 'kaslr' | 'kernelTextBytes'>,
  seed: number,
): ModuleArea {
  const areaPages = machine.moduleAreaBytes / PAGE_SIZE_BYTES;
  const areaVpn = MODULES_END_VPN - areaPages;
  const textEnd = Math.ceil(kernelImageOf(machine.kernelTextBytes).textEnd / PAGE_SIZE_BYTES);
  const tailPages = roundUp(textEnd, PTRS_PER_PMD_PAGES) - textEnd;
  return {
    areaPages,
    areaVpn,
    loadOffsetPages: loadOffsetOf(machine.kaslr, seed),
    ...(tailPages > 0
      ? { kernelTail: { page: KERNEL_MAP_VPN + textEnd - areaVpn, pages: tailPages } }
      : {}),
  };
}

function loadOffsetOf(kaslr: MachinePlan['kaslr'], seed: number): number {
  switch (kaslr.kind) {
    case 'off':
      return 0;
    case 'pages':
      return kaslr.pages;
    case 'seeded':
      return 1 + drawBelow(streamKey(seed, 'machine.kaslr'), 0, LOAD_OFFSET_PAGES_MAX);
  }
}
