/**
 * result.json in which equal parts of the runs stand once: a fifth as long, and as much sooner in the window.
 * Only the text of the first start has this form; the lines of its other entries are those of every result.
 */
import { isShared, joinParts, shareParts } from '../base/shared-parts.js';

const RUNS = '\n"runs": ';
const END = '\n],\n';

/** `text` is result.json as the lab writes it; what has another form stays as it is. */
export function withSharedRuns(text: string): string {
  const start = text.indexOf(RUNS);
  const end = text.indexOf(END, start);
  if (start < 0 || end < 0) return text;
  const open = start + RUNS.length;
  const close = end + END.indexOf(',');
  const runs: unknown = JSON.parse(text.slice(open, close));
  return text.slice(0, open) + JSON.stringify(shareParts(runs)) + text.slice(close);
}

/** JSON of the result with every run in full, whichever form `text` has. */
export function wholeResult(text: string): string {
  const result: unknown = JSON.parse(text);
  if (typeof result !== 'object' || result === null) return text;
  const runs: unknown = Reflect.get(result, 'runs');
  if (typeof runs !== 'object' || runs === null || !isShared(runs)) return text;
  return JSON.stringify({ ...result, runs: joinParts(runs) });
}
