/**
 * The experiment on screen: state of the run, results as they come in, and whether they still belong
 * to the text. Results are large and immutable; they are held by reference, never made reactive.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Diagnostic } from '../../src/contract/diagnostic.js';
import type { LabEvent, RunRequest } from '../../src/contract/lab-api.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { useLabStore } from './lab.js';
import { useScenarioStore } from './scenario.js';

export type RunState = 'idle' | 'starting' | 'running' | 'stopping' | 'done' | 'stopped' | 'failed';

export interface RunProgress {
  readonly done: number;
  readonly total: number;
  readonly requests: number;
  /** Milliseconds since the run was started. */
  readonly elapsedMs: number;
}

const NO_PROGRESS: RunProgress = { done: 0, total: 0, requests: 0, elapsedMs: 0 };

export const useExperimentStore = defineStore('experiment', () => {
  const lab = useLabStore();
  const scenario = useScenarioStore();
  const state = ref<RunState>('idle');
  const runId = ref('');
  const progress = shallowRef<RunProgress>(NO_PROGRESS);
  const result = shallowRef<ExperimentResult | null>(null);
  /** What was run, to tell whether the text has moved on. */
  const request = shallowRef<RunRequest | null>(null);
  const startedAt = shallowRef<Date | null>(null);
  const message = ref('');
  /** Name of the file that the result came from; empty for a run of this window. */
  const fromFile = ref('');
  const rejected = shallowRef<readonly Diagnostic[]>([]);
  let startedMs = 0;

  const active = computed(() =>
    (['starting', 'running', 'stopping'] as readonly RunState[]).includes(state.value),
  );
  const stale = computed(() => {
    const ran = request.value;
    if (ran === null || result.value === null) return false;
    return (
      ran.text !== scenario.text ||
      ran.seeds !== scenario.seeds ||
      !sameRecord(ran.settings, scenario.settings)
    );
  });

  /** `continues`: a stopped run whose finished runs are kept; empty to start anew. */
  async function run(continues = ''): Promise<void> {
    if (active.value || !scenario.isOpen) return;
    const wanted: RunRequest = {
      id: scenario.id,
      text: scenario.text,
      settings: { ...scenario.settings },
      seeds: scenario.seeds,
      only: [],
      continues,
    };
    state.value = 'starting';
    message.value = '';
    rejected.value = [];
    fromFile.value = '';
    try {
      const reply = await lab.api().run(wanted);
      if (reply.kind === 'rejected') {
        state.value = 'failed';
        rejected.value = reply.diagnostics;
        message.value = reply.diagnostics[0]?.message ?? 'the scenario cannot run';
        return;
      }
      runId.value = reply.runId;
      request.value = wanted;
      startedMs = performance.now();
      startedAt.value = new Date();
      progress.value = { ...NO_PROGRESS, total: reply.total };
      state.value = 'running';
    } catch (error) {
      state.value = 'failed';
      message.value = error instanceof Error ? error.message : String(error);
    }
  }

  /** Goes on with the stopped run; its finished runs are not done again. */
  const resume = (): Promise<void> => run(runId.value);

  /** Shows a result that came from a file, read only until it is taken over. */
  function adopt(adoptedId: string, adopted: ExperimentResult, name: string): void {
    runId.value = adoptedId;
    result.value = adopted;
    state.value = adopted.complete ? 'done' : 'stopped';
    fromFile.value = name;
    request.value = {
      id: scenario.id,
      text: scenario.text,
      settings: { ...scenario.settings },
      seeds: scenario.seeds,
      only: [],
      continues: '',
    };
    progress.value = { ...NO_PROGRESS, done: adopted.runs.length, total: adopted.runs.length };
  }

  const takeOver = (): void => {
    fromFile.value = '';
  };

  async function stop(): Promise<void> {
    if (state.value !== 'running') return;
    state.value = 'stopping';
    try {
      const stopped = await lab.api().cancel(runId.value);
      if (!stopped) state.value = result.value?.complete === true ? 'done' : 'stopped';
    } catch (error) {
      state.value = 'running';
      message.value = error instanceof Error ? error.message : String(error);
    }
  }

  function receive(event: LabEvent): void {
    if (event.runId !== runId.value) return;
    switch (event.kind) {
      case 'progress': {
        const { done, total, requests } = event;
        progress.value = { done, total, requests, elapsedMs: performance.now() - startedMs };
        return;
      }
      case 'result':
        result.value = event.result;
        if (event.result.complete) {
          const { total } = progress.value;
          const elapsedMs = performance.now() - startedMs;
          progress.value = { ...progress.value, done: total, elapsedMs };
          state.value = 'done';
        }
        return;
      case 'cancelled':
        progress.value = { ...progress.value, done: event.done, total: event.total };
        state.value = 'stopped';
        return;
      case 'failed':
        state.value = 'failed';
        message.value = event.message;
        rejected.value = event.diagnostics;
        return;
    }
  }

  /** Forgets everything: another scenario was opened. */
  function clear(): void {
    if (state.value === 'running') void stop();
    state.value = 'idle';
    runId.value = '';
    result.value = null;
    request.value = null;
    progress.value = NO_PROGRESS;
    fromFile.value = '';
    message.value = '';
    rejected.value = [];
  }

  return {
    state,
    runId,
    progress,
    result,
    request,
    startedAt,
    message,
    rejected,
    fromFile,
    active,
    stale,
    run,
    resume,
    adopt,
    takeOver,
    stop,
    receive,
    clear,
  };
});

function sameRecord(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
