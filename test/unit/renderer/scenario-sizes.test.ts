/** What the list of scenarios says of their length: asked for once, and told anew after every run. */
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { computed } from 'vue';
import type { LabConnection } from '../../../renderer/bridge/connection.js';
import { useLabStore } from '../../../renderer/stores/lab.js';
import { useMapsStore } from '../../../renderer/stores/maps.js';
import { rememberSpeed } from '../../../renderer/stores/run-speed.js';
import { useScenarioSizesStore } from '../../../renderer/stores/scenario-sizes.js';

const SIZE = { runs: 100, durationNs: 20e9, requests: 1000 };
const KNOWN = '100 runs of 20 s, 1000 requests each';

let kept = new Map<string, string>();
let asked: string[] = [];
let nowMs = 0;

const connection = {
  onLine: () => undefined,
  openScenario: (id: string) => {
    asked.push(id);
    return id === 'gone.xlab'
      ? Promise.reject(new Error('gone'))
      : Promise.resolve({ id, text: '' });
  },
  language: () => Promise.resolve({ kind: 'size', ...SIZE }),
  /** One run takes ten times as long as its size lets expect. */
  openMap: () => {
    nowMs += 500;
    return Promise.resolve({ ...SIZE, mapId: 'map', stepCount: 1000, logHash: 'a' });
  },
  mapAt: () => Promise.resolve({ step: 0 }),
} as unknown as LabConnection;

afterEach(() => {
  vi.unstubAllGlobals();
});

beforeEach(() => {
  kept = new Map();
  asked = [];
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  });
  vi.stubGlobal('performance', { now: () => nowMs });
  setActivePinia(createPinia());
  useLabStore().connect(connection);
});

describe('lengths in the list of scenarios', () => {
  it('are told anew after a run, without asking again', async () => {
    const sizes = useScenarioSizesStore();
    await sizes.load(['a.xlab', 'gone.xlab', 'b.xlab'], () => true);
    const text = computed(() => sizes.of('b.xlab'));
    expect(text.value).toBe(`${KNOWN}; about 5 s, guessed`);
    rememberSpeed('a.xlab', 300, { size: SIZE, workers: 1 });
    expect(text.value).toBe(`${KNOWN}; about 30 s here, going by others`);
    rememberSpeed('b.xlab', 80, { size: SIZE, workers: 1 });
    expect(text.value).toBe(`${KNOWN}; about 8 s here`);
    expect(sizes.of('gone.xlab')).toBe('');
    await sizes.load(['a.xlab', 'gone.xlab', 'b.xlab'], () => true);
    expect(asked).toEqual(['a.xlab', 'gone.xlab', 'b.xlab']);
  });

  it('go by the runs that were simulated for maps before anything else has run', async () => {
    const sizes = useScenarioSizesStore();
    await sizes.load(['a.xlab'], () => true);
    const subject = { runId: 'run', point: 0, seed: 1 };
    await useMapsStore().open({ ...subject, designs: ['first'] }, 0);
    expect(sizes.of('a.xlab')).toBe(`${KNOWN}; about 5 s, guessed`);
    await useMapsStore().open({ ...subject, designs: ['first', 'second'] }, 0);
    expect(sizes.of('a.xlab')).toBe(`${KNOWN}; about 50 s here, going by maps`);
    rememberSpeed('b.xlab', 80, { size: SIZE, workers: 1 });
    expect(sizes.of('a.xlab')).toBe(`${KNOWN}; about 8 s here, going by others`);
  });

  it('are asked for again when the text was saved, and not when nobody looks', async () => {
    const sizes = useScenarioSizesStore();
    await sizes.load(['a.xlab', 'b.xlab'], () => asked.length < 1);
    expect(asked).toEqual(['a.xlab']);
    sizes.forget('a.xlab');
    expect(sizes.of('a.xlab')).toBe('');
    await sizes.load(['a.xlab', 'b.xlab'], () => true);
    expect(asked).toEqual(['a.xlab', 'a.xlab', 'b.xlab']);
  });

  it('come for the list that is on screen, also when another was left half way', async () => {
    const sizes = useScenarioSizesStore();
    let isFirstWanted = true;
    const first = sizes.load(['a.xlab', 'b.xlab'], () => isFirstWanted);
    isFirstWanted = false;
    await sizes.load(['b.xlab', 'c.xlab'], () => true);
    await first;
    expect(asked).toEqual(['a.xlab', 'b.xlab', 'c.xlab']);
  });
});
