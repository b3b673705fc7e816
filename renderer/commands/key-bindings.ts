/**
 * Which keys a command has: its own, or those that the user gave it. A key has one command; a change
 * that would break this, or take a key that the window cannot give away, is refused with a sentence.
 */
import type { Command } from './command.js';

/** Keys that the user chose, by command; commands that are not in it have their own. */
export type ChangedKeys = Readonly<Record<string, readonly string[]>>;

type Bound = Pick<Command, 'id' | 'title' | 'keys'>;

const NEEDED: Readonly<Record<string, string>> = {
  Esc: 'undoes one level and closes what is open',
  Enter: 'presses the button that has the focus',
  Tab: 'moves the focus',
  'Shift+Tab': 'moves the focus back',
  ArrowLeft: 'moves the cursor',
  ArrowRight: 'moves the cursor',
  ArrowUp: 'moves through lists',
  ArrowDown: 'moves through lists',
  'Ctrl+C': 'copies the selected text',
  'Ctrl+V': 'pastes',
  'Ctrl+X': 'cuts the selected text',
  'Ctrl+A': 'selects everything',
  'Ctrl+Z': 'undoes typing',
  'Ctrl+=': 'enlarges the page',
  'Ctrl++': 'enlarges the page',
  'Ctrl+-': 'makes the page smaller',
  'Ctrl+0': 'resets the size of the page',
};

/** Presses of Shift, Ctrl, Alt or Cmd alone, and of keys without a name. */
export const isUnfinishedKey = (keys: string): boolean =>
  /(?:^|\+)(?:Shift|Control|Alt|AltGraph|Meta|CapsLock|Dead|Unidentified|Process)$/.test(keys);

export const keysOf = (command: Bound, changed: ChangedKeys): readonly string[] =>
  changed[command.id] ?? command.keys;

/** Why the command cannot have the key; empty when it can. */
export function refusal(
  commands: readonly Bound[],
  changed: ChangedKeys,
  wanted: { readonly id: string; readonly key: string },
): string {
  const { id, key } = wanted;
  const need = NEEDED[key];
  if (need !== undefined) return `${key} ${need}; it cannot be changed.`;
  const holder = commands.find(
    (command) => command.id !== id && keysOf(command, changed).includes(key),
  );
  return holder === undefined
    ? ''
    : `${key} already does "${holder.title}". Give that command another key first.`;
}

/** The stored changes that still make sense: known commands, text keys, no key with two commands. */
export function parseChangedKeys(text: string | null, commands: readonly Bound[]): ChangedKeys {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '{}') as unknown;
  } catch {
    return {};
  }
  if (typeof stored !== 'object' || stored === null) return {};
  let changed: ChangedKeys = {};
  for (const [id, list] of Object.entries(stored)) {
    if (!commands.some((command) => command.id === id) || !Array.isArray(list)) continue;
    const keys = list.filter((key): key is string => typeof key === 'string' && key.length < 32);
    changed = { ...changed, [id]: keys.slice(0, 1) };
  }
  // Two changes can only be judged together: each is dropped while it still collides.
  for (const id of Object.keys(changed)) {
    const isRefused = (changed[id] ?? []).some(
      (key) => refusal(commands, changed, { id, key }) !== '',
    );
    if (isRefused) changed = without(changed, id);
  }
  return changed;
}

export const without = (changed: ChangedKeys, id: string): ChangedKeys =>
  Object.fromEntries(Object.entries(changed).filter(([other]) => other !== id));

/** As the keyboard of the machine names it: `Ctrl` is `Cmd` on macOS. */
export const shownKey = (key: string, isMac: boolean): string =>
  isMac ? key.replace('Ctrl', 'Cmd') : key;
