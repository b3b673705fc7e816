/**
 * TLB views of the designs on screen. A view costs a simulation of the whole run with its fetches, so
 * none is opened before its tab is shown or a map is asked when a place was executed. As with maps, only the newest wish of a design is asked.
 */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { TlbExecuted, TlbViewInfo, TlbViewMoment } from '../../src/contract/tlb-view-data.js';
import { useLabStore } from './lab.js';
import { sameSubject, type MapSubject } from './maps.js';

export interface DesignTlb {
  readonly design: string;
  readonly state: 'opening' | 'open' | 'failed';
  readonly problem: string;
  readonly info: TlbViewInfo | null;
  readonly moment: TlbViewMoment | null;
}

interface Line {
  busy: boolean;
  wishNs: number | null;
}

export const useTlbViewsStore = defineStore('tlb-views', () => {
  const lab = useLabStore();
  const views = shallowRef<readonly DesignTlb[]>([]);
  const lines = new Map<string, Line>();
  let subject: MapSubject | null = null;
  let generation = 0;

  function update(design: string, change: Partial<DesignTlb>): void {
    views.value = views.value.map((view) =>
      view.design === design ? { ...view, ...change } : view,
    );
  }

  /** Opens the views of a subject, one after the other; the same subject again does nothing. */
  async function open(wanted: MapSubject, now: () => number): Promise<void> {
    if (sameSubject(subject, wanted)) return;
    clear();
    subject = wanted;
    const own = generation;
    const { runId, point, seed, designs } = wanted;
    views.value = designs.map((design) => ({
      design,
      state: 'opening',
      problem: '',
      info: null,
      moment: null,
    }));
    for (const design of designs) {
      try {
        const info = await lab.api().openTlb({ runId, point, seed, design });
        if (own !== generation) return;
        lines.set(design, { busy: false, wishNs: null });
        update(design, { state: 'open', info });
        void ask(design, now());
      } catch (error) {
        if (own !== generation) return;
        update(design, { state: 'failed', problem: reasonOf(error) });
      }
    }
  }

  function seek(timeNs: number): void {
    for (const view of views.value) if (view.info !== null) void ask(view.design, timeNs);
  }

  async function ask(design: string, timeNs: number): Promise<void> {
    const line = lines.get(design);
    const viewId = views.value.find((view) => view.design === design)?.info?.viewId;
    if (line === undefined || viewId === undefined) return;
    line.wishNs = timeNs;
    if (line.busy) return;
    line.busy = true;
    const own = generation;
    try {
      while (line.wishNs !== null && own === generation) {
        const wished: number = line.wishNs;
        line.wishNs = null;
        const moment = await lab.api().tlbAt({ viewId, timeNs: wished });
        if (own === generation) update(design, { moment });
      }
    } catch (error) {
      if (own === generation)
        update(design, { state: 'failed', problem: reasonOf(error), info: null });
    }
    line.busy = false;
  }

  /** When a byte of the module area was last executed; null without a view. */
  async function executed(
    design: string,
    byte: number,
    timeNs: number,
  ): Promise<TlbExecuted | null> {
    const viewId = views.value.find((view) => view.design === design)?.info?.viewId;
    return viewId === undefined ? null : lab.api().tlbExecuted({ viewId, byte, timeNs });
  }

  function clear(): void {
    generation += 1;
    subject = null;
    views.value = [];
    lines.clear();
  }

  return { views, open, seek, executed, clear };
});

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
