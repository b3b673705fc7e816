/**
 * The result as the window shows it: with the baseline that the user chose put first. Everything else
 * in the window reads this one, so letters and colours agree everywhere.
 */
import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { orderedDesigns } from '../../src/analysis/run-index.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useViewStore } from '../stores/view.js';

export function useShownResult(): ComputedRef<ExperimentResult | null> {
  const experiment = useExperimentStore();
  const view = useViewStore();
  return computed(() => {
    const { result } = experiment;
    if (result === null || view.baseline === null) return result;
    if (!orderedDesigns(result).includes(view.baseline)) return result;
    return { ...result, scenario: { ...result.scenario, baseline: view.baseline } };
  });
}
