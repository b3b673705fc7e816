/** The keys of the window, as they are promised: each has its command, and each command that has a key is promised. */
import { createPinia, setActivePinia } from 'pinia';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Command } from '../../../renderer/commands/command.js';
import { useCommands } from '../../../renderer/commands/use-commands.js';
import { useExperimentStore } from '../../../renderer/stores/experiment.js';
import { useFocusStore } from '../../../renderer/stores/focus.js';
import { useViewStore } from '../../../renderer/stores/view.js';
import { fakeResult } from '../../support/fake-result.js';

/** What the user interface promises: key and command. */
const PROMISED: readonly (readonly [keys: readonly string[], command: string])[] = [
  [['F5'], 'run'],
  [['Shift+F5'], 'stop'],
  [['Ctrl+Enter'], 'run-phase'],
  [['Ctrl+Shift+P'], 'palette'],
  [['w'], 'zoom-in'],
  [['s'], 'zoom-out'],
  [['a'], 'pan-left'],
  [['d'], 'pan-right'],
  [['Space'], 'play'],
  [[','], 'step-back'],
  [['.'], 'step-on'],
  [['Shift+,'], 'effect-back'],
  [['Shift+.'], 'effect-on'],
  ...Array.from({ length: 9 }, (_, i) => [[String(i + 1)], `phase-${String(i + 1)}`] as const),
  [['m'], 'mode'],
  [['Shift+B'], 'baseline'],
  [['c'], 'cursor'],
  [['p'], 'pin'],
  [['n'], 'next-pin'],
  [['Shift+N'], 'previous-pin'],
  [['z'], 'zoom-selection'],
  [['Backspace'], 'zoom-back'],
  [['['], 'previous-seed'],
  [[']'], 'next-seed'],
  [['{'], 'previous-point'],
  [['}'], 'next-point'],
  [['i'], 'why'],
  [['f'], 'follow'],
  [['t'], 'table'],
  [['b'], 'band'],
  [['y'], 'copy-mail'],
  [['Shift+Y'], 'copy-short'],
  [['e'], 'editor'],
  [['g'], 'charts'],
  [['Alt+1'], 'layout-author'],
  [['Alt+2'], 'layout-compare'],
  [['Alt+3'], 'layout-explain'],
  [['Ctrl+\\'], 'hide-editor'],
  [['/'], 'find'],
  [['?'], 'keys'],
  // Of the scrubber, of selections and of the copy menu.
  [['Home'], 'home'],
  [['End'], 'end'],
  [['Esc'], 'escape'],
  [['Shift+Ctrl+C'], 'copy-menu'],
];
/** Beside the promised ones: what every editor has on them. */
const USUAL: readonly string[] = ['open', 'open-file', 'save', 'format', 'definition', 'rename'];

beforeAll(() => {
  vi.stubGlobal('navigator', { platform: 'Linux x86_64' });
  vi.stubGlobal('window', {
    location: { hash: '', origin: 'http://x', pathname: '/', search: '' },
  });
});
afterAll(() => vi.unstubAllGlobals());
beforeEach(() => setActivePinia(createPinia()));

/** `Shift+Ctrl+C` is pressed and written as `Ctrl+Shift+C`. */
const written = (keys: string): string => keys.replace('Shift+Ctrl', 'Ctrl+Shift');

function commandOf(id: string): Command {
  const found = useCommands().find((command) => command.id === id);
  if (found === undefined) throw new Error(`there is no command ${id}`);
  return found;
}

describe('shortcuts', () => {
  it.each(PROMISED)('%j is %s', (keys, id) => {
    expect(commandOf(id).keys).toEqual(keys.map(written));
  });

  it('are those that are promised, and the usual ones of editors', () => {
    const withKey = useCommands().filter(({ keys }) => keys.length > 0);
    const known = [...PROMISED.map(([, id]) => id), ...USUAL];
    expect(withKey.map(({ id }) => id).sort()).toEqual([...known].sort());
  });

  it('belong to one command each', () => {
    const all = useCommands().flatMap(({ keys }) => keys);
    expect(new Set(all).size).toBe(all.length);
  });

  it('are all on the page of keys, the nine phases as one line', () => {
    const hidden = useCommands().filter(({ listed }) => listed === false);
    expect(hidden.map(({ keys }) => keys[0])).toEqual(['2', '3', '4', '5', '6', '7', '8', '9']);
  });
});

