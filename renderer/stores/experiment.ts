/**
 * The experiment on screen: state of the run, results as they come in, and whether they still belong
 * to the text. Results are large and immutable; they are held by reference, never made reactive.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Diagnostic } from '../../src/contract/diagnostic.js';
import type { LabEvent, RunRequest } from '../../src/contract/lab-api.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { LINE_GONE } from '../bridge/connection.js';
import { useLabStore } from './lab.js';
import type { RunSize } from './run-speed.js';
import { useScenarioStore } from './scenario.js';

export type RunState = 'idle' | 'starting' | 'running' | 'stopping' | 'done' | 'stopped' | 'failed';

export interface RunProgress {
  readonly done: number;
  readonly total: number;
  readonly requests: number;
  /** Milliseconds since the run was started. */
  readonly elapsedMs: number;
  /** Runs of `done` that an earlier, stopped run had finished; absent for none. */
  readonly kept?: number;
}

/** Everything of a result on screen, to come back to. */
export interface ExperimentShown {
  readonly state: RunState;
  readonly runId: string;
  readonly result: ExperimentResult | null;
  readonly request: RunRequest | null;
  readonly progress: RunProgress;
  readonly fromFile: string;
  readonly phase: string;
  readonly shipped: boolean;
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
  /** The only phase that was run; empty for the whole scenario. */
  const phase = ref('');
  /** The result came with the program: nothing has run here yet. */
  const shipped = ref(false);
  /** The user has been told that the run takes long and keeps it. */
  const keepsLong = ref(false);
  let startedMs = 0;
  /** Of the scenario as it was run. */
  let sizeRun: RunSize | null = null;
  /** Start of the hash of the result that a link speaks of; empty for none. */
  let awaitedHash = '';
  /** Counts what is on screen: an answer to a call for something else comes too late. */
  let turn = 0;
  /** Runs that were left while the line was lost: nobody would stop them. */
  const left = new Set<string>();

  const active = computed(() =>
    (['starting', 'running', 'stopping'] as readonly RunState[]).includes(state.value),
  );
  const stale = computed(() => {
    const ran = request.value;
    if (ran === null || result.value === null) return false;
    return (
      ran.text !== scenario.text ||
      (ran.seeds !== scenario.seeds && !shipped.value) ||
      !sameRecord(ran.settings, scenario.settings)
    );
  });

  /** What came from a file is the user's own once it is taken over. */
  const readOnly = computed(() => fromFile.value !== '' || scenario.bundled);

  /** What is in the window now, as a run of all designs. */
  const requestNow = (): RunRequest => ({
    id: scenario.id,
    text: scenario.text,
    settings: { ...scenario.settings },
    seeds: scenario.seeds,
    only: [],
    continues: '',
    phaseLine: 0,
  });

  /**
   * `continues`: a stopped run whose finished runs are kept; `phaseLine`: only the phase of this line.
   */
  async function run(
    what: { readonly continues?: string; readonly phaseLine?: number } = {},
  ): Promise<void> {
    if (active.value || !scenario.isOpen) return;
    const wanted: RunRequest = { ...requestNow(), ...what };
    turn += 1;
    const own = turn;
    state.value = 'starting';
    awaitedHash = '';
    message.value = '';
    rejected.value = [];
    fromFile.value = '';
    shipped.value = false;
    keepsLong.value = false;
    try {
      const reply = await lab.api().run(wanted);
      if (own !== turn) {
        if (reply.kind === 'started') leave(reply.runId);
        return;
      }
      if (reply.kind === 'rejected') {
        state.value = 'failed';
        rejected.value = reply.diagnostics;
        message.value = reply.diagnostics[0]?.message ?? 'the scenario cannot run';
        return;
      }
      runId.value = reply.runId;
      phase.value = reply.phase;
      request.value = wanted;
      startedMs = performance.now();
      sizeRun = scenario.summary?.runSize ?? null;
      startedAt.value = new Date();
      // What a continued run keeps is done already.
      const done = wanted.continues === '' ? 0 : (result.value?.runs.length ?? 0);
      progress.value = { ...NO_PROGRESS, done, kept: done, total: reply.total };
      state.value = 'running';
    } catch (error) {
      if (own !== turn) return;
      state.value = 'failed';
      message.value = error instanceof Error ? error.message : String(error);
    }
  }

  /** Goes on with the stopped run; its finished runs are not done again. */
  const resume = (): Promise<void> =>
    run({ continues: runId.value, phaseLine: request.value?.phaseLine ?? 0 });

  /**
   * Shows what comes with the program, as if it had been run with these seeds. They are fewer than the
   * scenario has: the next run is that of the scenario.
   */
  function showShipped(adoptedId: string, adopted: ExperimentResult, seeds: string): void {
    adopt(adoptedId, adopted, '');
    request.value = { ...requestNow(), seeds };
    shipped.value = true;
  }

