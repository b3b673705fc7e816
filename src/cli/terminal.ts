/**
 * What the command line prints besides results goes through here to standard error: messages,
 * diagnostics with their place in the text, colours where a terminal shows them.
 */
import { renderDiagnostic } from '../../dsl/render-diagnostic.js';
import type { Diagnostic } from '../contract/diagnostic.js';

const ESCAPE = '\u001b[';
const COLOURS = { error: '31;1', warning: '33;1', note: '2' } as const;
let colourAllowed = (process.env['NO_COLOR'] ?? '') === '';

/** `--no-color` */
export function forbidColour(): void {
  colourAllowed = false;
}

function paint(text: string, colour: keyof typeof COLOURS): string {
  const isShown = colourAllowed && process.stderr.isTTY;
  return isShown ? `${ESCAPE}${COLOURS[colour]}m${text}${ESCAPE}0m` : text;
}

export function printError(message: string, help?: string): void {
  process.stderr.write(`${paint('error', 'error')}: ${message}\n`);
  if (help !== undefined) process.stderr.write(`  = help: ${help}\n`);
}

export function printNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

export interface DiagnosedText {
  readonly file: string;
  readonly text: string;
  readonly sources?: Readonly<Record<string, string>>;
}

/** Diagnostics with a blank line between; how many there were when there are several. */
export function printDiagnostics(list: readonly Diagnostic[], at: DiagnosedText): void {
  if (list.length === 0) return;
  const texts = list.map((diagnostic) => {
    const rendered = renderDiagnostic({ ...at, diagnostic });
    const head = diagnostic.severity;
    return rendered.startsWith(head) ? paint(head, head) + rendered.slice(head.length) : rendered;
  });
  process.stderr.write(`${texts.join('\n\n')}\n`);
  const count = (severity: Diagnostic['severity']): string => {
    const number = list.filter((entry) => entry.severity === severity).length;
    return number === 0 ? '' : `${String(number)} ${severity}${number === 1 ? '' : 's'}`;
  };
  if (list.length < 2) return;
  const sums = [count('error'), count('warning')].filter((text) => text !== '');
  process.stderr.write(`\n${at.file}: ${sums.join(', ')}\n`);
}
