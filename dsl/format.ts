/**
 * The formatter: `xlab fmt`, format on save. Formatting twice changes nothing, the hash of a scenario
 * stays, comments stay where they are. A text with mistakes of grammar is left alone.
 */
import type { Diagnostic } from '../src/contract/diagnostic.js';
import { layoutFacts } from './format/layout-facts.js';
import { printLines } from './format/print-lines.js';
import { sourceLines } from './format/source-lines.js';
import { lex, parseScenario } from './parse.js';

export interface FormatResult {
  /** Unchanged when there are diagnostics. */
  readonly text: string;
  /** What kept the text from being formatted. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The text in standard layout, with the line ends that it has. */
export function formatScenario(text: string): FormatResult {
  const { tree, diagnostics } = parseScenario(text);
  if (diagnostics.length > 0) return { text, diagnostics };
  const printed = printLines(sourceLines(text, lex(text)), layoutFacts(tree));
  const lines = `${printed.trimEnd()}\n`;
  const windows = /\r\n/.test(text) && !/(?:^|[^\r])\n/.test(text);
  return { text: windows ? lines.replaceAll('\n', '\r\n') : lines, diagnostics: [] };
}
