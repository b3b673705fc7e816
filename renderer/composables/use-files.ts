/** Files that come into the window: scenarios and bundles, dropped or chosen. */
import { BUNDLE_EXTENSION, isScenarioName } from '../../src/contract/bundle-form.js';
import type { FirstRun } from '../../src/contract/lab-api.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { partingTime } from '../charts/parting-time.js';
import { useComparisonStore } from '../stores/comparison.js';
import { useExperimentStore } from '../stores/experiment.js';
import { firstView } from '../stores/first-view.js';
import { useFocusStore } from '../stores/focus.js';
import { useBundles } from './use-bundles.js';
import { useLabStore } from '../stores/lab.js';
import { useMapsStore } from '../stores/maps.js';
import { useScenarioStore } from '../stores/scenario.js';
import { useViewStore } from '../stores/view.js';
import { useWhyStore } from '../stores/why.js';

/** Longest scenario that is taken in, bytes. */
const SCENARIO_BYTES_MAX = 1024 * 1024;

interface Files {
  /** Opens a file whatever it is: true when it is open; what is wrong with it is said. */
  take(file: File): Promise<boolean>;
  /** Forgets the result on screen. */
  reset(): void;
  /** The first start: a scenario with the result that is shipped with it. False where there is none. */
  showFirstRun(asked: Promise<FirstRun | null>): Promise<boolean>;
}

export function useFiles(): Files {
  const lab = useLabStore();
  const scenario = useScenarioStore();
  const experiment = useExperimentStore();
  const comparison = useComparisonStore();
  const view = useViewStore();
  const maps = useMapsStore();
  const why = useWhyStore();
  const focus = useFocusStore();
  const bundles = useBundles();

  function reset(): void {
    experiment.clear();
    comparison.forget();
    view.forgetRun();
    maps.clear();
    why.clear();
  }

  async function takeScenario(file: File): Promise<void> {
    if (file.size > SCENARIO_BYTES_MAX) throw new Error('a scenario may have 1 MiB');
    const text = await file.text();
    const { result, fromFile } = experiment;
    const isAwaited = scenario.missingText !== '';
    const { settings, seeds } = scenario;
    reset();
    scenario.replace(safeName(file.name), text);
    if (isAwaited && result !== null) await putBeside(result, { name: fromFile, settings, seeds });
    else await scenario.check();
  }

  /** The text that a result came without: with it, the result is whole. */
  async function putBeside(
    result: ExperimentResult,
    of: {
      readonly name: string;
      readonly settings: Readonly<Record<string, string>>;
      readonly seeds: string;
    },
  ): Promise<void> {
    const { name, settings, seeds } = of;
    scenario.settings = settings;
    scenario.seeds = seeds;
    await scenario.check();
    if (scenario.summary?.scenarioHash !== result.scenarioHash) {
      scenario.settings = {};
      scenario.seeds = '';
      await scenario.check();
      throw new Error(`it is opened, but it is not the text that ${name} was made with`);
    }
    const { id, text } = scenario;
    const adopted = await lab.api().adopt({
      text: JSON.stringify(result),
      scenario: { id, text, settings: { ...settings }, seeds },
    });
    experiment.adopt(adopted.runId, adopted.result, name);
    view.showRun(endOf(adopted.result));
  }

  async function take(file: File): Promise<boolean> {
    focus.open('none');
    try {
      if (file.name.endsWith(BUNDLE_EXTENSION)) await bundles.take(file, reset);
      else if (file.name.endsWith('.xlab')) await takeScenario(file);
      else
        throw new Error(
          'scenarios, bundles, results, shares and reports can be opened, nothing else',
        );
      const isRenamed = file.name.endsWith('.xlab') && scenario.id !== file.name;
      focus.announce(`${file.name} opened${isRenamed ? ` as ${scenario.id}` : ''}`);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      experiment.message = `${file.name}: ${reason}`;
      return false;
    }
  }

  async function showFirstRun(asked: Promise<FirstRun | null>): Promise<boolean> {
    const first = await asked;
    if (first === null || scenario.isOpen) return false;
    scenario.replace(first.scenario.id, first.scenario.text);
    scenario.savedText = first.scenario.text;
    experiment.showShipped(first.runId, first.result, first.seeds);
    view.showRun(endOf(first.result));
    view.moveTo(partingTime(first.result));
    void firstView.then(() => scenario.check());
    return true;
  }

  return { take, reset, showFirstRun };
}

const endOf = (result: ExperimentResult): number =>
  result.runs.reduce((end, run) => Math.max(end, run.durationNs), 0);

/** True for files that can be opened by their name. */
export const isOpenable = (name: string): boolean =>
  name.endsWith('.xlab') || name.endsWith(BUNDLE_EXTENSION);

const safeName = (name: string): string => (isScenarioName(name) ? name : 'opened.xlab');
