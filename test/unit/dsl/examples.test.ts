/** The five complete examples of the language page check, lower, and keep their text and hash. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PointPlan, ScenarioPlan } from '../../../src/contract/scenario-plan.js';
import { checkScenario, compileScenario } from '../../../dsl/compile.js';
import { formatScenario } from '../../../dsl/format.js';
import { CATALOG, EXAMPLES, example, hostOf } from './lab-double.js';

/** SHA-256 of the text as the language page prints it; the hash of the scenario; its runs. */
const KNOWN: Readonly<Record<string, readonly [text: string, scenario: string, runs: number]>> = {
  sockex1: [
    'b9b13b312491c2f0b2507e97d13c13015776e5246e3d3396fb2fe8fb0723ff73',
    'e160835ffc3f9c1cd58df749b1371d0ee1f129a9085ff4a400d6e34100f36cb5',
    120,
  ],
  workstation: [
    'f75e0ee884c3d0fffba90e216086ae6e46840350ea40c671bc1f28ca27945dd2',
    '62e172bf198d44a856dc7d232f774ac6516da73affd8ba9781d3ddeace2ac68e',
    20,
  ],
  'fleet-churn': [
    '36e977882a1ae108f284feba4724b04f2a139d2719430316e067c2d22352e168',
    '95d5de5a6beb4fb11fc2018f54768adbce0f50af83832208b3d84a7011c13bd6',
    540,
  ],
  'replay-host': [
    '5bffc95a4b3102c1db753321ac8aad3ede38ca449ace5873671187663e188a5c',
    '1cec017867baf2edd13e61dc2e48ddded990b82cf47b2240a4835ab3b8de31f1',
    2,
  ],
  gate: [
    '939871c51d5da36c79b6541c03dd0c7da1091ab9fd7b2fd31582200fe2e4827a',
    '5c377c0e1fb9ecc0f80e6921850c0889087072b0fa85f9f5206a94ca22728abf',
    48,
  ],
};

function planOf(name: string): ScenarioPlan {
  const text = example(name);
  const { plan, diagnostics } = compileScenario({ text, file: `${name}.xlab` }, CATALOG, hostOf());
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error(`no plan of ${name}`);
  return plan;
}

const pointOf = (plan: ScenarioPlan, index = 0): PointPlan => {
  const point = plan.points[index];
  if (point === undefined) throw new Error('no such sweep point');
  return point;
};

