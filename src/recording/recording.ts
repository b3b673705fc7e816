/**
 * A recording of a real kernel in memory: what was asked of it, in order, and what could be seen.
 * Observed values (addresses, areas, counters after the start) live in fields named `observed*`, so
 * that a predictor that reads none of them is easy to recognise. Sizes are bytes, addresses bigint.
 */

/** Half-open range of addresses of one row of /proc/vmallocinfo, guard page included. */
export interface RecordedArea {
  readonly start: bigint;
  readonly end: bigint;
  /** Allocating function without offset; `unpurged` for a lazily freed area. */
  readonly caller: string;
  /** Mapped pages as printed, -1 when the row does not say. */
  readonly pages: number;
}

export interface RecordedMeta {
  /** Folder name. */
  readonly name: string;
  /** As printed by uname, e.g. `6.12.107+deb13-amd64`. */
  readonly release: string;
  /** First two numbers of the release, e.g. `6.12`. */
  readonly version: string;
  readonly workload: string;
  /** Lowest area of the module area at the start; undefined when nothing was there. */
  readonly moduleAreaBase?: bigint;
  readonly bpfBootChunks: number;
  readonly guest: RecordedGuest;
}

/** What the machine said about itself. Everything may be missing on a user's recording. */
export interface RecordedGuest {
  readonly commandLine: string;
  /** System RAM ranges, half-open byte ranges, ascending. */
  readonly ram: readonly { readonly start: number; readonly end: number }[];
  readonly possibleNodes: number;
  readonly onlineNodes: number;
  readonly onlineCpus: number;
  readonly cpuFlags: ReadonlySet<string>;
  /** By file name under vulnerabilities. */
  readonly mitigations: ReadonlyMap<string, string>;
  /** Kernel image, physical half-open range; from `/proc/iomem`. */
  readonly imageStart?: number;
  readonly imageEnd?: number;
  readonly levels: 4 | 5;
}

/** One `.ko` file: everything that decides the size of its regions. */
export interface RecordedModuleFile {
  readonly name: string;
  /** Size of the file, which the loader reads into memory; 0 when not recorded. */
  readonly fileBytes: number;
  readonly sections: readonly ModuleFileSection[];
  readonly symbols?: ModuleFileSymbols;
}

export interface ModuleFileSection {
  readonly name: string;
  readonly writable: boolean;
  readonly executable: boolean;
  readonly sizeBytes: number;
  /** Power of two, at least 1. */
  readonly alignBytes: number;
}

export interface ModuleFileSymbols {
  /** Symbols in the file. */
  readonly count: number;
  /** Bytes of the string table. */
  readonly stringBytes: number;
  /** Symbols kept for the life of the module. */
  readonly keptCount: number;
  /** Bytes of their names with terminators. */
  readonly keptNameBytes: number;
}

export const RECORDED_OPS = [
  'modload',
  'modunload',
  'bpfload',
  'bpfclose',
  'kppick',
  'kpadd',
  'kpenable',
  'kpdisable',
  'kpdel',
  'fton',
  'ftoff',
  'trampadd',
  'trampdel',
  'write',
  'sleep',
] as const;
export type RecordedOp = (typeof RECORDED_OPS)[number];

export interface RecordingEvent {
  readonly seq: number;
  /** 1-based line of events.jsonl. */
  readonly line: number;
  readonly timeMs: number;
  readonly op: RecordedOp;
  /** Result codes: none, one, or one per file written. */
  readonly results: readonly number[];
  /** Module name, else empty. */
  readonly name: string;
  /** Program, probe or instance; -1 absent. */
  readonly id: number;
  /** Machine code of a BPF program, bytes; 0 when it was not compiled. */
  readonly jitedBytes: number;
  /** Its bytecode after the verifier, bytes; 0 when not recorded. */
  readonly bytecodeBytes: number;
  /** `trampadd`: result of attaching. */
  readonly attachResult: number;
  /** `ftoff`: the instance was removed. */
  readonly instanceRemoved: boolean;
  /** `kpadd`: the probe takes an optprobe slot. */
  readonly optimizable: boolean;
  /** `write`: file and text. */
  readonly path: string;
  readonly value: string;
  readonly observed: ObservedEvent;
}

/** What the kernel was seen to do. Every field may be missing. */
export interface ObservedEvent {
  readonly added?: readonly RecordedArea[];
  readonly removed?: readonly RecordedArea[];
  /** First instruction of a program. */
  readonly address?: bigint;
  /** Lowest address of every section of a loaded module, by section name. */
  readonly sections?: ReadonlyMap<string, bigint>;
  /** Bytes that /proc/modules shows. */
  readonly moduleBytes?: number;
  /** DirectMap4k, 2M, 1G in kB. */
  readonly directMapKb?: readonly [number, number, number];
  readonly level2Splits?: number;
  readonly level3Splits?: number;
}

export interface LeafCounts {
  readonly rwNx: number;
  readonly roNx: number;
  readonly roX: number;
  readonly rwX: number;
  readonly notPresent: number;
}

/** Leaves of one region of the page tables. */
export interface RegionSummary {
  readonly leaves4K: LeafCounts;
  readonly leaves2M: LeafCounts;
  readonly leaves1G: LeafCounts;
  readonly pteTables: number;
}

export interface RecordingSnapshot {
  readonly label: string;
  /** 1-based line of snapshots.jsonl. */
  readonly line: number;
  /** Events before it. */
  readonly afterEvents: number;
  readonly directMapKb?: readonly [number, number, number];
  readonly level2Splits?: number;
  readonly level3Splits?: number;
  /** Areas of the module area, live and lazily freed, ascending; undefined when not recorded. */
  readonly areas?: readonly RecordedArea[];
  /** Free blocks by zone and order. */
  readonly freeBlocks?: readonly ZoneFreeBlocks[];
  /** By region name. */
  readonly pageTables?: ReadonlyMap<string, RegionSummary>;
  /** Loaded modules with the address and bytes of /proc/modules. */
  readonly modules?: readonly {
    readonly name: string;
    readonly sizeBytes: number;
    readonly address: bigint;
  }[];
}

export interface ZoneFreeBlocks {
  readonly node: number;
  /** `DMA`, `DMA32`, `Normal`. */
  readonly zone: string;
  /** Free blocks of order 0..10. */
  readonly counts: readonly number[];
}

/** Leaves of the page tables in one region, neighbours merged. */
export interface LeafRange {
  readonly region: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly level: '4K' | '2M' | '1G';
  readonly flags: bigint;
  /** Physical byte address of `start`. */
  readonly physical: number;
}

export interface Recording {
  readonly meta: RecordedMeta;
  readonly modules: ReadonlyMap<string, RecordedModuleFile>;
  readonly events: readonly RecordingEvent[];
  readonly snapshots: readonly RecordingSnapshot[];
  /** Leaves of the page tables at the first snapshot; empty when not recorded. */
  readonly initialLeaves: readonly LeafRange[];
  /** True when nothing was observed after the first snapshot. */
  readonly blind: boolean;
}

/** The module area starts here at the lowest (kernels built without KASLR). */
export const MODULE_AREA_LOWEST = 0xffffffffa0000000n;
/** MODULES_VADDR of kernels built with KASLR. */
export const MODULES_VADDR_KASLR = 0xffffffffc0000000n;
export const MODULES_END = 0xffffffffff000000n;
