/** Which vmap areas of the module area appeared and went since somebody looked. */
import { EffectKind } from '../contract/sim-event.js';
import type { EffectSink } from '../mm/kernel-mm.js';
import type { KernelMachine } from '../mm/kernel-machine.js';

/** First page and the page behind the guard. */
export type AreaExtent = readonly [page: number, end: number];

export class AreaWatch {
  /** Hears the machine's effects. */
  readonly sink: EffectSink;
  private machine: KernelMachine | undefined;
  /** Areas touched since the last look, by first page: their end as it was then. */
  private touched = new Map<number, number | undefined>();
  /** Ends of the areas now. */
  private readonly ends = new Map<number, number>();

  constructor() {
    this.sink = (kind, page) => {
      if (kind === EffectKind.vmapAreaAlloc || kind === EffectKind.vmapAreaFree) this.touch(page);
    };
  }

  watch(machine: KernelMachine): void {
    this.machine = machine;
  }

  /** Live areas, ascending. */
  areas(): readonly AreaExtent[] {
    const extents: AreaExtent[] = [];
    for (const area of this.machine?.liveAreas ?? []) {
      if (area) extents.push([area.page, area.page + area.pages + area.guardPages]);
    }
    return extents;
  }

  /** What changed since the last call, in order of address. */
  takeChanges(): {
    readonly added: readonly AreaExtent[];
    readonly removed: readonly AreaExtent[];
  } {
    const added: AreaExtent[] = [];
    const removed: AreaExtent[] = [];
    for (const [page, before] of [...this.touched].sort((a, b) => a[0] - b[0])) {
      const area = this.machine?.liveAreas[page];
      const now = area && area.page + area.pages + area.guardPages;
      if (now === undefined) this.ends.delete(page);
      else this.ends.set(page, now);
      if (now === before) continue;
      if (before !== undefined) removed.push([page, before]);
      if (now !== undefined) added.push([page, now]);
    }
    this.touched = new Map();
    return { added, removed };
  }

  private touch(page: number): void {
    if (!this.touched.has(page)) this.touched.set(page, this.ends.get(page));
  }
}
