/**
 * Finished runs of an experiment that has not ended, in a folder beside its results: one file a run,
 * written under a temporary name and renamed, so that a kill at any moment leaves whole files only.
 * The folder carries the scenario hash, and the share where only one is run: runs of another hash are
 * never taken for these, and two shares in one folder do not meet.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { stableJson } from '../export/result-json.js';
import { checkRun } from './check-result.js';
import { makeFolder } from './make-folder.js';
import { jobKey, jobsOfPlan, shardText, type Shard } from './run-job.js';

const PREFIX = '.unfinished-';
const SUFFIX = '.run';

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const nameOf = (key: string): string => `${sumOf(key).slice(0, 24)}${SUFFIX}`;

export class KeptRuns {
  readonly folder: string;
  private readonly plan: ScenarioPlan;

  /** `outFolder`: where the results go. Nothing is written before the first run. */
  constructor(outFolder: string, plan: ScenarioPlan, shard?: Shard) {
    this.plan = plan;
    const share = shard === undefined ? '' : `-${shardText(shard)}`;
    this.folder = join(outFolder, `${PREFIX}${plan.scenarioHash.slice(0, 24)}${share}`);
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
    const text = stableJson(run);
    writeFileSync(`${path}.tmp`, `${sumOf(text)}\n${text}`);
    renameSync(`${path}.tmp`, path);
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The run of a file; undefined when its sum does not hold or it is none. */
function readRun(path: string): RunResult | undefined {
  const stored = readFileSync(path, 'utf8');
  const end = stored.indexOf('\n');
  const text = stored.slice(end + 1);
  return sumOf(text) === stored.slice(0, end) ? checkRun(JSON.parse(text)) : undefined;
}
