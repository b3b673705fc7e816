/** Expectations of the mailing-list report: verdict, claim as written, how many runs; failures first. */
import type { ExperimentResult, Verdict, VerdictState } from '../contract/run-result.js';
import { asciiLine, clip, REPORT_WIDTH, wrapWords } from './mail-text.js';

const STATE_ORDER: readonly VerdictState[] = ['fail', 'unknown', 'warn', 'pass'];
const CLAIM_INDENT_COLUMNS = 8;
/** Lines of the comment above a claim. */
const NOTE_LINES_MAX = 3;
/** Passes beyond this many are counted, not listed. */
const PASS_COUNT_MAX = 12;

/** Failures, unknown, warnings, passes; by line within. */
export function orderedVerdicts(verdicts: readonly Verdict[]): readonly Verdict[] {
  return [...verdicts].sort(
    (a, b) =>
      STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state) ||
      a.line - b.line ||
      a.expectation - b.expectation,
  );
}

/** `90/90 runs`; with a confidence level `30/30 seeds agree`, or pairs when designs add up. */
export function countText(verdict: Verdict, seedCount: number): string {
  const counts = `${String(verdict.held)}/${String(verdict.total)}`;
  if (verdict.total === 0) return 'no runs';
  if (!/\bwith confidence\b/.test(verdict.text)) return `${counts} runs`;
  return `${counts} ${verdict.total === seedCount ? 'seeds' : 'pairs'} agree`;
}

export function verdictLines(result: ExperimentResult): readonly string[] {
  const { verdicts, scenario } = result;
  if (verdicts.length === 0) return [];
  const [first, last] = scenario.expectationLines;
  const lines =
    first === last ? `line ${String(first)}` : `lines ${String(first)}..${String(last)}`;
  const where = first === 0 ? '' : ` (scenario ${lines})`;
  const ordered = orderedVerdicts(verdicts);
  const passes = ordered.filter((verdict) => verdict.state === 'pass');
  const folded = Math.max(0, passes.length - PASS_COUNT_MAX);
  const shown = ordered.slice(0, ordered.length - folded);
  const notes = new Map(scenario.notes?.map(({ line, text }) => [line, text]));
  return [
    `Expectations${where}`,
    ...shown.flatMap((verdict) => verdictEntry(verdict, scenario.seeds.length, notes)),
    ...(folded === 0 ? [] : [`  pass  ${String(folded)} more expectations hold in all runs`]),
  ];
}

/** A claim that does not simply hold is followed by its number and by the comment above it. */
function verdictEntry(
  verdict: Verdict,
  seedCount: number,
  notes: ReadonlyMap<number, string>,
): readonly string[] {
  const state = verdict.state === 'unknown' ? '????' : verdict.state;
  const count = countText(verdict, seedCount);
  const width = REPORT_WIDTH - CLAIM_INDENT_COLUMNS;
  const claim = wrapWords(claimText(verdict), width - count.length - 4);
  const lines = claim.map((line, i) => {
    const lead = i === 0 ? `  ${state}  ` : ' '.repeat(CLAIM_INDENT_COLUMNS + 2);
    const text = lead + line;
    return i === 0 ? text.padEnd(REPORT_WIDTH - count.length) + count : text;
  });
  const note = notes.get(verdict.line) ?? '';
  const shown = clip(`note: ${asciiLine(note)}`, NOTE_LINES_MAX * (width - 12));
  const said = [verdict.detail, ...(note === '' ? [] : [shown])];
  const detail =
    verdict.state === 'pass' ? [] : said.flatMap((text) => wrapWords(asciiLine(text), width - 2));
  return [...lines, ...detail.map((line) => `${' '.repeat(CLAIM_INDENT_COLUMNS + 2)}${line}`)];
}

/** The claim without its leading keyword, which the state replaces. */
const claimText = (verdict: Verdict): string =>
  asciiLine(verdict.text).replace(/^(?:expect|warn if)\s+/, '');
