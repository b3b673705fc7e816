/** What the open maps know of their runs. Changes when a map opens or goes, not with the moment that maps show. */
import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import type { MapInfo } from '../../src/contract/map-data.js';
import { useMapsStore } from '../stores/maps.js';

export interface OpenMap {
  readonly design: string;
  readonly info: MapInfo;
}

export function useOpenMaps(): ComputedRef<readonly OpenMap[]> {
  const maps = useMapsStore();
  return computed((before) => {
    const now = maps.maps.flatMap(({ design, info }) => (info === null ? [] : [{ design, info }]));
    const isSame =
      before !== undefined &&
      before.length === now.length &&
      now.every(({ info }, i) => before[i]?.info === info);
    return isSame ? before : now;
  });
}
