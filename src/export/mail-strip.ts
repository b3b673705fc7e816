/**
 * The address strip: one character per 2 MiB slot of the module area at the end of a phase, 60 slots
 * per line. Trailing free lines are cut with a note, free lines between are counted in one. The legend
 * explains only the characters that occur.
 */
import type { ComparisonTable } from '../analysis/comparison.js';
import { indexRuns } from '../analysis/run-index.js';
import { phaseOfRun } from '../analysis/phase-value.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { paragraph, REPORT_WIDTH } from './mail-text.js';

export const STRIP_SLOTS_PER_LINE = 60;

const STRIP_CHARACTER = /[^H1-9.!]/g;

/** Lines of a strip without its letter; the note tells how many free slots were cut. */
export function foldStrip(strip: string): {
  readonly lines: readonly string[];
  readonly freeSlotsCut: number;
} {
  const clean = strip.replace(STRIP_CHARACTER, '?');
  const used = clean.replace(/\.+$/, '').length;
  const shownSlots = Math.min(
    clean.length,
    Math.max(1, Math.ceil(used / STRIP_SLOTS_PER_LINE)) * STRIP_SLOTS_PER_LINE,
  );
  const lines: string[] = [];
  for (let start = 0; start < shownSlots; start += STRIP_SLOTS_PER_LINE) {
    lines.push(clean.slice(start, Math.min(start + STRIP_SLOTS_PER_LINE, shownSlots)));
  }
  return { lines, freeSlotsCut: clean.length - shownSlots };
}

/** Of this many free lines in a row only their number is said. */
const FREE_LINES_MIN = 2;

/** The lines of a strip in its frame, behind the letter of its design. */
export function stripBlock(letter: string, lines: readonly string[]): readonly string[] {
  const rows: string[] = [];
  for (let at = 0; at < lines.length;) {
    let end = at;
    while (/^\.+$/.test(lines[end] ?? '')) end += 1;
    const isFold = at > 0 && end - at >= FREE_LINES_MIN;
    const slots = lines.slice(at, end).join('').length;
    const text = isFold ? ` (${String(slots)} slots free) ` : (lines[at] ?? '');
    const head = (at === 0 ? letter : '').padStart(3);
    rows.push(
      isFold
        ? `${head} :${text.padStart(40).padEnd(STRIP_SLOTS_PER_LINE)}:`
        : `${head} |${text.padEnd(STRIP_SLOTS_PER_LINE)}|`,
    );
    at = isFold ? end : at + 1;
  }
  return rows;
}

const LEGEND: readonly { readonly pattern: RegExp; readonly text: string }[] = [
  { pattern: /H/, text: 'H  one 2M entry' },
  { pattern: /[1-9]/, text: '1-9  tenths of the slot live in 4K pages' },
  { pattern: /!/, text: '!  writable and executable' },
  { pattern: /\./, text: '.  free' },
];

/** Entries side by side, in as many lines as they need. */
function legendLines(entries: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const entry of entries) {
    const last = lines[lines.length - 1];
    const joined = `${last ?? ''}    ${entry}`;
    if (last !== undefined && joined.length <= REPORT_WIDTH) lines[lines.length - 1] = joined;
    else lines.push(`  ${entry}`);
  }
  return lines;
}

/** Strips of the first seed that all designs have; none where no run recorded one. */
export function stripLines(result: ExperimentResult, table: ComparisonTable): readonly string[] {
  const index = indexRuns(result);
  const stripsOf = (seed: number): readonly (string | undefined)[] =>
    table.designs.map(({ name }) => {
      const run = index.comparable({ point: table.point, seed, design: name });
      const strip = run === undefined ? undefined : phaseOfRun(run, table.phase)?.strip;
      return strip === '' ? undefined : strip;
    });
  const { seeds } = result.scenario;
  const seed =
    seeds.find((candidate) => stripsOf(candidate).every((strip) => strip !== undefined)) ??
    seeds.find((candidate) => stripsOf(candidate).some((strip) => strip !== undefined));
  if (seed === undefined) return [];
  const strips = stripsOf(seed);
  const shown = strips.flatMap((strip, i) => {
    if (strip === undefined) return [];
    const folded = foldStrip(strip);
    const letter = table.designs[i]?.letter ?? '';
    return [{ letter, ...folded }];
  });
  const all = shown.flatMap((entry) => entry.lines).join('');
  const legend = LEGEND.filter(({ pattern }) => pattern.test(all)).map(({ text }) => text);
  const cut = Math.max(...shown.map((entry) => entry.freeSlotsCut));
  const note = cut > 0 ? `  (the free slots behind, up to ${String(cut)}, are cut)` : '';
  return [
    ...paragraph(
      '',
      `module area at end of ${table.phase}, seed ${String(seed)}, one character per 2 MiB slot`,
    ),
    '',
    ...shown.flatMap(({ letter, lines }) => stripBlock(letter, lines)),
    ...legendLines(legend),
    ...(note === '' ? [] : [note]),
  ];
}
