/**
 * When the window has shown what it opens with: the first chart, or that there is none. What is not seen
 * before, such as editor, maps and dialogs, is loaded and asked for after it.
 */
let tell: () => void = () => undefined;

/** Resolves once, with the first view on screen. */
export const firstView = new Promise<void>((done) => {
  tell = done;
});

/** There is nothing to wait for: the first view has no chart. */
export const firstViewShown = (): void => tell();

let claimed = false;

/**
 * True for the chart that is drawn first. Any other waits for `firstView`, so that the first one is on
 * screen before the second one is drawn.
 */
export function mayDrawFirst(): boolean {
  if (claimed) return false;
  claimed = true;
  return true;
}

/** A chart was drawn: the first view is on screen with the next frame. */
export function firstChartDrawn(): void {
  requestAnimationFrame(() => setTimeout(tell, 0));
}
