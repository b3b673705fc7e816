/** Files that a user brings, by drop or by choice: both take the same, and a result may lack its text. */
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabConnection } from '../../../renderer/bridge/connection.js';
import { resultNotices } from '../../../renderer/charts/result-notices.js';
import { useBundles } from '../../../renderer/composables/use-bundles.js';
import { useOpening } from '../../../renderer/composables/use-opening.js';
import { useExperimentStore } from '../../../renderer/stores/experiment.js';
import { useLabStore } from '../../../renderer/stores/lab.js';
import { useMailReportStore } from '../../../renderer/stores/mail-report.js';
import { useScenarioStore } from '../../../renderer/stores/scenario.js';
import { renderJson } from '../../../src/export/result-json.js';
import { CHURN_TEXT, fakeLab } from '../../support/fake-lab.js';
import { syntheticExperiment, syntheticRun } from '../../support/synthetic-experiment.js';

const DESIGNS = ['module_alloc', 'bpf_prog_pack'];
const SEEDS = [1, 2];
/** A scenario that the lab does not list. */
const TEXT = CHURN_TEXT.replace('A day of tracing', 'A night of tracing');

/** Stands for the element that opens the file dialog of the browser. */
class FileInput {
  type = '';
  multiple = false;
  accept = '';
  files: readonly File[] = [];
  private change: () => void = () => undefined;
  addEventListener(_name: string, listener: () => void): void {
    this.change = listener;
  }
  click(): void {
    this.change();
  }
}

let lab: ReturnType<typeof fakeLab>;

/** `result.json` of a run of TEXT somewhere else. */
function resultFile(): File {
  const request = { file: 'night.xlab', folder: '/', text: TEXT, settings: {}, only: [] };
  const { plan } = lab.engine.compile({ ...request, seeds: '1..2' });
  const result = syntheticExperiment({
    file: 'night.xlab',
    title: 'A night of tracing',
    designs: DESIGNS,
    seeds: SEEDS,
    hash: plan?.scenarioHash ?? '',
    runs: SEEDS.flatMap((seed) => DESIGNS.map((design) => syntheticRun(design, seed))),
  });
  return new File([renderJson(result)], 'result.json');
}
const alone = (file: File) => [{ file, folder: '' }];
const posted = () => [{ file: resultFile(), folder: 'posted' }];

/** Notices of what is in the window. */
function noticeIds(): readonly string[] {
  const scenario = useScenarioStore();
  const { state, message, progress, result, stale, fromFile, startedAt } = useExperimentStore();
  const { isOpen, diagnostics, text, summary, bundled, missingText } = scenario;
  return resultNotices({
    ...{
      line: 'open',
      wasOpen: true,
      isOpen,
      diagnostics,
      text,
      summary,
      state,
      message,
      progress,
    },
    ...{ result, stale, fromFile, startedAt, bundled, missingText, ranText: text, phase: '' },
    ...{ expected: null, workers: 2, keepsLong: false, keepsPartial: false, model: null },
  }).map(({ id }) => id);
}

beforeEach(async () => {
  vi.stubGlobal('navigator', { platform: 'Linux x86_64' });
  vi.stubGlobal('window', {
    location: { hash: '', origin: 'http://x', pathname: '/', search: '' },
  });
  setActivePinia(createPinia());
  lab = fakeLab();
  const connection = Object.assign(Object.create(lab.service) as LabConnection, {
    onLine: () => undefined,
  });
  useLabStore().connect(connection);
  await useLabStore().refresh();
});
afterEach(() => vi.unstubAllGlobals());

