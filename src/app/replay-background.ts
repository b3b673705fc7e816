/**
 * Memory that the rest of the kernel takes beside the executable areas while a recorded event runs:
 * it decides into which 2M regions the next area falls. Amounts are those of the recorded guests
 * (free memory and slab between snapshots of the shipped recordings), order-0 and unmovable:
 *
 * - a module load reads the whole file into a buffer, freed before its init function runs, and
 *   leaves sysfs entries, caches and page tables behind;
 * - a BPF load keeps its bytecode and frees what the verifier and the compiler worked in;
 * - a tracing instance keeps its ring buffer until it is removed, a probe event what it registers.
 */
import { pagesFor } from '../base/units.js';
import { isAtLeast } from '../recording/module-layout.js';
import type { Recording, RecordingEvent } from '../recording/recording.js';

/** Pages of physical memory, taken and given back as a whole. */
export interface BackgroundMemory<Handle> {
  take(pages: number): Handle;
  give(handle: Handle): void;
}

/** What varies between boots. */
export interface BackgroundAmounts {
  /** Pages that a module load leaves behind. */
  readonly modulePages: number;
  /** Pages of one tracing instance. */
  readonly instancePages: number;
  /** Pages of one probe event: its files, its buffers. */
  readonly probePages: number;
}

/**
 * Middle amounts of a release. Slab alone grew by 17 pages a module on 6.1 and 6.12 and by 29 on 7.2.
 */
export const backgroundOf = (release: string): BackgroundAmounts => ({
  modulePages: isAtLeast(release, 7, 0) ? 42 : 30,
  instancePages: 180,
  probePages: 20,
});

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

export class Background<Handle> {
  private readonly kept = new Map<string, Handle>();
  private fileBuffer: Handle | undefined;
  private readonly working: Handle[] = [];

  constructor(
    private readonly recording: Recording,
    private readonly memory: BackgroundMemory<Handle>,
    private readonly amounts: BackgroundAmounts,
  ) {}

  /** What is taken before the request itself. */
  before(event: RecordingEvent): void {
    if (event.op === 'modload') {
      const known = this.recording.modules.get(event.name)?.fileBytes ?? 0;
      const bytes = Math.min(known, FILE_BYTES_MAX);
      if (bytes > 0) this.fileBuffer = this.memory.take(pagesFor(bytes));
    } else if (event.op === 'bpfload' || event.op === 'trampadd') {
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
      // Modules keep a part after they went: nobody gives these pages back here.
      this.memory.take(this.amounts.modulePages);
    } else if (event.op === 'bpfclose' || event.op === 'trampdel') {
      this.release(`bpf:${String(event.id)}`);
    } else if (event.op === 'kpdel') {
      this.release(`probe:${String(event.id)}`);
    } else if (event.op === 'ftoff' && event.instanceRemoved) {
      this.release(`instance:${String(event.id)}`);
    }
  }

  private keep(key: string, bytes: number): void {
    if (this.kept.has(key)) return;
    this.kept.set(key, this.memory.take(pagesFor(bytes)));
  }

  private release(key: string): void {
    const handle = this.kept.get(key);
    if (handle === undefined) return;
    this.kept.delete(key);
    this.memory.give(handle);
  }
}
