/**
 * How long the scenarios of a list are and how many runs they make. Each is asked for once, one after
 * the other, while the list is on screen.
 */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { sizeWords } from '../charts/scenario-size.js';
import { useLabStore } from './lab.js';
import { expectedTime } from './run-speed.js';

export const useScenarioSizesStore = defineStore('scenario-sizes', () => {
  const lab = useLabStore();
  const texts = shallowRef<Readonly<Record<string, string>>>({});
  let asking = false;

  /** `18 runs of 6 s`; empty until it is known, and for scenarios with mistakes. */
  const of = (id: string): string => texts.value[id] ?? '';

  /** Asks for those that are not known while the list is wanted: an open scenario goes first. */
  async function load(ids: readonly string[], isWanted: () => boolean): Promise<void> {
    if (asking) return;
    asking = true;
    for (const id of ids) {
      if (!isWanted()) break;
      if (id in texts.value) continue;
      const text = await ask(id);
      texts.value = { ...texts.value, [id]: text };
    }
    asking = false;
  }

  async function ask(id: string): Promise<string> {
    try {
      const { text } = await lab.api().openScenario(id);
      const answer = await lab.api().language({ id, text, question: { kind: 'size' } });
      if (answer.kind !== 'size') return '';
      const { runs } = answer;
      return sizeWords(answer, expectedTime(id, { runs, size: answer, workers: lab.workers }));
    } catch {
      return '';
    }
  }

  return { of, load };
});
