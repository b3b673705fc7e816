/**
 * Two results on one screen. The joined result takes the place of the window's own in the experiment
 * store, so that every pane shows it; what stood there comes back when the comparison is closed. Also
 * holds what somebody else's result or report says of itself, to be held against the open scenario.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { ScenarioFacts } from '../../src/analysis/scenario-differences.js';
import type { AdoptedResult, ComparedRun } from '../../src/contract/lab-api.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { useExperimentStore, type ExperimentShown } from './experiment.js';
import { useLabStore } from './lab.js';
import { useScenarioStore } from './scenario.js';
import { useViewStore } from './view.js';

/** What came from elsewhere and is held against the open scenario. */
export interface Theirs {
  /** `The report`, or the name of the folder. */
  readonly name: string;
  readonly facts: ScenarioFacts;
  /** Absent for a report: it has no runs. */
  readonly run: AdoptedResult | null;
}

/** How the open scenario compares with theirs under their settings and seeds. */
export interface TheirScenario {
  /** Hash of the open text with their settings and seeds; empty while it is not known. */
  readonly hash: string;
  readonly params: readonly { readonly name: string; readonly text: string }[];
  readonly seedCount: number;
}

const UNKNOWN: TheirScenario = { hash: '', params: [], seedCount: 0 };

export const useComparisonStore = defineStore('comparison', () => {
  const lab = useLabStore();
  const experiment = useExperimentStore();
  const scenario = useScenarioStore();
  const view = useViewStore();
  const joinedId = ref('');
  const names = ref<readonly [string, string]>(['', '']);
  const theirs = shallowRef<Theirs | null>(null);
  const theirScenario = shallowRef<TheirScenario>(UNKNOWN);
  /** First point of a comparison of two; null while none is chosen. */
  const firstPoint = ref<number | null>(null);
  let before: ExperimentShown | null = null;
  let held: ComparedRun | null = null;

  const active = computed(() => joinedId.value !== '' && joinedId.value === experiment.runId);

  /** Shows two kept runs, or points, side by side. Rejects with the lab's reason. */
  async function compare(a: ComparedRun, b: ComparedRun): Promise<void> {
    const own = active.value ? before : experiment.shown();
    const adopted = await lab.api().compare({ a, b });
    before = own;
    names.value = [a.name, b.name];
    joinedId.value = adopted.runId;
    forgetPlaces();
    experiment.showJoined(adopted.runId, adopted.result);
    view.showRun(endOf(adopted.result));
  }

  /** What was chosen in one result may not be in another. */
  function forgetPlaces(): void {
    view.point = null;
    view.baseline = null;
    view.seed = null;
    firstPoint.value = null;
  }

  function close(): void {
    if (before === null || !active.value) return;
    const back = before;
    before = null;
    joinedId.value = '';
    forgetPlaces();
    experiment.showAgain(back);
    if (back.result !== null) view.showRun(endOf(back.result));
  }

  /** First call: the point to start from; second call with another: both side by side. */
  async function choosePoint(point: number): Promise<void> {
    const first = firstPoint.value;
    const { result, runId } = experiment;
    if (result === null || first === null || first === point) {
      firstPoint.value = first === point ? null : point;
      return;
    }
    const side = (index: number): ComparedRun => ({
      runId,
      name: result.scenario.points[index]?.label ?? '',
      point: index,
    });
    await compare(side(first), side(point));
  }

  /** The result on screen and another one. */
  const compareWith = (other: AdoptedResult, name: string): Promise<void> => {
    const own = active.value && before !== null ? before : experiment.shown();
    const a = { runId: own.runId, name: own.fromFile === '' ? 'here' : own.fromFile, point: null };
    return compare(a, { runId: other.runId, name, point: null });
  };

  /** Runs the scenario again and then shows both results: that of the old model and the new one. */
  function keepBoth(): void {
    const { result, runId } = experiment;
    if (result === null) return;
    held = { runId, name: `model ${String(result.model)}`, point: null };
    void experiment.run();
  }

  watch(
    () => experiment.state,
    (state) => {
      if (held === null || state === 'starting' || state === 'running') return;
      const old = held;
      held = null;
      const { result, runId } = experiment;
      if (state !== 'done' || result === null || runId === old.runId) return;
      const own = { runId, name: `model ${String(result.model)}`, point: null };
      compare(old, own).catch((error: unknown) => {
        experiment.message = error instanceof Error ? error.message : String(error);
      });
    },
  );

  /** Holds a result or report of somebody else against the open scenario. */
  async function hold(other: Theirs): Promise<void> {
    theirs.value = other;
    await lookAgain();
  }

  /** What the open text would be with their settings and seeds. */
  async function lookAgain(): Promise<void> {
    const other = theirs.value;
    theirScenario.value = UNKNOWN;
    if (other === null || !scenario.isOpen) return;
    const settings = Object.fromEntries(
      other.facts.settings.map(({ name, text }) => [name, text] as const),
    );
    const { id, text } = scenario;
    const seeds = other.facts.seedsText ?? '';
    const reply = await lab.api().check({ id, text, settings, seeds });
    if (other !== theirs.value || reply.summary === undefined) return;
    const { scenarioHash, params, seeds: seedCount } = reply.summary;
    theirScenario.value = { hash: scenarioHash, params, seedCount };
  }
  watch(
    () => scenario.text,
    () => {
      if (theirs.value !== null) lookAgain().catch(() => undefined);
    },
  );

  /** Takes over their settings and seeds. */
  async function useTheirs(): Promise<void> {
    const other = theirs.value;
    if (other === null) return;
    scenario.settings = Object.fromEntries(
      other.facts.settings.map(({ name, text }) => [name, text] as const),
    );
    scenario.seeds = other.facts.seedsText ?? '';
    await scenario.check();
  }

  const forget = (): void => {
    theirs.value = null;
    theirScenario.value = UNKNOWN;
  };

  return {
    names,
    active,
    theirs,
    theirScenario,
    firstPoint,
    compare,
    compareWith,
    choosePoint,
    close,
    keepBoth,
    hold,
    useTheirs,
    forget,
  };
});

const endOf = (result: ExperimentResult): number =>
  result.runs.reduce((end, run) => Math.max(end, run.durationNs), 0);
