/** Outline and folding: the shape of a file. */
import type { Span } from '../../src/contract/diagnostic.js';
import type { Body, Declaration, Statement } from '../ast.js';
import { CREATION_TEXT } from '../lower/creation.js';
import { LineIndex } from '../source-map.js';
import * as T from '../tokens.js';
import type { LanguageDocument } from './document.js';

export interface OutlineEntry {
  readonly name: string;
  /** Word of the declaration or statement. */
  readonly kind: string;
  readonly detail: string;
  readonly span: Span;
  /** What to select: the name, or the first word. */
  readonly selection: Span;
  readonly children: readonly OutlineEntry[];
}

const NAMED: ReadonlySet<Declaration['kind']> = new Set([
  'param',
  'dist',
  'module',
  'allocator',
  'workload',
  'import',
  'phase',
]);

/** Declarations, and inside phases and workloads the statements that have a body or a name. */
export function outlineOf(document: LanguageDocument): readonly OutlineEntry[] {
  return document.parsed.tree.declarations.flatMap((node) => declarationEntries(node, document));
}

function declarationEntries(node: Declaration, document: LanguageDocument): OutlineEntry[] {
  const { span, keyword, kind } = node;
  const entry = (
    name: string,
    selection: Span,
    children: readonly OutlineEntry[] = [],
    detail = '',
  ) => ({
    name,
    kind,
    detail,
    span,
    selection,
    children,
  });
  if (node.kind === 'pool') return node.names.map((name) => entry(name.text, name.span));
  if (NAMED.has(kind) && 'name' in node) {
    const children =
      node.kind === 'phase' || node.kind === 'workload' ? bodyEntries(node.body, document) : [];
    return [entry(node.name.text, node.name.span, children, detailOf(node, document))];
  }
  if (kind === 'machine' || kind === 'compare' || kind === 'sweep' || kind === 'seeds') {
    return [entry(kind, keyword, [], kind === 'machine' ? '' : restOf(node, document))];
  }
  if (kind === 'expect' || kind === 'warn') return [entry(restOf(node, document), keyword)];
  return [];
}

function detailOf(node: Declaration, document: LanguageDocument): string {
  const text = (span: Span | undefined): string =>
    span === undefined ? '' : document.symbols.textOf(span);
  switch (node.kind) {
    case 'param':
    case 'dist':
      return text(node.value.span);
    case 'phase':
      return node.duration === undefined ? '' : `for ${text(node.duration.span)}`;
    case 'allocator':
      return node.design?.text ?? 'plugin';
    case 'import':
      return node.format.text;
    default:
      return '';
  }
}

/** A declaration without its first word, on one line. */
function restOf(node: Declaration, { symbols }: LanguageDocument): string {
  const text = symbols.textOf({ start: node.keyword.end, end: node.span.end });
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

const bodyEntries = (body: Body, document: LanguageDocument): readonly OutlineEntry[] =>
  body.statements.flatMap((statement) => statementEntries(statement, document));

function statementEntries(node: Statement, document: LanguageDocument): OutlineEntry[] {
  const { span, keyword } = node;
  const text = (part: Span): string => document.symbols.textOf(part);
  const entry = (name: string, children: readonly OutlineEntry[] = [], selection = keyword) => [
    { name, kind: node.kind, detail: '', span, selection, children },
  ];
  switch (node.kind) {
    case 'let':
      return entry(node.name.text, [], node.name.span).map((made) => ({
        ...made,
        detail: CREATION_TEXT[node.creation.what],
      }));
    case 'churn':
      return entry(`churn ${node.pool.text}`);
    case 'execute':
      return entry(`execute ${text(node.rate.span)}`);
    case 'mark':
      return entry(`mark "${node.text.value}"`);
    case 'run':
      return entry(`run ${node.path.text}`);
    case 'every':
    case 'arrive':
    case 'at':
      return entry(`${node.kind} ${text(node.when.span)}`, bodyEntries(node.body, document));
    case 'repeat':
      return entry(`repeat ${text(node.count.span)}`, bodyEntries(node.body, document));
    case 'for':
      return entry(`for ${node.name.text}`, bodyEntries(node.body, document));
    case 'parallel':
      return entry('parallel', [
        ...(node.body === undefined ? [] : bodyEntries(node.body, document)),
        ...node.branches.map((branch) => ({
          name: branch.name.text,
          kind: 'branch',
          detail: '',
          span: branch.span,
          selection: branch.name.span,
          children: bodyEntries(branch.body, document),
        })),
      ]);
    case 'if':
      return entry('if', [
        ...bodyEntries(node.body, document),
        ...(node.otherwise === undefined ? [] : bodyEntries(node.otherwise, document)),
      ]);
    default:
      return [];
  }
}

export interface Fold {
  /** First and last line, from 1. */
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: 'block' | 'comment';
}

/** Blocks of several lines, and runs of comment lines. */
export function foldsOf(document: LanguageDocument): readonly Fold[] {
  const lines = new LineIndex(document.text);
  const lineOf = (offset: number): number => lines.position(offset).line;
  const folds: Fold[] = [];
  const open: number[] = [];
  for (const token of document.lexed.tokens) {
    if (token.tokenType === T.LeftBrace) open.push(lineOf(token.startOffset));
    else if (token.tokenType === T.RightBrace) {
      const startLine = open.pop();
      const endLine = lineOf(token.startOffset);
      if (startLine !== undefined && endLine > startLine) {
        folds.push({ startLine, endLine, kind: 'block' });
      }
    }
  }
  return [...folds, ...commentFolds(document, lines)].sort((a, b) => a.startLine - b.startLine);
}

function commentFolds(document: LanguageDocument, lines: LineIndex): Fold[] {
  const folds: Fold[] = [];
  const own = document.lexed.comments
    .map(({ span }) => lines.position(span.start))
    .filter(
      ({ line, column }) =>
        lines
          .lineText(line)
          .slice(0, column - 1)
          .trim() === '',
    )
    .map(({ line }) => line);
  let start = 0;
  own.forEach((line, index) => {
    if (own[index + 1] === line + 1) return;
    const startLine = own[start] ?? line;
    if (line > startLine) folds.push({ startLine, endLine: line, kind: 'comment' });
    start = index + 1;
  });
  return folds;
}
