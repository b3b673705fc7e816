/** A kernel at work: all users of executable memory of one release over the primitives of mm. */
import { assert } from '../../../base/assert.js';
import { pagesFor } from '../../../base/units.js';
import {
  RawKind,
  type AdoptedMemory,
  type DesignInstance,
  type DesignOptions,
  type ModuleRegion,
  type ModuleSectionBytes,
} from '../../allocator-design.js';
import type { KernelMm } from '../../kernel-mm.js';
import { PlacementKind } from '../../placements.js';
import { BpfPacks } from './bpf-packs.js';
import {
  AreaPrograms,
  PackedPrograms,
  type BpfPrograms,
  type ProgramSlot,
} from './bpf-programs.js';
import { ExecMemory, type ExecPiece } from './exec-memory.js';
import type { ExecUser, LinuxGeneration } from './generation.js';
import { ItsPages } from './its-pages.js';
import { CoreInitModules } from './module-core-init.js';
import type { ModuleMemory } from './module-memory.js';
import { RegionModules } from './module-regions.js';
import { ProbePages } from './probe-pages.js';
import { Probes } from './probes.js';
import { RoxCache } from './rox-cache.js';
import { Trampolines } from './trampolines.js';

const PAGES_PER_2M = 512;
/** Bytes that a poke rewrites at the start of an object: one patched instruction. */
const POKE_BYTES = 5;

export class LinuxInstance implements DesignInstance {
  private readonly memory: ExecMemory;
  private readonly cache: RoxCache;
  private readonly modules: ModuleMemory;
  private readonly packs: BpfPacks | undefined;
  private readonly programs: BpfPrograms;
  private readonly trampolines: Trampolines;
  private readonly probes: Probes;
  private readonly raw = new Map<number, ExecPiece>();
  readonly gauges: Readonly<Record<string, () => number>>;

  constructor(
    private readonly mm: KernelMm,
    generation: LinuxGeneration,
    options: DesignOptions,
  ) {
    const { cacheFreesThroughRw } = generation;
    this.cache = new RoxCache(mm, {
      freesThroughRw: cacheFreesThroughRw,
      fallsBackToSize: generation.cacheFallsBackToSize,
    });
    const users: ReadonlySet<ExecUser> =
      options['rox_cache'] === false ? new Set<ExecUser>() : generation.cacheUsers;
    this.memory = new ExecMemory(mm, this.cache, users, cacheFreesThroughRw);
    const its = new ItsPages(mm, this.memory, {
      enabled: options['its'] === true,
      writableUntilFinished: generation.cacheUsers.size > 0,
    });
    this.modules =
      generation.moduleAreas === 'core_init'
        ? new CoreInitModules(mm, this.memory, its)
        : new RegionModules(mm, this.memory, its, { roxInOneCall: generation.roxInOneCall });
    this.packs = makePacks(mm, this.memory, generation, options);
    this.programs = this.packs
      ? new PackedPrograms(mm, this.packs)
      : new AreaPrograms(mm, this.memory);
    this.trampolines = new Trampolines(mm, this.memory, this.packs, generation);
    this.probes = new Probes(mm, new ProbePages(mm, this.memory));
    this.gauges = {
      rox_blocks: () => this.cache.blockCount,
      bpf_packs: () => this.packs?.packCount ?? 0,
      kprobe_pages: () => this.probes.pageCount,
    };
  }

  loadModule(object: number, sections: ModuleSectionBytes): boolean {
    return this.within('load_module', () => this.modules.load(object, sections));
  }

  finishModuleInit(object: number): void {
    this.within('do_init_module', () => this.modules.finishInit(object));
  }

  freeModuleInit(object: number): void {
    this.within('do_free_init', () => this.modules.freeInit(object));
  }

  unloadModule(object: number): void {
    this.within('free_module', () => this.modules.unload(object));
  }

  moduleRegions(object: number): readonly ModuleRegion[] {
    return this.modules.regions(object);
  }

  loadBpf(object: number, sizeBytes: number): boolean {
    return this.within('bpf_int_jit_compile', () => this.programs.load(object, sizeBytes));
  }

  freeBpf(object: number): void {
    this.within('bpf_jit_free', () => this.programs.free(object));
  }

  programSlot(object: number): ProgramSlot | undefined {
    return this.programs.slot(object);
  }

  createTrampoline(object: number, kind: number, sizeBytes: number): boolean {
    return this.within('create_trampoline', () => this.trampolines.create(object, kind, sizeBytes));
  }

  freeTrampoline(object: number): void {
    this.within('free_trampoline', () => this.trampolines.free(object));
  }

