/**
 * Key presses as the text that commands are bound to. Letters are lower case without Shift and
 * `Shift+X` with it; signs stand for themselves, because their place differs between keyboards.
 */

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  Escape: 'Esc',
  '\\': '\\',
};

/** Keys whose sign with Shift differs between keyboards but which are meant by their place. */
const BY_PLACE: Readonly<Record<string, string>> = { Comma: ',', Period: '.' };

/** `Ctrl+Shift+P`, `m`, `Shift+B`, `{`. Cmd counts as Ctrl. */
export function keyText(event: {
  readonly key: string;
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}): string {
  const { key } = event;
  const byPlace = BY_PLACE[event.code ?? ''];
  if (byPlace !== undefined && event.shiftKey && !event.ctrlKey && !event.altKey) {
    return `Shift+${byPlace}`;
  }
  const letter = /^[a-zA-Z]$/.test(key);
  const sign = key.length === 1 && !letter && key !== ' ' && !/^[0-9]$/.test(key);
  const ctrl = event.ctrlKey || event.metaKey;
  const parts: string[] = [];
  if (ctrl) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey && !sign) parts.push('Shift');
  const name = letter
    ? ctrl || event.altKey || event.shiftKey
      ? key.toUpperCase()
      : key.toLowerCase()
    : (NAMES[key] ?? key);
  return [...parts, name].join('+');
}

/** True for keys that act even while a text field has the focus. */
export const isGlobalKey = (keys: string): boolean =>
  /^F\d+$/.test(keys) || keys === 'Shift+F5' || keys.startsWith('Ctrl+') || keys.startsWith('Alt+');

/** True when typing into this element must not trigger single keys. */
export function isTextEntry(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
