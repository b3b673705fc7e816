/** The same command gives the same bytes: twice, after an interruption, and in shares. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileScenario } from '../../src/app/compile-scenario.js';
import { KeptRuns } from '../../src/app/kept-runs.js';
import { jobsOfPlan } from '../../src/app/run-job.js';
import { runOne } from '../../src/app/run-one.js';
import { filesOfFolder } from '../support/files-of-folder.js';
import { runCli } from '../support/run-cli.js';
import { temporaryFolder, writeInto } from '../support/temporary-folder.js';

const root = temporaryFolder();
const TEXT = `xlab 1
title    "Churn of programs on three designs"
question "Do they differ?"
param rate = 20/s
sweep rate over 10/s, 40/s
seeds 1..2
machine { ram 4GiB; cpus 4; cpu skl; kernel "6.12" }
compare module_alloc, bpf_prog_pack, linux_6_1 baseline module_alloc
pool progs
phase steady for 5s {
  churn progs {
    arrive   poisson(rate)
    lifetime ~ exp(mean=2s)
    item     load bpf size ~ uniform(64B, 4KiB)
  }
}
phase drain for 1s { free all progs }
probe every 500ms: direct_map_level2_splits, text.pte_4k
expect no alloc.failed
expect max(text.pte_4k) < 100000 in steady
`;
const scenario = writeInto(root, 'churn.xlab', TEXT);
const folder = (name: string): string => join(root, name);
const run = (out: string, ...more: readonly string[]) =>
  runCli('run', scenario, '--out', folder(out), ...more);

describe('a run', () => {
  beforeAll(async () => {
    const { code, err } = await run('first');
    expect(err).not.toContain('error');
    expect(code).toBe(0);
  }, 60_000);

  it('leaves report, result, charts and tables, and prints the report', async () => {
    const { code, out } = await run('shown');
    expect(code).toBe(0);
    const files = filesOfFolder(folder('shown'));
    expect(out).toBe(Buffer.from(files['report.txt'] ?? '', 'base64').toString());
    expect(out).toContain('SIMULATION');
    expect(out).toContain('--expect-hash');
    const names = Object.keys(files);
    expect(names.filter((name) => name.startsWith('charts/'))).toHaveLength(4);
    expect(names.filter((name) => name.startsWith('data/'))).toHaveLength(2);
  });

  it('writes the same bytes a second time', async () => {
    await run('second', '--quiet');
    expect(filesOfFolder(folder('second'))).toEqual(filesOfFolder(folder('first')));
  });

  it('continues after an interruption with what was finished, to the same bytes', async () => {
    const reply = compileScenario({
      file: 'churn.xlab',
      folder: root,
      text: TEXT,
      settings: {},
      seeds: '',
      only: [],
    });
    const { plan } = reply;
    if (plan === undefined) throw new Error('the scenario does not compile');
    const kept = new KeptRuns(folder('continued'), plan);
    for (const job of jobsOfPlan(plan).slice(0, 5)) kept.save(runOne(plan, job, {}));
    const { code } = await run('continued', '--quiet');
    expect(code).toBe(0);
    expect(filesOfFolder(folder('continued'))).toEqual(filesOfFolder(folder('first')));
    expect(existsSync(kept.folder)).toBe(false);
  });

  it('in shares, merged, gives the same bytes', async () => {
    for (const share of ['1/3', '2/3', '3/3']) {
      const { code } = await run('shares', '--shard', share, '--quiet');
      expect(code).toBe(0);
    }
    expect(readdirSync(folder('shares'))).toHaveLength(3);
    const merged = await runCli('merge', folder('shares'), '--out', folder('merged'), '--quiet');
    expect(merged.code).toBe(0);
    expect(filesOfFolder(folder('merged'))).toEqual(filesOfFolder(folder('first')));
  });

  it('prints the same report again from its folder, and a difference to another', async () => {
    const again = await runCli('report', folder('first'));
    const report = filesOfFolder(folder('first'))['report.txt'] ?? '';
    expect(again.out).toBe(Buffer.from(report, 'base64').toString());
    await run('other', '--quiet', '--seeds', '3..4');
    const same = await runCli('diff', folder('first'), folder('first'));
    expect(same.code).toBe(0);
    const differs = await runCli('diff', folder('first'), folder('other'));
    expect(differs.code).toBe(1);
    expect(differs.out).toContain('different scenario hashes');
  });

  it('writes event logs on request, one a run', async () => {
    const { code } = await run(
      'events',
      '--events',
      '--seeds',
      '1',
      '--set',
      'rate=5/s',
      '--quiet',
    );
    expect(code).toBe(0);
    const events = Object.entries(filesOfFolder(folder('events'))).filter(([name]) =>
      name.startsWith('events/'),
    );
    expect(events.map(([name]) => name)).toEqual([
      'events/bpf_prog_pack-1.jsonl.gz',
      'events/linux_6_1-1.jsonl.gz',
      'events/module_alloc-1.jsonl.gz',
    ]);
    const lines = gunzipSync(Buffer.from(events[0]?.[1] ?? '', 'base64')).toString();
    const parsed = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { request?: string; effect?: string });
    expect(parsed[0]).toMatchObject({ t: 0, request: 'phase start', text: 'steady' });
    expect(parsed.filter((event) => event.request === 'load bpf').length).toBeGreaterThan(5);
    expect(parsed.some((event) => event.effect === 'vmap.alloc')).toBe(true);
  });

  it('tells CI about each expectation and design', async () => {
    const ktap = await runCli('run', scenario, '--ktap', '--quiet', '--seeds', '1');
    expect(ktap.out.split('\n').slice(0, 2)).toEqual(['KTAP version 1', '1..6']);
    const junit = folder('verdicts.xml');
    await runCli('run', scenario, '--junit', junit, '--quiet', '--seeds', '1');
    expect(existsSync(junit)).toBe(true);
  });

  it('fails with 1 when an expectation does not hold', async () => {
    const path = writeInto(root, 'fails.xlab', `${TEXT}expect text.pte_4k == 1 in steady\n`);
    const { code, out } = await runCli('run', path, '--seeds', '1', '--only', 'module_alloc');
    expect(code).toBe(1);
    expect(out).toMatch(/fail {2}text\.pte_4k == 1 in steady/);
  });

  it('fails with 3 when it cannot do what the scenario says', async () => {
    const late = TEXT.replace('{ free all progs }', '{ wait 4s; free all progs }');
    const path = writeInto(root, 'late.xlab', late);
    const { code, err } = await runCli('run', path, '--seeds', '1', '--quiet');
    expect(code).toBe(3);
    expect(err).toContain('error[X0507]');
  });
});
