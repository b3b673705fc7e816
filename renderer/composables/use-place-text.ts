/**
 * What the lab knows of the place under a resting pointer, in one line: owner, birth, when it was last
 * executed, changes of its page. Fetches are simulated when the first executable place is asked about.
 */
import { watchDebounced } from '@vueuse/core';
import { ref, watch } from 'vue';
import type { Ref } from 'vue';
import { PageStateBit } from '../../src/contract/map-data.js';
import { executedText } from '../maps/executed-text.js';
import { placeText } from '../maps/map-text.js';
import { useMapsStore } from '../stores/maps.js';
import { useTlbViewsStore } from '../stores/tlb-views.js';
import { useViewStore } from '../stores/view.js';

const HOVER_DELAY_MS = 120;

export function usePlaceText(design: () => string, byte: Ref<number | null>): Ref<string> {
  const maps = useMapsStore();
  const tlbs = useTlbViewsStore();
  const view = useViewStore();
  const known = ref('');

  async function executed(at: number, isHuge: boolean): Promise<string> {
    if (maps.subject === null) return '';
    void tlbs.open(maps.subject, () => view.cursorNs);
    const own = tlbs.views.find((entry) => entry.design === design());
    if (own?.state === 'failed') return `never executed: ${own.problem}`;
    if (own?.info == null) return 'last executed: the fetches of the run are being simulated';
    const timeNs = maps.maps.find((map) => map.design === design())?.moment?.timeNs ?? 0;
    const found = await tlbs.executed(design(), at, Math.max(timeNs, view.cursorNs));
    if (found === null) return '';
    const whole = isHuge ? 'its 2M leaf: ' : '';
    return whole + executedText(found, Math.max(timeNs, view.cursorNs));
  }

  async function textAt(at: number): Promise<string> {
    const place = await maps.place(design(), at);
    if (place === null) return '';
    const isText = (place.state & PageStateBit.executable) !== 0;
    const isHuge = (place.state & PageStateBit.huge) !== 0;
    const fetched = isText ? await executed(at, isHuge) : '';
    return [fetched, placeText(place)].filter((part) => part !== '').join('; ');
  }

  async function look(at: number | null): Promise<void> {
    const text = at === null ? '' : await textAt(at).catch(() => '');
    if (at === byte.value) known.value = text;
  }

  watchDebounced(byte, look, { debounce: HOVER_DELAY_MS });
  watch(byte, () => {
    known.value = '';
  });
  // The pointer rests while fetches are simulated: what it rests on is told when they are there.
  watch(
    () => tlbs.views.find((entry) => entry.design === design())?.state,
    () => void look(byte.value),
  );
  return known;
}
