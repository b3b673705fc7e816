/** Inputs that changed since a run: `xlab report --lint` must not call such a result ready to be copied. */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { changedInputs } from '../../../src/app/changed-inputs.js';
import { readResultFile } from '../../../src/app/result-file.js';
import type { ExperimentResult } from '../../../src/contract/run-result.js';
import { NF_TABLES_SECTIONS, PROC_MODULES } from '../../support/host-texts.js';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';

const root = temporaryFolder();
const PLUGIN = `export default {
  name: 'mine', summary: 'one', options: [],
  create: (env) => ({ alloc: () => undefined, free: () => undefined }),
};
`;
const TEXT = `xlab 1
machine { ram 8GiB; cpus 4; cpu skl; kernel "6.12" }
use "sizes.xlab" as own
use "std/sizes.xlab" as std
import mods from "host/modules.txt" format proc_modules { sections "host/sections" }
compare module_alloc, bpf_prog_pack baseline module_alloc
seeds 1..6
pool progs
phase load for 1s { start from mods; repeat 3 { load bpf size ~ own.small into progs } }
probe every 1s: DirectMap4k
`;
const FILES: Readonly<Record<string, string>> = {
  'a.xlab': TEXT,
  'sizes.xlab': 'xlab 1\ndist small = uniform(100B, 200B)\n',
  'host/modules.txt': PROC_MODULES,
  ...Object.fromEntries(
    Object.entries(NF_TABLES_SECTIONS).map(([name, address]) => [
      `host/sections/nf_tables/${name}`,
      `${address}\n`,
    ]),
  ),
};

interface Made {
  readonly folder: string;
  readonly out: string;
  readonly result: ExperimentResult;
}

const original = join(root, 'original');

beforeAll(async () => {
  for (const [name, text] of Object.entries(FILES)) writeInto(original, name, text);
  const words = ['run', join(original, 'a.xlab'), '--out', join(original, 'out'), '--quiet'];
  const { err } = await runCli(...words);
  expect(err).not.toContain('error');
});

let count = 0;

/** The scenario with its finished run, in a folder of its own. */
function made(): Made {
  count += 1;
  const folder = join(root, `host-${String(count)}`);
  cpSync(original, folder, { recursive: true });
  const out = join(folder, 'out');
  const { result } = readResultFile(join(out, 'result.json'));
  if (result === undefined) throw new Error('no result');
  return { folder, out, result };
}

const changes = ({ folder, result }: Made, text = TEXT): readonly string[] =>
  changedInputs(result, { file: 'a.xlab', folder, text }).map(({ path, how }) => `${path} ${how}`);

describe('the inputs of a result', () => {
  it('are the same as long as no file changes', () => {
    expect(changes(made())).toEqual([]);
  });

  it.each([
    ['sizes.xlab', 'xlab 1\ndist small = uniform(100B, 201B)\n', 'sizes.xlab changed'],
    ['host/modules.txt', `${PROC_MODULES}\n`, 'host/modules.txt changed'],
    ['host/sections/nf_tables/.text', '0xffffffffc0001000\n', 'host/modules.txt changed'],
  ])('show that %s changed', (name, text, expected) => {
    const run = made();
    writeFileSync(join(run.folder, name), text);
    expect(changes(run)).toEqual([expected]);
  });

  it('show a file that is gone, and a scenario that was edited beside it', () => {
    const run = made();
    rmSync(join(run.folder, 'sizes.xlab'));
    // The import is summed over several files, which only a scenario without a mistake can read.
    const gone = ['sizes.xlab missing', 'host/modules.txt unknown'];
    expect(changes(run)).toEqual(gone);
    expect(changes(run, `${TEXT}# remark\n`)).toEqual(['a.xlab changed', ...gone]);
  });

  it('do not show what an edited scenario reads no longer', () => {
    const run = made();
    writeFileSync(join(run.folder, 'host/modules.txt'), `${PROC_MODULES}\n`);
    const without = TEXT.replace(/^import.*\n/m, '').replace('start from mods; ', '');
    expect(changes(run, without)).toEqual(['a.xlab changed']);
  });
});

describe('xlab report --lint', () => {
  const lint = async ({ folder, out }: Made, ...more: readonly string[]) =>
    runCli('report', out, '--lint', '--scenario', join(folder, 'a.xlab'), ...more);

  it('passes a whole result and refuses it once an input has changed', async () => {
    const run = made();
    const before = await lint(run);
    expect(before.code).toBe(0);
    expect(before.out).not.toContain('error[');
    writeFileSync(join(run.folder, 'sizes.xlab'), 'xlab 1\ndist small = constant(1KiB)\n');
    const after = await lint(run);
    expect(after.code).toBe(1);
    expect(after.out).toContain("error[inputs-changed]: 'sizes.xlab' changed since the run\n");
  });

  it('says how to name a scenario that is not where it was', async () => {
    const { out } = made();
    const found = await runCli('report', out, '--lint');
    expect(found.code).toBe(1);
    expect(found.out).toContain("error[inputs-changed]: 'a.xlab' is no longer there\n");
    expect(found.err).toContain('--scenario FILE');
  });

  it('compares a plugin by its bytes and never loads it', async () => {
    const run = made();
    const plugin = writeInto(run.folder, 'mine.ts', PLUGIN);
    const { createHash } = await import('node:crypto');
    const sha256 = createHash('sha256').update(PLUGIN).digest('hex');
    const inputs = [...run.result.scenario.inputs, { path: 'mine.ts', sha256 }];
    const result = { ...run.result, scenario: { ...run.result.scenario, inputs } };
    expect(changes({ ...run, result })).toEqual([]);
    writeFileSync(plugin, `throw new Error('loaded');\n${PLUGIN}`);
    expect(changes({ ...run, result })).toEqual(['mine.ts changed']);
  });

  it('leaves out sections and links the results where it is asked to', async () => {
    const { out } = made();
    const words = ['--without', 'chart,strip', '--link', 'https://example.org/r/1/'];
    const { out: text, code } = await runCli('report', out, ...words);
    expect(code).toBe(0);
    expect(text).not.toContain('one character per 2 MiB slot');
    expect(text).toContain('  results  https://example.org/r/1/\n');
    const refused = await runCli('report', out, '--without', 'head');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('one of chart strip causes expectations');
  });
});
