/**
 * The mail report as the user wants it: sections switched off, a result in own words, an address of the
 * results, and what the host's checks say about it. The choice of sections is kept while the window lives;
 * words and address belong to one run. All three go into its bundle.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import {
  mayCopy,
  type ReportPreview,
  type ReportSection,
} from '../../src/contract/report-check.js';
import { useExperimentStore } from './experiment.js';
import type { KeptReport } from './kept-report.js';
import { useLabStore } from './lab.js';
import { useScenarioStore } from './scenario.js';

export const useMailReportStore = defineStore('mail-report', () => {
  const lab = useLabStore();
  const experiment = useExperimentStore();
  const scenario = useScenarioStore();
  const without = ref<readonly ReportSection[]>([]);
  /** Words and address of one run. */
  const own = shallowRef({ runId: '', text: '', link: '' });
  const shown = shallowRef<{ runId: string; preview: ReportPreview } | null>(null);
  let asked = 0;

  const ownNow = () =>
    own.value.runId === experiment.runId
      ? own.value
      : { runId: experiment.runId, text: '', link: '' };
  const resultText = computed({
    get: () => ownNow().text,
    set: (text: string) => {
      own.value = { ...ownNow(), text };
    },
  });
  const resultsLink = computed({
    get: () => ownNow().link,
    set: (link: string) => {
      own.value = { ...ownNow(), link };
    },
  });

  /** What goes into a bundle. */
  const kept = (): KeptReport => ({
    without: [...without.value],
    resultText: resultText.value,
    resultsLink: resultsLink.value,
  });

  /** What came in a bundle, for the run that is shown now. */
  function restore(report: KeptReport): void {
    const { resultText: text, resultsLink: link } = report;
    without.value = report.without;
    own.value = { runId: experiment.runId, text, link };
  }

  function toggle(section: ReportSection): void {
    without.value = without.value.includes(section)
      ? without.value.filter((name) => name !== section)
      : [...without.value, section];
  }

  /** The last report asked for of the run that is shown; null until it is here. */
  const preview = computed(() =>
    shown.value?.runId === experiment.runId ? shown.value.preview : null,
  );

  /** The report with its checks; the last one asked for is `preview`. */
  async function refresh(): Promise<ReportPreview> {
    asked += 1;
    const number = asked;
    const { id, text, settings, seeds } = scenario;
    const { runId } = experiment;
    const { missingText } = scenario;
    const found = await lab.api().previewReport({
      runId,
      scenario: { id, text, settings: { ...settings }, seeds },
      ...kept(),
      resultsLink: resultsLink.value.trim(),
    });
    const said = missingText === '' ? found : withoutText(found, missingText);
    if (number === asked) shown.value = { runId, preview: said };
    return said;
  }

  /** Why it may not be copied; empty when it may. */
  const reason = computed(() => {
    const findings = preview.value?.findings ?? [];
    if (mayCopy(findings)) return '';
    const errors = findings.filter(({ severity }) => severity === 'error');
    const more = errors.length - 1;
    return `${errors[0]?.message ?? ''}${more > 0 ? `; and ${String(more)} more` : ''}`;
  });

  return { without, resultText, resultsLink, preview, reason, toggle, kept, restore, refresh };
});

/** Without its text nobody can tell whether a result can be repeated. */
function withoutText(preview: ReportPreview, file: string): ReportPreview {
  const message = `the text of ${file} did not come with the result: nobody can repeat it from here`;
  const findings = preview.findings.filter(({ check }) => check !== 'inputs-changed');
  const missing = { severity: 'error', check: 'inputs-changed', line: 0, message } as const;
  return { ...preview, findings: [missing, ...findings] };
}
