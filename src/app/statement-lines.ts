/**
 * Where the statements of a plan stand. The scenario hash leaves layout out, so runs that a folder holds
 * may be of a text with other line numbers: their causes then move to the lines of today, or, where that
 * cannot be told for sure, the runs count as missing.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { stableJson } from '../export/result-json.js';

export interface StatementLines {
  /** Address, line from 1, file where it is another one, label; in order of the addresses. */
  readonly statements: readonly (readonly [
    address: string,
    line: number,
    source: string,
    label: string,
  ])[];
  /** Texts of the expectations by point: runs name them by their index. */
  readonly expectations: readonly (readonly string[])[];
}

const LinesSchema = v.object({
  statements: v.array(v.tuple([v.string(), v.number(), v.string(), v.string()])),
  expectations: v.array(v.array(v.string())),
});

export function statementLines({ points }: ScenarioPlan): StatementLines {
  const byAddress = new Map<string, StatementLines['statements'][number]>();
  for (const { address, line, source = '', label } of points.flatMap(({ sites }) => sites)) {
    byAddress.set(`${address} ${source} ${label}`, [address, line, source, label]);
  }
  const statements = [...byAddress].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const expectations = points.map((point) => point.expectations.map(({ text }) => text));
  return { statements, expectations };
}

export const linesText = (lines: StatementLines): string => stableJson(lines);

/** Names a table among those of one hash. */
export const linesId = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 24);

/** Undefined for a text that is no table. */
export function linesOfText(text: string): StatementLines | undefined {
  try {
    const found = v.safeParse(LinesSchema, JSON.parse(text));
    return found.success ? found.output : undefined;
  } catch {
    return undefined;
  }
}

/**
 * New line by old line; undefined when statements were joined, parted, reworded or put into another
 * order, so that rows would have to be made anew.
 */
function movedLines(
  from: StatementLines,
  to: StatementLines,
): ReadonlyMap<number, number> | undefined {
  if (stableJson(from.expectations) !== stableJson(to.expectations)) return undefined;
  if (from.statements.length !== to.statements.length) return undefined;
  const moved = new Map<number, number>();
  for (const [index, [address, line, source, label]] of from.statements.entries()) {
    const [otherAddress, otherLine = 0, otherSource, otherLabel] = to.statements[index] ?? [];
    const same = address === otherAddress && source === otherSource && label === otherLabel;
    if (!same || (moved.get(line) ?? otherLine) !== otherLine) return undefined;
    moved.set(line, otherLine);
  }
  const ordered = [...moved].sort(([a], [b]) => a - b);
  const rises = ordered.every(([, line], index) => line > (ordered[index - 1]?.[1] ?? 0));
  return rises ? moved : undefined;
}

/** How runs of one text become runs of another with the same hash. */
export type Relining = (run: RunResult) => RunResult | undefined;

/**
 * The run with the lines of `to`; undefined when it has to be made anew. `from` absent: not known.
 * `exact`: lines may not move at all, since event logs name them too.
 */
export function relining(
  from: StatementLines | undefined,
  to: StatementLines,
  exact = false,
): Relining {
  if (from === undefined) return () => undefined;
  if (linesText(from) === linesText(to)) return (run) => run;
  if (exact) return () => undefined;
  const moved = movedLines(from, to);
  if (moved === undefined) return () => undefined;
  const lineOf = (line: number): number => moved.get(line) ?? line;
  return (run) => {
    // Messages of a run name lines in their texts.
    if (run.diagnostics.length > 0) return undefined;
    const causes = run.causes.map((row) => ({ ...row, line: lineOf(row.line) }));
    const lines = run.lines?.map((row) => ({ ...row, line: lineOf(row.line) }));
    return { ...run, causes, ...(lines === undefined ? {} : { lines }) };
  };
}
