/**
 * Memory of loaded modules: what the two ways of laying out (core and init areas, seven regions)
 * have in common. Sections come in the order of MODULE_SECTIONS, in bytes before page rounding.
 */
import { pagesFor } from '../../../base/units.js';
import { PlacementKind, type Placements } from '../../placements.js';
import type { ModuleRegion, ModuleSectionBytes } from '../../allocator-design.js';

export interface ModuleMemory {
  /** False when memory could not be had; everything taken is given back. */
  load(object: number, sections: ModuleSectionBytes): boolean;
  /** The init function returned: ro_after_init becomes read-only. */
  finishInit(object: number): void;
  freeInit(object: number): void;
  /** Init memory may still be there. */
  unload(object: number): void;
  regions(object: number): readonly ModuleRegion[];
}

/** Index into the section bytes; order of MODULE_SECTIONS. */
export const Section = {
  text: 0,
  data: 1,
  rodata: 2,
  roAfterInit: 3,
  initText: 4,
  initData: 5,
  initRodata: 6,
} as const;

export const sectionPages = (sections: ModuleSectionBytes, section: number): number =>
  pagesFor(sections[section] ?? 0);

const KIND_OF_SECTION: readonly PlacementKind[] = [
  PlacementKind.text,
  PlacementKind.data,
  PlacementKind.rodata,
  PlacementKind.rodata,
  PlacementKind.text,
  PlacementKind.data,
  PlacementKind.rodata,
];

/** Reports the bytes of a section that start at a page of the module area. */
export function placeSection(
  placements: Placements,
  object: number,
  place: { readonly section: number; readonly page: number; readonly sizeBytes: number },
): void {
  const kind = KIND_OF_SECTION[place.section] ?? PlacementKind.data;
  const init = place.section >= Section.initText;
  placements.place(object, kind, place.page * 4096, place.sizeBytes, init);
}
