/**
 * The pointer over a time axis, the same over every chart, map and strip: moving sets the cursor
 * everywhere, a click pins, dragging selects a span, the wheel zooms around the pointer with Ctrl, moves
 * the span with Shift, and without either scrolls the pane as everywhere else.
 */
import type { Ref } from 'vue';
import { useViewStore } from '../stores/view.js';

export interface TimePointerOptions {
  /** Simulated time at an offset from the left edge of the element, pixels. */
  readonly timeAt: (x: number) => number;
  /** False where a click should not pin. */
  readonly pins?: boolean;
  readonly onClick?: (timeNs: number) => void;
  /** A click that means something else: it neither moves the handle nor pins. */
  readonly takesClick?: () => boolean;
}

/** Movement in pixels from which a press is a drag. */
const DRAG_PX = 4;
const WHEEL_FACTOR = 1.0015;

type Handlers = Readonly<
  Record<
    'pointermove' | 'pointerdown' | 'pointerup' | 'pointerleave',
    (event: PointerEvent) => void
  >
> & { readonly wheel: (event: WheelEvent) => void };

export function useTimePointer(
  frame: Ref<HTMLElement | null>,
  options: TimePointerOptions,
): { readonly handlers: Handlers } {
  const view = useViewStore();
  let pressedX: number | null = null;
  let dragging = false;

  const offsetOf = (event: MouseEvent): number =>
    event.clientX - (frame.value?.getBoundingClientRect().left ?? 0);

  function spanTo(x: number): { startNs: number; endNs: number } {
    const a = options.timeAt(pressedX ?? x);
    const b = options.timeAt(x);
    return { startNs: Math.round(Math.min(a, b)), endNs: Math.round(Math.max(a, b)) };
  }

  return {
    handlers: {
      pointermove: (event) => {
        const x = offsetOf(event);
        view.hoverNs = Math.round(options.timeAt(x));
        if (pressedX === null) return;
        if (!dragging && Math.abs(x - pressedX) >= DRAG_PX) {
          dragging = true;
          frame.value?.setPointerCapture(event.pointerId);
        }
        if (dragging) view.select(spanTo(x));
      },
      pointerdown: (event) => {
        if (event.button === 0) pressedX = offsetOf(event);
      },
      pointerup: (event) => {
        const isClick = pressedX !== null && !dragging && event.button === 0;
        if (isClick && options.takesClick?.() !== true) {
          const timeNs = Math.round(options.timeAt(offsetOf(event)));
          view.moveTo(timeNs);
          if (options.pins !== false && !event.shiftKey) view.addPin(timeNs);
          options.onClick?.(timeNs);
        }
        pressedX = null;
        dragging = false;
      },
      pointerleave: () => {
        if (!dragging) view.hoverNs = null;
        pressedX = dragging ? pressedX : null;
      },
      wheel: (event) => {
        if (event.ctrlKey || event.metaKey) {
          event.preventDefault();
          view.zoomBy(WHEEL_FACTOR ** event.deltaY, options.timeAt(offsetOf(event)));
        } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
          event.preventDefault();
          view.pan((event.deltaX + event.deltaY) / 1500);
        }
      },
    },
  };
}
