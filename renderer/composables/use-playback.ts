/** Playback: moves the handle at every frame of the screen, or in steps with reduced motion. */
import { usePreferredReducedMotion } from '@vueuse/core';
import { onBeforeUnmount, watch } from 'vue';
import { playbackStep } from '../charts/playback-step.js';
import { useViewStore } from '../stores/view.js';

export function usePlayback(): void {
  const view = useViewStore();
  const motion = usePreferredReducedMotion();
  let frame = 0;
  let lastMs = 0;

  function step(nowMs: number): void {
    const next = playbackStep({
      timeNs: view.timeNs,
      endNs: view.runEndNs,
      passedMs: nowMs - lastMs,
      reducedMotion: motion.value === 'reduce',
    });
    if (next !== null) {
      lastMs = nowMs;
      view.moveTo(next);
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
