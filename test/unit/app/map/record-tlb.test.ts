/**
 * The TLB view against the run that it repeats: watching changes nothing, what is shown is what a plain
 * hierarchy would hold, and misses belong to those who made them.
 */
import { describe, expect, it } from 'vitest';
import { recordMap } from '../../../../src/app/map/record-map.js';
import { recordTlb } from '../../../../src/app/map/record-tlb.js';
import { TextOwners } from '../../../../src/app/map/text-owners.js';
import { TlbLog } from '../../../../src/app/map/tlb-log.js';
import { WatchedTlb } from '../../../../src/app/map/watched-tlb.js';
import { PrngStream } from '../../../../src/base/prng.js';
import {
  TLB_MISS_NUMBERS,
  TLB_SLOT_NUMBERS,
  type TlbViewMoment,
} from '../../../../src/contract/tlb-view-data.js';
import { simulate } from '../../../../src/engine/simulator.js';
import type { SimulationInput } from '../../../../src/engine/simulator.js';
import { Tlb, TlbOutcome } from '../../../../src/machine/tlb.js';
import { parseTlbConfig } from '../../../../src/contract/tlb-config.js';
import { linux612 } from '../../../../src/mm/designs/linux-6-12.js';
import { createFetchEngine } from '../../../../src/workload/create-fetch-engine.js';
import { MACHINE_OWNERS } from '../../../../src/workload/machine-text.js';
import { mapPoint, naiveParts } from '../../../support/naive-map-engine.js';
import { PlanWriter } from '../../../support/point-plan.js';

const AREA_VPN = 0xfffffffc0000;
/** Of the module area, 0xffffffffc0000000. */
const MODULES_VPN = 0xffffffffc0000;
const KERNEL_PAGE = 0xffffffff81000;
const SMALL = parseTlbConfig(
  '{"l1": [{"sizes": ["4K"], "sets": 2, "ways": 2}], "l2": [{"sizes": ["4K"], "sets": 4, "ways": 2}]}',
);

function inputOf(point = mapPoint(12)): SimulationInput {
  const [design] = point.designs;
  if (design === undefined) throw new Error('the plan has no design');
  return { point, pointIndex: 0, seed: 3, design };
}

const parts = { ...naiveParts(linux612), createFetchEngine };

const heldOwners = (moment: TlbViewMoment): number[] =>
  [...moment.slots].filter((owner, i) => i % TLB_SLOT_NUMBERS === 0 && owner >= 0);

describe('the TLB view of a run', () => {
  it('repeats the run to the last event', () => {
    const plain = simulate(inputOf(), parts);
    expect(recordTlb(inputOf(), parts).info('tlb-1').logHash).toBe(plain.logHash);
  });

  it('knows for every page that it holds when it was last executed', () => {
    const reader = recordTlb(inputOf(), parts);
    const { timeNs, slots } = reader.moment(42e9);
    let checked = 0;
    for (let i = 0; i < slots.length; i += TLB_SLOT_NUMBERS) {
      const page = (slots[i + 2] ?? 0) - MODULES_VPN;
      if ((slots[i] ?? -1) < 0 || page < 0 || page > 262_144) continue;
      const { lastNs, untilNs } = reader.executed(page * 4096 + 17, timeNs);
      expect(lastNs).toBeGreaterThanOrEqual(0);
      expect(lastNs).toBeLessThanOrEqual(timeNs);
      expect(untilNs).toBeNull();
      checked += 1;
    }
    expect(checked).toBeGreaterThan(0);
    expect(reader.executed(4096 * 262_143, 42e9).lastNs).toBeNull();
  });

  it('describes every array of the hierarchy with its place among the slots', () => {
    const reader = recordTlb(inputOf(), parts);
    const { arrays } = reader.info('tlb-1');
    let slot = 0;
    for (const array of arrays) {
      expect(array.firstSlot).toBe(slot);
      slot += array.sets * array.ways;
    }
    expect(reader.moment(0).slots).toHaveLength(slot * TLB_SLOT_NUMBERS);
  });

  it('shows programs in the TLB once they run, and misses of theirs', () => {
    const reader = recordTlb(inputOf(), parts);
    const { owners } = reader.info('tlb-1');
    const moment = reader.moment(41e9);
    const progs = owners.indexOf('progs');
    expect(heldOwners(moment)).toContain(progs);
    const walksAt = (timeNs: number): number =>
      reader.moment(timeNs).misses[progs * TLB_MISS_NUMBERS + 1] ?? 0;
    const walks = [31e9, 33e9, 35e9, 37e9, 39e9, 41e9].map(walksAt);
    expect(Math.max(...walks)).toBeGreaterThan(0);
    expect(moment.timeNs).toBeLessThanOrEqual(41e9);
    expect(moment.isRunning).toBe(true);
  });

  it('says so when the scenario executes nothing', () => {
    const w = new PlanWriter();
    const point = w.point([w.phase('idle', [w.wait(1e9)], { durationNs: 1e9 })]);
    expect(() => recordTlb(inputOf(point), parts)).toThrow(/executes nothing/);
  });
});

