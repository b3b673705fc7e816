/**
 * Listens for keys on the whole window and runs the command that has them now. In an open menu keys are the
 * menu's: Esc closes it, letters look for an entry.
 */
import { useEventListener } from '@vueuse/core';
import { useFocusStore } from '../stores/focus.js';
import { useKeysStore } from '../stores/keys.js';
import { isGlobalKey, isTextEntry, keyText } from './key-text.js';

/** Elements for which Space and the arrows have their own meaning. */
const OWN_KEYS = 'button, summary, [role=menuitem], [role=option], a[href]';

const isInMenu = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role=menu]') !== null;

export function useShortcuts(): void {
  const focus = useFocusStore();
  const keys = useKeysStore();
  useEventListener(window, 'keydown', (event) => {
    const isBusy = focus.dialog !== 'none' || focus.openFrames > 0;
    if (event.defaultPrevented || event.isComposing || isBusy || isInMenu(event.target)) return;
    const pressed = keyText(event);
    const command = keys.byKey.get(pressed);
    if (command === undefined) return;
    if (!isGlobalKey(pressed) && isTextEntry(event.target)) return;
    if (pressed === 'Space' && event.target instanceof Element && event.target.matches(OWN_KEYS))
      return;
    event.preventDefault();
    if (command.enabled?.() !== false) command.run();
  });
}
