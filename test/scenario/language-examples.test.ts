/**
 * The five complete examples of the language, character by character as its page prints them, with the
 * real engine through the command line. Files that they name are written by the test. Examples of more
 * than 20 runs run whole with XLAB_LONG=1; their first seed at the first sweep point, with the first and
 * the last design, always.
 */
import { copyFileSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatScenario } from '../../dsl/format.js';
import { compileScenario } from '../../src/app/compile-scenario.js';
import { runOne } from '../../src/app/run-one.js';
import { hostFiles } from '../support/host-texts.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder, writeInto } from '../support/temporary-folder.js';
import { EXAMPLES, example } from '../unit/dsl/lab-double.js';

/** Runs of an example, one after the other, on a busy machine. */
const RUN_TIMEOUT_MS = 7_200_000;
const isLong = process.env.XLAB_LONG === '1';
const root = temporaryFolder();
const pathOf = (name: string): string => join(root, `${name}.xlab`);
const plugin = join(root, 'buddy-text.ts');

/** DirectMap4k in kB that the host is said to have had: what its machine boots with, and grew by. */
const HOST_DIRECT_MAP_4K = [20352, 22400, 24448];

beforeAll(() => {
  for (const name of EXAMPLES) writeInto(root, `${name}.xlab`, example(name));
  for (const [path, text] of Object.entries(hostFiles(HOST_DIRECT_MAP_4K))) {
    writeInto(root, path, text);
  }
  copyFileSync(resolve('scenarios/plugins/buddy-text.ts'), plugin);
});

const pluginWords = (name: string): readonly string[] =>
  name === 'gate' ? ['--plugin', plugin] : [];

const planOf = (name: string) => {
  const { plan, diagnostics } = compileScenario({
    file: `${name}.xlab`,
    folder: root,
    text: readFileSync(pathOf(name), 'utf8'),
    settings: {},
    seeds: '',
    only: [],
    ...(name === 'gate' ? { plugins: [plugin] } : {}),
  });
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error(`${name} has no plan`);
  return plan;
};

describe.each([...EXAMPLES])('the example %s', (name) => {
  it('checks without a word', async () => {
    const checked = await runCli('check', pathOf(name), ...pluginWords(name));
    expect(checked.err).toBe('');
    expect(checked.code).toBe(0);
  });

  it('keeps its hash and its meaning in the layout of xlab fmt', () => {
    const hash = planOf(name).scenarioHash;
    const { text, diagnostics } = formatScenario(example(name));
    expect(diagnostics).toEqual([]);
    expect(formatScenario(text).text).toBe(text);
    writeInto(root, `${name}.xlab`, text);
    expect(planOf(name).scenarioHash).toBe(hash);
    writeInto(root, `${name}.xlab`, example(name));
  });

  it('runs to its end under its designs', { timeout: RUN_TIMEOUT_MS }, () => {
    const plan = planOf(name);
    const [seed = 1] = plan.seeds;
    const { designNames: names } = plan;
    for (const design of isLong ? names : new Set([names[0] ?? '', names.at(-1) ?? ''])) {
      const { status, diagnostics } = runOne(plan, { point: 0, seed, design });
      expect({ design, status, diagnostics }).toEqual({ design, status: 'ok', diagnostics: [] });
    }
  });
});

