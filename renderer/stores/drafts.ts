/**
 * Texts that were typed and not saved, by scenario: opening another one, a reload or a crash loses none
 * of them. Newest first; kept between starts; the oldest go when there are too many. All windows of
 * a browser share the storage: each change is made to what stands there now.
 */
import { defineStore } from 'pinia';
import { ref } from 'vue';

const KEY = 'xlab.drafts';
const DRAFTS_MAX = 12;
/** Characters of all drafts together; the newest one is always kept. */
const CHARACTERS_MAX = 2_000_000;

export interface Draft {
  /** Id of the scenario that was edited. */
  readonly id: string;
  readonly text: string;
}

function isDraft(entry: unknown): entry is Draft {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'id' in entry &&
    typeof entry.id === 'string' &&
    'text' in entry &&
    typeof entry.text === 'string'
  );
}

/** The stored drafts; anything else in the storage counts as none. */
export function parseDrafts(stored: string | null): readonly Draft[] {
  try {
    const list: unknown = JSON.parse(stored ?? '[]');
    return Array.isArray(list) ? list.filter(isDraft).slice(0, DRAFTS_MAX) : [];
  } catch {
    return [];
  }
}

/** With a newer text of one scenario, in front. */
export function withDraft(drafts: readonly Draft[], draft: Draft): readonly Draft[] {
  let left = CHARACTERS_MAX - draft.text.length;
  const older = drafts.filter(({ id, text }) => {
    if (id === draft.id) return false;
    left -= text.length;
    return left >= 0;
  });
  return [draft, ...older].slice(0, DRAFTS_MAX);
}

export const useDraftsStore = defineStore('drafts', () => {
  const list = ref<readonly Draft[]>(read());
  /** False once the storage took nothing: what the window has is all there is. */
  let isShared = true;
  const current = (): readonly Draft[] => (isShared ? read() : list.value);

  const textOf = (id: string): string | undefined =>
    list.value.find((draft) => draft.id === id)?.text;

  function keep(id: string, text: string): void {
    write(withDraft(current(), { id, text }));
  }

  /** The text was saved, or is the saved one again. */
  function drop(id: string): void {
    if (textOf(id) === undefined) return;
    write(current().filter((draft) => draft.id !== id));
  }

  function write(drafts: readonly Draft[]): void {
    list.value = drafts;
    try {
      localStorage.setItem(KEY, JSON.stringify(drafts));
      isShared = true;
    } catch {
      isShared = false;
      // Without storage, or when it is full, drafts live as long as the window.
    }
  }

  return { list, textOf, keep, drop };
});

function read(): readonly Draft[] {
  try {
    return parseDrafts(localStorage.getItem(KEY));
  } catch {
    return [];
  }
}
