/** Key presses as the text that commands are bound to. */
import { describe, expect, it } from 'vitest';
import { isGlobalKey, keyText } from '../../../renderer/commands/key-text.js';

const press = (
  key: string,
  more: {
    readonly ctrl?: boolean;
    readonly alt?: boolean;
    readonly shift?: boolean;
    code?: string;
  } = {},
) =>
  keyText({
    key,
    code: more.code ?? '',
    ctrlKey: more.ctrl ?? false,
    metaKey: false,
    altKey: more.alt ?? false,
    shiftKey: more.shift ?? false,
  });

describe('key text', () => {
  it.each([
    ['m', press('m')],
    ['Shift+B', press('B', { shift: true })],
    ['Ctrl+Shift+P', press('P', { ctrl: true, shift: true })],
    ['{', press('{', { shift: true })],
    ['?', press('?', { shift: true })],
    ['Space', press(' ')],
    ['Esc', press('Escape')],
    ['Alt+1', press('1', { alt: true })],
    ['Shift+F5', press('F5', { shift: true })],
    ['Shift+,', press('<', { shift: true, code: 'Comma' })],
    ['Shift+.', press(':', { shift: true, code: 'Period' })],
    ['Ctrl+\\', press('\\', { ctrl: true })],
  ])('reads %s', (wanted, found) => {
    expect(found).toBe(wanted);
  });

  it('lets only function keys and keys with a modifier act in a text field', () => {
    expect(['F5', 'Shift+F5', 'Ctrl+S', 'Alt+2'].every(isGlobalKey)).toBe(true);
    expect(['m', 'Shift+B', 'Space', '?'].some(isGlobalKey)).toBe(false);
  });
});
