/**
 * Runs of equal page states. The area has a quarter of a million pages and most of them are free or lie
 * in long runs, so equal stretches are passed four pages at a time.
 */
import { PAGE_RUN_NUMBERS } from '../../contract/map-data.js';

const PAGES_PER_WORD = 4;
/** A byte in each of the four places of a word. */
const EVERY_BYTE = 0x01010101;
const FIRST_RUNS = 256;

/** First page, pages and state of each run whose state is not 0, ascending. */
export function pageRuns(state: Uint8Array): Int32Array {
  const words = new Int32Array(
    state.buffer,
    state.byteOffset,
    Math.floor(state.length / PAGES_PER_WORD),
  );
  let runs = new Int32Array(FIRST_RUNS * PAGE_RUN_NUMBERS);
  let at = 0;
  let start = 0;
  while (start < state.length) {
    const value = state[start] ?? 0;
    const end = runEnd(state, words, start);
    if (value !== 0) {
      if (at === runs.length) {
        const longer = new Int32Array(runs.length * 2);
        longer.set(runs);
        runs = longer;
      }
      runs[at] = start;
      runs[at + 1] = end - start;
      runs[at + 2] = value;
      at += PAGE_RUN_NUMBERS;
    }
    start = end;
  }
  return runs.slice(0, at);
}

/** The page after the run that `start` is in. */
function runEnd(state: Uint8Array, words: Int32Array, start: number): number {
  const value = state[start];
  let page = start + 1;
  while (page % PAGES_PER_WORD !== 0 && state[page] === value) page += 1;
  if (page % PAGES_PER_WORD === 0) {
    const whole = Math.imul(value ?? 0, EVERY_BYTE);
    let word = page / PAGES_PER_WORD;
    while (words[word] === whole) word += 1;
    page = word * PAGES_PER_WORD;
  }
  while (page < state.length && state[page] === value) page += 1;
  return page;
}
