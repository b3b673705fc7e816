/**
 * Playback: the handle runs over the whole run in a fixed real time. With reduced motion it moves once
 * a second.
 */
import { usePreferredReducedMotion } from '@vueuse/core';
import { onBeforeUnmount, watch } from 'vue';
import { useViewStore } from '../stores/view.js';

const WHOLE_RUN_MS = 20_000;
const CALM_STEP_MS = 1000;

export function usePlayback(): void {
  const view = useViewStore();
  const motion = usePreferredReducedMotion();
  let frame = 0;
  let lastMs = 0;

  function step(nowMs: number): void {
    const passedMs = nowMs - lastMs;
    if (motion.value !== 'reduce' || passedMs >= CALM_STEP_MS) {
      lastMs = nowMs;
      view.moveTo(Math.round(view.timeNs + (passedMs / WHOLE_RUN_MS) * view.runEndNs));
    }
    if (view.timeNs >= view.runEndNs) view.playing = false;
    else frame = requestAnimationFrame(step);
  }

  watch(
    () => view.playing,
    (playing) => {
      cancelAnimationFrame(frame);
      if (!playing) return;
      if (view.timeNs >= view.runEndNs) view.moveTo(0);
      view.hoverNs = null;
      lastMs = performance.now();
      frame = requestAnimationFrame(step);
    },
  );
  onBeforeUnmount(() => cancelAnimationFrame(frame));
}
