/** When a place of a map was last executed, in words. */
import type { TlbExecuted } from '../../src/contract/tlb-view-data.js';
import { durationText, exactTimeText } from '../charts/time-text.js';

/** `last executed at 3.214118 s, 12 ms ago`; what is not known says so. */
export function executedText({ lastNs, untilNs }: TlbExecuted, nowNs: number): string {
  if (untilNs !== null && untilNs < nowNs) {
    const known = lastNs === null ? 'not executed' : `last executed at ${exactTimeText(lastNs)}`;
    return `${known}; fetches after ${exactTimeText(untilNs)} are not kept`;
  }
  if (lastNs === null) return 'not executed so far';
  const ago = nowNs - lastNs;
  const when = ago <= 0 ? 'just now' : `${durationText(ago)} ago`;
  return `last executed at ${exactTimeText(lastNs)}, ${when}`;
}
