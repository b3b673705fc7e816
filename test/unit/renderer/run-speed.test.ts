/** The time that a run is expected to take: by itself, by other runs here, by its size alone. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { expectedTime, rememberSpeed } from '../../../renderer/stores/run-speed.js';

let kept = new Map<string, string>();

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  });
});

const SIZE = { durationNs: 20e9, requests: 1000 };
const TWICE = { durationNs: 40e9, requests: 2000 };
const about = (id: string, size: typeof SIZE | null = SIZE, runs = 100) =>
  expectedTime(id, { runs, size, workers: 2 });

describe('the time that a run will take', () => {
  it('is guessed from simulated time and requests where nothing has run', () => {
    const found = about('a.xlab');
    expect(found).toMatchObject({ basis: 'size', workers: 2 });
    expect((about('a.xlab', TWICE)?.ms ?? 0) - (found?.ms ?? 0)).toBeCloseTo(2500);
    expect(about('a.xlab', null)).toBeNull();
    expect(about('a.xlab', { durationNs: 0, requests: 0 })).toBeNull();
  });

  it('is that of the scenario itself, in proportion to its size today', () => {
    rememberSpeed('a.xlab', 70, { size: SIZE, workers: 2 });
    expect(about('a.xlab')).toEqual({ ms: 7000, basis: 'itself', workers: 2 });
    expect(about('a.xlab', TWICE)?.ms).toBeCloseTo(14_000);
    expect(about('a.xlab', SIZE, 200)?.ms).toBeCloseTo(14_000);
  });

  it('goes by the middle one of other scenarios that have run here', () => {
    for (const [id, msPerRun] of [
      ['b', 50],
      ['c', 75],
      ['d', 5000],
    ] as const) {
      rememberSpeed(id, msPerRun, { size: SIZE, workers: 2 });
    }
    expect(about('a.xlab')).toEqual({ ms: 7500, basis: 'others', workers: 2 });
  });

  it('does not need more workers than there are runs', () => {
    expect(about('a.xlab', SIZE, 1)?.workers).toBe(1);
  });

  it('takes what an older window has kept, and nothing of what is none', () => {
    kept.set('xlab.speed', JSON.stringify([['a.xlab', 30], 7, ['b', -1], ['c', 'x'], ['d']]));
    expect(about('a.xlab')).toEqual({ ms: 3000, basis: 'itself', workers: 2 });
    expect(about('b')?.basis).toBe('size');
    kept.set('xlab.speed', '{');
    expect(about('a.xlab')?.basis).toBe('size');
  });
});
