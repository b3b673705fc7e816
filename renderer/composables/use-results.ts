/**
 * Results, shares and reports that come from elsewhere: dropped, chosen or pasted. A result is set beside
 * the one on screen, or shown when there is none; shares join the scenario's runs; a report is held
 * against the open scenario.
 */
import { lastPart } from '../../src/base/last-part.js';
import { factsOf } from '../../src/analysis/scenario-differences.js';
import type { AdoptedResult } from '../../src/contract/lab-api.js';
import { factsOfReport } from '../../src/export/read-report.js';
import { useComparisonStore } from '../stores/comparison.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useFocusStore } from '../stores/focus.js';
import { useLabStore } from '../stores/lab.js';
import { useScenarioStore } from '../stores/scenario.js';
import { useViewStore } from '../stores/view.js';
import {
  chosenFiles,
  isResult,
  isShare,
  NO_RESULT_IN_FOLDER,
  type DroppedFile,
} from './dropped-files.js';

/** Longest result.json that a window takes, bytes. */
const RESULT_BYTES_MAX = 60 * 1024 * 1024;
const REPORT_BYTES_MAX = 400_000;
/** Files that a report may stand in. */
export const REPORT_ENDINGS: readonly string[] = ['.txt', '.eml', '.md', '.mbox'];

interface Results {
  /** True when the files were results, shares or reports; what is wrong with them is said. */
  take(files: readonly DroppedFile[]): Promise<boolean>;
  /** A text from the clipboard: true when a report stands in it. */
  takeText(text: string): Promise<boolean>;
  /** Lets the user choose a folder. */
  chooseFolder(): void;
}