  /**
   * A run that the window had before it was loaded again: the lab tells its last events once more, if it
   * still is the same lab.
   */
  function awaitRun(awaitedId: string, hash: string): void {
    if (result.value === null) {
      runId.value = awaitedId;
      awaitedHash = hash;
    }
    request.value = requestNow();
  }

  /** True for events of another lab's run with the awaited number. */
  function isForeign(event: LabEvent): boolean {
    if (awaitedHash === '') return false;
    if (event.kind !== 'result' || !event.result.scenarioHash.startsWith(awaitedHash)) return true;
    awaitedHash = '';
    if (!event.result.complete) state.value = 'running';
    return false;
  }

  /** Shows a result that came from a file, read only until it is taken over. */
  function adopt(adoptedId: string, adopted: ExperimentResult, name: string): void {
    awaitedHash = '';
    runId.value = adoptedId;
    result.value = adopted;
    state.value = adopted.complete ? 'done' : 'stopped';
    fromFile.value = name;
    shipped.value = false;
    request.value = requestNow();
    phase.value = '';
    progress.value = { ...NO_PROGRESS, done: adopted.runs.length, total: adopted.runs.length };
  }

  const shown = (): ExperimentShown => ({
    state: state.value,
    runId: runId.value,
    result: result.value,
    request: request.value,
    progress: progress.value,
    fromFile: fromFile.value,
    phase: phase.value,
    shipped: shipped.value,
  });

  /** Puts back what was on screen. */
  function showAgain(before: ExperimentShown): void {
    awaitedHash = '';
    runId.value = before.runId;
    result.value = before.result;
    request.value = before.request;
    progress.value = before.progress;
    fromFile.value = before.fromFile;
    phase.value = before.phase;
    shipped.value = before.shipped;
    state.value = before.state;
  }

  /** Shows two results as one, in the place of the window's own. */
  function showJoined(joinedId: string, joined: ExperimentResult): void {
    const total = joined.runs.length;
    showAgain({
      ...shown(),
      runId: joinedId,
      result: joined,
      progress: { ...NO_PROGRESS, done: total, total },
      fromFile: '',
      phase: '',
      shipped: false,
      state: 'done',
    });
  }

  /** Shows a result with runs of other machines; what is missing can be continued here. */
  function showMerged(mergedId: string, merged: ExperimentResult): void {
    const { designs, seeds, points } = merged.scenario;
    const total = designs.length * seeds.length * points.length;
    showAgain({
      ...shown(),
      runId: mergedId,
      result: merged,
      request: requestNow(),
      progress: { ...NO_PROGRESS, done: merged.runs.length, total },
      fromFile: '',
      phase: '',
      shipped: false,
      state: merged.complete ? 'done' : 'stopped',
    });
  }

  const takeOver = (): void => {
    fromFile.value = '';
  };

  async function stop(): Promise<void> {
    if (state.value !== 'running') return;
    state.value = 'stopping';
    const own = turn;
    try {
      const stopped = await lab.api().cancel(runId.value);
      if (own === turn && !stopped)
        state.value = result.value?.complete === true ? 'done' : 'stopped';
    } catch (error) {
      if (own !== turn) return;
      state.value = 'running';
      message.value = error instanceof Error ? error.message : String(error);
    }
  }

  function receive(event: LabEvent): void {
    if (event.runId !== runId.value || isForeign(event)) return;
    switch (event.kind) {
      case 'progress': {
        const { done, total, requests } = event;
        const elapsedMs = performance.now() - startedMs;
        progress.value = { ...progress.value, done, total, requests, elapsedMs };
        return;
      }
      case 'result':
        result.value = event.result;
        if (event.result.complete) {
          const total = progress.value.total || event.result.runs.length;
          const elapsedMs = performance.now() - startedMs;
          progress.value = { ...progress.value, done: total, total, elapsedMs };
          const made = Math.max(1, total - (progress.value.kept ?? 0));
          const isWhole = state.value === 'running' && phase.value === '';
          if (isWhole) scenario.remember(elapsedMs / made, sizeRun);
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

  /** Ends a run that is no longer on screen; later, where the line is lost. */
  function leave(leftId: string): void {
    lab
      .api()
      .cancel(leftId)
      .then(
        () => left.delete(leftId),
        () => left.add(leftId),
      );
  }
  watch(
    () => lab.line,
    (line) => {
      if (line !== 'open') return;
      if (message.value === LINE_GONE) message.value = '';
      for (const leftId of left) leave(leftId);
    },
  );

  /** Forgets everything: another scenario was opened. */
  function clear(): void {
    if (state.value === 'running') leave(runId.value);
    turn += 1;
    state.value = 'idle';
    awaitedHash = '';
    runId.value = '';
    result.value = null;
    request.value = null;
    progress.value = NO_PROGRESS;
    fromFile.value = '';
    phase.value = '';
    shipped.value = false;
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
    readOnly,
    phase,
    shipped,
    keepsLong,
    active,
    stale,
    run,
    resume,
    adopt,
    showShipped,
    awaitRun,
    shown,
    showAgain,
    showJoined,
    showMerged,
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
