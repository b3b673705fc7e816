/**
 * Splits, collapses, failures, collisions, flushes, purges and 2M blocks that a design takes, as ticks on time
 * axes. All are counted; of each kind a bounded number is kept, evenly over the run: when there are twice as many
 * as wanted, every second goes.
 */
import type { MapInfo, MapTick } from '../../contract/map-data.js';
import type { MapLog } from './map-log.js';
import { EFFECT_KIND_NAMES, EffectKind } from '../../contract/sim-event.js';

/** Ticks of one effect that are told at most. */
const TICKS_PER_EFFECT_MAX = 600;

const TICK_KINDS: readonly EffectKind[] = [
  EffectKind.directMapSplit2M,
  EffectKind.directMapSplit1G,
  EffectKind.directMapCollapse2M,
  EffectKind.directMapCollapse1G,
  EffectKind.textSplit2M,
  EffectKind.textCollapse2M,
  EffectKind.allocFailed,
  EffectKind.allocFallback,
  EffectKind.order9Failed,
  EffectKind.boundaryCollision,
  EffectKind.flushAll,
  EffectKind.flushRange,
  EffectKind.purge,
  EffectKind.order9Alloc,
];

/** Ticks of one kind: every `stride`-th of them. */
interface TickRow {
  count: number;
  stride: number;
  ticks: MapTick[];
}

export class TickList {
  private readonly rows = new Map<number, TickRow>(
    TICK_KINDS.map((kind) => [kind, { count: 0, stride: 1, ticks: [] }]),
  );

  /** The effects of all steps of a log, whose first step has this number in the run. */
  addSteps(log: MapLog, first: number): void {
    for (let step = 0; step < log.stepCount; step += 1) {
      const { from, to } = log.rangeOf(log.effectEnds, step);
      for (let i = from; i < to; i += 1) {
        this.add(log.effectKind.at(i), first + step, log.stepTimeNs.at(step));
      }
    }
  }

  /** In order of steps. */
  private add(kind: number, step: number, timeNs: number): void {
    const row = this.rows.get(kind);
    if (row === undefined) return;
    if (row.count % row.stride === 0) {
      row.ticks.push({ effect: EFFECT_KIND_NAMES[kind] ?? '', step, timeNs });
      if (row.ticks.length >= 2 * TICKS_PER_EFFECT_MAX) {
        row.ticks = row.ticks.filter((_, i) => i % 2 === 0);
        row.stride *= 2;
      }
    }
    row.count += 1;
  }

  finish(): Pick<MapInfo, 'ticks' | 'tickCounts'> {
    const tickCounts: Record<string, number> = {};
    const ticks: MapTick[] = [];
    for (const [kind, row] of this.rows) {
      if (row.count > 0) tickCounts[EFFECT_KIND_NAMES[kind] ?? ''] = row.count;
      const stride = Math.ceil(row.ticks.length / TICKS_PER_EFFECT_MAX);
      for (let i = 0; i < row.ticks.length; i += stride) {
        const tick = row.ticks[i];
        if (tick !== undefined) ticks.push(tick);
      }
    }
    ticks.sort((a, b) => a.step - b.step);
    return { ticks, tickCounts };
  }
}
