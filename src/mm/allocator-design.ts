/**
 * A design: a complete answer to "where does executable memory come from". One file each under
 * designs/, one line in designs/index.ts. A design is a procedure over kernel primitives (KernelMm):
 * it decides, the mechanism applies, checks and accounts (adr/0002-designs-call-primitives.md).
 */
import type { OptionSpec } from '../contract/catalog.js';
import type { OptionValue } from '../contract/scenario-plan.js';
import type { KernelMm } from './kernel-mm.js';

export interface AllocatorDesign {
  readonly name: string;
  /** `P3`, `linux 6.1`. */
  readonly origin: string;
  /** One line for lists and reports. */
  readonly summary: string;
  /** The idea in about five lines: where a request goes, what backs it, when it splits, what is never done. */
  readonly idea: readonly string[];
  readonly options: readonly OptionSpec[];
  /** Kernel designs bring their own rules; proposed designs run on the machine's. */
  readonly kernel?: string;
  /** Collapse of split leaves when the machine says `collapse` by design. */
  readonly collapse?: 'off' | 'rox' | 'any';
  /** Users allowed to hold memory that is writable and executable. Empty: nobody. */
  readonly writableExecutable: readonly string[];
  create(mm: KernelMm, options: DesignOptions): DesignInstance;
}

/** Options with defaults filled in; values were checked against the specs. */
export type DesignOptions = Readonly<Record<string, OptionValue>>;

/** Bytes per section, order of MODULE_SECTIONS: text data rodata ro_after_init init.text init.data init.rodata. */
export type ModuleSectionBytes = ArrayLike<number>;

export const TrampolineKind = { ftrace: 0, bpf: 1 } as const;
export const RawKind = { text: 0, data: 1, rodata: 2 } as const;

/** One region of a loaded module: where a replay compares it with the kernel's. */
export interface ModuleRegion {
  /** Of MODULE_SECTIONS; `core` or `init` where the kernel makes one area of several. */
  readonly name: string;
  readonly page: number;
  readonly pages: number;
}

/** Memory that was there before the first request, at a known place. Pages are page indexes. */
export type AdoptedMemory =
  /** A pack whose first chunks are held by `object`. */
  | {
      readonly kind: 'pack';
      readonly object: number;
      readonly page: number;
      readonly pages: number;
      readonly usedChunks: number;
    }
  /** A block of the ROX cache; its first pages are held by `object` for good. */
  | {
      readonly kind: 'rox_block';
      readonly object: number;
      readonly page: number;
      readonly pages: number;
      readonly usedPages: number;
    }
  /** An area of somebody who keeps it. */
  | {
      readonly kind: 'area';
      readonly object: number;
      readonly page: number;
      readonly pages: number;
      readonly executable: boolean;
    };

/**
 * A design at work on one machine. Creations return false when memory could not be had; the design
 * must then have released whatever it took. Releases name an object that was created with success.
 * Every extent handed to an object is reported through mm.placements.
 */
export interface DesignInstance {
  loadModule(object: number, sections: ModuleSectionBytes): boolean;
  /** The init function returned: ro_after_init becomes read-only. */
  finishModuleInit(object: number): void;
  freeModuleInit(object: number): void;
  /** Init memory may still be there. */
  unloadModule(object: number): void;
  loadBpf(object: number, sizeBytes: number): boolean;
  freeBpf(object: number): void;
  createTrampoline(object: number, kind: number, sizeBytes: number): boolean;
  freeTrampoline(object: number): void;
  /** `sizeBytes` 0: the design's default. */
  registerKprobe(object: number, sizeBytes: number, optimized: boolean): boolean;
  unregisterKprobe(object: number): void;
  allocRaw(object: number, kind: number, sizeBytes: number): boolean;
  freeRaw(object: number): void;
  /** Rewrites the text of a live object in place. */
  poke(object: number): void;
  /** Workers that run after every request (cleaner, delayed frees). */
  runWorkers(): void;
  /** Takes over memory of a recorded machine; false when the place is not free. Kernel designs only. */
  adopt?(memory: AdoptedMemory): boolean;
  /** Regions of a live module in order of allocation; init regions until they are freed. */
  moduleRegions?(object: number): readonly ModuleRegion[];
  /** Half-open byte range that a live program occupies, guard included where it has its own area. */
  programSlot?(
    object: number,
  ): { readonly startByte: number; readonly endByte: number } | undefined;
  /** Gauges of its own, by name (e.g. P3's `x_end`), read at samples. */
  readonly gauges?: Readonly<Record<string, () => number>>;
  /** Asserts the design's own invariants; expensive tier, run every N requests in tests. */
  verify(): void;
}
