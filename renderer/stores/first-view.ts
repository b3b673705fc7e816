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

/** A chart was drawn: the first view is on screen with the next frame. */
export function firstChartDrawn(): void {
  requestAnimationFrame(() => setTimeout(tell, 0));
}
