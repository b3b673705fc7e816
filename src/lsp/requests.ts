/** One handler per request: finds the text, asks the language service, answers in the protocol. */
import {
  CodeActionKind,
  ErrorCodes,
  FoldingRangeKind,
  ResponseError,
  type Connection,
  type Location,
  type TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  codeActionsAt,
  completionsAt,
  definitionAt,
  foldsOf,
  formatEdits,
  hoverAt,
  outlineOf,
  referencesAt,
  renameAt,
  renameTarget,
  requestCounts,
  type LanguageDocument,
} from '../../dsl/service/index.js';
import {
  completionOf,
  diagnosticOf,
  editOf,
  markdown,
  rangeOf,
  spanOf,
  symbolOf,
} from './convert.js';
import type { OpenDocuments } from './open-documents.js';

interface Asked {
  readonly text: TextDocument;
  readonly document: LanguageDocument;
}

interface AtPosition {
  readonly textDocument: { readonly uri: string };
  readonly position: { readonly line: number; readonly character: number };
}

/** A column behind every line. */
const LINE_END = 1_000_000;

/** Request counts with at most three digits. */
const countText = (requests: number): string =>
  requests >= 1000 ? String(Math.round(requests)) : String(Number(requests.toPrecision(3)));

export function answerRequests(
  connection: Connection,
  texts: TextDocuments<TextDocument>,
  open: OpenDocuments,
): void {
  const asked = (uri: string): Asked | undefined => {
    const text = texts.get(uri);
    return text === undefined ? undefined : { text, document: open.of(text) };
  };
  /** The offset that a request asks about. */
  const askedAt = (params: AtPosition): (Asked & { offset: number }) | undefined => {
    const found = asked(params.textDocument.uri);
    if (found === undefined) return undefined;
    return { ...found, offset: found.text.offsetAt(params.position) };
  };

  connection.onCompletion((params) => {
    const found = askedAt(params);
    if (found === undefined) return [];
    const { replace, items } = completionsAt(found.document, found.offset);
    const range = rangeOf(replace, found.text);
    return items.map((item) => completionOf(item, range));
  });

  connection.onHover((params) => {
    const found = askedAt(params);
    const hover = found === undefined ? undefined : hoverAt(found.document, found.offset);
    if (found === undefined || hover === undefined) return null;
    return { contents: markdown(hover.text), range: rangeOf(hover.span, found.text) };
  });

  connection.onDefinition((params): Location | null => {
    const found = askedAt(params);
    const place = found === undefined ? undefined : definitionAt(found.document, found.offset);
    if (found === undefined || place === undefined) return null;
    const { text } = found;
    if (place.source === undefined) return { uri: text.uri, range: rangeOf(place.span, text) };
    const uri = open.uriOf(text, place.source);
    const content = open.textOf(text, place.source);
    if (uri === undefined || content === undefined) return null;
    const other = TextDocument.create(uri, 'xlab', 0, content);
    return { uri, range: rangeOf(place.span, other) };
  });

  connection.onReferences((params) => {
    const found = askedAt(params);
    if (found === undefined) return [];
    const { text, document, offset } = found;
    return referencesAt(document, offset, params.context.includeDeclaration).map((span) => ({
      uri: text.uri,
      range: rangeOf(span, text),
    }));
  });

  answerRenames(connection, askedAt);
  answerShape(connection, asked);
}

type AskedAt = (params: AtPosition) => (Asked & { readonly offset: number }) | undefined;

function answerRenames(connection: Connection, askedAt: AskedAt): void {
  const refused = (problem: string): ResponseError =>
    new ResponseError(ErrorCodes.InvalidRequest, problem);

  connection.onPrepareRename((params) => {
    const found = askedAt(params);
    if (found === undefined) return null;
    const target = renameTarget(found.document, found.offset);
    if (target.problem !== undefined) return refused(target.problem);
    return { range: rangeOf(target.span, found.text), placeholder: target.name };
  });

  connection.onRenameRequest((params) => {
    const found = askedAt(params);
    if (found === undefined) return null;
    const result = renameAt(found.document, found.offset, params.newName);
    if (result.problem !== undefined) return refused(result.problem);
    const edits = result.edits.map((edit) => editOf(edit, found.text));
    return { changes: { [found.text.uri]: edits } };
  });
}

function answerShape(connection: Connection, asked: (uri: string) => Asked | undefined): void {
  connection.onDocumentSymbol(({ textDocument }) => {
    const found = asked(textDocument.uri);
    if (found === undefined) return [];
    return outlineOf(found.document).map((entry) => symbolOf(entry, found.text));
  });

  connection.onFoldingRanges(({ textDocument }) => {
    const found = asked(textDocument.uri);
    if (found === undefined) return [];
    return foldsOf(found.document).map(({ startLine, endLine, kind }) => ({
      startLine: startLine - 1,
      // The closing brace stays in sight.
      endLine: kind === 'block' ? endLine - 2 : endLine - 1,
      ...(kind === 'comment' ? { kind: FoldingRangeKind.Comment } : {}),
    }));
  });

  connection.onDocumentFormatting(({ textDocument }) => {
    const found = asked(textDocument.uri);
    if (found === undefined) return [];
    return formatEdits(found.document).map((edit) => editOf(edit, found.text));
  });

  connection.onCodeAction(({ textDocument, range }) => {
    const found = asked(textDocument.uri);
    if (found === undefined) return [];
    const { text, document } = found;
    return codeActionsAt(document, spanOf(range, text)).map(({ title, edits, diagnostic }) => ({
      title,
      kind: CodeActionKind.QuickFix,
      isPreferred: true,
      diagnostics: [diagnosticOf(diagnostic, diagnostic.span ?? { start: 0, end: 0 }, text)],
      edit: { changes: { [text.uri]: edits.map((edit) => editOf(edit, text)) } },
    }));
  });

  connection.languages.inlayHint.on(({ textDocument, range }) => {
    const found = asked(textDocument.uri);
    if (found === undefined) return [];
    const { text, document } = found;
    return requestCounts(document)
      .filter(({ line }) => line - 1 >= range.start.line && line - 1 <= range.end.line)
      .map(({ line, requests }) => ({
        // Behind the last character of the line.
        position: text.positionAt(text.offsetAt({ line: line - 1, character: LINE_END })),
        label: `${countText(requests)} requests`,
        paddingLeft: true,
        tooltip: 'expected requests of this line in one run of the first sweep point',
      }));
  });
}
