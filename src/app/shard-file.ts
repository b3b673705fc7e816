/** One share of a sharded experiment on disk, and joining shares to the whole. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { stableJson } from '../export/result-json.js';
import { checkRun } from './check-result.js';
import { makeFolder } from './make-folder.js';
import { jobKey, jobsOfPlan, shardText, type Shard } from './run-job.js';
import { relining, statementLines } from './statement-lines.js';
import { MODEL_VERSION } from './version.js';

export interface ShardContent {
  readonly shard: Shard;
  readonly plan: ScenarioPlan;
  readonly runs: readonly RunResult[];
}

const MAGIC = 'xlab-shard 2';
const NAME = /^shard-\d+-of-\d+\.xlabshard$/;
const SHARD_BYTES_MAX = 4_294_967_296;

const shardPath = (folder: string, shard: Shard): string =>
  join(folder, `shard-${shardText(shard)}.xlabshard`);

/** Runs of a share that was written whole and is of this plan; `exact`: of the same lines too. */
export function runsOfShard(
  folder: string,
  plan: ScenarioPlan,
  shard: Shard,
  exact = false,
): readonly RunResult[] {
  const path = shardPath(folder, shard);
  if (!existsSync(path)) return [];
  try {
    const content = readShard(path);
    if (content.plan.scenarioHash !== plan.scenarioHash) return [];
    const reline = relining(statementLines(content.plan), statementLines(plan), exact);
    return content.runs.flatMap((run) => reline(run) ?? []);
  } catch (error) {
    if (error instanceof ShardError) return [];
    throw error;
  }
}

/** Writes the share under a temporary name and renames it. */
export function saveShard(folder: string, content: ShardContent): void {
  makeFolder(folder);
  const path = shardPath(folder, content.shard);
  const { plan, runs } = content;
  const lines = [stableJson({ model: MODEL_VERSION }), planText(plan), ...runs.map(stableJson)];
  const body = gzipSync(Buffer.concat(lines.map((line) => Buffer.from(`${line}\n`))));
  const sum = createHash('sha256').update(body).digest('hex');
  writeFileSync(`${path}.tmp`, Buffer.concat([Buffer.from(`${MAGIC} ${sum}\n`), body]));
  renameSync(`${path}.tmp`, path);
}

/** A share that cannot be read or does not fit the others; the message says why. */
export class ShardError extends Error {
  override readonly name = 'ShardError';
}

const readShard = (path: string): Omit<ShardContent, 'shard'> =>
  readShardBytes(path, readFileSync(path));

/** `path` names the share in messages. Throws ShardError. */
export function readShardBytes(path: string, bytes: Buffer): Omit<ShardContent, 'shard'> {
  const end = bytes.indexOf('\n');
  const [magic, version, sum] = bytes.subarray(0, Math.max(0, end)).toString('latin1').split(' ');
  const body = bytes.subarray(end + 1);
  if (`${magic ?? ''} ${version ?? ''}` !== MAGIC) throw new ShardError(`${path} is not a share`);
  if (createHash('sha256').update(body).digest('hex') !== sum) {
    throw new ShardError(`${path} is damaged`);
  }
  try {
    return contentOf(path, gunzipSync(body, { maxOutputLength: SHARD_BYTES_MAX }));
  } catch (error) {
    if (error instanceof ShardError) throw error;
    throw new ShardError(`${path} is damaged`);
  }
}

function contentOf(path: string, text: Buffer): Omit<ShardContent, 'shard'> {
  const [head = '', plan = '', ...runs] = linesOf(text);
  const { model } = JSON.parse(head) as { readonly model?: unknown };
  if (model !== MODEL_VERSION) {
    throw new ShardError(`${path} is of model ${String(model)}, not ${String(MODEL_VERSION)}`);
  }
  return {
    plan: planOf(plan),
    runs: runs.map((line) => {
      const run = checkRun(JSON.parse(line));
      if (run === undefined) throw new ShardError(`${path} holds something that is no run`);
      return run;
    }),
  };
}

/** Lines of a text that may be longer than a string can be. */
function* linesOf(text: Buffer): Generator<string> {
  let start = 0;
  for (;;) {
    const end = text.indexOf('\n', start);
    if (end < 0) return;
    yield text.toString('utf8', start, end);
    start = end + 1;
  }
}

/** Name that stands for a number that JSON lacks, e.g. the open end of a replay. */
const NUMBER_TAG = '$number';

const planText = (plan: ScenarioPlan): string => stableJson(tagged(plan));

function tagged(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { [NUMBER_TAG]: String(value) };
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, tagged(entry)]));
}

/** The plan as it stands: the sum of the file says that a lab wrote it. */
const planOf = (text: string): ScenarioPlan =>
  JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && NUMBER_TAG in value
      ? Number(value[NUMBER_TAG])
      : value,
  ) as ScenarioPlan;

export interface JoinedShards {
  readonly plan: ScenarioPlan;
  readonly runs: readonly RunResult[];
}

/** Throws ShardError when shares are missing or belong to different experiments. */
export function joinShards(folders: readonly string[]): JoinedShards {
  const paths = folders.flatMap((folder) => {
    if (!existsSync(folder)) throw new ShardError(`there is no folder ${folder}`);
    const names = readdirSync(folder).filter((name) => NAME.test(name));
    if (names.length === 0) throw new ShardError(`${folder} holds no share of a run`);
    return names.sort().map((name) => join(folder, name));
  });
  const shards = paths.map(readShard);
  const first = shards[0];
  if (first === undefined) throw new ShardError('no shares were named');
  const { plan } = first;
  const stray = shards.findIndex((shard) => shard.plan.scenarioHash !== plan.scenarioHash);
  if (stray >= 0) throw new ShardError(`${paths[stray] ?? ''} is of another scenario hash`);
  const lines = statementLines(plan);
  const byKey = new Map<string, RunResult>();
  const all = shards.flatMap((shard, index) => {
    const reline = relining(statementLines(shard.plan), lines);
    return shard.runs.map((run) => {
      const moved = reline(run);
      const path = paths[index] ?? '';
      if (moved === undefined) throw new ShardError(`${path} is of another layout of the scenario`);
      return moved;
    });
  });
  for (const run of all) {
    const known = byKey.get(jobKey(run));
    if (known !== undefined && known.logHash !== run.logHash) {
      const { design, seed, point } = run;
      const place = `${design}, seed ${String(seed)}, point ${String(point + 1)}`;
      throw new ShardError(`two shares hold different runs of ${place}`);
    }
    byKey.set(jobKey(run), run);
  }
  const jobs = jobsOfPlan(plan);
  const runs = jobs.flatMap((job) => byKey.get(jobKey(job)) ?? []);
  const missing = jobs.length - runs.length;
  if (missing > 0) {
    throw new ShardError(`${String(missing)} of ${String(jobs.length)} runs are missing`);
  }
  return { plan, runs };
}
