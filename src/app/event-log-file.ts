/**
 * The event log of a run as gzipped JSON lines: requests, and under each the effects that it had. The
 * file appears whole, under a temporary name until the run has ended.
 */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { REQUEST_KIND_NAMES } from '../contract/request.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { EFFECT_KIND_NAMES } from '../contract/sim-event.js';
import type { SimEvent } from '../engine/event-ledger.js';
import { makeFolder } from './make-folder.js';
import type { RunJob } from './run-job.js';

/** Text kept before it is compressed and written, in UTF-16 units. */
const CHUNK_LENGTH = 1_048_576;

/** `module_alloc-1.jsonl.gz`; with several sweep points the number of the point stands behind. */
export function eventLogName(plan: ScenarioPlan, job: RunJob): string {
  const point = plan.points.length > 1 ? `-p${String(job.point + 1)}` : '';
  const design = job.design.replaceAll(/[^\w.-]/g, '_');
  return `${design}-${String(job.seed)}${point}.jsonl.gz`;
}

function lineOf(event: SimEvent): string {
  if (event.event === 'effect') {
    const { timeNs, kind, page, amount, path } = event;
    return JSON.stringify({ t: timeNs, effect: EFFECT_KIND_NAMES[kind], page, amount, path });
  }
  const { timeNs, kind, object, line, sizeBytes, text } = event;
  return JSON.stringify({
    t: timeNs,
    request: REQUEST_KIND_NAMES[kind],
    ...(object < 0 ? {} : { object }),
    ...(sizeBytes === 0 ? {} : { size: sizeBytes }),
    ...(line === 0 ? {} : { line }),
    ...(text === '' ? {} : { text }),
  });
}

export class EventLogFile {
  private readonly path: string;
  private readonly descriptor: number;
  private lines: string[] = [];
  private length = 0;
  private isOpen = true;

  constructor(folder: string, name: string) {
    makeFolder(folder);
    this.path = join(folder, name);
    this.descriptor = openSync(`${this.path}.tmp`, 'w');
  }

  readonly add = (event: SimEvent): void => {
    const line = lineOf(event);
    this.lines.push(line);
    this.length += line.length + 1;
    if (this.length >= CHUNK_LENGTH) this.flush();
  };

  /** Writes the rest and gives the file its name. */
  finish(): void {
    this.flush();
    this.close();
    renameSync(`${this.path}.tmp`, this.path);
  }

  /** Ends without a file. */
  abandon(): void {
    this.close();
    rmSync(`${this.path}.tmp`, { force: true });
  }

  private close(): void {
    if (this.isOpen) closeSync(this.descriptor);
    this.isOpen = false;
  }

  /** A file may hold several compressed parts one behind the other. */
  private flush(): void {
    if (this.lines.length === 0) return;
    writeSync(this.descriptor, gzipSync(`${this.lines.join('\n')}\n`));
    this.lines = [];
    this.length = 0;
  }
}