  /** Slots have the sizes of the kernel's two caches, whatever is asked for. */
  registerKprobe(object: number, _sizeBytes: number, optimized: boolean): boolean {
    return this.within('register_kprobe', () => this.probes.register(object, optimized));
  }

  unregisterKprobe(object: number): void {
    this.within('unregister_kprobe', () => this.probes.unregister(object));
  }

  allocRaw(object: number, kind: number, sizeBytes: number): boolean {
    return this.within('execmem_alloc', () => this.takeRaw(object, kind, sizeBytes));
  }

  freeRaw(object: number): void {
    const piece = this.raw.get(object);
    assert(piece !== undefined, () => `object ${object} is no raw allocation`);
    this.raw.delete(object);
    this.mm.placements.remove(object);
    this.within('execmem_free', () => this.memory.free(piece));
  }

  poke(object: number): void {
    const extent = this.mm.placements
      .extentsOf(object)
      .find((entry) => entry.kind === PlacementKind.text);
    if (extent) this.mm.textPoke(extent.byte, Math.min(POKE_BYTES, extent.sizeBytes));
  }

  runWorkers(): void {
    this.cache.clean();
  }

  adopt(memory: AdoptedMemory): boolean {
    switch (memory.kind) {
      case 'rox_block':
        return this.cache.adopt(memory.page, memory.pages, memory.usedPages);
      case 'pack':
        return this.adoptPack(memory);
      case 'area':
        return this.adoptArea(memory);
    }
  }

  verify(): void {
    this.cache.verify();
    this.packs?.verify();
    this.probes.verify();
  }

  private takeRaw(object: number, kind: number, sizeBytes: number): boolean {
    const text = kind === RawKind.text;
    const piece = this.memory.allocWritable(text ? 'module_text' : 'module_data', sizeBytes);
    if (!piece) return false;
    if (text) this.mm.setMemoryRox(piece.page, piece.pages);
    if (kind === RawKind.rodata) this.mm.setMemoryRo(piece.page, piece.pages);
    this.raw.set(object, piece);
    const placed = text
      ? PlacementKind.text
      : kind === RawKind.rodata
        ? PlacementKind.rodata
        : PlacementKind.data;
    this.mm.placements.place(object, placed, piece.page * 4096, sizeBytes);
    return true;
  }

  private adoptPack(memory: AdoptedMemory & { readonly kind: 'pack' }): boolean {
    if (!this.packs || !(this.programs instanceof PackedPrograms)) return this.adoptArea(memory);
    if (this.memory.usesCache('bpf')) {
      if (!this.cache.adopt(memory.page, memory.pages, memory.pages)) return false;
      this.keepBootRun({ page: memory.page, pages: memory.pages }, memory);
      return true;
    }
    const piece = this.memory.adopt(memory.page, memory.pages);
    if (!piece) return false;
    this.keepBootRun(piece, memory);
    return true;
  }

  private keepBootRun(piece: ExecPiece, memory: AdoptedMemory & { readonly kind: 'pack' }): void {
    const run = this.packs?.adopt(piece, memory.usedChunks);
    if (run && this.programs instanceof PackedPrograms) {
      this.programs.keep(memory.object, run, memory.usedChunks * 64);
    }
  }

  private adoptArea(memory: {
    readonly object: number;
    readonly page: number;
    readonly pages: number;
    readonly executable?: boolean;
  }): boolean {
    const piece = this.memory.adopt(memory.page, memory.pages);
    if (!piece) return false;
    const executable = memory.executable !== false;
    if (executable) this.mm.setMemoryRox(piece.page, piece.pages);
    const kind = executable ? PlacementKind.text : PlacementKind.data;
    this.mm.placements.place(memory.object, kind, piece.page * 4096, piece.pages * 4096);
    this.raw.set(memory.object, piece);
    return true;
  }

  private within<T>(path: string, work: () => T): T {
    const previous = this.mm.enterPath(path);
    const result = work();
    this.mm.leavePath(previous);
    return result;
  }
}

function makePacks(
  mm: KernelMm,
  memory: ExecMemory,
  generation: LinuxGeneration,
  options: DesignOptions,
): BpfPacks | undefined {
  if (generation.bpf === 'areas') return undefined;
  return new BpfPacks(mm, memory, {
    packPages: generation.bpf === 'page_packs' ? pagesFor(4096) : PAGES_PER_2M * mm.possibleNodes,
    pokesOnFree: generation.bpfPokesOnFree,
    cleanPacks: generation.cleanPacks && options['clean_packs'] === true,
  });
}
