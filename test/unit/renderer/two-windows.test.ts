/** Two windows of one browser share its storage: neither loses what the other one keeps there. */
import { createPinia, setActivePinia } from 'pinia';
import type { Pinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseDrafts, useDraftsStore } from '../../../renderer/stores/drafts.js';
import { useRecentStore } from '../../../renderer/stores/recent.js';

let kept = new Map<string, string>();
let isFull = false;
let windows: readonly [Pinia, Pinia] = [createPinia(), createPinia()];

const inWindow = <T>(which: 0 | 1, make: () => T): T => {
  setActivePinia(windows[which]);
  return make();
};

beforeEach(() => {
  kept = new Map();
  isFull = false;
  windows = [createPinia(), createPinia()];
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => {
      if (isFull) throw new Error('QuotaExceededError');
      kept.set(key, text);
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('two windows', () => {
  it('keep the unsaved texts of each other', () => {
    const [a, b] = [inWindow(0, useDraftsStore), inWindow(1, useDraftsStore)];
    a.keep('a.xlab', 'typed in the first');
    b.keep('b.xlab', 'typed in the second');
    expect(parseDrafts(kept.get('xlab.drafts') ?? null).map(({ id }) => id)).toEqual([
      'b.xlab',
      'a.xlab',
    ]);
    b.drop('b.xlab');
    expect(b.textOf('a.xlab')).toBe('typed in the first');
  });

  it('remember what was opened in either of them', () => {
    const [a, b] = [inWindow(0, useRecentStore), inWindow(1, useRecentStore)];
    a.add('a.xlab');
    b.add('b.xlab');
    expect(b.ids).toEqual(['b.xlab', 'a.xlab']);
  });

  it('keep what they have themselves where the storage takes nothing', () => {
    const a = inWindow(0, useDraftsStore);
    isFull = true;
    a.keep('a.xlab', 'one');
    a.keep('b.xlab', 'two');
    expect(a.list.map(({ id }) => id)).toEqual(['b.xlab', 'a.xlab']);
  });
});
