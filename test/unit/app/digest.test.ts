import { describe, expect, it } from 'vitest';
import type { PointPlan, StatementPlan } from '../../../src/contract/scenario-plan.js';
import { readTlbConfig } from '../../../src/contract/tlb-config.js';
import { loadText } from '../../../src/app/digest/load-text.js';
import { machineText } from '../../../src/app/digest/machine-text.js';
import {
  durationText,
  largeNumber,
  rateText,
  sizeText,
} from '../../../src/app/digest/plain-quantity.js';
import { notModelled, scenarioDigest } from '../../../src/app/digest/scenario-digest.js';
import { seedsText } from '../../../src/app/digest/seeds-text.js';
import { SMALL_PLAN, SMALL_POINT } from '../../support/small-plan.js';

describe('quantities of a description', () => {
  it.each([
    [sizeText(168), '168 B'],
    [sizeText(2048), '2 KiB'],
    [sizeText(1536), '1.5 KiB'],
    [sizeText(274_877_906_944), '256 GiB'],
    [sizeText(0), '0 B'],
    [sizeText(2_452_901), '2452901 B'],
    [durationText(8e9), '8 s'],
    [durationText(300e9), '5 min'],
    [durationText(90e9), '1.5 min'],
    [durationText(100e9), '100 s'],
    [durationText(80e6), '80 ms'],
    [rateText(40), '40/s'],
    [rateText(0.5), 'every 2 s'],
    [largeNumber(5e6), '5e6'],
    [largeNumber(2_500_000), '2.5e6'],
    [largeNumber(1_234_567), '1234567'],
  ])('%s', (found, wanted) => {
    expect(found).toBe(wanted);
  });

  it.each([
    [[1, 2, 3, 4], '1..4'],
    [[3, 7, 11], '3,7,11'],
    [[1, 2, 9], '1..2,9'],
    [[5], '5'],
  ])('writes seeds %j as --seeds takes them', (seeds, text) => {
    expect(seedsText(seeds)).toBe(text);
  });
});

describe('the machine of a report', () => {
  it('leaves defaults out', () => {
    expect(machineText(SMALL_POINT.machine)).toBe('skylake_sp, 8 cpus, 8 GiB, direct map 1G');
  });

  it('names what differs', () => {
    expect(
      machineText({
        ...SMALL_POINT.machine,
        nodes: 2,
        possibleNodes: 4,
        kernel: '6.12',
        freeMemory: { kind: 'scattered', share: 0.35 },
        kaslr: { kind: 'pages', pages: 12 },
        pti: true,
        costs: true,
        tlb: [{ structure: 'stlb', entries: 512, ways: 8 }],
      }),
    ).toBe(
      'skylake_sp, 8 cpus, 2 nodes, 4 possible nodes, 8 GiB, direct map 1G, ' +
        'free pages scattered(35%), page tables of 6.12, kaslr 12 pages, pti on, costs on, ' +
        'stlb 512 entries 8-way',
    );
  });

  it("gives sets and ways of a TLB that is not the profile's", () => {
    const tlbModel = readTlbConfig({
      l1: [
        { sizes: ['4K'], sets: 16, ways: 8 },
        { sizes: ['2M'], sets: 1, ways: 8 },
      ],
      l2: [{ sizes: ['4K', '2M'], sets: 128, ways: 12 }],
    });
    expect(machineText({ ...SMALL_POINT.machine, tlbModel })).toBe(
      'skylake_sp, 8 cpus, 8 GiB, direct map 1G, TLB 4K 16x8 and 2M 1x8, then 4K+2M 128x12',
    );
  });
});

const site = 0;
const bpf = (bytes: number): StatementPlan => ({
  kind: 'create',
  site,
  what: { kind: 'bpf', name: 'p', size: { kind: 'fixed', value: bytes } },
  pool: 0,
  handle: -1,
});
const execute = (kinds: readonly ('kernel' | 'user')[]): StatementPlan => ({
  kind: 'execute',
  site,
  execute: {
    ratePerSecond: 5e6,
    cpuStart: 0,
    cpuEnd: 8,
    rows: kinds.map((kind) => ({
      target: { kind },
      weight: 1 / kinds.length,
      locality: { kind: 'uniform' },
    })),
    stream: 's',
  },
});
const pointOf = (body: readonly StatementPlan[]): PointPlan => ({
  ...SMALL_POINT,
  pools: ['progs'],
  phases: [
    { name: 'boot', site, durationNs: 2e9, discard: true, body: [] },
    { name: 'load', site, durationNs: 10e9, discard: false, body },
  ],
});

