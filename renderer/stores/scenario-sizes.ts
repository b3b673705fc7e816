/**
 * How long the scenarios of a list are and how many runs they make. Each is asked for once, one after
 * the other, while the list is on screen; how long it takes here is told anew after every run.
 */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { sizeWords } from '../charts/scenario-size.js';
import type { ScenarioSize } from '../charts/scenario-size.js';
import { useLabStore } from './lab.js';
import { expectedTime } from './run-speed.js';

/** A list on screen. */
interface Wish {
  readonly ids: readonly string[];
  readonly isWanted: () => boolean;
}

export const useScenarioSizesStore = defineStore('scenario-sizes', () => {
  const lab = useLabStore();
  /** Null: asked for, and nothing can be told. */
  const sizes = shallowRef<Readonly<Record<string, ScenarioSize | null>>>({});
  let wish: Wish | null = null;
  let asking = false;

  /** `18 runs of 6 s`; empty until it is known, and for scenarios with mistakes. */
  function of(id: string): string {
    const size = sizes.value[id] ?? null;
    if (size === null) return '';
    const { runs } = size;
    return sizeWords(size, expectedTime(id, { runs, size, workers: lab.workers }));
  }

  /** Asks for those that are not known while the list is wanted: an open scenario goes first. */
  async function load(ids: readonly string[], isWanted: () => boolean): Promise<void> {
    wish = { ids, isWanted };
    if (asking) return;
    asking = true;
    for (let id = next(); id !== null; id = next()) {
      const size = await ask(id);
      sizes.value = { ...sizes.value, [id]: size };
    }
    asking = false;
  }

  const next = (): string | null =>
    wish?.isWanted() === true ? (wish.ids.find((id) => !(id in sizes.value)) ?? null) : null;

  /** Its text has changed: the size is another one. */
  function forget(id: string): void {
    sizes.value = Object.fromEntries(Object.entries(sizes.value).filter(([known]) => known !== id));
  }

  async function ask(id: string): Promise<ScenarioSize | null> {
    try {
      const { text } = await lab.api().openScenario(id);
      const answer = await lab.api().language({ id, text, question: { kind: 'size' } });
      return answer.kind === 'size' ? answer : null;
    } catch {
      return null;
    }
  }

  return { of, load, forget };
});
