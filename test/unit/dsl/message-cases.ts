/**
 * Cases of messages: `messages/CODE.txt` holds, per case, a name, the lines under test and the exact
 * message. The lines stand behind `xlab 1`, and what a scenario must have is added behind them; a
 * case that starts with `%raw` is taken as it stands, other `%` words name texts that are too large
 * to write down.
 */
import { readFileSync } from 'node:fs';
import { checkScenario } from '../../../dsl/compile.js';
import { hiddenPointers } from '../../../dsl/diagnostics/designs.js';
import { LINE_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../../dsl/parse.js';
import { renderDiagnostics } from '../../../dsl/render-diagnostic.js';
import type { LanguageHost } from '../../../src/contract/catalog.js';
import type { Diagnostic } from '../../../src/contract/diagnostic.js';
import { CATALOG, hostOf, importData } from './lab-double.js';

export const CASE_FILE = 'case.xlab';

const files = {
  'empty.csv': 'size\n',
  'levels.json':
    '{"ram": "8GiB", "cpu": "skl", "tlb": {"l1": [{"sizes": ["4K"], "sets": 3, "ways": 8}]}}',
  'words.csv': 'size\n64\nlarge\n',
  [CASE_FILE]: 'xlab 1\nuse "case.xlab" as me\n',
};

/** As the reader of a damaged file says it. */
const CUT_LINES: Diagnostic = {
  code: 'X0703',
  severity: 'warning',
  message: "38 of 4,120 lines of 'cut.txt' were not understood",
  notes: ["first: line 17: '0xffffffffc02de000-0xffff'"],
};

const host: LanguageHost = {
  ...hostOf(files),
  readImport: (request) => {
    if (request.path === 'nothing.txt') return { diagnostics: [] };
    if (request.path === 'cut.txt') {
      return { data: importData(request.format), diagnostics: [CUT_LINES] };
    }
    const { span: _, ...hidden } = hiddenPointers({ start: 0, end: 0 }, request.path);
    return request.path === 'hidden.txt'
      ? { data: importData(request.format), diagnostics: [hidden] }
      : hostOf(files).readImport(request);
  },
};

const GENERATED: Readonly<Record<string, string>> = {
  '%deep': `phase steady for 10s {${' repeat 2 {'.repeat(70)}${' }'.repeat(71)}`,
  '%operators': `param a = 1${' + 1'.repeat(250)}`,
  '%longline': `# ${'-'.repeat(LINE_LENGTH_MAX)}`,
  '%longtext': '#\n'.repeat(TEXT_LENGTH_MAX / 2),
  '%chain': Array.from(
    { length: 102 },
    (_, index) => `param p${index} = ${index === 101 ? '1' : `p${index + 1} + 1`}`,
  ).join('\n'),
};

const PARTS = [
  ['machine', 'machine { ram 8GiB; cpu skl }'],
  ['compare', 'compare module_alloc'],
  ['phase', 'phase steady for 10s { load bpf size 1KiB lifetime 1s }'],
] as const;

/** The scenario of a case. */
export function caseText(lines: string): string {
  if (lines === '%raw') return '';
  if (lines.startsWith('%raw\n')) return `${lines.slice(5)}\n`;
  const own = GENERATED[lines] ?? lines;
  const missing = PARTS.filter(([word]) => !new RegExp(`^${word}`, 'm').test(own));
  return ['xlab 1', own, ...missing.map(([, part]) => part), ''].join('\n');
}

const checked = new Map<string, ReturnType<typeof checkScenario>>();

/** Checks a text; each text once. */
export function checkCase(text: string): ReturnType<typeof checkScenario> {
  const known = checked.get(text);
  if (known !== undefined) return known;
  const result = checkScenario({ text, file: CASE_FILE }, CATALOG, host);
  checked.set(text, result);
  return result;
}

/** Everything that is said about a case. */
export function renderCase(lines: string): string {
  const text = caseText(lines);
  const { diagnostics, sources } = checkCase(text);
  return renderDiagnostics(diagnostics, { file: CASE_FILE, text, sources });
}

export interface MessageCase {
  readonly name: string;
  readonly lines: string;
  readonly expected: string;
}

/** The cases of a code; none when it has no file. */
export function casesOf(code: string): readonly MessageCase[] {
  let content: string;
  try {
    content = readFileSync(new URL(`messages/${code}.txt`, import.meta.url), 'utf8');
  } catch {
    return [];
  }
  return content
    .split(/^## /m)
    .slice(1)
    .map((block) => {
      const [head = '', ...rest] = block.split('\n');
      const [lines = '', expected = ''] = rest.join('\n').split(/^---\n/m);
      return { name: head, lines: lines.replace(/\n$/, ''), expected: expected.trimEnd() };
    });
}
