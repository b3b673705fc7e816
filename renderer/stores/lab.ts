/** The lab behind the window: line, version, list of scenarios. One connection per window. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { ScenarioSummary } from '../../src/contract/lab-api.js';
import type { LabConnection, LineState } from '../bridge/connection.js';

export interface LabDescription {
  readonly version: string;
  readonly model: number;
  readonly host: 'electron' | 'browser';
  readonly workers: number;
}

export const useLabStore = defineStore('lab', () => {
  const connection = shallowRef<LabConnection | null>(null);
  const line = ref<LineState>('connecting');
  /** True once the line was open: a later `lost` is an interruption, not a failed start. */
  const wasOpen = ref(false);
  const description = shallowRef<LabDescription | null>(null);
  /** Runs that the lab simulates at a time; one until it has told. */
  const workers = computed(() => description.value?.workers ?? 1);
  const scenarios = shallowRef<readonly ScenarioSummary[]>([]);
  const listProblem = ref('');

  function connect(made: LabConnection): void {
    connection.value = made;
    made.onLine((state) => {
      line.value = state;
      if (state === 'open') {
        wasOpen.value = true;
        void refresh();
      }
    });
  }

  async function refresh(): Promise<void> {
    if (connection.value === null) return;
    try {
      description.value = await connection.value.describe();
      scenarios.value = await connection.value.listScenarios();
      listProblem.value = '';
    } catch (error) {
      listProblem.value = error instanceof Error ? error.message : String(error);
    }
  }

  /** The connection; a defect when asked for before `connect`. */
  function api(): LabConnection {
    if (connection.value === null) throw new Error('the window has no connection yet');
    return connection.value;
  }

  return { line, wasOpen, description, workers, scenarios, listProblem, connect, refresh, api };
});