export function useResults(): Results {
  const lab = useLabStore();
  const scenario = useScenarioStore();
  const experiment = useExperimentStore();
  const comparison = useComparisonStore();
  const view = useViewStore();
  const focus = useFocusStore();

  const source = () => {
    const { id, text, settings, seeds } = scenario;
    return { id, text, settings: { ...settings }, seeds };
  };

  async function adopted({ file }: DroppedFile): Promise<AdoptedResult> {
    if (file.size > RESULT_BYTES_MAX) {
      throw new Error(`it has ${megabytes(file.size)} MiB; compare it with xlab diff`);
    }
    const text = await file.text();
    return lab.api().adopt({ text, ...(scenario.isOpen ? { scenario: source() } : {}) });
  }

  /** What came with the program is an example: a result does not stand beside it. */
  const hasOwn = (): boolean => scenario.isOpen && !experiment.shipped;

  /** A result without a scenario on screen brings its own, where the lab has it. */
  async function withScenario(file: DroppedFile): Promise<AdoptedResult> {
    const read = await adopted(file);
    if (hasOwn()) return read;
    await openScenarioOf(read);
    // Once more with its text: maps are simulated from that.
    return adopted(file);
  }

  async function openScenarioOf({ result }: AdoptedResult): Promise<void> {
    experiment.clear();
    view.forgetRun();
    const { file, settings, seedsText } = result.scenario;
    const name = lastPart(file);
    const known = lab.scenarios.find(({ id }) => lastPart(id) === name);
    if (known === undefined || !(await scenario.open(known.id))) {
      scenario.replace(
        'result.xlab',
        `xlab 1\n# The text of ${name} did not come with the result.\n`,
      );
      scenario.missingText = name;
    }
    scenario.settings = Object.fromEntries(settings.map((entry) => [entry.name, entry.text]));
    scenario.seeds = seedsText;
    await scenario.check();
  }

  function show({ runId, result }: AdoptedResult, name: string): void {
    experiment.adopt(runId, result, name);
    view.forgetRun();
    view.showRun(result.runs.reduce((end, run) => Math.max(end, run.durationNs), 0));
  }

  async function takeResults(files: readonly DroppedFile[]): Promise<void> {
    const [first, second] = files;
    if (first === undefined) return;
    const a = await withScenario(first);
    if (second !== undefined) {
      const b = await adopted(second);
      if (experiment.result === null) show(a, nameOf(first));
      const side = (run: AdoptedResult, file: DroppedFile) => ({
        runId: run.runId,
        name: nameOf(file),
        point: null,
      });
      await comparison.compare(side(a, first), side(b, second));
      return;
    }
    const theirs = { name: nameOf(first), facts: factsOf(a.result), run: a };
    if (experiment.result === null) show(a, nameOf(first));
    else await comparison.compareWith(a, nameOf(first));
    await comparison.hold(theirs);
  }

  async function takeShares(files: readonly DroppedFile[]): Promise<void> {
    if (!scenario.isOpen) throw new Error('open the scenario of the share first');
    comparison.close();
    const shares = await Promise.all(
      files.map(async ({ file }) => ({ name: file.name, data: await base64Of(file) })),
    );
    const runId = experiment.fromFile === '' ? experiment.runId : '';
    const merged = await lab.api().mergeShares({ scenario: source(), runId, shares });
    experiment.showMerged(merged.runId, merged.result);
    view.showRun(merged.result.runs.reduce((end, run) => Math.max(end, run.durationNs), 0));
    focus.announce(`${String(merged.result.runs.length)} runs are here now`);
  }

  async function holdReport(name: string, text: string): Promise<boolean> {
    const facts = factsOfReport(text);
    if (facts === undefined) return false;
    if (!scenario.isOpen) {
      const known = lab.scenarios.find(({ id }) => lastPart(id) === facts.file);
      if (known === undefined) throw new Error('open the scenario of the report first');
      await scenario.open(known.id);
    }
    await comparison.hold({ name, facts, run: null });
    return true;
  }

  async function sort(files: readonly DroppedFile[]): Promise<boolean> {
    const shares = files.filter(({ file }) => isShare(file));
    const results = files.filter(({ file }) => isResult(file));
    if (shares.length > 0) await takeShares(shares);
    else if (results.length > 0) await takeResults(results);
    else {
      const report = files.find(({ file }) => isReport(file.name));
      if (report === undefined || report.file.size > REPORT_BYTES_MAX) return false;
      if (!(await holdReport('The report', await report.file.text()))) {
        throw new Error('no report of this lab stands in it');
      }
    }
    return true;
  }

  /** Says what went wrong; the files were meant for here all the same. */
  async function guarded(name: string, work: () => Promise<boolean>): Promise<boolean> {
    focus.open('none');
    experiment.message = '';
    try {
      return await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      experiment.message = `${name}: ${reason}`;
      return true;
    }
  }

  const take = (files: readonly DroppedFile[]): Promise<boolean> =>
    guarded(files[0]?.folder || (files[0]?.file.name ?? ''), () => sort(files));

  function chooseFolder(): void {
    const input = document.createElement('input');
    input.type = 'file';
    input.webkitdirectory = true;
    input.addEventListener('change', () => {
      const files = chosenFiles([...(input.files ?? [])]);
      if (files.length > 0) void take(files);
      else experiment.message = NO_RESULT_IN_FOLDER;
    });
    input.click();
  }

  return {
    take,
    takeText: (text) =>
      factsOfReport(text) === undefined
        ? Promise.resolve(false)
        : guarded('Pasted text', () => holdReport('The report', text)),
    chooseFolder,
  };
}

const isReport = (name: string): boolean => REPORT_ENDINGS.some((ending) => name.endsWith(ending));

/** Name of the folder; of a file alone its own, without the ending. */
const nameOf = ({ file, folder }: DroppedFile): string =>
  (folder === '' ? file.name.replace(/\.[a-z]+$/, '') : folder).slice(0, 40);

const megabytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(0);

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  const PIECE = 0x8000;
  for (let at = 0; at < bytes.length; at += PIECE) {
    binary += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return btoa(binary);
}
