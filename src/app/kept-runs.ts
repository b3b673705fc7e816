/**
 * Finished runs of an experiment that has not ended, in a folder beside its results: one file a run,
 * written under a temporary name and renamed, so that a kill at any moment leaves whole files only.
 * The folder carries the scenario hash; runs of another hash are never taken for these.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { makeFolder } from './make-folder.js';
import { jobKey, jobsOfPlan } from './run-job.js';

const PREFIX = '.unfinished-';
const SUFFIX = '.run';

const nameOf = (key: string): string =>
  `${createHash('sha256').update(key).digest('hex').slice(0, 24)}${SUFFIX}`;

export class KeptRuns {
  readonly folder: string;
  private readonly plan: ScenarioPlan;

  /** `outFolder`: where the results go. Nothing is written before the first run. */
  constructor(outFolder: string, plan: ScenarioPlan) {
    this.plan = plan;
    this.folder = join(outFolder, `${PREFIX}${plan.scenarioHash.slice(0, 24)}`);
  }

  /** Event logs of the runs are written here. */
  get eventsFolder(): string {
    return join(this.folder, 'events');
  }

  /** Runs of this hash that were finished before. Files that cannot be read count as missing. */
  load(): readonly RunResult[] {
    let names: readonly string[];
    try {
      names = readdirSync(this.folder);
    } catch {
      return [];
    }
    const present = new Set(names);
    return jobsOfPlan(this.plan).flatMap((job) => {
      const name = nameOf(jobKey(job));
      const run = present.has(name) ? readRun(join(this.folder, name)) : undefined;
      return run !== undefined && jobKey(run) === jobKey(job) ? [run] : [];
    });
  }

  save(run: RunResult): void {
    makeFolder(this.folder);
    const path = join(this.folder, nameOf(jobKey(run)));
    const bytes = serialize(run);
    const sum = createHash('sha256').update(bytes).digest();
    writeFileSync(`${path}.tmp`, Buffer.concat([sum, bytes]));
    renameSync(`${path}.tmp`, path);
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const SUM_BYTES = 32;

function readRun(path: string): RunResult | undefined {
  const stored = readFileSync(path);
  const bytes = stored.subarray(SUM_BYTES);
  const sum = createHash('sha256').update(bytes).digest();
  if (!sum.equals(stored.subarray(0, SUM_BYTES))) return undefined;
  return deserialize(bytes) as RunResult;
}
