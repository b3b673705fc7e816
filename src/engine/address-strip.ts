/**
 * The module area in characters, one per 2 MiB slot: `H` one 2M leaf, `1`..`9` tenths of the slot
 * that are live in 4K leaves (rounded up), `.` free, `!` writable and executable somewhere.
 */
import { PTRS_PER_PMD_PAGES, PAGE_SIZE_BYTES } from '../base/units.js';
import type { MachineMm } from '../mm/machine-view.js';

const SLOT_BYTES = PTRS_PER_PMD_PAGES * PAGE_SIZE_BYTES;

/** What the strip reads of a machine. */
export type StripSource = Pick<
  MachineMm,
  'areaPages' | 'writableExecutablePages' | 'leafLevel' | 'isExecutable' | 'isWritable'
> & { readonly placements: Pick<MachineMm['placements'], 'extents'> };

/** Cost: live extents plus slots; pages are looked at only while something is W and X. */
export function addressStrip(mm: StripSource): string {
  const slots = Math.ceil(mm.areaPages / PTRS_PER_PMD_PAGES);
  const liveBytes = new Float64Array(slots);
  for (const extent of mm.placements.extents()) {
    const end = extent.byte + extent.sizeBytes;
    let byte = extent.byte;
    while (byte < end) {
      const slot = Math.floor(byte / SLOT_BYTES);
      const step = Math.min(end, (slot + 1) * SLOT_BYTES) - byte;
      liveBytes[slot] = (liveBytes[slot] ?? 0) + step;
      byte += step;
    }
  }
  const looksForBoth = mm.writableExecutablePages > 0;
  let strip = '';
  for (let slot = 0; slot < slots; slot += 1) {
    const page = slot * PTRS_PER_PMD_PAGES;
    if (looksForBoth && hasWritableExecutable(mm, page)) strip += '!';
    else if (mm.leafLevel(page) === 2) strip += 'H';
    else strip += tenths(liveBytes[slot] ?? 0);
  }
  return strip;
}

function tenths(bytes: number): string {
  if (bytes === 0) return '.';
  return String(Math.min(9, Math.ceil((bytes * 10) / SLOT_BYTES)));
}

function hasWritableExecutable(mm: StripSource, firstPage: number): boolean {
  const end = Math.min(mm.areaPages, firstPage + PTRS_PER_PMD_PAGES);
  for (let page = firstPage; page < end; page += 1) {
    if (mm.isExecutable(page) && mm.isWritable(page)) return true;
  }
  return false;
}
