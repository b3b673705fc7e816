/**
 * Width and height of an element's content box, told once a frame when everything is laid out. Nothing is
 * measured while the page is being built: that would lay it out in between, and draw pictures at sizes
 * that do not last. All elements share one observer, so that a frame brings one update for all of them.
 */
import { onBeforeUnmount, ref, watch } from 'vue';
import type { Ref } from 'vue';

export interface BoxSize {
  /** Pixels; 0 before the first frame and while there is no element. */
  readonly width: Readonly<Ref<number>>;
  readonly height: Readonly<Ref<number>>;
}

const listeners = new WeakMap<Element, (width: number, height: number) => void>();
let shared: ResizeObserver | null = null;

const observer = (): ResizeObserver =>
  (shared ??= new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      listeners.get(target)?.(contentRect.width, contentRect.height);
    }
  }));

export function useBoxSize(target: Readonly<Ref<Element | null>>): BoxSize {
  const width = ref(0);
  const height = ref(0);
  const set = (nextWidth: number, nextHeight: number): void => {
    width.value = nextWidth;
    height.value = nextHeight;
  };
  const leave = (element: Element | null | undefined): void => {
    if (element == null) return;
    observer().unobserve(element);
    listeners.delete(element);
  };
  watch(
    target,
    (element, before) => {
      leave(before);
      if (element === null) set(0, 0);
      else {
        listeners.set(element, set);
        observer().observe(element);
      }
    },
    { flush: 'post', immediate: true },
  );
  onBeforeUnmount(() => leave(target.value));
  return { width, height };
}
