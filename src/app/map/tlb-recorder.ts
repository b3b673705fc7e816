/**
 * Watches the fetch stream of a run and keeps the state of its instruction TLBs after every window.
 * Model: where several execute statements run at once, each has a hierarchy; their windows follow one
 * another in the log, named by their CPUs.
 */
import type { ExecutePlan } from '../../contract/scenario-plan.js';
import type { TlbViewArray } from '../../contract/tlb-view-data.js';
import type { TlbConfig } from '../../contract/tlb-config.js';
import type { TlbLevelNumber } from '../../machine/tlb.js';
import type { FetchWatch, HierarchyWatch } from '../../workload/fetch-watch.js';
import type { TextMember } from '../../workload/live-text.js';
import type { TextOwners } from './text-owners.js';
import { FetchLog } from './fetch-log.js';
import { TlbLog } from './tlb-log.js';
import { WatchedTlb } from './watched-tlb.js';

const LEVELS: readonly TlbLevelNumber[] = [1, 2];

export class TlbRecorder implements FetchWatch {
  readonly log = new TlbLog();
  readonly fetches = new FetchLog();
  arrays: readonly TlbViewArray[] = [];
  private readonly running = new Set<number>();

  constructor(private readonly owners: TextOwners) {}

  start(index: number, plan: ExecutePlan, config: TlbConfig): HierarchyWatch {
    this.arrays = arraysOf(config);
    this.running.add(index);
    const tlb = new WatchedTlb(config, this.owners);
    const { cpuStart, cpuEnd } = plan;
    const cpus =
      cpuEnd - cpuStart > 1
        ? `cpus ${String(cpuStart)}..${String(cpuEnd - 1)}`
        : `cpu ${String(cpuStart)}`;
    return {
      tlb,
      repetition: () => tlb.note(),
      repeated: (times) => tlb.repeat(times),
      window: (timeNs, isCold) => {
        this.log.running(timeNs, this.running.size);
        this.keep(tlb, { timeNs, isCold, cpus });
        this.fetches.add(timeNs, this.owners.fetchKeysOf(tlb.fetchedLeaves()));
        tlb.reset();
      },
    };
  }

  end(index: number, timeNs: number): void {
    this.running.delete(index);
    this.log.running(timeNs, this.running.size);
  }

  textPlaced(member: TextMember): void {
    this.owners.placed(member);
  }

  textGone(member: TextMember): void {
    this.owners.gone(member);
  }

  private keep(
    tlb: WatchedTlb,
    when: { readonly timeNs: number; readonly isCold: boolean; readonly cpus: string },
  ): void {
    if (!this.log.wantsNext) {
      this.log.skip();
      return;
    }
    const count = tlb.slotCount(1) + tlb.slotCount(2);
    const owners = new Int16Array(count).fill(-1);
    const sizes = new Uint8Array(count);
    const pages = new Float64Array(count);
    let at = 0;
    for (const level of LEVELS) {
      const slots = tlb.slotCount(level);
      for (let slot = 0; slot < slots; slot += 1, at += 1) {
        const held = tlb.held(level, slot);
        if (held === undefined) continue;
        owners[at] = this.owners.ownerOf(held.page, held.sizeClass);
        sizes[at] = held.sizeClass;
        pages[at] = held.page;
      }
    }
    this.log.add({
      ...when,
      owners,
      sizes,
      pages,
      misses: [...tlb.misses],
      pushed: [...tlb.pushed],
    });
  }
}

function arraysOf(config: TlbConfig): readonly TlbViewArray[] {
  let firstSlot = 0;
  const list: TlbViewArray[] = [];
  for (const level of LEVELS) {
    for (const { sizes, sets, ways } of level === 1 ? config.l1 : config.l2) {
      list.push({ level, sizes, sets, ways, firstSlot });
      firstSlot += sets * ways;
    }
  }
  return list;
}
