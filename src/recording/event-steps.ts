/**
 * What the events of a recording ask of the allocator: creations and releases by key, in order. It
 * reads requests only (sizes, names, results), never an observed address. Failed events become the
 * attempt as far as the kernel got, undone.
 */
import type { RecordedCreate } from '../contract/scenario-plan.js';
import { isAtLeast, layoutModule, type ModuleLayoutRule } from './module-layout.js';
import type { RecordedModuleFile, RecordingEvent } from './recording.js';

export type RecordedStep =
  /** `undone`: the kernel took the memory and gave it back within the event. */
  | {
      readonly kind: 'create';
      readonly key: string;
      readonly create: RecordedCreate;
      readonly undone: boolean;
    }
  /** `deferred`: a grace period and a worker stand between; the next event finds it free. */
  | { readonly kind: 'release'; readonly key: string; readonly deferred: boolean };

export interface EventSteps {
  readonly steps: readonly RecordedStep[];
  readonly account: 'used' | 'dropped' | 'guessed';
  /** For dropped and guessed events. */
  readonly reason: string;
}

export interface EventStepsOptions {
  readonly modules: ReadonlyMap<string, RecordedModuleFile>;
  readonly layout: ModuleLayoutRule;
  /** Kernel release whose way of asking is followed, e.g. `6.12`. */
  readonly release: string;
}

/**
 * Image of a trampoline with one program: 3 or 4 chunks of 64 bytes on 6.12 and 7.2, the arguments
 * of the traced function decide. Four is the more frequent one.
 */
const TRAMPOLINE_BYTES = 240;
/** Template, thunk return and pointer of 5.1; one page whatever the exact length. */
const FTRACE_TRAMPOLINE_BYTES = 229;

const REFUSED_BEFORE_MEMORY: ReadonlySet<number> = new Set([
  -1, // EPERM: blacklisted
  -8, // ENOEXEC: not a module of this kernel
  -12, // ENOMEM
  -74, // EBADMSG: signature
  -126, // ENOKEY
  -127, // EKEYEXPIRED
  -128, // EKEYREVOKED
  -129, // EKEYREJECTED
]);
const EEXIST = -17;

/** Shares of /proc/modules' size when no section table is there: text data rodata ro_after_init. */
const GUESSED_SHARES: readonly number[] = [0.38, 0.26, 0.34, 0.02];
const GUESSED_INIT_BYTES: readonly number[] = [64, 6144, 0];

const dropped = (reason: string): EventSteps => ({ steps: [], account: 'dropped', reason });
const used = (...steps: readonly RecordedStep[]): EventSteps => ({
  steps,
  account: 'used',
  reason: '',
});

const failed = (event: RecordingEvent): boolean => (event.results[0] ?? 0) < 0;

/** Follows the objects that are alive, so that repeated requests ask for nothing twice. */
export class EventStepsReader {
  private readonly alive = new Set<string>();
  private undoneCount = 0;

  constructor(private readonly options: EventStepsOptions) {}

  stepsOf(event: RecordingEvent): EventSteps {
    switch (event.op) {
      case 'modload':
        return this.loadModule(event);
      case 'modunload':
        return failed(event)
          ? dropped('modunload: refused by the kernel')
          : this.release(`module:${event.name}`, event);
      case 'bpfload':
        return this.loadBpf(event);
      case 'bpfclose':
        return failed(event)
          ? dropped('bpfclose: failed')
          : this.release(`bpf:${String(event.id)}`, event, true);
      case 'kpadd':
        return this.addKprobe(event);
      case 'kpdel':
        return failed(event) ? dropped('kpdel: failed') : this.deleteKprobe(event);
      case 'fton':
        return this.ftraceOn(event);
      case 'ftoff':
        return this.ftraceOff(event);
      case 'trampadd':
        return this.addTrampoline(event);
      case 'trampdel':
        return this.deleteTrampoline(event);
      case 'write':
        return this.writeFile(event);
      case 'kpenable':
      case 'kpdisable':
      case 'kppick':
      case 'sleep':
        return dropped(`${event.op}: asks for no memory`);
    }
  }

