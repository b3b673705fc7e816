/**
 * Memory that the rest of the kernel takes beside the executable areas while a recorded event runs:
 * it decides into which 2M regions the next area falls. Amounts are those of the recorded guests
 * (free memory and slab between snapshots of the shipped recordings), order-0 and unmovable:
 *
 * - a module load reads the whole file into a buffer, freed before its init function runs, and
 *   leaves sysfs entries, caches and the tables of its init function behind; when the module goes,
 *   part of the slab pages stay, half empty, for the next one;
 * - a BPF load keeps its bytecode, frees what the verifier and the compiler worked in, and empties
 *   slab pages of the boot now and then;
 * - a tracing instance keeps its buffers and its files until it is removed (before 6.6 most of it as
 *   reclaimable inodes), a probe event what it registers.
 */
import { pagesFor } from '../base/units.js';
import { isAtLeast } from '../recording/module-layout.js';
import type { Recording, RecordingEvent } from '../recording/recording.js';
import { moduleTablePages } from './replay-module-tables.js';

/** Pages of physical memory, taken and given back as a whole. */
export interface BackgroundMemory<Handle> {
  take(pages: number): Handle;
  give(handle: Handle): void;
  /** Pages of another migrate type are freed. */
  giveOthers(pages: number): void;
  /** Up to so many pages in a row that the boot took are freed. */
  giveOfBoot(pagesMax: number): void;
}

/** What varies between boots. */
export interface BackgroundAmounts {
  /** Pages that a loaded module keeps, beside those that grow with its file. */
  readonly modulePages: number;
  /** Pages kept per page of the file. */
  readonly moduleFileShare: number;
  /** Unmovable pages of one tracing instance. */
  readonly instancePages: number;
  /** Reclaimable pages of one tracing instance. */
  readonly instanceOtherPages: number;
  /** Pages of one probe event: its files, its buffers. */
  readonly probePages: number;
}

/**
 * Middle amounts of a release. Unreclaimable slab of the recorded guests grew by 3 to 9 pages a
 * module and 0.17 to 0.2 pages per page of its file; the rest is page tables, stacks and caches.
 */
export const backgroundOf = (release: string): BackgroundAmounts => ({
  modulePages: isAtLeast(release, 7, 0) ? 16 : 5,
  moduleFileShare: 0.24,
  instancePages: 250,
  instanceOtherPages: isAtLeast(release, 6, 6) ? 0 : 2070,
  probePages: 2,
});

/** Share of a module's slab pages that come back when it goes. */
const MODULE_SLAB_BACK = 0.6;
/** Pages taken for a module file are bounded whatever a recording says. */
const FILE_BYTES_MAX = 67108864;
/** Verifier and compiler need about this many bytes a byte of machine code, for a moment. */
const BPF_WORK_FACTOR = 16;
const BPF_WORK_PAGES = 8;
/** Grace periods and work items give it back this many loads later. */
const BPF_WORK_LOADS = 3;
/** Bytecode and its bookkeeping, while the program lives. */
const BPF_KEPT_FACTOR = 2;
const BPF_KEPT_BYTES = 500;
/** Every so many loads slab pages of the boot are emptied, this many at most. */
const BPF_LOADS_PER_BOOT_RUN = 10;
const BPF_BOOT_RUN_PAGES_MAX = 16;

/** What a loaded module took. */
interface ModuleMemory<Handle> {
  /** Given back when the module goes: slab pages, tables of its init function. */
  readonly back: readonly Handle[];
  /** Slab pages that stay and serve the next module. */
  readonly stay: number;
}

/** The machine of the recording, as far as amounts depend on it. */
export interface BackgroundMachine {
  readonly modules: Recording['modules'];
  readonly ramPages: number;
}

export class Background<Handle> {
  private readonly kept = new Map<string, Handle>();
  private fileBuffer: Handle | undefined;
  private readonly working: Handle[] = [];
  private readonly loaded = new Map<string, ModuleMemory<Handle>>();
  /** Slab pages without objects. */
  private spareSlabPages = 0;
  private programLoads = 0;

