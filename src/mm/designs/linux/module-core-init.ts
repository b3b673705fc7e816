/**
 * Modules to 6.3: one area for what stays (text, rodata, ro_after_init, data) and one for init
 * memory. Follows kernel/module/main.c (move_module, complete_formation, do_init_module,
 * free_module) and kernel/module/strict_rwx.c, 5.17 and 6.1.
 *
 *   core |text|rodata|ro_after_init|data|g    init |init text|init rodata|init data|g
 */
import { assert } from '../../../base/assert.js';
import type { ModuleRegion, ModuleSectionBytes } from '../../allocator-design.js';
import type { KernelMm } from '../../kernel-mm.js';
import type { ExecMemory, ExecPiece } from './exec-memory.js';
import type { ItsPages } from './its-pages.js';
import { placeSection, Section, sectionPages, type ModuleMemory } from './module-memory.js';

interface LoadedModule {
  readonly core: ExecPiece;
  init: ExecPiece | undefined;
  /** Pages by section. */
  readonly pages: readonly number[];
}

/** Order of the parts inside each area. */
const CORE_ORDER = [Section.text, Section.rodata, Section.roAfterInit, Section.data] as const;
const INIT_ORDER = [Section.initText, Section.initRodata, Section.initData] as const;

export class CoreInitModules implements ModuleMemory {
  private readonly loaded = new Map<number, LoadedModule>();

  constructor(
    private readonly mm: KernelMm,
    private readonly memory: ExecMemory,
    private readonly its: ItsPages,
  ) {}

  load(object: number, sections: ModuleSectionBytes): boolean {
    const pages = Array.from({ length: 7 }, (_, section) => sectionPages(sections, section));
    const sum = (order: readonly number[]): number =>
      order.reduce((total, section) => total + (pages[section] ?? 0), 0);
    const core = this.memory.alloc('module_text', Math.max(1, sum(CORE_ORDER)) * 4096);
    if (!core) return false;
    let init: ExecPiece | undefined;
    if (sum(INIT_ORDER) > 0) {
      init = this.memory.alloc('module_text', sum(INIT_ORDER) * 4096);
      if (!init) {
        this.memory.free(core);
        return false;
      }
    }
    if (!this.its.addModule(object, sections)) {
      if (init) this.memory.free(init);
      this.memory.free(core);
      return false;
    }
    const module: LoadedModule = { core, init, pages };
    this.loaded.set(object, module);
    this.report(object, module, sections);
    this.completeFormation(module);
    this.its.finishModule(object);
    return true;
  }

  finishInit(object: number): void {
    const module = this.moduleOf(object);
    this.enableReadOnly(module);
    this.protect(module, Section.roAfterInit, 'ro');
  }

  freeInit(object: number): void {
    const module = this.moduleOf(object);
    if (!module.init) return;
    this.memory.free(module.init);
    module.init = undefined;
    this.mm.placements.remove(object, true);
  }

  unload(object: number): void {
    const module = this.moduleOf(object);
    this.its.removeModule(object);
    if (module.init) this.memory.free(module.init);
    this.memory.free(module.core);
    this.loaded.delete(object);
    this.mm.placements.remove(object);
  }

  regions(object: number): readonly ModuleRegion[] {
    const { core, init } = this.moduleOf(object);
    const regions: ModuleRegion[] = [{ name: 'core', page: core.page, pages: core.pages }];
    if (init) regions.push({ name: 'init', page: init.page, pages: init.pages });
    return regions;
  }

  private completeFormation(module: LoadedModule): void {
    this.enableReadOnly(module);
    for (const section of [Section.rodata, Section.roAfterInit, Section.data]) {
      this.protect(module, section, 'nx');
    }
    for (const section of [Section.initRodata, Section.initData]) {
      this.protect(module, section, 'nx');
    }
    this.protect(module, Section.text, 'x');
    this.protect(module, Section.initText, 'x');
  }

  private enableReadOnly(module: LoadedModule): void {
    this.protect(module, Section.text, 'ro');
    this.protect(module, Section.rodata, 'ro');
    this.protect(module, Section.initText, 'ro');
    this.protect(module, Section.initRodata, 'ro');
  }

  private protect(module: LoadedModule, section: number, how: 'ro' | 'nx' | 'x'): void {
    const page = this.pageOf(module, section);
    const pages = module.pages[section] ?? 0;
    if (page === undefined || pages === 0) return;
    if (how === 'ro') this.mm.setMemoryRo(page, pages);
    else if (how === 'nx') this.mm.setMemoryNx(page, pages);
    else this.mm.setMemoryX(page, pages);
  }

  /** First page of a part; undefined for init parts once init memory is gone. */
  private pageOf(module: LoadedModule, section: number): number | undefined {
    const order: readonly number[] = section >= Section.initText ? INIT_ORDER : CORE_ORDER;
    const piece = section >= Section.initText ? module.init : module.core;
    if (!piece) return undefined;
    let page = piece.page;
    for (const earlier of order) {
      if (earlier === section) return page;
      page += module.pages[earlier] ?? 0;
    }
    return page;
  }

  private report(object: number, module: LoadedModule, sections: ModuleSectionBytes): void {
    for (let section = 0; section < 7; section += 1) {
      const sizeBytes = sections[section] ?? 0;
      const page = this.pageOf(module, section);
      if (sizeBytes === 0 || page === undefined) continue;
      placeSection(this.mm.placements, object, { section, page, sizeBytes });
    }
  }

  private moduleOf(object: number): LoadedModule {
    const module = this.loaded.get(object);
    assert(module !== undefined, () => `object ${object} is no loaded module`);
    return module;
  }
}
