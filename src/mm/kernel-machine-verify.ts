/** The expensive checks of a machine: everything that is counted incrementally, counted again. */
import { assert } from '../base/assert.js';
import { LEAF_PAGES } from '../base/units.js';
import type { KernelMachine } from './kernel-machine.js';

export function verifyMachine(machine: KernelMachine): void {
  machine.areas.verify();
  machine.text.table.verify();
  machine.directMap.verify();
  machine.frames.verify();
  verifyAreas(machine);
  verifyFrames(machine);
  const tables = machine.text.addedTables + machine.directMap.addedTables;
  const { pageTablePages } = machine.counters;
  assert(tables === pageTablePages, () => `${pageTablePages} table pages told, ${tables} in use`);
}

/** Mapped pages are those of the live areas, and no others. */
function verifyAreas(machine: KernelMachine): void {
  let areas = 0;
  let pages = 0;
  let end = 0;
  for (const area of machine.liveAreas) {
    if (!area) continue;
    areas += 1;
    pages += area.pages;
    assert(area.live, () => `area at page ${area.page} is live`);
    assert(area.page >= end, () => `area at page ${area.page} begins behind the one before`);
    end = area.page + area.pages + area.guardPages;
    for (let page = area.page; page < area.page + area.pages; page += 1) {
      assert(machine.leafLevel(page) > 0, () => `page ${page} of an area is mapped`);
    }
  }
  assert(areas === machine.vmapAreaCount, () => `${areas} areas, ${machine.vmapAreaCount} counted`);
  let mapped = 0;
  machine.text.table.forEachLeaf((_vpn, level) => {
    mapped += LEAF_PAGES[level] ?? 0;
  });
  assert(mapped === pages, () => `${mapped} pages are mapped, areas have ${pages}`);
}

/** No frame stands behind two pages. */
function verifyFrames(machine: KernelMachine): void {
  const seen = new Set<number>();
  machine.text.table.forEachLeaf((vpn, level, frame) => {
    for (let page = 0; page < (LEAF_PAGES[level] ?? 0); page += 1) {
      assert(!seen.has(frame + page), () => `frame ${frame + page} at page ${vpn} is mapped twice`);
      seen.add(frame + page);
    }
  });
}
