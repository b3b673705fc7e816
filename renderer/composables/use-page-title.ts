/** The title of the page: which scenario is open and how far its run is, for the tab and the task bar. */
import { computed, watch } from 'vue';
import { lastPart } from '../../src/base/last-part.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useScenarioStore } from '../stores/scenario.js';

export interface PageTitle {
  /** Id of the scenario; empty while none is open. */
  readonly id: string;
  readonly changed: boolean;
  /** Runs done and all of them while an experiment runs; null otherwise. */
  readonly progress: { readonly done: number; readonly total: number } | null;
}

/** `12/90 fleet-churn.xlab * - xlab`. */
export function pageTitle({ id, changed, progress }: PageTitle): string {
  if (id === '') return 'xlab';
  const runs = progress === null ? '' : `${String(progress.done)}/${String(progress.total)} `;
  return `${runs}${lastPart(id)}${changed ? ' *' : ''} - xlab`;
}

export function usePageTitle(): void {
  const scenario = useScenarioStore();
  const experiment = useExperimentStore();
  const title = computed(() => {
    const { done, total } = experiment.progress;
    const progress = experiment.active && total > 0 ? { done, total } : null;
    return pageTitle({ id: scenario.id, changed: scenario.changed, progress });
  });
  watch(
    title,
    (text) => {
      document.title = text;
    },
    { immediate: true },
  );
}
