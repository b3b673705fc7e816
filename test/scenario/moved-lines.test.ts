/**
 * The scenario hash leaves layout out. A folder of results is continued with a text whose lines have
 * moved: what is finished is not run again, and every line that results name is one of today's text.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readResultFile } from '../../src/app/result-file.js';
import { KeptRuns } from '../../src/app/kept-runs.js';
import { compileScenario } from '../../src/app/compile-scenario.js';
import { runOne } from '../../src/app/run-one.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder, writeInto } from '../support/temporary-folder.js';

const root = temporaryFolder();
const out = join(root, 'out');
const path = join(root, 'a.xlab');

const TEXT = `xlab 1
machine { ram 8GiB; cpu skl; kernel "6.1" }
seeds 1..2
compare module_alloc, execmem_rox
pool progs
phase fill for 2s {
  repeat 40 { load bpf size 3KiB into progs }
  every 100ms { load module nic lifetime 50ms }
}
phase drop for 1s { free all progs }
module nic { text 64KiB; data 16KiB }
expect no alloc.failed
expect never text.overlap > 0B
`;
/** Seven lines more on top, one in the middle. */
const MOVED = TEXT.replace('machine', '# a\n# b\n\n\n# c\n\n\nmachine').replace(
  '  every',
  '\n  every',
);

const write = (text: string): string => writeInto(root, 'a.xlab', text);
const run = (...words: readonly string[]) => runCli('run', path, '--out', out, '--quiet', ...words);

/** Files of a folder with their bytes. */
function filesOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    names
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length), readFileSync(file).toString('base64')]),
  );
}

/** What a run of `text` in an empty folder leaves. */
async function freshFiles(text: string, ...words: readonly string[]) {
  rmSync(out, { recursive: true, force: true });
  write(text);
  await run(...words);
  const files = filesOf(out);
  rmSync(out, { recursive: true, force: true });
  return files;
}

/** Lines that causes of the written result name. */
function causeLines(): ReadonlySet<number> {
  const { result } = readResultFile(join(out, 'result.json'));
  const rows = result?.runs.flatMap(({ causes }) => causes) ?? [];
  return new Set(rows.map(({ line }) => line));
}

function planOf(text: string) {
  const request = { file: 'a.xlab', folder: root, text, settings: {}, seeds: '', only: [] };
  const { plan } = compileScenario(request);
  if (plan === undefined) throw new Error('the scenario compiles');
  return plan;
}

describe('a folder of results of a text whose lines have moved', () => {
  beforeEach(() => {
    rmSync(out, { recursive: true, force: true });
  });

  it('has the same hash', () => {
    expect(planOf(MOVED).scenarioHash).toBe(planOf(TEXT).scenarioHash);
  });

  it('is written as the text of today would leave it, without a run', async () => {
    const expected = await freshFiles(MOVED);
    write(TEXT);
    expect((await run()).simulated).toBe(4);
    const before = causeLines();
    write(MOVED);
    expect((await run()).simulated).toBe(0);
    expect(filesOf(out)).toEqual(expected);
    const after = causeLines();
    expect(before).toContain(8);
    expect(after).toContain(16);
    expect(after).not.toContain(8);
  });

  it('continues an interrupted command', async () => {
    const expected = await freshFiles(MOVED);
    const plan = planOf(TEXT);
    const kept = new KeptRuns(out, plan);
    kept.save(runOne(plan, { point: 0, seed: 1, design: 'module_alloc' }));
    kept.save(runOne(plan, { point: 0, seed: 2, design: 'execmem_rox' }));
    write(MOVED);
    expect((await run()).simulated).toBe(2);
    expect(filesOf(out)).toEqual(expected);
  });

  it('continues a share', async () => {
    write(TEXT);
    expect((await run('--shard', '1/2')).simulated).toBe(2);
    write(MOVED);
    expect((await run('--shard', '1/2')).simulated).toBe(0);
  });

  it('is run again where statements were joined, and not where only words have changed', async () => {
    const joined = TEXT.replace('into progs }\n  every', 'into progs }; every');
    const [head = '', tail = ''] = TEXT.split('phase drop');
    const moved = `${head.replace('pool progs\n', '')}phase drop${tail}pool progs\n`;
    for (const [text, runs] of [
      [joined, 4],
      [moved, 0],
      [TEXT.replace('size 3KiB', 'size 3072B'), 0],
    ] as const) {
      expect(planOf(text).scenarioHash).toBe(planOf(TEXT).scenarioHash);
      const expected = await freshFiles(text);
      write(TEXT);
      await run();
      write(text);
      expect((await run()).simulated, text).toBe(runs);
      expect(filesOf(out)).toEqual(expected);
    }
  });

  it('is run again when its event logs name lines', async () => {
    const expected = await freshFiles(MOVED, '--events');
    write(TEXT);
    await run('--events');
    write(MOVED);
    expect((await run('--events')).simulated).toBe(4);
    expect(filesOf(out)).toEqual(expected);
  });
});
