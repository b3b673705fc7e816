/**
 * Walks a JSON-lines text line by line without copying it, within bounds. Every line is handed to
 * the visitor as a parsed object; what cannot be read becomes a finding with its line number.
 */
import { RECORDING_LIMITS } from './limits.js';
import { FieldError, isObject, type JsonObject } from './json-fields.js';
import type { Findings } from './findings.js';

export interface LineSource {
  readonly file: string;
  readonly text: string;
  readonly linesMax: number;
}

/** Number of lines visited, unreadable ones included. Blank lines count but are not visited. */
export function visitJsonLines(
  source: LineSource,
  findings: Findings,
  visit: (row: JsonObject, line: number) => void,
): number {
  const { file, text } = source;
  let line = 0;
  let position = 0;
  while (position < text.length) {
    const newline = text.indexOf('\n', position);
    const end = newline < 0 ? text.length : newline;
    line += 1;
    if (line > source.linesMax) {
      findings.error(file, line, `more than ${String(source.linesMax)} lines`);
      return line;
    }
    if (end - position > RECORDING_LIMITS.lineLengthMax) {
      findings.error(file, line, `line of ${String(end - position)} characters`);
    } else {
      visitLine({ file, line, raw: text.slice(position, end) }, findings, visit);
    }
    position = end + 1;
  }
  return line;
}

function visitLine(
  entry: { readonly file: string; readonly line: number; readonly raw: string },
  findings: Findings,
  visit: (row: JsonObject, line: number) => void,
): void {
  if (entry.raw.trim() === '') return;
  let row: unknown;
  try {
    row = JSON.parse(entry.raw);
  } catch {
    findings.error(entry.file, entry.line, 'not a complete JSON object');
    return;
  }
  if (!isObject(row)) {
    findings.error(entry.file, entry.line, 'not a JSON object');
    return;
  }
  try {
    visit(row, entry.line);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    findings.error(entry.file, entry.line, error.message);
  }
}
