/**
 * Stop watches inside the page: from an input to the change that it causes, by the clock of the page, so
 * that the way from the test to the browser is not part of the number.
 */
import type { Page } from 'playwright-core';

/** Functions that go into the page carry calls of this helper when the benchmark's runner compiled them. */
const NAMED = 'globalThis.__name ??= (value) => value';

export interface Change {
  /** What is watched: the text and attributes of the first match, and all below it. */
  readonly selector: string;
  /** The change that ends the time: a part of its text; empty for any change. */
  readonly text: string;
  /**
   * From where: the moment of the input, which then waits for the next frame of the screen (the default),
   * or the moment at which the page gets it.
   */
  readonly from?: 'input' | 'page';
}

/**
 * Arms the watch, lets `act` happen, and answers with the milliseconds from the first key or pointer
 * event to the end of the frame that shows the change.
 */
export async function millisecondsTo(
  page: Page,
  change: Change,
  act: () => Promise<void>,
): Promise<number> {
  await page.evaluate(NAMED);
  const armed = await page.evaluateHandle(({ selector, text, from }) => {
    const state = { started: 0, result: Promise.resolve(0) };
    const start = (event: Event): void => {
      if (state.started === 0)
        state.started = from === 'page' ? performance.now() : event.timeStamp;
    };
    for (const name of ['keydown', 'pointermove', 'pointerdown', 'drop']) {
      window.addEventListener(name, start, { capture: true });
    }
    const textNow = (): string | null => document.querySelector(selector)?.textContent ?? null;
    const before = textNow();
    state.result = new Promise<number>((done, fail) => {
      setTimeout(() => fail(new Error(`no change of ${selector} in 20 s`)), 20_000);
      const look = (): void => {
        const now = textNow();
        const changed = text === '' ? now !== before : (now?.includes(text) ?? false);
        if (state.started === 0 || !changed) return;
        observer.disconnect();
        // After the frame: a task posted in it runs when it has been drawn.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => done(performance.now() - state.started);
          port2.postMessage(null);
        });
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    });
    return state;
  }, change);
  await act();
  return armed.evaluate((state) => state.result);
}

export interface FrameCount {
  readonly framesPerSecond: number;
  /** Longest time between two frames, milliseconds. */
  readonly longestMs: number;
}

/** Counts frames of the page while `act` goes on. */
export async function countFrames(page: Page, act: () => Promise<void>): Promise<FrameCount> {
  await page.evaluate(NAMED);
  const counting = await page.evaluateHandle(() => {
    const state = { times: [] as number[], on: true };
    const step = (now: number): void => {
      state.times.push(now);
      if (state.on) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    return state;
  });
  await act();
  return counting.evaluate((state) => {
    state.on = false;
    const gaps = state.times.slice(1).map((time, i) => time - (state.times[i] ?? time));
    const total = gaps.reduce((sum, gap) => sum + gap, 0);
    return {
      framesPerSecond: total === 0 ? 0 : (1000 * gaps.length) / total,
      longestMs: Math.max(0, ...gaps),
    };
  });
}
