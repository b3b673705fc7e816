/** What moves in the window, and that the system's wish for less motion holds for all of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  CALM_STEP_MS,
  playbackStep,
  WHOLE_RUN_MS,
} from '../../../renderer/charts/playback-step.js';

const RENDERER = fileURLToPath(new URL('../../../renderer', import.meta.url));
const END_NS = 400e9;
const FRAME_MS = 16;

/** Places of the handle in so much real time, frame by frame. */
function played(realMs: number, reducedMotion: boolean): readonly number[] {
  const places: number[] = [];
  let timeNs = 0;
  let lastMs = 0;
  for (let nowMs = FRAME_MS; nowMs <= realMs && timeNs < END_NS; nowMs += FRAME_MS) {
    const passedMs = nowMs - lastMs;
    const next = playbackStep({ timeNs, endNs: END_NS, passedMs, reducedMotion });
    if (next === null) continue;
    timeNs = next;
    lastMs = nowMs;
    places.push(timeNs);
  }
  return places;
}

describe('playback', () => {
  it('moves the handle at every frame and over the whole run in twenty seconds', () => {
    expect(played(1600, false)).toHaveLength(100);
    const whole = played(WHOLE_RUN_MS + FRAME_MS, false);
    expect(whole.at(-1)).toBe(END_NS);
    expect(played(WHOLE_RUN_MS / 2, false).at(-1)).toBeCloseTo(END_NS / 2, -9);
  });

  it('moves once a second with reduced motion and arrives at the same time', () => {
    expect(played(CALM_STEP_MS - 1, true)).toEqual([]);
    expect(played(10 * CALM_STEP_MS, true)).toHaveLength(9);
    const whole = played(WHOLE_RUN_MS + CALM_STEP_MS, true);
    expect(whole.length).toBeLessThanOrEqual(20);
    expect(whole.at(-1)).toBe(END_NS);
  });
});

describe('reduced motion', () => {
  const files = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:vue|ts|css)$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(RENDERER, file), 'utf8') }));

  it('turns every transition and animation of the page off', () => {
    const base = files.find(({ file }) => file.endsWith('base.css'))?.text ?? '';
    const [, rules] =
      /@media \(prefers-reduced-motion: reduce\) \{\s*\* \{([^}]*)\}/.exec(base) ?? [];
    expect(rules).toContain('transition: none !important');
    expect(rules).toContain('animation: none !important');
  });

  it('is not got around by motion that styles cannot turn off', () => {
    const moving = /behavior: 'smooth'|scroll-behavior: smooth|\.animate\(|animation: true/;
    expect(files.filter(({ text }) => moving.test(text)).map(({ file }) => file)).toEqual([]);
    const strong = /(?:transition|animation)[\w-]*:[^;]*!important/;
    const overriding = files.filter(
      ({ file, text }) => !file.endsWith('base.css') && strong.test(text),
    );
    expect(overriding.map(({ file }) => file)).toEqual([]);
  });

  it('moves the handle by itself only where playback says so', () => {
    const frames = files.filter(({ text }) => /requestAnimationFrame|setInterval/.test(text));
    expect(frames.map(({ file }) => file).sort()).toEqual([
      'composables/use-playback.ts',
      // Waits for the first picture.
      'stores/first-view.ts',
    ]);
  });
});