describe('a result that came without its text', () => {
  beforeEach(() => useOpening().take(posted()));

  it('says what it needs the text for, and not that the text has mistakes', () => {
    expect(useExperimentStore().result?.runs).toHaveLength(4);
    expect(noticeIds()).toEqual(['no-text']);
  });

  it('is not copied as a mail, with the reason', async () => {
    const mail = useMailReportStore();
    await mail.refresh();
    expect(mail.reason).toMatch(/^the text of night\.xlab did not come with the result/);
  });

  it('is whole once its text is opened', async () => {
    await useOpening().take(alone(new File([TEXT], 'night.xlab')));
    expect(useExperimentStore().result?.runs).toHaveLength(4);
    expect(noticeIds()).toEqual(['from-file']);
    const run = { runId: useExperimentStore().runId, point: 0, seed: 1, design: 'module_alloc' };
    expect((await lab.service.openMap(run)).stepCount).toBeGreaterThan(0);
  });

  it('makes room for another text, and says that it is another one', async () => {
    await useOpening().take(alone(new File([CHURN_TEXT], 'day.xlab')));
    expect(useExperimentStore().result).toBeNull();
    expect(useScenarioStore()).toMatchObject({ id: 'day.xlab', settings: {}, seeds: '' });
    expect(useExperimentStore().message).toContain('not the text that posted was made with');
  });
});

describe('the file dialog', () => {
  const choose = (...files: readonly File[]): FileInput => {
    const input = new FileInput();
    input.files = files;
    vi.stubGlobal('document', { createElement: () => input });
    useOpening().choose();
    return input;
  };

  it('offers everything that can be dropped', () => {
    const endings = choose().accept.split(',');
    const all = ['.xlab', '.xlabrun', '.json', '.xlabshard', '.txt', '.eml', '.md', '.mbox'];
    expect(endings.sort()).toEqual(all.sort());
  });

  it('takes a result as a drop does', async () => {
    choose(resultFile());
    await expect.poll(() => useExperimentStore().result?.runs.length).toBe(4);
  });

  it('takes a report, and says when none stands in the file', async () => {
    choose(new File(['Dear list,\n'], 'report.txt'));
    await expect.poll(() => useExperimentStore().message).toContain('no report of this lab');
  });
});

describe('a bundle with inputs', () => {
  const WITH_INPUTS = `${CHURN_TEXT}import a from "host/a.txt" format csv\nimport b from "host/b.txt" format csv\n`;

  /** Saved by one window, opened by another one of the same lab. */
  beforeEach(async () => {
    const first = useScenarioStore();
    first.replace('mine.xlab', WITH_INPUTS);
    const experiment = useExperimentStore();
    const end = lab.service.subscribe((event) => experiment.receive(event));
    await experiment.run();
    await expect.poll(() => experiment.state).toBe('done');
    end();
    useMailReportStore().resultText = 'B wins.';
    useMailReportStore().toggle('strip');
    const packed = await useBundles().pack();
    expect(packed?.said).toBe('Bundle saved with 2 input files');
    const file = new File([packed?.blob ?? ''], 'mine.xlabrun');
    setActivePinia(createPinia());
    useLabStore().connect(
      Object.assign(Object.create(lab.service) as LabConnection, { onLine: () => undefined }),
    );
    await useOpening().take(alone(file));
  });

  it('is read only, after a run of one’s own too, until it is taken over', async () => {
    const experiment = useExperimentStore();
    const scenario = useScenarioStore();
    expect(experiment.message).toBe('');
    expect(noticeIds()).toEqual(['from-file']);
    const end = lab.service.subscribe((event) => experiment.receive(event));
    await experiment.run();
    await expect.poll(() => experiment.state).toBe('done');
    end();
    expect(noticeIds()).toEqual(['bundled']);
    expect(experiment.readOnly).toBe(true);
    await scenario.save();
    expect(scenario.problem).toContain('Take the scenario over first');
    await useBundles().takeOver();
    expect(experiment.readOnly).toBe(false);
    expect(noticeIds()).toEqual([]);
    expect(scenario).toMatchObject({ id: 'mine/mine.xlab', text: WITH_INPUTS, changed: false });
    expect(experiment.message).toMatch(
      /^Another file stands at host\/b\.txt in the scenario folder/,
    );
  });

  it('brings own words and the choice of sections back', async () => {
    const { text } = await useMailReportStore().refresh();
    expect(text).toContain('without strip\nB wins.\n');
  });
});
