/**
 * One design serving the requests of one recording on one simulated machine. Requests are applied as
 * the kernel's events were: init memory goes within the load, grace periods end with the next event.
 */
import { assert } from '../base/assert.js';
import type { LayoutPlan, RecordedCreate } from '../contract/scenario-plan.js';
import {
  RawKind,
  TrampolineKind,
  type AllocatorDesign,
  type DesignInstance,
  type ModuleRegion,
} from '../mm/allocator-design.js';
import { defaultOptions } from './replay-options.js';
import type { EventSteps } from '../recording/event-steps.js';
import type { InitialMemory } from './replay-initial-state.js';
import type { KernelMm } from '../mm/kernel-mm.js';
import type { OptionValue } from '../contract/scenario-plan.js';

export interface ProgramPlace {
  readonly startByte: number;
  readonly endByte: number;
}

/** What one event did, in page indexes of the module area. */
export interface EventEffect {
  readonly module?: { readonly name: string; readonly regions: readonly ModuleRegion[] };
  readonly program?: ProgramPlace;
  /** Requests that could not be served. */
  readonly failures: number;
}

interface LiveObject {
  readonly object: number;
  readonly kind: RecordedCreate['kind'] | 'adopted';
}

export class ReplaySession {
  private readonly instance: DesignInstance;
  private readonly objects = new Map<string, LiveObject>();
  private pending: string[] = [];
  private nextObject = 0;

  constructor(
    private readonly mm: KernelMm,
    design: AllocatorDesign,
    options: Readonly<Record<string, OptionValue>>,
  ) {
    this.instance = design.create(mm, { ...defaultOptions(design), ...options });
  }

  /** Takes over memory where the recorded kernel had it. */
  adopt(list: readonly InitialMemory[]): void {
    for (const { memory, key } of list) {
      const taken = this.instance.adopt?.(memory) ?? false;
      assert(taken, () => `page ${memory.page} of the initial state is not free`);
      this.nextObject = Math.max(this.nextObject, memory.object + 1);
      if (key !== undefined) this.objects.set(key, { object: memory.object, kind: 'adopted' });
    }
  }

  /** Places what stood on the machine anew. */
  place(layout: LayoutPlan): void {
    for (const create of layout.objects) {
      this.create(create.kind === 'module' ? `module:${create.name}` : `initial:${create.name}`, {
        create,
        undone: false,
      });
      this.instance.runWorkers();
    }
  }

  /** Applies one event: first what waited for a grace period, then its own requests. */
  apply(steps: EventSteps): EventEffect {
    this.finishPending();
    let module: EventEffect['module'];
    let program: ProgramPlace | undefined;
    let failures = 0;
    for (const step of steps.steps) {
      if (step.kind === 'release') {
        if (step.deferred) this.pending.push(step.key);
        else this.release(step.key);
      } else {
        const result = this.create(step.key, step);
        if (!result.served) failures += 1;
        else if (result.regions) module = { name: step.create.name, regions: result.regions };
        program ??= result.program;
      }
      this.instance.runWorkers();
    }
    return { failures, ...(module ? { module } : {}), ...(program ? { program } : {}) };
  }

  verify(): void {
    this.instance.verify();
  }

  /** Frees what waited for a grace period. */
  finishPending(): void {
    const keys = this.pending;
    this.pending = [];
    for (const key of keys) {
      this.release(key);
      this.instance.runWorkers();
    }
  }

  private create(
    key: string,
    step: { readonly create: RecordedCreate; readonly undone: boolean },
  ): {
    readonly served: boolean;
    readonly regions?: readonly ModuleRegion[];
    readonly program?: ProgramPlace;
  } {
    const object = this.nextObject;
    this.nextObject += 1;
    if (!this.serve(object, step)) return { served: false };
    const { create } = step;
    this.objects.set(key, { object, kind: create.kind });
    if (create.kind === 'module') {
      const regions = this.regionsOf(object);
      if (!step.undone) this.finishModule(object);
      else this.release(key);
      return { served: true, regions };
    }
    const program = create.kind === 'bpf' ? this.programOf(object) : undefined;
    if (step.undone) this.release(key);
    return { served: true, ...(program ? { program } : {}) };
  }

  private serve(object: number, step: { readonly create: RecordedCreate }): boolean {
    const { create } = step;
    switch (create.kind) {
      case 'module':
        return this.instance.loadModule(object, create.sections);
      case 'bpf':
        return this.instance.loadBpf(object, create.sizeBytes);
      case 'trampoline':
        return this.instance.createTrampoline(
          object,
          TrampolineKind[create.trampoline],
          create.sizeBytes,
        );
      case 'kprobe':
        return this.instance.registerKprobe(object, 0, create.optimized);
      case 'alloc':
        return this.instance.allocRaw(object, RawKind[create.memory], create.sizeBytes);
    }
  }

  private finishModule(object: number): void {
    this.instance.finishModuleInit(object);
    this.instance.freeModuleInit(object);
  }

  private release(key: string): void {
    const live = this.objects.get(key);
    if (!live) return;
    this.objects.delete(key);
    switch (live.kind) {
      case 'module':
        this.instance.unloadModule(live.object);
        break;
      case 'bpf':
        this.instance.freeBpf(live.object);
        break;
      case 'trampoline':
        this.instance.freeTrampoline(live.object);
        break;
      case 'kprobe':
        this.instance.unregisterKprobe(live.object);
        break;
      case 'alloc':
      case 'adopted':
        this.instance.freeRaw(live.object);
        break;
    }
  }

  /** Regions by name; designs that do not tell have one per extent that they reported. */
  private regionsOf(object: number): readonly ModuleRegion[] {
    if (this.instance.moduleRegions) return this.instance.moduleRegions(object);
    return this.mm.placements.extentsOf(object).map((extent, index) => {
      const page = Math.floor(extent.byte / 4096);
      const end = Math.ceil((extent.byte + extent.sizeBytes) / 4096);
      return { name: `part${String(index)}`, page, pages: end - page };
    });
  }

  private programOf(object: number): ProgramPlace | undefined {
    if (this.instance.programSlot) return this.instance.programSlot(object);
    const extent = this.mm.placements.extentsOf(object)[0];
    return extent && { startByte: extent.byte, endByte: extent.byte + extent.sizeBytes };
  }
}
