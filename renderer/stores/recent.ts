/**
 * Scenarios that were opened last, newest first; kept between starts. All windows of a browser share the
 * storage: each change is made to what stands there now.
 */
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
  /** False once the storage took nothing: what the window has is all there is. */
  let isShared = true;
  const current = (): readonly string[] => (isShared ? read() : ids.value);

  function add(id: string): void {
    save([id, ...current().filter((other) => other !== id)].slice(0, RECENT_MAX));
  }

  /** A scenario that is no longer there. */
  function remove(id: string): void {
    save(current().filter((other) => other !== id));
  }

  function save(next: readonly string[]): void {
    ids.value = next;
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
      isShared = true;
    } catch {
      isShared = false;
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
