/** Spans, kinds and edits of the language service as values of the protocol. */
import {
  CompletionItemKind,
  DiagnosticSeverity,
  MarkupKind,
  SymbolKind,
  type CompletionItem,
  type Diagnostic,
  type DocumentSymbol,
  type MarkupContent,
  type Range,
  type TextEdit,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  CompletionItem as ServiceItem,
  CompletionKind,
  OutlineEntry,
  TextEdit as ServiceEdit,
} from '../../dsl/service/index.js';
import type { Diagnostic as Finding, Span } from '../contract/diagnostic.js';

export const rangeOf = ({ start, end }: Span, document: TextDocument): Range => ({
  start: document.positionAt(start),
  end: document.positionAt(end),
});

export const spanOf = ({ start, end }: Range, document: TextDocument): Span => ({
  start: document.offsetAt(start),
  end: document.offsetAt(end),
});

export const editOf = ({ span, newText }: ServiceEdit, document: TextDocument): TextEdit => ({
  range: rangeOf(span, document),
  newText,
});

export const markdown = (value: string): MarkupContent => ({ kind: MarkupKind.Markdown, value });

/** Message with its notes and help, one per line. */
function messageOf({ message, notes = [], help, source }: Finding): string {
  const place = source === undefined ? message : `${source}: ${message}`;
  const lines = [place, ...notes.map((note) => `note: ${note}`)];
  return help === undefined ? lines.join('\n') : [...lines, `help: ${help}`].join('\n');
}

/** `span` is where the document shows it: its own place, or that of the `use` of another file. */
export const diagnosticOf = (finding: Finding, span: Span, document: TextDocument): Diagnostic => ({
  range: rangeOf(span, document),
  severity: finding.severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
  code: finding.code,
  source: 'xlab',
  message: messageOf(finding),
  ...(finding.related === undefined || finding.source !== undefined
    ? {}
    : {
        relatedInformation: finding.related.map((related) => ({
          location: { uri: document.uri, range: rangeOf(related.span, document) },
          message: related.label,
        })),
      }),
});

const COMPLETION_KINDS: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  name: CompletionItemKind.Variable,
  property: CompletionItemKind.Property,
  function: CompletionItemKind.Function,
  word: CompletionItemKind.EnumMember,
  metric: CompletionItemKind.Field,
};

export const completionOf = (item: ServiceItem, range: Range): CompletionItem => ({
  label: item.label,
  kind: COMPLETION_KINDS[item.kind],
  ...(item.detail === '' ? {} : { detail: item.detail }),
  ...(item.documentation === '' ? {} : { documentation: markdown(item.documentation) }),
  textEdit: { range, newText: item.label },
});

const SYMBOL_KINDS: Readonly<Record<string, SymbolKind>> = {
  param: SymbolKind.Constant,
  dist: SymbolKind.Function,
  module: SymbolKind.Struct,
  machine: SymbolKind.Object,
  allocator: SymbolKind.Class,
  compare: SymbolKind.Array,
  sweep: SymbolKind.Array,
  seeds: SymbolKind.Array,
  pool: SymbolKind.Array,
  workload: SymbolKind.Method,
  import: SymbolKind.File,
  phase: SymbolKind.Namespace,
  expect: SymbolKind.Boolean,
  warn: SymbolKind.Boolean,
  let: SymbolKind.Variable,
};

export const symbolOf = (entry: OutlineEntry, document: TextDocument): DocumentSymbol => ({
  name: entry.name,
  kind: SYMBOL_KINDS[entry.kind] ?? SymbolKind.Event,
  ...(entry.detail === '' ? {} : { detail: entry.detail }),
  range: rangeOf(entry.span, document),
  selectionRange: rangeOf(entry.selection, document),
  children: entry.children.map((child) => symbolOf(child, document)),
});
