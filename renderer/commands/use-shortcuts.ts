/** Listens for keys on the whole window and runs the command bound to them. */
import { useEventListener } from '@vueuse/core';
import { useFocusStore } from '../stores/focus.js';
import type { Command } from './command.js';
import { isGlobalKey, isTextEntry, keyText } from './key-text.js';

/** Elements for which Space and the arrows have their own meaning. */
const OWN_KEYS = 'button, summary, [role=menuitem], [role=option], a[href]';

export function useShortcuts(commands: readonly Command[]): void {
  const focus = useFocusStore();
  const byKey = new Map(commands.flatMap((command) => command.keys.map((key) => [key, command])));
  useEventListener(window, 'keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || focus.dialog !== 'none') return;
    const keys = keyText(event);
    const command = byKey.get(keys);
    if (command === undefined) return;
    if (!isGlobalKey(keys) && isTextEntry(event.target)) return;
    if (keys === 'Space' && event.target instanceof Element && event.target.matches(OWN_KEYS))
      return;
    event.preventDefault();
    if (command.enabled?.() !== false) command.run();
  });
}
