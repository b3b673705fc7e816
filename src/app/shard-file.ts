/** One share of a sharded experiment on disk, and joining shares to the whole. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { makeFolder } from './make-folder.js';
import { jobKey, runCountOf } from './run-job.js';
import { MODEL_VERSION } from './version.js';

export interface ShardContent {
  readonly shard: { readonly index: number; readonly count: number };
  readonly plan: ScenarioPlan;
  readonly runs: readonly RunResult[];
}

const MAGIC = 'xlab-shard 1';
const NAME = /^shard-\d+-of-\d+\.xlabshard$/;
const SHARD_BYTES_MAX = 4_294_967_296;

/** Writes the share under a temporary name and renames it. */
export function saveShard(folder: string, content: ShardContent): void {
  makeFolder(folder);
  const { index, count } = content.shard;
  const path = join(folder, `shard-${String(index)}-of-${String(count)}.xlabshard`);
  const body = gzipSync(serialize({ ...content, model: MODEL_VERSION }));
  const sum = createHash('sha256').update(body).digest('hex');
  writeFileSync(`${path}.tmp`, Buffer.concat([Buffer.from(`${MAGIC} ${sum}\n`), body]));
  renameSync(`${path}.tmp`, path);
}

/** A share that cannot be read or does not fit the others; the message says why. */
export class ShardError extends Error {
  override readonly name = 'ShardError';
}

function readShard(path: string): ShardContent {
  const bytes = readFileSync(path);
  const end = bytes.indexOf('\n');
  const [magic, version, sum] = bytes.subarray(0, Math.max(0, end)).toString('latin1').split(' ');
  const body = bytes.subarray(end + 1);
  if (`${magic ?? ''} ${version ?? ''}` !== MAGIC) throw new ShardError(`${path} is not a share`);
  if (createHash('sha256').update(body).digest('hex') !== sum) {
    throw new ShardError(`${path} is damaged`);
  }
  const text = gunzipSync(body, { maxOutputLength: SHARD_BYTES_MAX });
  const content = deserialize(text) as ShardContent & { readonly model: number };
  if (content.model !== MODEL_VERSION) {
    throw new ShardError(
      `${path} is of model ${String(content.model)}, not ${String(MODEL_VERSION)}`,
    );
  }
  return content;
}

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
  const byKey = new Map(
    shards.flatMap(({ runs }) => runs.map((run) => [jobKey(run), run] as const)),
  );
  const missing = runCountOf(plan) - byKey.size;
  if (missing > 0)
    throw new ShardError(`${String(missing)} of ${String(runCountOf(plan))} runs are missing`);
  return { plan, runs: [...byKey.values()] };
}
