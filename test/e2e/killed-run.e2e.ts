/**
 * The whole process group of `xlab run` killed with SIGKILL at random moments of a sweep, while it
 * simulates as well as while it writes: the same command goes on where it stopped, redoes nothing that is
 * finished, and leaves the bytes of a run that nobody disturbed. Moments are drawn from a fixed seed, as
 * shares of the time that the undisturbed run took: few here, twenty with XLAB_LONG=1.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PrngStream } from '../../src/base/prng.js';
import { filesOfFolder } from '../support/files-of-folder.js';
import { temporaryFolder, writeInto } from '../support/temporary-folder.js';

const CLI = fileURLToPath(new URL('../../out/main/cli.js', import.meta.url));
const isLong = process.env['XLAB_LONG'] === '1';
const MOMENT_COUNT = isLong ? 20 : 3;
const TEST_TIMEOUT_MS = isLong ? 1_800_000 : 240_000;

const SWEEP = `xlab 1
param n = 50 in 1..1000
machine { ram 8GiB; cpus 4; cpu skl; kernel "6.12" }
compare module_alloc, bpf_prog_pack baseline module_alloc
sweep n over 50, 100
seeds 1..5
pool progs
phase load for 5s { repeat n { load bpf size ~ exp(mean=900B) into progs } }
phase churn for 30s {
  churn progs {
    item load bpf size ~ exp(mean=900B)
    arrive ~ poisson(60/s)
    lifetime ~ exp(mean=2s)
  }
}
phase drop for 1s { free all progs }
probe every 500ms: DirectMap4k
expect no alloc.failed
`;

const root = temporaryFolder();
const scenario = writeInto(root, 'sweep.xlab', SWEEP);

interface Started {
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  signal(name: NodeJS.Signals): void;
}

/** The command in a process group of its own. */
function start(...words: readonly string[]): Started {
  const child = spawn(process.execPath, [CLI, 'run', scenario, '--quiet', ...words], {
    detached: true,
    stdio: 'ignore',
  });
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    ended,
    signal: (name) => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, name);
    },
  };
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Starts the command and ends it after `ms`; false when it was faster. */
async function interrupt(ms: number, name: NodeJS.Signals, words: readonly string[]) {
  const started = start(...words);
  const first = await Promise.race([started.ended, sleep(ms)]);
  if (first !== undefined) return first;
  started.signal(name);
  return started.ended;
}

/** Starts the command and ends it as soon as it kept `count` runs. */
async function interruptKeeping(
  count: number,
  folder: string,
  name: NodeJS.Signals,
  words: readonly string[],
) {
  const started = start(...words);
  while (keptRuns(folder).size < count) await sleep(10);
  started.signal(name);
  return started.ended;
}

/** Names and times of the runs that an interrupted command kept. */
function keptRuns(folder: string): ReadonlyMap<string, number> {
  if (!existsSync(folder)) return new Map();
  const places = readdirSync(folder).filter((name) => name.startsWith('.unfinished-'));
  const files = places.flatMap((place) =>
    readdirSync(join(folder, place))
      .filter((name) => name.endsWith('.run'))
      .map((name) => join(folder, place, name)),
  );
  return new Map(files.map((file) => [file, statSync(file).mtimeMs]));
}

interface Undisturbed {
  readonly files: Readonly<Record<string, string>>;
  readonly durationMs: number;
}

async function undisturbed(name: string, words: readonly string[]): Promise<Undisturbed> {
  const folder = join(root, name);
  const startedMs = performance.now();
  expect(await start('--out', folder, ...words).ended).toBe(0);
  return { durationMs: performance.now() - startedMs, files: filesOfFolder(folder) };
}

/** Shares of a whole run, 0..1, spread so that every part of it is met. */
function moments(stream: string, count: number): readonly number[] {
  const draws = new PrngStream(20260101, stream);
  return Array.from({ length: count }, (_, i) => (i + draws.unit()) / count);
}

const WHOLE = ['with event logs', ['--events']] as const;
const SHARE = ['of a share', ['--shard', '2/3', '--events']] as const;
const folderName = (variant: string): string => variant.replaceAll(' ', '-');

const references = new Map<string, Promise<Undisturbed>>();

/** The same command without a kill, run once a variant. */
function reference(variant: string, words: readonly string[]): Promise<Undisturbed> {
  const made = references.get(variant) ?? undisturbed(folderName(variant), words);
  references.set(variant, made);
  return made;
}

describe('a sweep that is killed', () => {
  it.each(isLong ? [WHOLE, SHARE] : [WHOLE])(
    '%s leaves the bytes of an undisturbed one after the same command again',
    async (variant, words) => {
      const whole = await reference(variant, words);
      const key = folderName(variant);
      for (const share of moments(`${key}/once`, MOMENT_COUNT)) {
        const folder = join(root, `${key}-${share.toFixed(6)}`);
        const args = ['--out', folder, ...words];
        await interrupt(share * whole.durationMs, 'SIGKILL', args);
        expect(await start(...args).ended).toBe(0);
        expect(filesOfFolder(folder)).toEqual(whole.files);
      }
    },
    TEST_TIMEOUT_MS,
  );

  it.each(isLong ? [WHOLE, SHARE] : [SHARE])(
    '%s again and again keeps what is finished each time',
    async (variant, words) => {
      const whole = await reference(variant, words);
      const key = folderName(variant);
      const folder = join(root, `${key}-chain`);
      const args = ['--out', folder, ...words];
      expect(await interruptKeeping(1, folder, 'SIGKILL', args)).toBe('SIGKILL');
      let before = keptRuns(folder);
      expect(before.size).toBeGreaterThan(0);
      for (const share of moments(`${key}/chain`, MOMENT_COUNT)) {
        const end = await interrupt((0.15 + share / 2) * whole.durationMs, 'SIGKILL', args);
        if (end !== 'SIGKILL') break;
        const after = keptRuns(folder);
        // A kill while the kept runs are cleared has its result already.
        if (after.size < before.size) break;
        expect([...before].filter(([name, time]) => after.get(name) !== time)).toEqual([]);
        before = after;
      }
      expect(await start(...args).ended).toBe(0);
      expect(filesOfFolder(folder)).toEqual(whole.files);
    },
    TEST_TIMEOUT_MS,
  );
});

describe('a sweep that is cancelled', () => {
  it(
    'ends with 130, keeps what is finished and goes on from there',
    async () => {
      const [variant, words] = WHOLE;
      const whole = await reference(variant, words);
      const folder = join(root, 'cancelled');
      const args = ['--out', folder, ...words];
      expect(await interruptKeeping(3, folder, 'SIGINT', args)).toBe(130);
      expect(keptRuns(folder).size).toBeGreaterThanOrEqual(3);
      expect(await start(...args).ended).toBe(0);
      expect(filesOfFolder(folder)).toEqual(whole.files);
    },
    TEST_TIMEOUT_MS,
  );
});
