/**
 * Kernel memory that the requests take beside executable memory: the same for every design, it fills
 * pageblocks between two executable areas. A module leaves sysfs entries and caches for good, a BPF
 * program keeps its bytecode while it lives, a process (a thread of `parallel N`) its stacks and page
 * tables until the last of its objects is gone.
 */
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
  private readonly processOf = new Map<number, number>();
  private readonly programTickets = new Map<number, number>();

  constructor(private readonly memory: BesideSource) {}

  /** Before the design serves a creation. */
  before(record: RequestRecord): void {
    if (record.process >= 0) this.enter(record);
    if (record.kind === RequestKind.loadModule) this.memory.take(MODULE_PAGES);
    else if (record.kind === RequestKind.loadBpf) {
      const pages = pagesFor(programBesideBytes(record.sizeBytes));
      this.programTickets.set(record.object, this.memory.take(pages));
    }
  }

  /** After a release, or after a creation that failed. */
  gone(object: number): void {
    const ticket = this.programTickets.get(object);
    if (ticket !== undefined) {
      this.programTickets.delete(object);
      this.memory.give(ticket);
    }
    const number = this.processOf.get(object);
    const holder = number === undefined ? undefined : this.processes.get(number);
    if (number === undefined || holder === undefined) return;
    this.processOf.delete(object);
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
