/**
 * The mail report as the user wants it: sections switched off, a result in own words, and what the host's
 * checks say about it. The choice of sections is kept while the window lives; own words belong to one run.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import {
  mayCopy,
  type ReportPreview,
  type ReportSection,
} from '../../src/contract/report-check.js';
import { useExperimentStore } from './experiment.js';
import { useLabStore } from './lab.js';
import { useScenarioStore } from './scenario.js';

export const useMailReportStore = defineStore('mail-report', () => {
  const lab = useLabStore();
  const experiment = useExperimentStore();
  const scenario = useScenarioStore();
  const without = ref<readonly ReportSection[]>([]);
  const words = shallowRef({ runId: '', text: '' });
  const shown = shallowRef<{ runId: string; preview: ReportPreview } | null>(null);
  let asked = 0;

  const resultText = computed({
    get: () => (words.value.runId === experiment.runId ? words.value.text : ''),
    set: (text: string) => {
      words.value = { runId: experiment.runId, text };
    },
  });

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
    const found = await lab.api().previewReport({
      runId,
      scenario: { id, text, settings: { ...settings }, seeds },
      without: [...without.value],
      resultText: resultText.value,
    });
    if (number === asked) shown.value = { runId, preview: found };
    return found;
  }

  /** Why it may not be copied; empty when it may. */
  const reason = computed(() => {
    const findings = preview.value?.findings ?? [];
    if (mayCopy(findings)) return '';
    const errors = findings.filter(({ severity }) => severity === 'error');
    const more = errors.length - 1;
    return `${errors[0]?.message ?? ''}${more > 0 ? `; and ${String(more)} more` : ''}`;
  });

  return { without, resultText, preview, reason, toggle, refresh };
});