describe('the complete examples', () => {
  it('are five, each with a known text', () => {
    expect([...EXAMPLES].sort()).toEqual(Object.keys(KNOWN).sort());
    for (const name of EXAMPLES) {
      const digest = createHash('sha256').update(example(name)).digest('hex');
      expect(digest, name).toBe(KNOWN[name]?.[0]);
    }
  });

  for (const name of EXAMPLES) {
    it(`checks ${name} without a word, and knows its runs and its hash`, () => {
      const text = example(name);
      const { diagnostics, summary } = checkScenario(
        { text, file: `${name}.xlab` },
        CATALOG,
        hostOf(),
      );
      expect(diagnostics).toEqual([]);
      expect(summary?.runs).toBe(KNOWN[name]?.[2]);
      expect(summary?.scenarioHash).toBe(KNOWN[name]?.[1]);
    });

    it(`gives ${name} a plan that can be copied to another thread`, () => {
      const plan = planOf(name);
      expect(structuredClone(plan)).toEqual(plan);
    });
  }

  it('sweeps the first axis slowest, and puts both values into the point', () => {
    const plan = planOf('sockex1');
    expect(plan.points.map((point) => point.label)).toEqual([
      'n=512, buddy=fresh',
      'n=512, buddy=page_cache',
      'n=1024, buddy=fresh',
      'n=1024, buddy=page_cache',
      'n=2048, buddy=fresh',
      'n=2048, buddy=page_cache',
    ]);
    expect(pointOf(plan, 1).machine.freeMemory).toEqual({ kind: 'page_cache' });
    const burst = pointOf(plan, 4).phases[1];
    expect(burst?.body[0]).toMatchObject({ kind: 'parallel', threads: 2048 });
  });

  it('moves two params of one axis together', () => {
    const plan = planOf('gate');
    expect(plan.points.map((point) => point.label)).toEqual([
      'slots=64, numa=1',
      'slots=64, numa=2',
      'slots=256, numa=2',
    ]);
    expect(pointOf(plan, 2).machine.nodes).toBe(2);
    expect(pointOf(plan, 2).designs[0]).toEqual({
      name: 'mine',
      design: 'plugin:buddy-text.ts',
      options: { slots: 256, poison: 'int3' },
    });
    expect(pointOf(plan).limits).toEqual({ events: 5e6, timeNs: 30e9 });
  });

  it('reads the machine of a JSON file like a machine block', () => {
    const { machine } = pointOf(planOf('replay-host'));
    expect(machine).toMatchObject({
      ramBytes: 32 * 2 ** 30,
      cpus: 16,
      cpu: 'skl',
      kernel: '6.1',
    });
  });

  it('takes a whole TLB hierarchy from the JSON file of a machine', () => {
    const tlb = {
      l1: [{ sizes: ['4K', '2M'], sets: 1, ways: 16 }],
      l2: [{ sizes: ['4K'], sets: 128, ways: 12, policy: 'mru3plru4', index: 'xor7' }],
      l1_as: { '1G': '2M' },
      pwc: { pd: 32 },
    };
    const text = 'xlab 1\nmachine from "own.json"\ncompare module_alloc\nphase p { wait 1s }\n';
    const compile = (machine: object) => {
      const host = hostOf({ 'own.json': JSON.stringify(machine) });
      return compileScenario({ text, file: 'a' }, CATALOG, host).plan;
    };
    const plan = compile({ ram: '8GiB', cpu: 'skl', tlb });
    expect(plan?.points[0]?.machine).toMatchObject({
      tlb: [],
      tlbModel: {
        l1: [{ sizes: ['4K', '2M'], sets: 1, ways: 16, policy: 'lru', index: 'linear' }],
        l2: [{ sizes: ['4K'], sets: 128, ways: 12, policy: 'mru3plru4', index: 'xor7' }],
        l1As: { '1G': '2M' },
        l2As: {},
        coalesce: false,
        pwc: { pml4: 0, pdpt: 0, pd: 32 },
      },
    });
    const other = compile({ ram: '8GiB', cpu: 'skl', tlb: { ...tlb, coalesce: true } });
    expect(other?.scenarioHash).not.toBe(plan?.scenarioHash);
  });

  it('takes the same hierarchy from a block', () => {
    const block = `tlb {
    l1 { sizes 4K, 2M; sets sets; ways 16 }
    l1_as 1G 2M
    l2 { sizes 4K; sets 128; ways 12; policy mru3plru4; index xor7 }
    pwc { pd 32 }
  }`;
    const rest = 'compare module_alloc\nphase p { wait 1s }\n';
    const text = `xlab 1\nparam sets = 1\nmachine {\n  ram 8GiB\n  cpu skl\n  ${block}\n}\n${rest}`;
    const compile = (changed: string) =>
      compileScenario({ text: changed, file: 'a' }, CATALOG, hostOf());
    const { plan, diagnostics } = compile(text);
    expect(diagnostics).toEqual([]);
    expect(plan?.points[0]?.machine.tlbModel).toMatchObject({
      l1: [{ sizes: ['4K', '2M'], sets: 1, ways: 16, policy: 'lru', index: 'linear' }],
      l2: [{ sizes: ['4K'], sets: 128, ways: 12, policy: 'mru3plru4', index: 'xor7' }],
      l1As: { '1G': '2M' },
      coalesce: false,
      pwc: { pml4: 0, pdpt: 0, pd: 32 },
    });
    const formatted = formatScenario(text).text;
    expect(compile(formatted).plan?.points[0]?.machine).toEqual(plan?.points[0]?.machine);
    expect(compile(formatted).plan?.scenarioHash).toBe(plan?.scenarioHash);
    const other = compile(text.replace('ways 12', 'ways 16').replace('mru3plru4', 'plru'));
    expect(other.plan?.scenarioHash).not.toBe(plan?.scenarioHash);
    const shared = compile(
      text.replace('pwc {', 'coalesce on\n    pwc {').replace('128;', '128; ways_for 4K 0..7;'),
    );
    expect(shared.plan?.points[0]?.machine.tlbModel).toMatchObject({
      coalesce: true,
      l2: [{ waysFor: { '4K': [0, 8] } }],
    });
  });

  it('writes a workload out at its call, with addresses that name the call', () => {
    const { sites } = pointOf(planOf('fleet-churn'));
    const reloads = sites.filter((site) => site.label === 'load module sizes.nic');
    expect(reloads).toHaveLength(20);
    expect(reloads[19]?.address).toBe(
      'storm/parallel.0/reload/for.0=20/reload_nic.0/load_module.0',
    );
    expect(new Set(sites.map((site) => site.address)).size).toBe(sites.length);
  });
});
