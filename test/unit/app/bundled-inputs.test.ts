/**
 * Inputs of a scenario in a bundle: whatever it reads travels with it, so that it compiles to the same hash
 * where none of the files are, by the window's host and by the command line; taking it over replaces nothing.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { unpackBundle } from '../../../src/app/bundle-folder.js';
import { collectInputs } from '../../../src/app/collect-inputs.js';
import { compileScenario } from '../../../src/app/compile-scenario.js';
import { readResultFile } from '../../../src/app/result-file.js';
import { bundleFields, type BundleInput } from '../../../src/contract/bundle-form.js';
import type { ExperimentResult } from '../../../src/contract/run-result.js';
import { FileScenarioStore } from '../../../src/host/file-scenario-store.js';
import { NF_TABLES_SECTIONS, PROC_MODULES } from '../../support/host-texts.js';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';

const root = temporaryFolder();
const TEXT = `xlab 1
machine { ram 8GiB; cpus 4; cpu skl; kernel "6.12" }
use "sizes.xlab" as own
use "std/sizes.xlab" as std
import mods from "host/modules.txt" format proc_modules { sections "host/sections" }
param n = 3
compare module_alloc, bpf_prog_pack baseline module_alloc
seeds 1..2
pool progs
phase load for 1s { start from mods; repeat n { load bpf size ~ own.small into progs } }
probe every 1s: DirectMap4k
`;
const INPUTS: Readonly<Record<string, string>> = {
  'sizes.xlab': 'xlab 1\ndist small = uniform(100B, 200B)\n',
  'host/modules.txt': PROC_MODULES,
  ...Object.fromEntries(
    Object.entries(NF_TABLES_SECTIONS).map(([name, address]) => [
      `host/sections/nf_tables/${name}`,
      `${address}\n`,
    ]),
  ),
};
const SECRET = 'not for anybody';

const home = join(root, 'home');
let result: ExperimentResult;
let inputs: readonly BundleInput[] = [];
const bundle = join(root, 'a.xlabrun');

/** A bundle as a window saves it. */
const writeBundle = (path: string, change: object = {}): void => {
  const settings = { n: '4' };
  const view = { timeNs: 0, pins: [] };
  const fields = {
    file: 'a.xlab',
    text: TEXT,
    settings,
    seeds: '',
    view,
    result,
    inputs,
    ...change,
  };
  writeFileSync(path, gzipSync(JSON.stringify(bundleFields(fields))));
};

/** Where bundles are unpacked. */
const unpacked = join(root, 'unpacked');

beforeAll(async () => {
  mkdirSync(unpacked);
  vi.stubEnv('TMPDIR', unpacked);
  for (const [name, text] of Object.entries({ 'a.xlab': TEXT, ...INPUTS })) {
    writeInto(home, name, text);
  }
  writeInto(home, 'beside.txt', SECRET);
  const out = join(home, 'out');
  await runCli('run', join(home, 'a.xlab'), '--set', 'n=4', '--out', out, '--quiet');
  const read = readResultFile(join(out, 'result.json'));
  if (read.result === undefined) throw new Error(read.problem);
  result = read.result;
  inputs = collectInputs(result, { file: 'a.xlab', folder: home, text: TEXT }).inputs;
  writeBundle(bundle);
});

afterAll(() => vi.unstubAllEnvs());

