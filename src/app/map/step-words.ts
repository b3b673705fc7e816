/** A step of a log in the words of the window: its request and its effects. */
import {
  MAP_EFFECTS_MAX,
  PageStateBit,
  type MapChange,
  type MapEffect,
  type MapMoment,
  type MapStepRequest,
} from '../../contract/map-data.js';
import { REQUEST_KIND_NAMES } from '../../contract/request.js';
import { EFFECT_KIND_NAMES } from '../../contract/sim-event.js';
import { PTE_EXECUTABLE, PTE_PRESENT, PTE_WRITABLE } from '../../machine/pte.js';
import type { MapLog } from './map-log.js';

export type StepWords = Pick<MapMoment, 'timeNs' | 'phase' | 'request' | 'effects' | 'effectCount'>;

export function stepWords(log: MapLog, step: number): StepWords {
  const range = log.rangeOf(log.effectEnds, step);
  const shown = Math.min(range.to, range.from + MAP_EFFECTS_MAX);
  return {
    timeNs: log.stepTimeNs.at(step),
    phase: log.phases[log.stepPhase.at(step)] ?? '',
    request: requestWords(log, step),
    effects: Array.from({ length: shown - range.from }, (_, i) => effectWords(log, range.from + i)),
    effectCount: range.to - range.from,
  };
}

export const requestWords = (log: MapLog, step: number): MapStepRequest =>
  wordsOfRequest(log, {
    kind: log.stepKind.at(step),
    object: log.stepObject.at(step),
    site: log.stepSite.at(step),
    sizeBytes: log.stepSizeBytes.at(step),
  });

/** `kind`: RequestKind; `site`: index into the sites of the log. */
export function wordsOfRequest(
  log: MapLog,
  request: {
    readonly kind: number;
    readonly object: number;
    readonly site: number;
    readonly sizeBytes: number;
  },
): MapStepRequest {
  const site = log.sites[request.site];
  return {
    kind: REQUEST_KIND_NAMES[request.kind] ?? '',
    object: request.object,
    line: site?.line ?? 0,
    label: site?.label ?? '',
    sizeBytes: request.sizeBytes,
  };
}

function effectWords(log: MapLog, index: number): MapEffect {
  const split = log.effectSplit.at(index);
  return {
    effect: EFFECT_KIND_NAMES[log.effectKind.at(index)] ?? '',
    page: log.effectPage.at(index),
    amount: log.effectAmount.at(index),
    path: log.paths[log.effectPath.at(index)] ?? '',
    ...(split < 0 ? {} : { change: changeBehind(log, split) }),
  };
}

const changeBehind = (log: MapLog, split: number): MapChange => ({
  page: log.splitPage.at(split),
  pages: log.splitPages.at(split),
  before: stateBits(log.splitBefore.at(split)),
  after: stateBits(log.splitAfter.at(split)),
});

/** PageStateBit of PTE flags. */
const stateBits = (flags: number): number =>
  ((flags & PTE_PRESENT) === 0 ? 0 : PageStateBit.mapped) |
  ((flags & PTE_WRITABLE) === 0 ? 0 : PageStateBit.writable) |
  ((flags & PTE_EXECUTABLE) === 0 ? 0 : PageStateBit.executable);
