/**
 * Modules since 6.4: up to seven regions, each an allocation of its own, in the order of
 * MODULE_SECTIONS. Text comes from the ROX cache since 6.15 and is writable while the module loads.
 * Follows kernel/module/main.c (module_memory_alloc, complete_formation, do_free_init, free_mod_mem)
 * and kernel/module/strict_rwx.c, 6.6, 6.12, 7.2.
 */
import { assert } from '../../../base/assert.js';
import { MODULE_SECTIONS } from '../../../contract/scenario-plan.js';
import type { ModuleRegion, ModuleSectionBytes } from '../../allocator-design.js';
import type { KernelMm } from '../../kernel-mm.js';
import type { ExecMemory, ExecPiece } from './exec-memory.js';
import type { ItsPages } from './its-pages.js';
import { placeSection, Section, sectionPages, type ModuleMemory } from './module-memory.js';

type Regions = (ExecPiece | undefined)[];

const TEXT_SECTIONS = [Section.text, Section.initText] as const;
/** Order of enum mod_mem_type, data only. */
const DATA_SECTIONS = [
  Section.data,
  Section.rodata,
  Section.roAfterInit,
  Section.initData,
  Section.initRodata,
] as const;
/** The module struct lives in data, so data goes last. */
const FREE_ORDER = [
  Section.text,
  Section.rodata,
  Section.roAfterInit,
  Section.initText,
  Section.initData,
  Section.initRodata,
  Section.data,
] as const;
const INIT_FREE_ORDER = [Section.initText, Section.initData, Section.initRodata] as const;

export interface RegionRules {
  /** Read-only and executable in one call, and rodata before text (6.9). */
  readonly roxInOneCall: boolean;
}

export class RegionModules implements ModuleMemory {
  private readonly loaded = new Map<number, Regions>();

  constructor(
    private readonly mm: KernelMm,
    private readonly memory: ExecMemory,
    private readonly its: ItsPages,
    private readonly rules: RegionRules,
  ) {}

  load(object: number, sections: ModuleSectionBytes): boolean {
    const regions = this.allocRegions(sections);
    if (!regions) return false;
    if (!this.its.addModule(object, sections)) {
      this.freeAll(regions);
      return false;
    }
    this.loaded.set(object, regions);
    for (let section = 0; section < 7; section += 1) {
      const piece = regions[section];
      const sizeBytes = sections[section] ?? 0;
      if (piece) {
        placeSection(this.mm.placements, object, { section, page: piece.page, sizeBytes });
      }
    }
    this.completeFormation(regions);
    this.its.finishModule(object);
    return true;
  }

  finishInit(object: number): void {
    const regions = this.regionsOf(object);
    if (!this.rules.roxInOneCall) this.setRo(regions, Section.text, Section.initText);
    if (!this.memory.usesCache('module_text')) {
      this.setRo(regions, Section.rodata, Section.initRodata);
    }
    this.setRo(regions, Section.roAfterInit);
  }

  freeInit(object: number): void {
    const regions = this.regionsOf(object);
    for (const section of INIT_FREE_ORDER) this.freeRegion(regions, section);
    this.mm.placements.remove(object, true);
  }

  unload(object: number): void {
    const regions = this.regionsOf(object);
    this.its.removeModule(object);
    this.freeAll(regions);
    this.loaded.delete(object);
    this.mm.placements.remove(object);
  }

  regions(object: number): readonly ModuleRegion[] {
    const list: ModuleRegion[] = [];
    this.regionsOf(object).forEach((piece, section) => {
      const name = MODULE_SECTIONS[section]?.replace('.', '_') ?? '';
      if (piece) list.push({ name, page: piece.page, pages: piece.pages });
    });
    return list;
  }

  private allocRegions(sections: ModuleSectionBytes): Regions | undefined {
    const regions: Regions = [];
    for (let section = 0; section < 7; section += 1) {
      const pages = sectionPages(sections, section);
      if (pages === 0) {
        regions.push(undefined);
        continue;
      }
      const text = section === Section.text || section === Section.initText;
      const user = text ? 'module_text' : 'module_data';
      const piece = this.memory.allocWritable(user, pages * 4096);
      if (!piece) {
        this.releaseNewestFirst(regions);
        return undefined;
      }
      regions.push(piece);
    }
    return regions;
  }

  /** A load that failed gives text back read-only, as the cache wants it. */
  private releaseNewestFirst(regions: Regions): void {
    for (let section = regions.length - 1; section >= 0; section -= 1) {
      const piece = regions[section];
      if (!piece) continue;
      if (!piece.area) this.mm.setMemoryRox(piece.page, piece.pages);
      this.memory.free(piece);
    }
  }

  private completeFormation(regions: Regions): void {
    if (this.rules.roxInOneCall) {
      this.setRo(regions, Section.rodata, Section.initRodata);
      this.setNx(regions);
      for (const section of TEXT_SECTIONS) {
        const piece = regions[section];
        if (piece) this.mm.setMemoryRox(piece.page, piece.pages);
      }
      return;
    }
    this.setRo(regions, Section.text, Section.rodata, Section.initText, Section.initRodata);
    this.setNx(regions);
    for (const section of TEXT_SECTIONS) {
      const piece = regions[section];
      if (piece) this.mm.setMemoryX(piece.page, piece.pages);
    }
  }

  private setRo(regions: Regions, ...sections: readonly number[]): void {
    for (const section of sections) {
      const piece = regions[section];
      if (piece) this.mm.setMemoryRo(piece.page, piece.pages);
    }
  }

  private setNx(regions: Regions): void {
    for (const section of DATA_SECTIONS) {
      const piece = regions[section];
      if (piece) this.mm.setMemoryNx(piece.page, piece.pages);
    }
  }

  private freeAll(regions: Regions): void {
    for (const section of FREE_ORDER) this.freeRegion(regions, section);
  }

  private freeRegion(regions: Regions, section: number): void {
    const piece = regions[section];
    if (!piece) return;
    this.memory.free(piece);
    regions[section] = undefined;
  }

  private regionsOf(object: number): Regions {
    const regions = this.loaded.get(object);
    assert(regions !== undefined, () => `object ${object} is no loaded module`);
    return regions;
  }
}
