/**
 * The experiments that a lab knows: those that run, and the last few that ended, with their results and
 * what a window that reconnects has to hear of them. Invariant: a run that goes on is never forgotten.
 */
import type { JoinedRun } from '../app/joined-run.js';
import { runCountOf } from '../app/run-job.js';
import { LabError, type LabEvent } from '../contract/lab-api.js';
import type { RunKey } from '../contract/lab-engine.js';
import type { MapRequest } from '../contract/map-data.js';
import type { ExperimentResult, RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';

/** Finished experiments whose results are kept for reports and charts. */
export const KEPT_RUNS_MAX = 8;

export interface RunRecord {
  readonly runId: string;
  readonly abort: AbortController;
  readonly total: number;
  state: 'running' | 'ended';
  done: number;
  result: ExperimentResult | null;
  /** Absent for results that came from a file. */
  plan: ScenarioPlan | null;
  /** Set for two runs that are shown as one. */
  joined: JoinedRun | null;
  /** Reads result and plan; null when there is nothing left to read. */
  unread: (() => Promise<void>) | null;
  lastEvents: readonly LabEvent[];
}

export class RunRegistry {
  private readonly runs = new Map<string, RunRecord>();
  private readonly listeners = new Set<(event: LabEvent) => void>();
  private count = 0;

  add(plan: ScenarioPlan | null, state: RunRecord['state']): RunRecord {
    this.count += 1;
    const record: RunRecord = {
      runId: `run-${String(this.count)}`,
      abort: new AbortController(),
      total: plan === null ? 0 : runCountOf(plan),
      state,
      done: 0,
      result: null,
      plan,
      joined: null,
      unread: null,
      lastEvents: [],
    };
    this.runs.set(record.runId, record);
    this.forgetOldRuns();
    return record;
  }

  find(runId: string): RunRecord | undefined {
    return this.runs.get(runId);
  }

  /** Before a result is asked for: the shipped one is read with the first question about it. */
  async read(runId: string): Promise<void> {
    await this.runs.get(runId)?.unread?.();
  }

  get activeCount(): number {
    return [...this.runs.values()].filter((record) => record.state === 'running').length;
  }

  /** Finished runs of a stopped run of the same scenario. */
  finishedRuns(runId: string, plan: ScenarioPlan): readonly RunResult[] {
    const record = this.runs.get(runId);
    if (record?.state !== 'ended' || record.result === null) return [];
    return record.plan?.scenarioHash === plan.scenarioHash ? record.result.runs : [];
  }

  /** Plan and run behind what is shown, to simulate it again. */
  sourceOf(request: MapRequest): { readonly plan: ScenarioPlan; readonly run: RunKey } {
    const { runId, ...run } = request;
    const record = this.runs.get(runId);
    if (record === undefined) throw new LabError('the run is no longer kept; run it again');
    if (record.joined !== null) return record.joined.sourceOf(run);
    if (record.plan === null) throw new LabError('the result came from a file; run it for a map');
    return { plan: record.plan, run };
  }

  resultOf(runId: string): ExperimentResult {
    const record = this.runs.get(runId);
    if (record === undefined)
      throw new LabError(`there is no run ${runId}; run the scenario again`);
    if (record.result === null) throw new LabError('no run has finished yet');
    return record.result;
  }

  /** Tells every listener, and keeps the last event of each kind for those that come later. */
  emit(record: RunRecord, events: readonly LabEvent[]): void {
    const kept = record.lastEvents.filter(
      (old) => !events.some((event) => event.kind === old.kind),
    );
    record.lastEvents = [...kept, ...events];
    for (const event of events) for (const listener of this.listeners) listener(event);
  }

  /** A new listener first hears the last state of every run, so that a window can reconnect. */
  subscribe(listener: (event: LabEvent) => void): () => void {
    this.listeners.add(listener);
    for (const record of this.runs.values()) {
      if (record.unread === null) record.lastEvents.forEach(listener);
      else void this.tellRead(record.unread, record, listener);
    }
    return () => {
      this.listeners.delete(listener);
    };
  }

  private async tellRead(
    read: () => Promise<void>,
    record: RunRecord,
    listener: (event: LabEvent) => void,
  ): Promise<void> {
    await read().catch(() => undefined);
    if (this.listeners.has(listener)) record.lastEvents.forEach(listener);
  }

  /** Stops every run. */
  close(): void {
    for (const record of this.runs.values()) record.abort.abort();
    this.listeners.clear();
  }

  private forgetOldRuns(): void {
    const ended = [...this.runs.values()].filter((record) => record.state === 'ended');
    for (const record of ended.slice(0, Math.max(0, this.runs.size - KEPT_RUNS_MAX))) {
      this.runs.delete(record.runId);
    }
  }
}
