/**
 * The request stream: what the scenario asks of the machine, in order of time, the same for every
 * design. One mutable record is reused for all requests of a stream (hot path, no allocation).
 */

export const RequestKind = {
  /** Phase `index` starts. */
  phaseStart: 0,
  phaseEnd: 1,
  /** Sections in `sections`. */
  loadModule: 2,
  /** The module's init function returned. */
  moduleInitDone: 3,
  /** Its init memory goes back. */
  freeModuleInit: 4,
  unloadModule: 5,
  loadBpf: 6,
  freeBpf: 7,
  /** `variant` 0 ftrace, 1 bpf. */
  createTrampoline: 8,
  freeTrampoline: 9,
  /** `variant` 1: optimised. `sizeBytes` 0: the design's default. */
  registerKprobe: 10,
  unregisterKprobe: 11,
  /** `variant` 0 text, 1 data, 2 rodata. */
  alloc: 12,
  free: 13,
  /** Text of `object` is rewritten in place. */
  poke: 14,
  /** Execute statement `index` starts; `index` counts the execute statements that ran. */
  executeStart: 15,
  executeEnd: 16,
  /** `text` holds the mark. */
  mark: 17,
  /** Something the workload counts: `index` 0 pool.underflow, 1 churn.held_back; `amount` many. */
  note: 18,
  /** Last record: the run is over at `timeNs`. */
  end: 19,
} as const;
export type RequestKind = (typeof RequestKind)[keyof typeof RequestKind];

export const REQUEST_KIND_NAMES: readonly string[] = [
  'phase start',
  'phase end',
  'load module',
  'module init done',
  'free module init',
  'unload module',
  'load bpf',
  'free bpf',
  'create trampoline',
  'free trampoline',
  'register kprobe',
  'unregister kprobe',
  'alloc',
  'free',
  'poke',
  'execute start',
  'execute end',
  'mark',
  'note',
  'end',
];

/** The reused record. Fields that a kind does not use keep stale values. */
export interface RequestRecord {
  kind: RequestKind;
  /** Simulated nanoseconds, never decreasing. */
  timeNs: number;
  /** Object id: dense from 0 in order of creation; -1 where none. */
  object: number;
  /** Index into PointPlan.sites, -1 where none. */
  site: number;
  /** Pool of the object, -1 for none. */
  pool: number;
  sizeBytes: number;
  variant: number;
  /** NUMA node asked for, -1 for none. */
  node: number;
  /** Of a creation: the process that asks, numbered from 0 over the run; -1 for the kernel itself. */
  process: number;
  /** Phase index, execute index, note kind. */
  index: number;
  amount: number;
  text: string;
  /** Bytes per module section, order of MODULE_SECTIONS. */
  readonly sections: Float64Array;
}

export const createRequestRecord = (): RequestRecord => ({
  kind: RequestKind.end,
  timeNs: 0,
  object: -1,
  site: -1,
  pool: -1,
  sizeBytes: 0,
  variant: 0,
  node: -1,
  process: -1,
  index: 0,
  amount: 0,
  text: '',
  sections: new Float64Array(7),
});

/** A stream in progress. */
export interface RequestStream {
  /** Fills `record` with the next request; false after the `end` record was delivered. */
  next(record: RequestRecord): boolean;
}