  /** Marks an object of the initial state as alive. */
  adopt(key: string): void {
    this.alive.add(key);
  }

  private create(key: string, create: RecordedCreate): RecordedStep {
    this.alive.add(key);
    return { kind: 'create', key, create, undone: false };
  }

  private undone(create: RecordedCreate): RecordedStep {
    this.undoneCount += 1;
    return { kind: 'create', key: `undone:${String(this.undoneCount)}`, create, undone: true };
  }

  private release(key: string, event: RecordingEvent, deferred = false): EventSteps {
    if (!this.alive.delete(key)) return dropped(`${event.op}: nothing of that name is loaded`);
    return used({ kind: 'release', key, deferred });
  }

  private loadModule(event: RecordingEvent): EventSteps {
    const result = event.results[0] ?? 0;
    const existsEarly = result === EEXIST && isAtLeast(this.options.release, 6, 4);
    if (REFUSED_BEFORE_MEMORY.has(result) || existsEarly) {
      return dropped('modload: refused before memory was taken');
    }
    const file = this.options.modules.get(event.name);
    const sections = file
      ? layoutModule(file, this.options.layout)
      : guessSections(event.observed.moduleBytes);
    if (!sections) return dropped('modload: no sizes for this module');
    const create: RecordedCreate = {
      kind: 'module',
      name: event.name,
      sections: sections.sections,
    };
    const key = `module:${event.name}`;
    if (result >= 0 && this.alive.has(key)) return dropped('modload: is loaded already');
    const steps = [result < 0 ? this.undone(create) : this.create(key, create)];
    return sections.exact
      ? { steps, account: 'used', reason: '' }
      : { steps, account: 'guessed', reason: 'modload: sizes of some regions guessed' };
  }

  private loadBpf(event: RecordingEvent): EventSteps {
    if (failed(event)) return dropped('bpfload: refused before it was compiled');
    if (event.jitedBytes === 0) return dropped('bpfload: not compiled to machine code');
    const key = `bpf:${String(event.id)}`;
    if (this.alive.has(key)) return dropped('bpfload: is loaded already');
    return used(this.create(key, bpfProgram(event)));
  }

  private addKprobe(event: RecordingEvent): EventSteps {
    if (failed(event)) return dropped('kpadd: refused before a slot was taken');
    const key = `kprobe:${String(event.id)}`;
    if (this.alive.has(key)) return dropped('kpadd: is registered already');
    return used(
      this.create(key, {
        kind: 'kprobe',
        name: `p${String(event.id)}`,
        optimized: event.optimizable,
      }),
    );
  }

  private deleteKprobe(event: RecordingEvent): EventSteps {
    if (event.id >= 0) return this.release(`kprobe:${String(event.id)}`, event);
    const keys = [...this.alive].filter((key) => key.startsWith('kprobe:'));
    const steps = keys.map((key): RecordedStep => ({ kind: 'release', key, deferred: false }));
    for (const key of keys) this.alive.delete(key);
    return steps.length > 0 ? used(...steps) : dropped('kpdel: no probe is registered');
  }

  /** The tracer file is the second one written; without it there is no trampoline. */
  private ftraceOn(event: RecordingEvent): EventSteps {
    const tracer = event.results[event.results.length > 1 ? 1 : 0] ?? 0;
    if (tracer < 0) return dropped('fton: tracer not switched on');
    const key = `ftrace:${String(event.id)}`;
    if (this.alive.has(key)) return dropped('fton: the instance has its trampoline already');
    return used(this.create(key, ftraceTrampoline(`instance${String(event.id)}`)));
  }

  private ftraceOff(event: RecordingEvent): EventSteps {
    const off = event.results.length === 0 || event.results.some((result) => result >= 0);
    if (!off) return dropped('ftoff: failed');
    return this.release(`ftrace:${String(event.id)}`, event);
  }