describe('the map of a run', () => {
  it('repeats the run to the last event, and claims nothing when it left fetches out', () => {
    const w = new PlanWriter();
    const load = w.repeat(40, [w.bpf({ kind: 'fixed', value: 300 }), w.wait(1e6)]);
    const point = w.point([w.phase('load', [load], { durationNs: 1e9 })]);
    const plain = simulate(inputOf(point), parts);
    expect(recordMap(inputOf(point), parts).info('map-1').logHash).toBe(plain.logHash);
    expect(recordMap(inputOf(), parts).info('map-2').logHash).toBe('');
  });
});

describe('a watched hierarchy', () => {
  it('serves every fetch as a plain one, and its owners of displaced entries add up', () => {
    const owners = new TextOwners(AREA_VPN, 64, ['a', 'b']);
    owners.placed({ object: 1, pool: 0, pages: [0, 1, 2, 3, 4, 5, 6, 7] });
    owners.placed({ object: 2, pool: 1, pages: [8, 9, 10, 11, 12, 13, 14, 15] });
    const plain = new Tlb(SMALL);
    const watched = new WatchedTlb(SMALL, owners);
    const draws = new PrngStream(7, 'pages');
    let walks = 0;
    for (let i = 0; i < 4000; i += 1) {
      const page = draws.below(4) === 0 ? KERNEL_PAGE + draws.below(6) : AREA_VPN + draws.below(16);
      const key = { page, mapping: 0, isGlobal: true, isCoalescible: false } as const;
      const outcome = watched.fetch(watched.translation(key));
      expect(outcome).toBe(plain.fetch(plain.translation(key)));
      if (outcome === TlbOutcome.walk) walks += 1;
    }
    const sum = (list: Float64Array): number => list.reduce((total, count) => total + count, 0);
    const held = 8;
    expect(sum(watched.pushed)).toBe(walks - held);
    const walksByOwner = watched.misses.filter((_, i) => i % TLB_MISS_NUMBERS === 1);
    expect(sum(walksByOwner)).toBe(walks);
    expect(walksByOwner[MACHINE_OWNERS.length]).toBeGreaterThan(0);
  });

  it('counts repetitions that are not simulated', () => {
    const owners = new TextOwners(AREA_VPN, 64, ['a']);
    const watched = new WatchedTlb(SMALL, owners);
    const key = { page: KERNEL_PAGE, mapping: 0, isGlobal: true, isCoalescible: false } as const;
    watched.note();
    watched.fetch(watched.translation(key));
    watched.repeat(9);
    expect(watched.misses[1]).toBe(10);
  });
});

describe('owners of pages', () => {
  it('gives a 2M leaf to whoever has most of it and forgets text that is gone', () => {
    const owners = new TextOwners(AREA_VPN, 1024, ['a', 'b']);
    const small = { object: 1, pool: 0, pages: [3] };
    const large = { object: 2, pool: 1, pages: [4, 5, 6] };
    owners.placed(small);
    owners.placed(large);
    const name = (page: number, sizeClass: 0 | 2): string =>
      owners.names[owners.ownerOf(AREA_VPN + page, sizeClass)] ?? '';
    expect([name(3, 0), name(4, 0), name(0, 2)]).toEqual(['a', 'b', 'b']);
    owners.gone(large);
    expect([name(4, 0), name(0, 2)]).toEqual(['text of no pool', 'a']);
  });
});

describe('the log of windows', () => {
  const window = (timeNs: number) => ({
    timeNs,
    isCold: false,
    cpus: 'cpu 0',
    owners: new Int16Array([-1, 2]),
    sizes: new Uint8Array([0, 2]),
    pages: new Float64Array([0, 512]),
    misses: [],
    pushed: [],
  });

  it('finds the last window at or before a time', () => {
    const log = new TlbLog();
    for (const timeNs of [10, 20, 30]) log.add(window(timeNs));
    expect([0, 10, 19, 20, 99].map((at) => log.at(at)?.timeNs)).toEqual([10, 10, 10, 20, 30]);
    expect([...(log.at(10)?.slots ?? [])]).toEqual([-1, 0, 0, 2, 2, 512]);
  });

  it('stays bounded and covers a long run evenly', () => {
    const log = new TlbLog(8);
    for (let i = 0; i < 100; i += 1) {
      if (log.wantsNext) log.add(window(i));
      else log.skip();
    }
    expect(log.windowCount).toBeLessThan(8);
    const found = [10, 30, 50, 70, 90].map((at) => log.at(at)?.timeNs ?? 0);
    expect(new Set(found).size).toBe(5);
    found.forEach((time, i) => expect(10 + 20 * i - time).toBeLessThan(33));
  });
});
