/** What the inspector explains: a request with its effects, a cell of a map, or a point of a chart. */
import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import type { MapPlace } from '../../src/contract/map-data.js';
import { useMapViewStore } from './map-view.js';
import { useMapsStore } from './maps.js';
import { useViewStore } from './view.js';

export type WhySubject =
  | { readonly kind: 'none' }
  /** The request that the map of this design stands at. */
  | { readonly kind: 'step'; readonly design: string; readonly note?: string }
  | {
      readonly kind: 'place';
      readonly design: string;
      readonly byte: number;
      readonly note?: string;
    }
  /** The map of a failed run is on its way; `problem`: why it will not come. */
  | {
      readonly kind: 'opening';
      readonly design: string;
      readonly seed: number;
      readonly problem: string;
    }
  /** Everything that was made into a pool; `line` declares it, 0 for unknown. */
  | { readonly kind: 'pool'; readonly pool: string; readonly line: number }
  | { readonly kind: 'metric'; readonly metric: string; readonly timeNs: number };

/** The members of the selected pool, in every design. */
export interface SelectedPool {
  readonly objects: ReadonlySet<number>;
  readonly timesNs: readonly number[];
  readonly requests: number;
}

export const useWhyStore = defineStore('why', () => {
  const maps = useMapsStore();
  const mapView = useMapViewStore();
  const view = useViewStore();
  const subject = shallowRef<WhySubject>({ kind: 'none' });
  const place = shallowRef<MapPlace | null>(null);
  const pool = shallowRef<SelectedPool | null>(null);
  const problem = ref('');

  /** Explains a subject and brings the inspector to the front. */
  function explain(wanted: WhySubject): void {
    view.leftTab = 'why';
    view.editorShown = true;
    prepare(wanted);
  }

  /** Explains a subject where the inspector is in sight already. */
  function prepare(wanted: WhySubject): void {
    subject.value = wanted;
    place.value = null;
    pool.value = null;
    problem.value = '';
    if (wanted.kind === 'place') void look(wanted.design, wanted.byte);
    if (wanted.kind === 'pool') void lookInto(wanted.pool);
  }

  /** Brings the causes of the clicked point of a chart to the front; false where they are, or none was clicked here. */
  function bringClicked(): boolean {
    const isInSight = view.leftTab === 'why' && view.editorShown;
    const clicked = subject.value;
    if (isInSight || clicked.kind !== 'metric' || clicked.timeNs !== view.timeNs) return false;
    explain(clicked);
    return true;
  }

  /** Asks again what lies at the chosen byte: the maps have moved. */
  async function look(design: string, byte: number): Promise<void> {
    const own = subject.value;
    try {
      const found = await maps.place(design, byte);
      if (own === subject.value) place.value = found;
    } catch (error) {
      if (own === subject.value) {
        problem.value = error instanceof Error ? error.message : String(error);
      }
    }
  }

  /** Asks what was made into a pool: the objects of a run are the same in every design. */
  async function lookInto(name: string): Promise<void> {
    const own = subject.value;
    try {
      const found = await maps.pool(name);
      if (own !== subject.value) return;
      if (found === null) problem.value = 'No map is open; run the scenario.';
      else {
        const { objects, timesNs, requests } = found;
        pool.value = { objects: new Set(objects), timesNs: [...timesNs], requests };
      }
    } catch (error) {
      if (own === subject.value) {
        problem.value = error instanceof Error ? error.message : String(error);
      }
    }
  }

  function refresh(): void {
    if (subject.value.kind === 'place') void look(subject.value.design, subject.value.byte);
    if (subject.value.kind === 'pool') void lookInto(subject.value.pool);
  }

  /** Other maps are of another run, whose objects are other ones. */
  watch(
    () => maps.first?.info?.mapId,
    () => {
      if (subject.value.kind === 'pool') refresh();
    },
  );

  const clear = (): void => {
    subject.value = { kind: 'none' };
    place.value = null;
    pool.value = null;
  };

  /** Undoes the selection of an object or a request; false where nothing is selected. */
  function clearSelection(): boolean {
    const { kind } = subject.value;
    if (kind !== 'place' && kind !== 'step' && kind !== 'pool') return false;
    clear();
    mapView.chosen = null;
    return true;
  }

  return {
    clearSelection,
    subject,
    place,
    pool,
    problem,
    explain,
    prepare,
    bringClicked,
    refresh,
    clear,
  };
});
