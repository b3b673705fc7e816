/** The window of address space that all maps show, and the chosen cell. Bytes of the module area. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';

export type MapTab = 'area' | 'tables' | 'direct' | 'tlb';

export interface ChosenByte {
  readonly design: string;
  readonly byte: number;
}

const SPAN_MIN_BYTES = 4096;

export const useMapViewStore = defineStore('map-view', () => {
  const tab = ref<MapTab>('area');
  const startByte = ref(0);
  /** 0: as far as anything is used. */
  const spanBytes = ref(0);
  const chosen = shallowRef<ChosenByte | null>(null);
  /** Panes of maps on the page: two for a moment while one layout takes the place of another. */
  const paneCount = ref(0);

  /** Shows [start, start + span), inside the area. */
  function show(start: number, span: number, areaBytes: number): void {
    const fitted = Math.min(areaBytes, Math.max(SPAN_MIN_BYTES, span));
    spanBytes.value = fitted;
    startByte.value = Math.floor(Math.min(Math.max(0, start), areaBytes - fitted));
  }

  /** Scales the window around a byte. `now` is the window on screen. */
  function zoom(
    factor: number,
    around: number,
    now: {
      readonly startByte: number;
      readonly spanBytes: number;
      readonly areaBytes: number;
    },
  ): void {
    const span = Math.min(now.areaBytes, Math.max(SPAN_MIN_BYTES, now.spanBytes * factor));
    const share = (around - now.startByte) / now.spanBytes;
    show(around - share * span, span, now.areaBytes);
  }

  function fit(): void {
    startByte.value = 0;
    spanBytes.value = 0;
  }

  return { tab, startByte, spanBytes, chosen, paneCount, show, zoom, fit };
});
