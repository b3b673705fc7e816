/** Fills a request record with a creation: what is asked for, sizes drawn or known. */
import { unreachable } from '../base/assert.js';
import { RequestKind, type RequestRecord } from '../contract/request.js';
import type { CreatePlan, RecordedCreate } from '../contract/scenario-plan.js';
import { sizeBytesOf, durationNsOf, type DrawStreams, type ValueSource } from './draw-streams.js';
import { ObjectKind } from './live-objects.js';

/** A module's init function returns this long after the load when nothing says otherwise. */
export const DEFAULT_INIT_TIME_NS = 1_000_000;
/** First of the init sections in MODULE_SECTIONS. */
const FIRST_INIT_SECTION = 4;

export interface Creation {
  readonly kind: ObjectKind;
  readonly requestKind: RequestKind;
  /** Fills sizes and variant; returns the bytes that selectors compare. */
  fill(record: RequestRecord): number;
  /** Nanoseconds until a module's init function returns; -1 for everything else. */
  initTimeNs(): number;
}

/** Bytes of init memory in a filled module record. */
export function initBytesOf(record: RequestRecord): number {
  let sum = 0;
  for (let i = FIRST_INIT_SECTION; i < record.sections.length; i += 1) {
    sum += record.sections[i] ?? 0;
  }
  return sum;
}

class ModuleCreation implements Creation {
  readonly kind = ObjectKind.module;
  readonly requestKind = RequestKind.loadModule;

  constructor(
    private readonly sections: readonly ValueSource[],
    private readonly initTime: ValueSource,
  ) {}

  fill(record: RequestRecord): number {
    let sum = 0;
    for (let i = 0; i < record.sections.length; i += 1) {
      const source = this.sections[i];
      const sizeBytes = source === undefined ? 0 : sizeBytesOf(source, 0);
      record.sections[i] = sizeBytes;
      sum += sizeBytes;
    }
    record.sizeBytes = sum;
    record.variant = 0;
    return sum;
  }

  initTimeNs(): number {
    return durationNsOf(this.initTime);
  }
}

/** Everything that is one piece of memory. */
class SizedCreation implements Creation {
  constructor(
    readonly kind: ObjectKind,
    readonly requestKind: RequestKind,
    private readonly variant: number,
    /** Absent: 0, the design's default. */
    private readonly size: ValueSource | undefined,
  ) {}

  fill(record: RequestRecord): number {
    const sizeBytes = this.size === undefined ? 0 : sizeBytesOf(this.size, 1);
    record.sizeBytes = sizeBytes;
    record.variant = this.variant;
    return sizeBytes;
  }

  initTimeNs(): number {
    return -1;
  }
}

const RAW_VARIANTS = { text: 0, data: 1, rodata: 2 } as const;

export function creationOf(plan: CreatePlan, streams: DrawStreams): Creation {
  switch (plan.kind) {
    case 'module': {
      const { sections, initTime } = plan.shape;
      const sources = sections.map((section) => streams.value(section));
      return new ModuleCreation(sources, streams.value(initTime));
    }
    case 'bpf':
      return new SizedCreation(ObjectKind.bpf, RequestKind.loadBpf, 0, streams.value(plan.size));
    case 'trampoline':
      return trampoline(plan.trampoline, streams.value(plan.size));
    case 'kprobe':
      return kprobe(plan.optimized, plan.size && streams.value(plan.size));
    case 'alloc':
      return new SizedCreation(
        ObjectKind.raw,
        RequestKind.alloc,
        RAW_VARIANTS[plan.memory],
        streams.value(plan.size),
      );
    default:
      return unreachable(plan);
  }
}

const known = (value: number): ValueSource => ({ next: () => value });

/** A creation of a layout or of a recording. */
export function recordedCreation(create: RecordedCreate): Creation {
  switch (create.kind) {
    case 'module':
      return new ModuleCreation(create.sections.map(known), known(DEFAULT_INIT_TIME_NS));
    case 'bpf':
      return new SizedCreation(ObjectKind.bpf, RequestKind.loadBpf, 0, known(create.sizeBytes));
    case 'trampoline':
      return trampoline(create.trampoline, known(create.sizeBytes));
    case 'kprobe':
      return kprobe(create.optimized, undefined);
    case 'alloc':
      return new SizedCreation(
        ObjectKind.raw,
        RequestKind.alloc,
        RAW_VARIANTS[create.memory],
        known(create.sizeBytes),
      );
    default:
      return unreachable(create);
  }
}

const trampoline = (kind: 'ftrace' | 'bpf', size: ValueSource): Creation =>
  new SizedCreation(
    ObjectKind.trampoline,
    RequestKind.createTrampoline,
    kind === 'bpf' ? 1 : 0,
    size,
  );

const kprobe = (optimized: boolean, size: ValueSource | undefined): Creation =>
  new SizedCreation(ObjectKind.kprobe, RequestKind.registerKprobe, optimized ? 1 : 0, size);

/** How an object of each kind goes, in order of ObjectKind. */
export const RELEASE_KINDS: readonly RequestKind[] = [
  RequestKind.unloadModule,
  RequestKind.freeBpf,
  RequestKind.freeTrampoline,
  RequestKind.unregisterKprobe,
  RequestKind.free,
];