describe('the load of a report', () => {
  it('counts creations through repeats and threads', () => {
    const body: StatementPlan = {
      kind: 'parallel',
      site,
      threads: 512,
      branches: [
        { name: '', body: [bpf(168), { kind: 'repeat', site, count: 2, body: [bpf(40)] }] },
      ],
    };
    expect(loadText(pointOf([body]))).toBe('1536 BPF; 10 s');
    expect(loadText(pointOf([{ kind: 'repeat', site, count: 3, body: [bpf(168)] }]))).toBe(
      '3 BPF of 168 B; 10 s',
    );
  });

  it('describes churn, periodic work and who executes', () => {
    const churn: StatementPlan = {
      kind: 'churn',
      site,
      pool: 0,
      arrival: { kind: 'poisson', ratePerSecond: 40 },
      stream: 'c',
      lifetime: {
        kind: 'draw',
        distribution: { kind: 'lognormal', median: 8e9, p99: 120e9 },
        stream: 'l',
      },
      live: { kind: 'at_most', count: 4000 },
      holdBackAllowed: false,
      item: {
        kind: 'create',
        site,
        what: {
          kind: 'bpf',
          name: 'p',
          size: {
            kind: 'draw',
            stream: 's',
            distribution: {
              kind: 'quantiles',
              scale: 'linear',
              points: [
                { share: 0, value: 64 },
                { share: 0.5, value: 500 },
                { share: 0.75, value: 2048 },
                { share: 1, value: 65_536 },
              ],
            },
          },
        },
        pool: 0,
        handle: -1,
      },
    };
    const every: StatementPlan = {
      kind: 'every',
      site,
      intervalNs: 2e9,
      body: [
        {
          kind: 'mix',
          site,
          stream: 'm',
          options: [
            {
              weight: 0.6,
              body: [
                {
                  kind: 'create',
                  site,
                  what: {
                    kind: 'trampoline',
                    name: 't',
                    size: { kind: 'fixed', value: 128 },
                    trampoline: 'ftrace',
                  },
                  pool: 0,
                  handle: -1,
                },
              ],
            },
            {
              weight: 0.4,
              body: [
                {
                  kind: 'create',
                  site,
                  what: { kind: 'kprobe', name: 'k', optimized: true },
                  pool: 0,
                  handle: -1,
                },
              ],
            },
          ],
        },
      ],
    };
    expect(loadText(pointOf([churn, every, execute(['kernel', 'user'])]))).toBe(
      'BPF 40/s, q50 500 B, q75 2 KiB, lifetime q50 8 s, q99 2 min, at most 4000 live; ' +
        'trampolines and kprobes every 2 s; 5e6 fetches/s; 10 s',
    );
  });

  it('says so when nothing is asked for', () => {
    expect(loadText(pointOf([]))).toBe('no requests; 10 s');
  });
});

describe('what a report lists as not modelled', () => {
  it('is user code only where instructions are fetched without any', () => {
    expect(notModelled(pointOf([execute(['kernel'])]))[0]).toBe('user code');
    expect(notModelled(pointOf([execute(['kernel', 'user'])]))).not.toContain('user code');
    expect(notModelled(pointOf([bpf(64)]))[0]).toBe('instruction fetch (no execute statement)');
  });
});

describe('the description of a scenario', () => {
  it('writes options with their units and keeps the order of metrics', () => {
    const point: PointPlan = {
      ...pointOf([execute(['kernel'])]),
      designs: [
        { name: 'rox_big', design: 'execmem_rox', options: { cache: 8_388_608, cleaner: true } },
      ],
      probes: [
        { when: { kind: 'end' }, metrics: ['text.pte_4k', 'layout_snapshot'] },
        { when: { kind: 'every', intervalNs: 1e9 }, metrics: ['DirectMap4k', 'text.pte_4k'] },
      ],
      expectations: [
        {
          text: 'no alloc.failed',
          line: 31,
          severity: 'expect',
          claim: { kind: 'no', metric: 'alloc.failed' },
          atEnd: false,
          designs: [],
        },
      ],
    };
    const digest = scenarioDigest(
      { ...SMALL_PLAN, points: [point] },
      {
        designOf: () => ({
          name: 'execmem_rox',
          origin: 'P8',
          summary: '',
          idea: [],
          options: [{ name: 'cache', kind: 'size', min: 0, max: 1e9, default: 0, help: '' }],
        }),
        assumedEntries: (cpu) => [`${cpu} walk cost`],
      },
    );
    expect(digest.designs[0]?.options).toBe('cache 8 MiB; cleaner on');
    expect(digest.metricsOfInterest).toEqual(['text.pte_4k', 'DirectMap4k', 'alloc.failed']);
    expect(digest.expectationLines).toEqual([31, 31]);
    expect(digest.assumedProfileEntries).toEqual(['skylake_sp walk cost']);
  });
});