describe('the inputs of a bundle', () => {
  it('are the files that the scenario reads, and no others', () => {
    expect(inputs.map(({ path }) => path)).toEqual(Object.keys(INPUTS).sort());
    const texts = inputs.map(({ path, data }) => [path, Buffer.from(data, 'base64').toString()]);
    expect(Object.fromEntries(texts)).toEqual(INPUTS);
  });

  it('compile to the same hash where none of the files are', async () => {
    const folder = await unpackBundle({ file: 'a.xlab', text: TEXT, inputs });
    const request = {
      file: 'a.xlab',
      folder,
      text: TEXT,
      settings: { n: '4' },
      seeds: '',
      only: [],
    };
    expect(compileScenario(request).plan?.scenarioHash).toBe(result.scenarioHash);
  });

  it('name what has changed since the run', () => {
    const other = join(root, 'changed');
    for (const [name, text] of Object.entries(INPUTS)) writeInto(other, name, text);
    writeInto(other, 'sizes.xlab', 'xlab 1\ndist small = uniform(100B, 201B)\n');
    const { problem } = collectInputs(result, { file: 'a.xlab', folder: other, text: TEXT });
    expect(problem).toBe("'sizes.xlab' has changed since the run");
  });

  it('hold a recording and a plugin that nobody has agreed to load', () => {
    const folder = join(root, 'recorded');
    const text = `xlab 1\nimport rec from "host/rec" format recording\nphase p for 1s { wait 1s }\n`;
    writeInto(folder, 'host/rec/meta.json', '{}');
    writeInto(folder, 'host/rec/events.jsonl.gz', gzipSync('{}\n'));
    writeInto(folder, 'mine.ts', 'throw new Error("loaded")');
    const named = [
      { path: 'a.xlab', sha256: '' },
      { path: 'mine.ts', sha256: '' },
    ];
    const own = { ...result, scenario: { ...result.scenario, inputs: named } };
    const found = collectInputs(own, { file: 'a.xlab', folder, text }).inputs;
    expect(found.map(({ path }) => path)).toEqual([
      'host/rec/events.jsonl.gz',
      'host/rec/meta.json',
      'mine.ts',
    ]);
  });

  it('never come from outside of the scenario’s folder', () => {
    const folder = join(root, 'strict');
    mkdirSync(folder);
    symlinkSync(join(home, 'beside.txt'), join(folder, 'link.txt'));
    const paths = ['a.xlab', '../home/beside.txt', 'link.txt', join(home, 'beside.txt')];
    const named = paths.map((path) => ({ path, sha256: '' }));
    const own = { ...result, scenario: { ...result.scenario, inputs: named } };
    expect(collectInputs(own, { file: 'a.xlab', folder, text: TEXT }).inputs).toEqual([]);
  });

  it('are left out with the reason when they are more than a bundle takes', () => {
    const folder = join(root, 'large');
    writeInto(folder, 'big.bin', Buffer.alloc(24 * 1024 * 1024));
    writeInto(folder, 'sizes.xlab', INPUTS['sizes.xlab'] ?? '');
    const named = [
      { path: 'a.xlab', sha256: '' },
      { path: 'big.bin', sha256: '' },
    ];
    const own = { ...result, scenario: { ...result.scenario, inputs: named } };
    expect(collectInputs(own, { file: 'a.xlab', folder, text: TEXT })).toEqual({
      inputs: [],
      problem: 'the inputs have 25 MiB, a bundle takes 24 MiB',
    });
  });
});

describe('a bundle that was changed on its way', () => {
  it('is refused whole when a file has other bytes, and leaves nothing', async () => {
    const before = readdirSync(unpacked);
    const changed = inputs.map((input, i) => (i === 1 ? { ...input, data: btoa('else') } : input));
    const opened = unpackBundle({ file: 'a.xlab', text: TEXT, inputs: changed });
    await expect(opened).rejects.toThrow("the input 'host/sections");
    expect(readdirSync(unpacked)).toEqual(before);
  });

  it.each(['../out.txt', '/tmp/out.txt', 'a/../../out.txt'])(
    'writes nothing to %s',
    async (path) => {
      const stray = inputs.map((input) => ({ ...input, path }));
      const opened = unpackBundle({ file: 'a.xlab', text: TEXT, inputs: stray.slice(0, 1) });
      await expect(opened).rejects.toThrow('an input with the name');
    },
  );
});