  private addTrampoline(event: RecordingEvent): EventSteps {
    if (failed(event)) return dropped('trampadd: refused before it was compiled');
    if (event.jitedBytes === 0) return dropped('trampadd: not compiled to machine code');
    const id = String(event.id);
    if (this.alive.has(`fentry:${id}`)) return dropped('trampadd: is attached already');
    const program = this.create(`fentry:${id}`, bpfProgram(event));
    const image: RecordedCreate = {
      kind: 'trampoline',
      name: `trampoline${id}`,
      sizeBytes: TRAMPOLINE_BYTES,
      trampoline: 'bpf',
    };
    const steps = [
      program,
      event.attachResult < 0 ? this.undone(image) : this.create(`image:${id}`, image),
    ];
    return { steps, account: 'guessed', reason: 'trampadd: size of the trampoline image guessed' };
  }

  private deleteTrampoline(event: RecordingEvent): EventSteps {
    const id = String(event.id);
    const steps = [`image:${id}`, `fentry:${id}`]
      .filter((key) => this.alive.delete(key))
      .map((key): RecordedStep => ({ kind: 'release', key, deferred: true }));
    return steps.length > 0 ? used(...steps) : dropped('trampdel: nothing of that id is loaded');
  }

  /**
   * fprobe events. To 6.13 each brings its own ops, registered with the event; later all share one
   * pair of static ops that keeps its page (kernel/trace/fprobe.c, trace_fprobe.c).
   */
  private writeFile(event: RecordingEvent): EventSteps {
    if (failed(event)) return dropped('write: refused by the kernel');
    const shared = isAtLeast(this.options.release, 6, 14);
    const enable = /\/events\/[^/]+(?:\/[^/]+)?\/enable$/.test(event.path);
    if (enable) {
      if (!shared || event.value.trim() !== '1' || !this.hasFprobeEvents()) {
        return dropped('write: asks for no memory');
      }
      if (this.alive.has('fprobe:shared')) return dropped('write: the shared page is there');
      return used(this.create('fprobe:shared', ftraceTrampoline('fprobes')));
    }
    const definition = /^([f-])(?:\d+)?:(\S+)/.exec(event.value.trim());
    if (!definition) return dropped('write: asks for no memory');
    const key = `fprobe-event:${definition[2] ?? ''}`;
    if (definition[1] === 'f') return this.addFprobeEvent(key, shared);
    if (!this.alive.delete(key)) return dropped('write: no such event');
    if (shared) return dropped('write: the shared page stays');
    return used({ kind: 'release', key, deferred: false });
  }

  private addFprobeEvent(key: string, shared: boolean): EventSteps {
    if (this.alive.has(key)) return dropped('write: the event is there');
    if (!shared) return used(this.create(key, ftraceTrampoline(key)));
    this.alive.add(key);
    return dropped('write: an event that is not enabled asks for no memory');
  }

  private hasFprobeEvents(): boolean {
    for (const key of this.alive) if (key.startsWith('fprobe-event:')) return true;
    return false;
  }
}

const bpfProgram = (event: RecordingEvent): RecordedCreate => ({
  kind: 'bpf',
  name: `prog${String(event.id)}`,
  sizeBytes: event.jitedBytes,
});

const ftraceTrampoline = (name: string): RecordedCreate => ({
  kind: 'trampoline',
  name,
  sizeBytes: FTRACE_TRAMPOLINE_BYTES,
  trampoline: 'ftrace',
});

/** Regions from the size in /proc/modules alone; init memory is the median of a distribution. */
export function guessSections(
  moduleBytes: number | undefined,
): { readonly sections: readonly number[]; readonly exact: false } | undefined {
  if (moduleBytes === undefined || moduleBytes <= 0) return undefined;
  const pages = Math.max(4, Math.ceil(moduleBytes / 4096));
  const core = GUESSED_SHARES.map((share) => Math.max(1, Math.round(pages * share)) * 4096);
  return { sections: [...core, ...GUESSED_INIT_BYTES], exact: false };
}
