/** Keys that the user gives to commands: one command a key, and what cannot be given is said. */
import { describe, expect, it } from 'vitest';
import {
  isUnfinishedKey,
  keysOf,
  parseChangedKeys,
  refusal,
  shownKey,
} from '../../../renderer/commands/key-bindings.js';

const COMMANDS = [
  { id: 'mode', title: 'Side, over or difference', keys: ['m'] },
  { id: 'band', title: 'Band over seeds on or off', keys: ['b'] },
  { id: 'continue', title: 'Continue the stopped run', keys: [] },
];
const [mode, band] = COMMANDS;

describe('changed keys', () => {
  it('take the place of the command’s own key', () => {
    const changed = { mode: ['x'] };
    expect(COMMANDS.map((command) => keysOf(command, changed))).toEqual([['x'], ['b'], []]);
  });

  it('refuse the key of another command by its name, as it is now', () => {
    expect(refusal(COMMANDS, {}, { id: 'mode', key: 'b' })).toBe(
      'b already does "Band over seeds on or off". Give that command another key first.',
    );
    const changed = { band: ['x'] };
    expect(refusal(COMMANDS, changed, { id: 'mode', key: 'x' })).toContain(band?.title);
    expect(refusal(COMMANDS, changed, { id: 'mode', key: 'b' })).toBe('');
    expect(refusal(COMMANDS, changed, { id: 'mode', key: 'm' })).toBe('');
  });

  it('refuse keys that the window itself needs', () => {
    expect(refusal(COMMANDS, {}, { id: 'mode', key: 'Tab' })).toBe(
      'Tab moves the focus; it cannot be changed.',
    );
    expect(refusal(COMMANDS, {}, { id: 'mode', key: 'Ctrl+C' })).toContain('copies');
  });

  it('are read from the storage as far as they make sense', () => {
    const read = (value: unknown) => parseChangedKeys(JSON.stringify(value), COMMANDS);
    expect(read({ mode: ['x'], gone: ['q'], band: 'y', continue: [7, 'k'] })).toEqual({
      mode: ['x'],
      continue: ['k'],
    });
    expect(read({ mode: ['b'] })).toEqual({});
    expect(read({ mode: ['b'], band: ['m'] })).toEqual({ mode: ['b'], band: ['m'] });
    expect(read({ mode: ['x'], band: ['x'] })).toEqual({ band: ['x'] });
    expect(read(['mode'])).toEqual({});
    expect(parseChangedKeys('{', COMMANDS)).toEqual({});
    expect(parseChangedKeys(null, COMMANDS)).toEqual({});
  });

  it('wait for a whole key, not for Shift or Ctrl alone', () => {
    expect(['Shift+Shift', 'Ctrl+Control', 'Alt+Alt', 'Dead'].every(isUnfinishedKey)).toBe(true);
    expect(['Shift+S', 'Ctrl+Enter', 'a', '+'].some(isUnfinishedKey)).toBe(false);
  });

  it('name Ctrl as Cmd on macOS', () => {
    expect(shownKey('Ctrl+Shift+P', true)).toBe('Cmd+Shift+P');
    expect(shownKey('Ctrl+Shift+P', false)).toBe('Ctrl+Shift+P');
    expect(shownKey(mode?.keys[0] ?? '', true)).toBe('m');
  });
});
