/**
 * The state that a run was in before it failed: its maps stand before the last request, and the inspector
 * shows who owns the place in question, or what was asked for.
 */
import { until } from '@vueuse/core';
import type { MapMoment } from '../../src/contract/map-data.js';
import { requestText } from '../maps/map-text.js';
import { useMapViewStore } from '../stores/map-view.js';
import { useMapsStore } from '../stores/maps.js';
import type { DesignMap } from '../stores/maps.js';
import { useViewStore } from '../stores/view.js';
import { useWhyStore } from '../stores/why.js';

export interface FailedRun {
  readonly point: number;
  readonly seed: number;
  readonly design: string;
  /** Place in the module area to look at; -1 for none. */
  readonly byte: number;
}

const OPEN_MAX_MS = 60_000;
const SHOWN_SPAN_BYTES = 65_536;

export function useFailureState(): { open(run: FailedRun): Promise<void> } {
  const view = useViewStore();
  const maps = useMapsStore();
  const mapView = useMapViewStore();
  const why = useWhyStore();

  async function open({ point, seed, design, byte }: FailedRun): Promise<void> {
    view.setLayout('explain');
    view.point = point;
    view.seed = seed;
    why.explain({ kind: 'opening', design, seed, problem: '' });
    const mapOf = (): DesignMap | undefined =>
      maps.subject?.seed === seed && maps.subject.point === point
        ? maps.maps.find((map) => map.design === design)
        : undefined;
    await until(() => mapOf()?.moment ?? mapOf()?.problem).toBeTruthy({ timeout: OPEN_MAX_MS });
    const info = mapOf()?.info;
    if (info == null) {
      const problem = mapOf()?.problem || 'it takes too long';
      why.explain({ kind: 'opening', design, seed, problem });
      return;
    }
    // The end of the phase is told behind the request that failed.
    let step = info.stepCount - 1;
    let failed = await standAt(step, mapOf);
    while (failed !== null && step > 0 && failed.request.kind.startsWith('phase')) {
      step -= 1;
      failed = await standAt(step, mapOf);
    }
    const request = failed === null ? 'the next request' : requestText(failed.request);
    const before = await standAt(step - 1, mapOf);
    view.stepTo(before?.timeNs ?? 0);
    if (byte < 0) {
      why.explain({ kind: 'step', design, note: `The design fails with the next one: ${request}` });
      return;
    }
    mapView.tab = 'area';
    mapView.show(byte - SHOWN_SPAN_BYTES / 2, SHOWN_SPAN_BYTES, info.areaPages * 4096);
    mapView.chosen = { design, byte };
    why.explain({ kind: 'place', design, byte, note: `Handed out again to ${request}` });
  }

  /** The moment of a step, once the map shows it. */
  async function standAt(
    step: number,
    mapOf: () => DesignMap | undefined,
  ): Promise<MapMoment | null> {
    const wanted = Math.max(0, step);
    maps.seek({ kind: 'step', step: wanted });
    const isThere = () => mapOf()?.moment?.step === wanted;
    await until(isThere).toBeTruthy({ timeout: OPEN_MAX_MS });
    return mapOf()?.moment ?? null;
  }

  return { open };
}
