/**
 * Kernel memory that the requests take beside executable memory: the same for every design, it fills
 * pageblocks between two executable areas. A module leaves sysfs entries and caches for good, a BPF
 * program keeps its bytecode while it lives, a process (a thread of `parallel N`) its stacks and page
 * tables until the last of its objects is gone.
 */
import { IdMap } from '../base/id-map.js';
import { pagesFor } from '../base/units.js';
import { RequestKind, type RequestRecord } from '../contract/request.js';
import { MODULE_PAGES, PROCESS_PAGES, programBesideBytes } from '../mm/frame-allocator-beside.js';
import type { BesideSource } from '../mm/machine-view.js';

interface Process {
  readonly ticket: number;
  objects: number;
}

export class BesideWork {
  private readonly processes = new Map<number, Process>();
  private readonly processOf = new IdMap();
  private readonly programTickets = new IdMap();

  constructor(private readonly memory: BesideSource) {}

  /** Before the design serves a creation. */
  before(record: RequestRecord): void {
    if (record.process >= 0) this.enter(record);
    if (record.kind === RequestKind.loadModule) this.memory.take(MODULE_PAGES);
    else if (record.kind === RequestKind.loadBpf) {
      const pages = pagesFor(programBesideBytes(record.sizeBytes));
      const ticket = this.memory.take(pages);
      if (ticket >= 0) this.programTickets.set(record.object, ticket);
    }
  }

  /** After a release, or after a creation that failed. */
  gone(object: number): void {
    if (this.programTickets.size > 0) {
      const ticket = this.programTickets.take(object);
      if (ticket >= 0) this.memory.give(ticket);
    }
    if (this.processOf.size === 0) return;
    const number = this.processOf.take(object);
    const holder = this.processes.get(number);
    if (holder === undefined) return;
    holder.objects -= 1;
    if (holder.objects > 0) return;
    this.processes.delete(number);
    this.memory.give(holder.ticket);
  }

  private enter(record: RequestRecord): void {
    let holder = this.processes.get(record.process);
    if (holder === undefined) {
      holder = { ticket: this.memory.take(PROCESS_PAGES), objects: 0 };
      this.processes.set(record.process, holder);
    }
    holder.objects += 1;
    this.processOf.set(record.object, record.process);
  }
}