  constructor(
    private readonly machine: BackgroundMachine,
    private readonly memory: BackgroundMemory<Handle>,
    private readonly amounts: BackgroundAmounts,
  ) {}

  /** What is taken before the request itself. */
  before(event: RecordingEvent): void {
    if (event.op === 'modload') {
      const pages = this.filePages(event.name);
      if (pages > 0) this.fileBuffer = this.memory.take(pages);
    } else if (event.op === 'bpfload' || event.op === 'trampadd') {
      this.programLoads += 1;
      if (this.programLoads % BPF_LOADS_PER_BOOT_RUN === 0) {
        this.memory.giveOfBoot(BPF_BOOT_RUN_PAGES_MAX);
      }
      this.keep(`bpf:${String(event.id)}`, event.jitedBytes * BPF_KEPT_FACTOR + BPF_KEPT_BYTES);
      const work = pagesFor(event.jitedBytes * BPF_WORK_FACTOR) + BPF_WORK_PAGES;
      this.working.push(this.memory.take(work));
      if (this.working.length > BPF_WORK_LOADS) {
        const oldest = this.working.shift();
        if (oldest !== undefined) this.memory.give(oldest);
      }
    } else if (event.op === 'fton') {
      this.keep(`instance:${String(event.id)}`, this.amounts.instancePages * 4096);
    } else if (event.op === 'kpadd') {
      this.keep(`probe:${String(event.id)}`, this.amounts.probePages * 4096);
    }
  }

  after(event: RecordingEvent): void {
    if (event.op === 'modload') {
      if (this.fileBuffer !== undefined) this.memory.give(this.fileBuffer);
      this.fileBuffer = undefined;
      this.keepOfModule(event.name);
    } else if (event.op === 'modunload') {
      this.releaseOfModule(event.name);
    } else if (event.op === 'bpfclose' || event.op === 'trampdel') {
      this.release(`bpf:${String(event.id)}`);
    } else if (event.op === 'kpdel') {
      this.release(`probe:${String(event.id)}`);
    } else if (event.op === 'ftoff' && event.instanceRemoved) {
      if (this.release(`instance:${String(event.id)}`)) {
        this.memory.giveOthers(this.amounts.instanceOtherPages);
      }
    }
  }

  private keep(key: string, bytes: number): void {
    if (this.kept.has(key)) return;
    this.kept.set(key, this.memory.take(pagesFor(bytes)));
  }

  /** False when nothing was kept under the key. */
  private release(key: string): boolean {
    const handle = this.kept.get(key);
    if (handle === undefined) return false;
    this.kept.delete(key);
    this.memory.give(handle);
    return true;
  }

  private keepOfModule(name: string): void {
    const { modulePages, moduleFileShare } = this.amounts;
    const slab = Math.round(modulePages + moduleFileShare * this.filePages(name));
    const fresh = Math.max(0, slab - this.spareSlabPages);
    this.spareSlabPages -= slab - fresh;
    const returned = Math.min(fresh, Math.round(slab * MODULE_SLAB_BACK));
    const back = [this.memory.take(returned)];
    this.memory.take(fresh - returned);
    const tables = moduleTablePages(name, this.machine.ramPages);
    if (tables > 0) back.push(this.memory.take(tables));
    this.loaded.set(name, { back, stay: slab - returned });
  }

  private releaseOfModule(name: string): void {
    const memory = this.loaded.get(name);
    if (memory === undefined) return;
    this.loaded.delete(name);
    for (const handle of memory.back) this.memory.give(handle);
    this.spareSlabPages += memory.stay;
  }

  private filePages(name: string): number {
    const bytes = this.machine.modules.get(name)?.fileBytes ?? 0;
    return pagesFor(Math.min(bytes, FILE_BYTES_MAX));
  }
}