describe('what a key does to the view', () => {
  beforeEach(() => {
    const result = fakeResult({ seedCount: 3 });
    useExperimentStore().result = result;
    useViewStore().showRun(Math.max(...result.runs.map(({ durationNs }) => durationNs)));
  });
  const press = (id: string): void => commandOf(id).run();

  it('m, c, b and t go through their settings', () => {
    const view = useViewStore();
    const seen = (id: string, read: () => unknown, times: number): readonly unknown[] =>
      Array.from({ length: times }, () => (press(id), read()));
    expect(seen('mode', () => view.mode, 3)).toEqual(['diff', 'side', 'over']);
    expect(seen('cursor', () => view.cursorStyle, 3)).toEqual(['off', 'line', 'values']);
    expect(seen('band', () => view.band, 2)).toEqual([false, true]);
    expect(seen('table', () => view.tableMode, 2)).toEqual(['cursor', 'phase']);
    view.select({ startNs: 1e9, endNs: 2e9 });
    expect(seen('table', () => view.tableMode, 3)).toEqual(['cursor', 'phase', 'span']);
  });

  it('w and s zoom, a and d pan, z zooms to the span and Backspace goes back', () => {
    const view = useViewStore();
    view.moveTo(view.runEndNs / 2);
    press('zoom-in');
    const { startNs, endNs } = view.range;
    expect(endNs - startNs).toBeLessThan(view.runEndNs);
    press('pan-right');
    expect(view.range.startNs).toBeGreaterThan(startNs);
    press('pan-left');
    expect(view.range.startNs).toBeCloseTo(startNs, -3);
    press('zoom-out');
    expect(view.zoom).toBeNull();
    view.select({ startNs: 1e9, endNs: 3e9 });
    press('zoom-selection');
    expect(view.zoom).toEqual({ startNs: 1e9, endNs: 3e9 });
    press('zoom-back');
    expect(view.zoom).toBeNull();
  });

  it('p pins, n and Shift+N walk the pins, Home and End go to the ends', () => {
    const view = useViewStore();
    for (const timeNs of [1e9, 4e9]) {
      view.moveTo(timeNs);
      press('pin');
    }
    press('home');
    expect(view.timeNs).toBe(0);
    press('next-pin');
    expect(view.timeNs).toBe(1e9);
    press('previous-pin');
    expect(view.timeNs).toBe(4e9);
    press('end');
    expect(view.timeNs).toBe(view.runEndNs);
  });

  it('Esc undoes the span, then the pin, then the zoom', () => {
    const view = useViewStore();
    view.setZoom({ startNs: 1e9, endNs: 5e9 });
    view.moveTo(2e9);
    press('pin');
    press('next-pin');
    view.select({ startNs: 1e9, endNs: 2e9 });
    press('escape');
    expect([view.selection, view.focusedPin === null, view.zoom === null]).toEqual([
      null,
      false,
      false,
    ]);
    press('escape');
    expect([view.focusedPin, view.zoom === null]).toEqual([null, false]);
    press('escape');
    expect(view.zoom).toBeNull();
  });

  it('brackets walk the seeds and their median, Shift+B the baselines, digits the phases', () => {
    const view = useViewStore();
    const { scenario, runs } = useExperimentStore().result ?? fakeResult({ seedCount: 3 });
    press('next-seed');
    expect(view.seed).toBe(scenario.seeds[0]);
    press('previous-seed');
    expect(view.seed).toBeNull();
    press('baseline');
    expect(view.baseline).toBe(scenario.designs[1]?.name);
    press('phase-2');
    expect(view.timeNs).toBe(runs[0]?.phases[1]?.startNs);
  });

  it('layouts, the strip, palette, keys, search and the copy menu come up', () => {
    const view = useViewStore();
    const focus = useFocusStore();
    press('layout-explain');
    expect([view.layout, view.leftTab]).toEqual(['explain', 'why']);
    press('hide-editor');
    expect(view.editorShown).toBe(false);
    press('layout-author');
    expect([view.layout, view.editorShown]).toEqual(['author', true]);
    for (const [id, dialog] of [
      ['palette', 'palette'],
      ['keys', 'keys'],
      ['find', 'find'],
      ['open', 'scenarios'],
    ] as const) {
      press(id);
      expect(focus.dialog).toBe(dialog);
    }
    press('copy-menu');
    expect(focus.menuRequest).toBe(1);
  });
});
