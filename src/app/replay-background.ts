/**
 * Memory that the rest of the kernel takes beside the executable areas while a recorded event runs:
 * it decides into which 2M regions the next area falls. Amounts are those of the recorded guests
 * (free memory and slab between snapshots of the shipped recordings), order-0 and unmovable:
 *
 * - a module load reads the whole file into a buffer, freed before its init function runs, and
 *   leaves sysfs entries, caches and the tables of its init function behind; when the module goes,
 *   part of the slab pages stay, half empty, for the next one;
 * - a BPF load keeps its bytecode and some slab, and gives the table of its verifier back before
 *   machine code is made: the second pack of the recordings stands first on 63 (6.1) and 79 (6.12)
 *   pages in the order of just that table of a program of 4000 instructions;
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
  /** The same page by page, as slabs and page pools take them. */
  takeSingles(pages: number): Handle;
  giveSingles(handle: Handle): void;
  /** Blocks of 8 pages pass through: taken here, freed on another CPU. */
  passBlocks(blocks: number): void;
  /** Pages of another migrate type are freed. */
  giveOthers(pages: number): void;
}

/** What varies between boots. */
export interface BackgroundAmounts {
  /** Pages that a loaded module keeps, beside those that grow with its file. */
  readonly modulePages: number;
  /** Pages kept per page of the file. */
  readonly moduleFileShare: number;
  /** Unmovable pages of one tracing instance. */
  readonly instancePages: number;
  /** Blocks that making one takes and another CPU frees. */
  readonly instancePassingBlocks: number;
  /** Reclaimable pages of one tracing instance. */
  readonly instanceOtherPages: number;
  /** What the verifier holds per instruction. */
  readonly verifierBytes: number;
  /** Pages of one probe event: its files, its buffers. */
  readonly probePages: number;
}

/**
 * Middle amounts of a release. Unreclaimable slab of the recorded guests grew, fitted over the loads
 * between snapshots, by 0 (6.1), 1 (6.12) and 6 (7.2) pages a module and by 0.24, 0.18 and 0.19 pages
 * per page of its file. A tracing instance took 113 such pages and 6 of ring buffers; besides them
 * free memory fell by 375 pages for each of the first eight and not for the following ones, which
 * is what lists of another CPU hold until the process runs there.
 */
export const backgroundOf = (release: string): BackgroundAmounts => ({
  modulePages: isAtLeast(release, 7, 0) ? 6 : isAtLeast(release, 6, 6) ? 1 : 0,
  moduleFileShare: isAtLeast(release, 6, 6) ? 0.18 : 0.24,
  instancePages: 119,
  instancePassingBlocks: 47,
  instanceOtherPages: isAtLeast(release, 6, 6) ? 0 : 2070,
  verifierBytes: isAtLeast(release, 6, 12) ? 80 : 64,
  probePages: 2,
});

/** Share of a module's slab pages that come back when it goes. */
const MODULE_SLAB_BACK = 0.6;
/** Pages taken for a module file are bounded whatever a recording says. */
const FILE_BYTES_MAX = 67108864;
/** One instruction of bytecode. */
const INSTRUCTION_BYTES = 8;
/** Bytes of bytecode per byte of machine code, where only that was recorded. */
const BYTECODE_SHARE = 1.9;
/** In front of the bytecode. */
const PROGRAM_HEADER_BYTES = 72;
/** Slab pages per live program: its description, file and areas. */
const PROGRAM_SLAB_SHARE = 0.62;

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
  private readonly singles = new Map<string, Handle>();
  private fileBuffer: Handle | undefined;
  private readonly loaded = new Map<string, ModuleMemory<Handle>>();
  /** Slab pages without objects. */
  private spareSlabPages = 0;
  private livePrograms = 0;
  private programSlabPages = 0;

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
      this.loadProgram(event);
    } else if (event.op === 'fton') {
      const key = `instance:${String(event.id)}`;
      if (!this.singles.has(key)) this.memory.passBlocks(this.amounts.instancePassingBlocks);
      this.keepSingles(key, this.amounts.instancePages);
    } else if (event.op === 'kpadd') {
      this.keepSingles(`probe:${String(event.id)}`, this.amounts.probePages);
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
      if (this.release(`bpf:${String(event.id)}`)) this.livePrograms -= 1;
    } else if (event.op === 'kpdel') {
      this.releaseSingles(`probe:${String(event.id)}`);
    } else if (event.op === 'ftoff' && event.instanceRemoved) {
      const key = `instance:${String(event.id)}`;
      if (this.releaseSingles(key)) {
        this.memory.giveOthers(this.amounts.instanceOtherPages);
      }
    }
  }

  /**
   * bpf_prog_load: the pages of the bytecode, kept; the verifier's table of instructions, freed again
   * before machine code is made, so that a new pack stands on its pages.
   */
  private loadProgram(event: RecordingEvent): void {
    const bytecode = event.bytecodeBytes || event.jitedBytes * BYTECODE_SHARE;
    const key = `bpf:${String(event.id)}`;
    if (!this.kept.has(key)) this.livePrograms += 1;
    this.keep(key, bytecode + PROGRAM_HEADER_BYTES);
    while (this.livePrograms * PROGRAM_SLAB_SHARE > this.programSlabPages) {
      this.memory.takeSingles(1);
      this.programSlabPages += 1;
    }
    const instructions = Math.ceil(bytecode / INSTRUCTION_BYTES);
    this.memory.give(this.memory.take(pagesFor(instructions * this.amounts.verifierBytes)));
  }

  private keep(key: string, bytes: number): void {
    if (this.kept.has(key)) return;
    this.kept.set(key, this.memory.take(pagesFor(bytes)));
  }

  private keepSingles(key: string, pages: number): void {
    if (this.singles.has(key)) return;
    this.singles.set(key, this.memory.takeSingles(pages));
  }

  /** False when nothing was kept under the key. */
  private releaseSingles(key: string): boolean {
    const handle = this.singles.get(key);
    if (handle === undefined) return false;
    this.singles.delete(key);
    this.memory.giveSingles(handle);
    return true;
  }

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
    const back = [this.memory.takeSingles(returned)];
    this.memory.takeSingles(fresh - returned);
    const tables = moduleTablePages(name, this.machine.ramPages);
    if (tables > 0) back.push(this.memory.takeSingles(tables));
    this.loaded.set(name, { back, stay: slab - returned });
  }

  private releaseOfModule(name: string): void {
    const memory = this.loaded.get(name);
    if (memory === undefined) return;
    this.loaded.delete(name);
    for (const handle of memory.back) this.memory.giveSingles(handle);
    this.spareSlabPages += memory.stay;
  }

  private filePages(name: string): number {
    const bytes = this.machine.modules.get(name)?.fileBytes ?? 0;
    return pagesFor(Math.min(bytes, FILE_BYTES_MAX));
  }
}
