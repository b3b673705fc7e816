/**
 * A run whose event log is too long to be kept, against the same run kept whole: what is asked by number is
 * the same to the last page, what is asked by time is a state that is kept.
 */
import { describe, expect, it } from 'vitest';
import { KeptStates } from '../../../../src/app/map/kept-states.js';
import { recordMap } from '../../../../src/app/map/record-map.js';
import { PrngStream } from '../../../../src/base/prng.js';
import { EXTENT_NUMBERS, type MapMoment } from '../../../../src/contract/map-data.js';
import type { SimulationInput } from '../../../../src/engine/simulator.js';
import { linux517 } from '../../../../src/mm/designs/linux-5-17.js';
import { mapPoint, naiveParts } from '../../../support/naive-map-engine.js';

const EVERY = 50;
const point = mapPoint();
const [design] = point.designs;
if (design === undefined) throw new Error('the plan has no design');
const input: SimulationInput = { point, pointIndex: 0, seed: 1, design };
const PARTS = naiveParts(linux517);

const whole = recordMap(input, PARTS);
const long = recordMap(input, PARTS, {
  weightMax: 900,
  kept: { every: EVERY },
  windowSteps: 300,
});
const wholeInfo = whole.info('m');
const longInfo = long.info('m');
const last = wholeInfo.stepCount - 1;

/** Extents have no order. */
function sorted(moment: MapMoment): object {
  const extents: string[] = [];
  for (let i = 0; i < moment.extents.length; i += EXTENT_NUMBERS) {
    extents.push(moment.extents.slice(i, i + EXTENT_NUMBERS).join(' '));
  }
  return { ...moment, extents: extents.sort() };
}

describe('a run that is too long to be kept', () => {
  it('is told of as it is, to its end, with the states that are kept', () => {
    expect(longInfo).toMatchObject({
      stepCount: wholeInfo.stepCount,
      durationNs: wholeInfo.durationNs,
      areaAddress: wholeInfo.areaAddress,
      keptEvery: EVERY,
      logBytes: wholeInfo.logBytes,
      ticks: wholeInfo.ticks,
      tickCounts: wholeInfo.tickCounts,
    });
    expect(longInfo.density.reduce((sum, count) => sum + count, 0)).toBe(last + 1);
  });

  it('shows for every time a state that is kept, the last one before it', () => {
    for (let i = 0; i <= 20; i += 1) {
      const timeNs = Math.floor((wholeInfo.durationNs * i) / 20);
      const shown = long.moment({ kind: 'time', timeNs });
      const { step } = whole.moment({ kind: 'time', timeNs });
      expect(step - shown.step).toBeLessThan(EVERY);
      expect(shown.step % EVERY).toBe(0);
      expect(sorted(shown)).toEqual(sorted(whole.moment({ kind: 'step', step: shown.step })));
    }
  });

  it('shows exactly the state after a request that is asked for by its number', () => {
    const prng = new PrngStream(5, 'steps');
    for (const step of [0, 1, last, ...Array.from({ length: 12 }, () => prng.below(last))]) {
      const shown = long.moment({ kind: 'step', step });
      expect(sorted(shown)).toEqual(sorted(whole.moment({ kind: 'step', step })));
    }
  });

  it('is exact by time too around the request that was asked for', () => {
    const { timeNs, step } = long.moment({ kind: 'step', step: 777 });
    expect(long.moment({ kind: 'time', timeNs: timeNs + 1 }).step).toBeGreaterThanOrEqual(step);
    expect(sorted(long.moment({ kind: 'time', timeNs }))).toEqual(
      sorted(whole.moment({ kind: 'time', timeNs })),
    );
  });

  it.each(['', 'direct_map.split_2m', 'text.split_2m', 'alloc.failed'])(
    'steps by %j like a run that is kept whole',
    (effect) => {
      for (const step of [0, 300, 901, last]) {
        for (const direction of [1, -1] as const) {
          const target = { kind: 'next', step, direction, effect } as const;
          expect(long.moment(target).step).toBe(whole.moment(target).step);
        }
      }
    },
  );

  it('knows owner and birth of a byte, and says since when it knows the history', () => {
    const step = last - 20;
    const { extents } = whole.moment({ kind: 'step', step });
    let before = 0;
    for (let i = 0; i < extents.length; i += EXTENT_NUMBERS) {
      const byte = extents[i + 1] ?? 0;
      const { owner, history, ...place } = whole.place(step, byte);
      const { keptFromNs = 0, ...known } = long.place(step, byte);
      expect(known).toMatchObject(place);
      expect({ ...known.owner, events: [] }).toEqual({ ...owner, events: [] });
      const from = owner?.events.findIndex(({ timeNs }) => timeNs >= keptFromNs) ?? 0;
      if (from > 0) before += 1;
      expect(known.owner?.events.at(-1)).toEqual(
        owner?.events.filter(({ timeNs }) => timeNs >= keptFromNs).at(-1),
      );
      expect(known.history).toEqual(history.slice(history.length - known.history.length));
    }
    expect(before).toBeLessThan(extents.length);
    expect(long.place(step, 0).keptFromNs).toBeGreaterThan(0);
    expect(whole.place(step, 0).keptFromNs).toBeUndefined();
  });

  it('lists the same records behind a cause', () => {
    const tick = wholeInfo.ticks.find(({ effect }) => effect === 'direct_map.split_2m');
    const { request } = whole.moment({ kind: 'step', step: tick?.step ?? 0 });
    const cause = { effect: 'direct_map.split_2m', line: request.line, path: '' };
    for (const phase of ['', 'steady', 'boot']) {
      expect(long.records({ ...cause, phase })).toEqual(whole.records({ ...cause, phase }));
    }
    expect(long.records({ ...cause, phase: '' }).total).toBeGreaterThan(0);
  });
});

describe('kept states', () => {
  const moment = (step: number): MapMoment => ({
    step,
    timeNs: step * 10,
    phase: '',
    request: { kind: 'loadBpf', object: 1, line: 1, label: '', sizeBytes: 1 },
    effects: [],
    effectCount: 0,
    pages: new Int32Array(900),
    extents: new Int32Array(),
    directMap: new Float64Array(),
  });

  it('are thinned evenly when they weigh too much, and the first one stays', () => {
    const kept = new KeptStates({ every: 10, numbersMax: 8000 });
    for (let step = 0; step <= 1000; step += 1) if (kept.wants(step)) kept.add(moment(step));
    expect(kept.every).toBe(160);
    expect(kept.atTime(5)?.step).toBe(0);
    expect(kept.atTime(3199)?.step).toBe(160);
    expect(kept.atTime(1e9)?.step).toBe(960);
    expect(kept.ofStep(170)).toBeUndefined();
  });
});
