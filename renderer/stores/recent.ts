/** Scenarios that were opened last, newest first; kept between starts. */
import { defineStore } from 'pinia';
import { ref } from 'vue';

const KEY = 'xlab.recent';
const RECENT_MAX = 6;

/** The stored ids; anything else in the storage counts as none. */
export function parseRecent(text: string | null): readonly string[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(list)) return [];
    return list.filter((id): id is string => typeof id === 'string').slice(0, RECENT_MAX);
  } catch {
    return [];
  }
}

export const useRecentStore = defineStore('recent', () => {
  const ids = ref<readonly string[]>(read());

  function add(id: string): void {
    ids.value = [id, ...ids.value.filter((other) => other !== id)].slice(0, RECENT_MAX);
    save();
  }

  /** A scenario that is no longer there. */
  function remove(id: string): void {
    ids.value = ids.value.filter((other) => other !== id);
    save();
  }

  function save(): void {
    try {
      localStorage.setItem(KEY, JSON.stringify(ids.value));
    } catch {
      // A window without storage works, it only forgets.
    }
  }

  return { ids, add, remove };
});

function read(): readonly string[] {
  try {
    return parseRecent(localStorage.getItem(KEY));
  } catch {
    return [];
  }
}
