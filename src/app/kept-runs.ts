/**
 * Finished runs of an experiment that has not ended, in a folder beside its results: one file a run,
 * written under a temporary name and renamed, so that a kill at any moment leaves whole files only.
 * The folder carries the scenario hash, and the share where only one is run: runs of another hash are
 * never taken for these, and two shares in one folder do not meet. Each run names the table of lines
 * that its text had, so that it can be taken over when only the layout of the text has changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { stableJson } from '../export/result-json.js';
import { checkRun } from './check-result.js';
import { makeFolder } from './make-folder.js';
import { jobKey, jobsOfPlan, shardText, type Shard } from './run-job.js';
import {
  linesId,
  linesOfText,
  linesText,
  relining,
  statementLines,
  type Relining,
} from './statement-lines.js';

const PREFIX = '.unfinished-';
const SUFFIX = '.run';
const LINES_SUFFIX = '.lines';

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const nameOf = (key: string): string => `${sumOf(key).slice(0, 24)}${SUFFIX}`;

export class KeptRuns {
  readonly folder: string;
  private readonly plan: ScenarioPlan;
  private readonly lines: string;
  private readonly id: string;

  /** `outFolder`: where the results go. Nothing is written before the first run. */
  constructor(outFolder: string, plan: ScenarioPlan, shard?: Shard) {
    this.plan = plan;
    this.lines = linesText(statementLines(plan));
    this.id = linesId(this.lines);
    const share = shard === undefined ? '' : `-${shardText(shard)}`;
    this.folder = join(outFolder, `${PREFIX}${plan.scenarioHash.slice(0, 24)}${share}`);
  }

  /** Event logs of the runs are written here. */
  get eventsFolder(): string {
    return join(this.folder, 'events');
  }

  /**
   * Runs of this hash that were finished before. Files that cannot be read count as missing; `exact`:
   * those of a text with other line numbers too.
   */
  load(exact = false): readonly RunResult[] {
    let names: readonly string[];
    try {
      names = readdirSync(this.folder);
    } catch {
      return [];
    }
    const present = new Set(names);
    const layouts = this.layouts(names, exact);
    return jobsOfPlan(this.plan).flatMap((job) => {
      const name = nameOf(jobKey(job));
      const found = present.has(name) ? readRun(join(this.folder, name)) : undefined;
      const run = found && layouts.get(found.lines)?.(found.run);
      return run !== undefined && jobKey(run) === jobKey(job) ? [run] : [];
    });
  }

  /** How runs are taken over, by the table of lines that they name. */
  private layouts(names: readonly string[], exact: boolean): ReadonlyMap<string, Relining> {
    const now = statementLines(this.plan);
    const tables = names.filter((name) => name.endsWith(LINES_SUFFIX));
    return new Map(
      tables.map((name) => {
        const text = readFileSync(join(this.folder, name), 'utf8');
        const from = linesId(text) === name.slice(0, -LINES_SUFFIX.length) ? text : '';
        return [linesId(text), relining(linesOfText(from), now, exact)] as const;
      }),
    );
  }

  save(run: RunResult): void {
    makeFolder(this.folder);
    const path = join(this.folder, nameOf(jobKey(run)));
    const lines = join(this.folder, `${this.id}${LINES_SUFFIX}`);
    if (!existsSync(lines)) writeWhole(lines, this.lines);
    const text = `${this.id}\n${stableJson(run)}`;
    writeWhole(path, `${sumOf(text)}\n${text}`);
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}

/** The run of a file and its table of lines; undefined when its sum does not hold or it is none. */
function readRun(path: string): { readonly run: RunResult; readonly lines: string } | undefined {
  const stored = readFileSync(path, 'utf8');
  const end = stored.indexOf('\n');
  const text = stored.slice(end + 1);
  if (sumOf(text) !== stored.slice(0, end)) return undefined;
  const linesEnd = text.indexOf('\n');
  const run = checkRun(JSON.parse(text.slice(linesEnd + 1)));
  return run && { run, lines: text.slice(0, linesEnd) };
}
