/** What the inspector explains: a request with its effects, a cell of a map, or a point of a chart. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
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
  | { readonly kind: 'metric'; readonly metric: string; readonly timeNs: number };

export const useWhyStore = defineStore('why', () => {
  const maps = useMapsStore();
  const mapView = useMapViewStore();
  const view = useViewStore();
  const subject = shallowRef<WhySubject>({ kind: 'none' });
  const place = shallowRef<MapPlace | null>(null);
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
    problem.value = '';
    if (wanted.kind === 'place') void look(wanted.design, wanted.byte);
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

  function refresh(): void {
    if (subject.value.kind === 'place') void look(subject.value.design, subject.value.byte);
  }

  const clear = (): void => {
    subject.value = { kind: 'none' };
    place.value = null;
  };

  /** Undoes the selection of an object or a request; false where nothing is selected. */
  function clearSelection(): boolean {
    const { kind } = subject.value;
    if (kind !== 'place' && kind !== 'step') return false;
    clear();
    mapView.chosen = null;
    return true;
  }

  return { clearSelection, subject, place, problem, explain, prepare, refresh, clear };
});
