/** Diagnostics of open texts, sent after each change; long texts wait for a pause in typing. */
import type { Connection, TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { diagnosticsOf, type LanguageDocument } from '../../dsl/service/index.js';
import type { Diagnostic, Span } from '../contract/diagnostic.js';
import { diagnosticOf } from './convert.js';
import type { OpenDocuments } from './open-documents.js';

/** Lines up to which every change is checked at once. */
const QUICK_LINES = 1000;
/** Milliseconds without a change before a longer text is checked. */
const PAUSE_MS = 200;

/** Where a finding of another source shows in the document: at the file's `use`. */
function shownSpan(finding: Diagnostic, document: LanguageDocument): Span {
  const { source, span } = finding;
  if (source === undefined) return span ?? { start: 0, end: 0 };
  const uses = [...document.symbols.names.values()].flatMap((symbol) =>
    symbol.kind === 'use' && symbol.decl.span.end > 0 ? [symbol] : [],
  );
  const direct = uses.find((symbol) => symbol.file?.source === source);
  // A file that a used file uses: the first of those that lead anywhere.
  return (direct ?? uses[0])?.decl.file.span ?? { start: 0, end: 0 };
}

export function publishOnChange(
  connection: Connection,
  texts: TextDocuments<TextDocument>,
  open: OpenDocuments,
): void {
  const waiting = new Map<string, NodeJS.Timeout>();

  const publish = (uri: string): void => {
    waiting.delete(uri);
    const text = texts.get(uri);
    if (text === undefined) return;
    const document = open.of(text);
    const diagnostics = diagnosticsOf(document).map((finding) =>
      diagnosticOf(finding, shownSpan(finding, document), text),
    );
    void connection.sendDiagnostics({ uri, version: text.version, diagnostics });
  };

  const schedule = (text: TextDocument): void => {
    clearTimeout(waiting.get(text.uri));
    const delay = text.lineCount <= QUICK_LINES ? 0 : PAUSE_MS;
    const timer = setTimeout(() => {
      publish(text.uri);
    }, delay);
    waiting.set(text.uri, timer);
  };

  texts.onDidChangeContent(({ document }) => {
    schedule(document);
  });
  texts.onDidSave(() => {
    open.refresh();
    texts.all().forEach(schedule);
  });
  texts.onDidClose(({ document: { uri } }) => {
    clearTimeout(waiting.get(uri));
    waiting.delete(uri);
    open.close(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });
  connection.onShutdown(() => {
    waiting.forEach((timer) => {
      clearTimeout(timer);
    });
    waiting.clear();
  });
}