describe('as a command, with all seeds and sweep points', () => {
  const run = (name: string, ...more: readonly string[]) =>
    runCli('run', pathOf(name), ...pluginWords(name), ...more);

  it('the fourth takes a recorded host through every design and holds', async () => {
    const { code, out, err } = await run('replay-host');
    expect(err).toBe('');
    expect(out).toContain('starts from layout, 2 objects; starts from mods, 2 objects;');
    expect(out).toMatch(/pass {2}matched\(events\) >= 95% +2\/2 runs/);
    expect(code).toBe(0);
  });

  it('the fourth fails when the counters of the host are others', async () => {
    const log = hostFiles([20352, 92160])['host/meminfo.log'] ?? '';
    writeInto(root, 'host/meminfo.log', log);
    const { code, out } = await run('replay-host');
    const right = hostFiles(HOST_DIRECT_MAP_4K)['host/meminfo.log'] ?? '';
    writeInto(root, 'host/meminfo.log', right);
    expect(out).toContain('fail  abs(last(DirectMap4k @ module_alloc)');
    expect(code).toBe(1);
  });

  /*
   * Its claim of 30 % fewer walks does not hold in the model, and is not made to: user code has 60 % of
   * the references and the core image 32 %, so that all walks of modules together are about an eighth of
   * the host's. The designs take away nearly all of those.
   *
   * Its `at 15s` stands behind 160 loads that wait 12.8 s in the mean, with a spread of one second:
   * seed 5 draws 15.016 s. A moment that is reached too late ends the run (X0509); it is no footnote.
   */
  it('the second finds fewer walks than it hopes for, and that its fifth seed is too slow', async () => {
    const four = await run('workstation', '--seeds', '1..4');
    expect(four.err).toBe('');
    expect(four.out).toContain('pass  text.pmd_2m >= 3 at end of boot for execmem_rox');
    expect(four.out).toMatch(/fail {2}mean\(itlb_misses\.walk_completed\) < 0\.7 \* +0\/12 runs/);
    expect(four.code).toBe(1);
    const walks = /^A module_alloc +\d+ +(\d+)[^]*^D execmem_rox +\d+ +(\d+)/m.exec(four.out) ?? [];
    const share = Number(walks[2]) / Number(walks[1]);
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(0.95);
    const five = await run('workstation');
    expect(five.err).toContain("error[X0509]: 'at 15s' was reached 15.8ms too late");
    expect(five.err).toContain('seed 5');
    expect(five.err).not.toMatch(/seed [1-4]\b/);
    expect(five.code).toBe(3);
  });

  it.runIf(isLong)(
    'the first holds',
    async () => {
      expect(await run('sockex1', '--quiet')).toMatchObject({ code: 0, err: '' });
    },
    RUN_TIMEOUT_MS,
  );

  it.runIf(isLong)(
    'the third holds',
    async () => {
      expect(await run('fleet-churn', '--quiet')).toMatchObject({ code: 0, err: '' });
    },
    RUN_TIMEOUT_MS,
  );

  /*
   * `no alloc.failed` covers the design that it is compared with. A request of 3 MiB takes a ROX cache
   * area of 4 MiB on a 2 MiB boundary with a guard page behind it, so that the next one starts 6 MiB
   * later: 168 of them fill the module range of 1008 MiB. Seed 1 asks for 175 and keeps them all, and
   * the kernel's cache could not serve them either. The design under test serves every request.
   */
  it.runIf(isLong)(
    'the fifth finds that execmem_rox, not the new design, runs out of address space',
    async () => {
      const { code, out } = await run('gate');
      expect(code).toBe(1);
      expect(out.match(/^ {2}fail {2}.*$/gm)).toEqual([
        expect.stringMatching(/^ {2}fail {2}no alloc\.failed +45\/48 runs$/),
      ]);
      expect(out).toContain('7, not 0 (execmem_rox, seed 1, phase fill, slots=64, numa=1)');
    },
    RUN_TIMEOUT_MS,
  );

  it('asks for 175 areas where 168 fit, in the first seed of the fifth', () => {
    const plan = planOf('gate');
    const job = { point: 0, seed: 1 } as const;
    const [fill] = runOne(plan, { ...job, design: 'execmem_rox' }).phases;
    const areas = (1008 / 6) * 4 * 2 ** 20;
    expect(fill?.metrics['text.reserved_bytes']?.last).toBe(areas);
    expect(fill?.metrics['alloc.failed']?.last).toBe(175 - 168);
    const [own] = runOne(plan, { ...job, design: 'mine' }).phases;
    expect(own?.metrics['alloc.failed']?.last).toBe(0);
  });
});