describe('the command line', () => {
  it('runs a bundle with its settings to the hash of its result', async () => {
    const hash = result.scenarioHash.slice(0, 12);
    const { code, out, err } = await runCli('run', bundle, '--expect-hash', hash);
    expect(err).not.toContain('error');
    expect(code).toBe(0);
    expect(out).toBe((await runCli('report', bundle)).out);
  });

  it('takes options over what the bundle says', async () => {
    const { out } = await runCli('check', bundle, '--set', 'n=5', '--seeds', '1..3', '--json');
    const { summary } = JSON.parse(out) as { summary: { seeds: number[]; scenarioHash: string } };
    expect(summary.seeds).toEqual([1, 2, 3]);
    expect(summary.scenarioHash).not.toBe(result.scenarioHash);
  });

  it('holds a bundle’s report against the inputs that it carries', async () => {
    const { out } = await runCli('report', bundle, '--lint');
    expect(out).not.toContain('inputs-changed');
    const other = join(root, 'edited.xlabrun');
    writeBundle(other, { text: `${TEXT}# edited\n` });
    expect((await runCli('report', other, '--lint')).out).toContain(
      "'a.xlab' changed since the run",
    );
  });

  it.each([
    ['a strange path', { inputs: [{ path: '../x', sha256: 'a'.repeat(64), data: '' }] }, "'../x'"],
    ['another version', { version: 9 }, 'version 9'],
  ])('refuses a bundle with %s', async (_what, change, reason) => {
    const path = join(root, 'bad.xlabrun');
    writeBundle(path, change);
    const { code, err } = await runCli('run', path);
    expect(code).toBe(2);
    expect(err).toContain(reason);
  });

  it('refuses a file that is no bundle', async () => {
    const path = writeInto(root, 'text.xlabrun', 'xlab 1\n');
    const { code, err } = await runCli('report', path);
    expect(code).toBe(2);
    expect(err).toContain('it cannot be unpacked');
  });
});

describe('a scenario from a bundle in the store', () => {
  const made = (name: string): { readonly store: FileScenarioStore; readonly user: string } => {
    const user = join(root, name);
    mkdirSync(join(root, 'shipped'), { recursive: true });
    return {
      store: new FileScenarioStore({ shippedFolder: join(root, 'shipped'), userFolder: user }),
      user,
    };
  };
  const open = (store: FileScenarioStore): Promise<string> =>
    store.openBundle({ file: 'a.xlab', text: TEXT, inputs });

  it('is read, is not written, and goes with the lab', async () => {
    const { store, user } = made('reader');
    const id = await open(store);
    expect((await store.read(id)).text).toBe(TEXT);
    const { folder } = await store.locate(id);
    await expect(store.write({ id, text: 'xlab 1\n' })).rejects.toThrow('take the scenario over');
    expect(existsSync(user)).toBe(false);
    store.close();
    expect(existsSync(folder)).toBe(false);
    await expect(store.read(id)).rejects.toThrow('no longer open');
  });

  it('is taken over with its inputs', async () => {
    const { store, user } = made('owner');
    const taken = await store.takeOver(await open(store));
    expect(taken).toEqual({ id: join(user, 'a.xlab'), leftAlone: [] });
    for (const [name, text] of Object.entries({ 'a.xlab': TEXT, ...INPUTS })) {
      expect(readFileSync(join(user, name), 'utf8')).toBe(text);
    }
    expect(await store.takeOver(await open(store))).toEqual(taken);
    store.close();
  });

  it('replaces no file of the user', async () => {
    const { store, user } = made('careful');
    writeInto(user, 'a.xlab', 'mine');
    writeInto(user, 'sizes.xlab', 'mine too');
    symlinkSync(join(root, 'elsewhere'), join(user, 'host'));
    mkdirSync(join(root, 'elsewhere'));
    const taken = await store.takeOver(await open(store));
    expect(taken.id).toBe(join(user, 'a-2.xlab'));
    expect(taken.leftAlone).toEqual(Object.keys(INPUTS).sort());
    expect(readFileSync(join(user, 'a.xlab'), 'utf8')).toBe('mine');
    expect(readFileSync(join(user, 'sizes.xlab'), 'utf8')).toBe('mine too');
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
    store.close();
  });

  it('is forgotten when many others have been opened since', async () => {
    const { store } = made('many');
    const first = await open(store);
    for (let i = 0; i < 8; i += 1)
      await store.openBundle({ file: 'b.xlab', text: 'xlab 1\n', inputs: [] });
    await expect(store.read(first)).rejects.toThrow('no longer open');
    store.close();
  });
});
