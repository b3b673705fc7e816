/**
 * Bundles on their way out and in: a result with its scenario, the files that the scenario reads, and how
 * it is looked at. What comes in is read only until it is taken over into the user's folder.
 */
import { nextTick } from 'vue';
import { lastPart } from '../../src/base/last-part.js';
import { isBundledId } from '../../src/contract/bundle-form.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { packBundle, unpackBundle } from '../stores/bundle-file.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useFocusStore } from '../stores/focus.js';
import { useLabStore } from '../stores/lab.js';
import { useMailReportStore } from '../stores/mail-report.js';
import { useScenarioStore } from '../stores/scenario.js';
import { useViewStore } from '../stores/view.js';
import { useViewLink } from './use-view-link.js';

interface PackedBundle {
  readonly blob: Blob;
  /** What is said about it: that it is saved, and what it lacks. */
  readonly said: string;
}

interface Bundles {
  /** The result on screen; null where there is none. Rejects with the reason when it cannot be packed. */
  pack(): Promise<PackedBundle | null>;
  /** Shows a bundle in place of what is on screen, which goes through `leave`. Rejects with the reason. */
  take(file: File, leave: () => void): Promise<void>;
  /** Makes what came from a file the user's own. */
  takeOver(): Promise<void>;
}

export function useBundles(): Bundles {
  const lab = useLabStore();
  const scenario = useScenarioStore();
  const experiment = useExperimentStore();
  const view = useViewStore();
  const focus = useFocusStore();
  const mail = useMailReportStore();
  const links = useViewLink();

  async function pack(): Promise<PackedBundle | null> {
    const { result, request, runId } = experiment;
    if (result === null || request === null) return null;
    const { id, text, settings, seeds } = request;
    const ran = { id, text, settings: { ...settings }, seeds };
    const { inputs, problem } = await lab.api().bundleInputs({ runId, scenario: ran });
    const file = lastPart(id);
    const [shown, report] = [links.shown(), mail.kept()];
    const blob = await packBundle({
      file,
      text,
      settings,
      seeds,
      inputs,
      view: shown,
      report,
      result,
    });
    const saved =
      inputs.length === 0 ? 'Bundle saved' : `Bundle saved with ${files(inputs.length)}`;
    return { blob, said: problem === '' ? saved : `${saved}; ${problem}` };
  }

  async function take(file: File, leave: () => void): Promise<void> {
    const bundle = await unpackBundle(file);
    const { text, settings, seeds, inputs } = bundle;
    // Files that the scenario reads need a place; without any, the name alone will do.
    const id =
      inputs.length === 0
        ? bundle.file
        : await lab.api().openBundle({ file: bundle.file, text, inputs });
    const adopted = await lab.api().adopt({
      text: JSON.stringify(bundle.result),
      scenario: { id, text, settings, seeds },
    });
    leave();
    scenario.replace(id, text);
    scenario.savedText = text;
    scenario.settings = settings;
    scenario.seeds = seeds;
    await scenario.check();
    experiment.adopt(adopted.runId, adopted.result, file.name);
    mail.restore(bundle.report);
    view.showRun(endOf(adopted.result));
    // After the panes have taken the result in: a new result puts the handle where it is most telling.
    await nextTick();
    links.apply(bundle.view);
  }

  async function takeOver(): Promise<void> {
    if (isBundledId(scenario.id)) {
      const { id, leftAlone } = await lab.api().takeOverBundle(scenario.id);
      scenario.moveTo(id);
      focus.announce(`Written to ${id}`);
      if (leftAlone.length > 0) experiment.message = leftAloneText(leftAlone);
      await Promise.all([scenario.check(), lab.refresh()]);
    }
    experiment.takeOver();
  }

  return { pack, take, takeOver };
}

const files = (count: number): string => `${String(count)} input file${count === 1 ? '' : 's'}`;

function leftAloneText(paths: readonly string[]): string {
  const [first = ''] = paths;
  const more = paths.length > 1 ? ` and ${String(paths.length - 1)} more` : '';
  return (
    `Another file stands at ${first}${more} in the scenario folder and was left alone; ` +
    'the scenario reads that one now.'
  );
}

const endOf = (result: ExperimentResult): number =>
  result.runs.reduce((end, run) => Math.max(end, run.durationNs), 0);
