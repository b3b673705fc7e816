/**
 * Takes requests to a design. A creation that the design could not serve leaves an object that does
 * not exist: what later asks for it does nothing.
 */
import { RequestKind, type RequestRecord } from '../contract/request.js';
import type { OptionValue } from '../contract/scenario-plan.js';
import type { AllocatorDesign, DesignInstance, DesignOptions } from '../mm/allocator-design.js';

/** Options of a design, what the scenario leaves out filled in. */
export function designOptions(
  design: AllocatorDesign,
  given: Readonly<Record<string, OptionValue>>,
): DesignOptions {
  const options: Record<string, OptionValue> = {};
  for (const spec of design.options) options[spec.name] = given[spec.name] ?? spec.default;
  return options;
}

export type Outcome = 'served' | 'failed' | 'skipped';

/** True for requests that a design sees. */
export const isDesignRequest = (kind: RequestKind): boolean =>
  kind >= RequestKind.loadModule && kind <= RequestKind.poke;

export class DesignDriver {
  /** Objects that could not be had and have not been released yet. */
  private readonly failed = new Set<number>();

  constructor(private readonly instance: DesignInstance) {}

  apply(record: RequestRecord): Outcome {
    const { object } = record;
    if (this.failed.size > 0 && this.failed.has(object)) {
      if (isRelease(record.kind)) this.failed.delete(object);
      return 'skipped';
    }
    const served = this.serve(record);
    this.instance.runWorkers();
    if (served) return 'served';
    this.failed.add(object);
    return 'failed';
  }

  /** False when a creation could not be served. */
  private serve(record: RequestRecord): boolean {
    const { instance } = this;
    const { object, sizeBytes, variant } = record;
    switch (record.kind) {
      case RequestKind.loadModule:
        return instance.loadModule(object, record.sections);
      case RequestKind.loadBpf:
        return instance.loadBpf(object, sizeBytes);
      case RequestKind.createTrampoline:
        return instance.createTrampoline(object, variant, sizeBytes);
      case RequestKind.registerKprobe:
        return instance.registerKprobe(object, sizeBytes, variant === 1);
      case RequestKind.alloc:
        return instance.allocRaw(object, variant, sizeBytes);
      case RequestKind.moduleInitDone:
        instance.finishModuleInit(object);
        return true;
      case RequestKind.freeModuleInit:
        instance.freeModuleInit(object);
        return true;
      case RequestKind.unloadModule:
        instance.unloadModule(object);
        return true;
      case RequestKind.freeBpf:
        instance.freeBpf(object);
        return true;
      case RequestKind.freeTrampoline:
        instance.freeTrampoline(object);
        return true;
      case RequestKind.unregisterKprobe:
        instance.unregisterKprobe(object);
        return true;
      case RequestKind.free:
        instance.freeRaw(object);
        return true;
      case RequestKind.poke:
        instance.poke(object);
        return true;
      default:
        return true;
    }
  }
}

/** True for requests that make an object. */
export const isCreation = (kind: RequestKind): boolean =>
  kind === RequestKind.loadModule ||
  kind === RequestKind.loadBpf ||
  kind === RequestKind.createTrampoline ||
  kind === RequestKind.registerKprobe ||
  kind === RequestKind.alloc;

/** True for requests that end an object. */
export const isRelease = (kind: RequestKind): boolean =>
  kind === RequestKind.unloadModule ||
  kind === RequestKind.freeBpf ||
  kind === RequestKind.freeTrampoline ||
  kind === RequestKind.unregisterKprobe ||
  kind === RequestKind.free;
