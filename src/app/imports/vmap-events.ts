/**
 * Requests of the module range from events of the vmalloc and module tracepoints. An area that a task
 * asked for before its `module_load` belongs to that module; every other area is a request of its own,
 * of the kind that its caller tells. Frees are matched by address. An address that is handed out again
 * was free by then, also when no event said so. Addresses go no further than this.
 */
import type { RecordedEvent } from '../../contract/scenario-plan.js';
import { contentOfArea, sectionsOfAreas } from './area-content.js';
import { areaUseOf, callerOfStack } from './area-use.js';
import { isTextPage } from './kernel-address.js';
import type { LineAccount } from './line-account.js';

const PAGE_BYTES = 4096;
/** A module has at most this many areas, which its load asks for last. */
const AREAS_OF_MODULE_MAX = 7;

export interface AreaRequest {
  readonly task: string;
  readonly timeNs: number;
  readonly page: number;
  /** With the guard page. */
  readonly bytes: number;
  readonly failed: boolean;
}

interface Area {
  readonly page: number;
  /** Without the guard page. */
  readonly bytes: number;
  readonly timeNs: number;
  readonly order: number;
  /** Functions, innermost first; empty when stacks are off. */
  readonly stack: string[];
  freed: { readonly timeNs: number; readonly order: number } | undefined;
  isOfModule: boolean;
}

interface TimedEvent {
  readonly order: number;
  readonly event: RecordedEvent;
}

const functionsOf = (area: Area): string => callerOfStack(area.stack);

export class VmapEvents {
  private readonly areas: Area[] = [];
  private readonly live = new Map<number, Area>();
  private readonly pending = new Map<string, Area[]>();
  private readonly modules = new Set<string>();
  private readonly earlier = new Map<string, readonly number[]>();
  private readonly out: TimedEvent[] = [];
  private order = 0;

  /** `tolerancePages`: how far areas of a later load of the same module may differ and still match. */
  constructor(
    private readonly account: LineAccount,
    private readonly tolerancePages: number,
  ) {}

  /** Returns where frames of its stack go. */
  request({ task, timeNs, page, bytes, failed }: AreaRequest): string[] {
    const stack: string[] = [];
    if (failed) {
      this.account.drop('request that the kernel refused');
      return stack;
    }
    if (!isTextPage(page)) {
      this.account.leave('area outside of the module range');
      return stack;
    }
    this.order += 1;
    const { order } = this;
    const before = this.live.get(page);
    if (before !== undefined && !before.isOfModule) before.freed ??= { timeNs, order: order - 0.5 };
    const area: Area = {
      page,
      bytes: Math.max(PAGE_BYTES, bytes - PAGE_BYTES),
      timeNs,
      order,
      stack,
      freed: undefined,
      isOfModule: false,
    };
    this.areas.push(area);
    this.live.set(page, area);
    const waiting = this.pending.get(task);
    if (waiting === undefined) this.pending.set(task, [area]);
    else waiting.push(area);
    return stack;
  }

  free(timeNs: number, page: number): void {
    if (!isTextPage(page)) {
      this.account.leave('free outside of the module range');
      return;
    }
    const area = this.live.get(page);
    if (area === undefined) {
      this.account.drop('free of an area that was there before the record began');
      return;
    }
    this.order += 1;
    this.live.delete(page);
    area.freed = { timeNs, order: this.order };
    this.account.use();
  }

  load(task: string, name: string): void {
    this.order += 1;
    const waiting = (this.pending.get(task) ?? []).filter((area) => mayBeOfModule(area));
    const areas = waiting.slice(-AREAS_OF_MODULE_MAX);
    this.pending.delete(task);
    const [first] = areas;
    if (first === undefined) {
      this.account.drop('module_load: no request of this task before it');
      return;
    }
    for (const area of areas) area.isOfModule = true;
    const sizes = areas.map(({ bytes }) => bytes);
    const alike = this.isLikeBefore(name, sizes);
    for (let record = 0; record <= sizes.length; record += 1) {
      if (alike) this.account.use();
      else this.account.guess('module with areas other than at its load before');
    }
    if (this.modules.has(name)) {
      // Its end was not recorded.
      this.push(first.order - 0.5, {
        kind: 'release',
        timeNs: first.timeNs,
        key: `module:${name}`,
      });
    }
    this.modules.add(name);
    const cached = areas.every((area) => functionsOf(area) === 'execmem_alloc_rw');
    const sections = sectionsOfAreas(sizes, cached);
    const create = { kind: 'module', name, sections } as const;
    const key = `module:${name}`;
    this.push(first.order, { kind: 'create', timeNs: first.timeNs, key, create });
  }

  /** A module that was there before the record began may stand in the layout under its name. */
  unload(timeNs: number, name: string): void {
    this.order += 1;
    this.modules.delete(name);
    this.account.use();
    this.push(this.order, { kind: 'release', timeNs, key: `module:${name}` });
  }

  /** The requests in order of time, from 0; and the keys of those whose asker is not told by name. */
  finish(): { readonly events: readonly RecordedEvent[]; readonly unnamed: readonly string[] } {
    const unnamed: string[] = [];
    for (const area of this.areas) {
      if (area.isOfModule) continue;
      const key = this.alone(area);
      if (key !== undefined) unnamed.push(key);
    }
    const sorted = [...this.out].sort((a, b) => a.order - b.order);
    const startNs = sorted[0]?.event.timeNs ?? 0;
    let lastNs = 0;
    const events = sorted.map(({ event }) => {
      lastNs = Math.max(lastNs, event.timeNs - startNs);
      return { ...event, timeNs: lastNs };
    });
    return { events, unnamed };
  }

  /** An area that no module_load named: its key, or undefined when it asks for nothing known. */
  private alone(area: Area): string | undefined {
    const caller = functionsOf(area);
    const use = areaUseOf(caller);
    if (use === 'module') {
      this.account.drop('area of a module whose load is not in the record');
      return undefined;
    }
    const key = `area:${String(area.order)}`;
    const name = caller === '' ? `area ${String(area.order)}` : `${caller} ${String(area.order)}`;
    const content = contentOfArea(use, name, area.bytes);
    if (content.kind === 'dropped') {
      this.account.drop(content.reason);
      return undefined;
    }
    this.account.guess(content.reason);
    const { timeNs, order, freed } = area;
    this.push(order, { kind: 'create', timeNs, key, create: content.create });
    if (freed !== undefined) {
      this.push(freed.order, { kind: 'release', timeNs: freed.timeNs, key });
    }
    return key;
  }

  private isLikeBefore(name: string, sizes: readonly number[]): boolean {
    const before = this.earlier.get(name);
    this.earlier.set(name, sizes);
    if (before === undefined) return true;
    const allowed = this.tolerancePages * PAGE_BYTES;
    return (
      before.length === sizes.length &&
      before.every((bytes, index) => Math.abs(bytes - (sizes[index] ?? 0)) <= allowed)
    );
  }

  private push(order: number, event: RecordedEvent): void {
    this.out.push({ order, event });
  }
}

/** True when the caller is not told, or is the module loader. */
function mayBeOfModule(area: Area): boolean {
  const use = areaUseOf(functionsOf(area));
  return area.freed === undefined && (use === 'module' || use === 'unknown');
}
