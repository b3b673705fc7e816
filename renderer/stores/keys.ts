/** Keys of the commands as they are now; what the user changed is kept between starts. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Command } from '../commands/command.js';
import { keysOf, parseChangedKeys, refusal, shownKey, without } from '../commands/key-bindings.js';
import type { ChangedKeys } from '../commands/key-bindings.js';

const KEY = 'xlab.keys';

export const useKeysStore = defineStore('keys', () => {
  const commands = shallowRef<readonly Command[]>([]);
  const changed = ref<ChangedKeys>({});
  const isMac = /^Mac/.test(navigator.platform);

  /** All commands of the window; before this no command has a key. */
  function register(all: readonly Command[]): void {
    commands.value = all;
    changed.value = parseChangedKeys(read(), all);
  }

  const byKey = computed(
    () =>
      new Map(
        commands.value.flatMap((command) =>
          keysOf(command, changed.value).map((key) => [key, command] as const),
        ),
      ),
  );

  const of = (command: Command): readonly string[] =>
    keysOf(command, changed.value).map((key) => shownKey(key, isMac));

  /** The first key of a command by name; empty where it has none. */
  function keyOf(id: string): string {
    const command = commands.value.find((candidate) => candidate.id === id);
    return command === undefined ? '' : (of(command)[0] ?? '');
  }

  /** ` (F5)` behind the title of a button; empty for a command without a key. */
  function hint(id: string): string {
    const key = keyOf(id);
    return key === '' ? '' : ` (${key})`;
  }

  const isChanged = (id: string): boolean => id in changed.value;

  /** Gives a command a key; the sentence why not, or an empty text. */
  function give(id: string, key: string): string {
    const problem = refusal(commands.value, changed.value, { id, key });
    if (problem === '') save({ ...changed.value, [id]: [key] });
    return problem;
  }

  /** Gives a command its own key back; the sentence why not, or an empty text. */
  function reset(id: string): string {
    const command = commands.value.find((candidate) => candidate.id === id);
    const own = without(changed.value, id);
    for (const key of command?.keys ?? []) {
      const problem = refusal(commands.value, own, { id, key });
      if (problem !== '') return problem;
    }
    save(own);
    return '';
  }

  const resetAll = (): void => save({});

  function save(next: ChangedKeys): void {
    changed.value = next;
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // A window without storage works, it only forgets.
    }
  }

  return { changed, byKey, register, of, keyOf, hint, isChanged, give, reset, resetAll };
});

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
