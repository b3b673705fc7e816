/**
 * Carries out an experiment of the registry: its progress and what is there of its result go to the listeners
 * at a pace that a window can follow, and its end last. Runs happen in the engine's workers; nothing here waits
 * for more than their answers.
 */
import type { LabEvent } from '../contract/lab-api.js';
import type { ExperimentResult, RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import type { LabEngine } from './ports.js';
import type { RunRecord, RunRegistry } from './run-registry.js';
import { throttle } from './throttle.js';

const PROGRESS_INTERVAL_MS = 100;
const PARTIAL_INTERVAL_MS = 400;

/** Carries out the runs of one registry. */
export class RunExecution {
  constructor(
    private readonly options: {
      readonly engine: LabEngine;
      /** Milliseconds of any monotonic clock. */
      readonly now: () => number;
    },
    private readonly runs: RunRegistry,
  ) {}

  /** Ends when the experiment does; `before` are runs of it that are already there. */
  async carryOut(
    record: RunRecord,
    plan: ScenarioPlan,
    before: readonly RunResult[],
  ): Promise<void> {
    const { engine, now } = this.options;
    const progress = throttle<LabEvent>({
      intervalMs: PROGRESS_INTERVAL_MS,
      now,
      deliver: (event) => this.runs.emit(record, [event]),
    });
    const partial = throttle<ExperimentResult>({
      intervalMs: PARTIAL_INTERVAL_MS,
      now,
      deliver: (result) =>
        this.runs.emit(record, [{ kind: 'result', runId: record.runId, result }]),
    });
    try {
      const result = await engine.startExperiment(plan, {
        signal: record.abort.signal,
        before,
        onProgress: ({ done, total, requests }) => {
          record.done = done;
          progress.offer({ kind: 'progress', runId: record.runId, done, total, requests });
        },
        onPartial: (result) => {
          record.result = result;
          partial.offer(result);
        },
      });
      record.result = result;
    } catch (error) {
      if (!record.abort.signal.aborted) {
        this.end(record, [failure(record.runId, error)], [progress, partial]);
        return;
      }
    }
    this.end(record, endEvents(record), [progress, partial]);
  }

  private end(
    record: RunRecord,
    events: readonly LabEvent[],
    paced: readonly { stop(): void }[],
  ): void {
    for (const entry of paced) entry.stop();
    record.state = 'ended';
    this.runs.emit(record, events);
  }
}

/** What a run that ended without a failure has to say: its result, and that it was cut short. */
function endEvents(record: RunRecord): LabEvent[] {
  const { runId, result, total } = record;
  const events: LabEvent[] = [];
  if (result !== null) events.push({ kind: 'result', runId, result });
  if (record.abort.signal.aborted && result?.complete !== true) {
    events.push({ kind: 'cancelled', runId, done: result?.runs.length ?? record.done, total });
  }
  return events;
}

function failure(runId: string, error: unknown): LabEvent {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', runId, message, diagnostics: [] };
}
