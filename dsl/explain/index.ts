/** A page per code: what `xlab explain CODE`, the editor and the reference print. */
import { createRegistry } from '../../src/base/registry.js';
import { codeInfo } from '../diagnostics/catalogue.js';
import { RENDER_WIDTH, wrapText } from '../render-diagnostic.js';
import { DISTRIBUTION_PAGES } from './distributions.js';
import { EXPECTATION_PAGES } from './expectations.js';
import { HANDLE_PAGES } from './handles.js';
import { INPUT_PAGES } from './inputs.js';
import { NAME_PAGES } from './names.js';
import type { ExplainPage } from './page.js';
import { RUN_PAGES } from './runs.js';
import { SYNTAX_PAGES } from './syntax.js';
import { TIME_PAGES } from './time.js';
import { VALUE_PAGES } from './values.js';

const byCode = (a: ExplainPage, b: ExplainPage): number => (a.code < b.code ? -1 : 1);

export const EXPLAIN_PAGES = createRegistry(
  'explain page',
  [
    ...DISTRIBUTION_PAGES,
    ...EXPECTATION_PAGES,
    ...HANDLE_PAGES,
    ...INPUT_PAGES,
    ...NAME_PAGES,
    ...RUN_PAGES,
    ...SYNTAX_PAGES,
    ...TIME_PAGES,
    ...VALUE_PAGES,
  ].sort(byCode),
  (entry) => entry.code,
);

/** Lines of an example, cut to the width of a terminal. */
const indented = (lines: string): readonly string[] =>
  lines.split('\n').map((line) => {
    const shown = line.length > RENDER_WIDTH - 4 ? `${line.slice(0, RENDER_WIDTH - 8)} ...` : line;
    return `    ${shown}`;
  });

/** The page of a code as plain text, at most 72 columns; undefined for a code that does not exist. */
export function explainCode(code: string): string | undefined {
  const info = codeInfo(code.trim().toUpperCase());
  const found = EXPLAIN_PAGES.entries.find((entry) => entry.code === info?.code);
  if (info === undefined || found === undefined) return undefined;
  const kind = info.atRunTime ? `${info.severity} of a run` : info.severity;
  return [
    ...wrapText(`${info.code}: ${info.title} (${kind})`, RENDER_WIDTH),
    '',
    ...wrapText(found.text, RENDER_WIDTH),
    '',
    info.atRunTime ? 'Brought up by:' : 'Wrong:',
    '',
    ...indented(found.wrong),
    '',
    info.atRunTime ? 'Instead:' : 'Right:',
    '',
    ...indented(found.right),
    '',
  ].join('\n');
}
