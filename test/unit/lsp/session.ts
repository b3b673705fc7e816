/** A client of the language server, with the client side of the protocol's own library. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import {
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  type InitializeResult,
  type Position,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createLanguageHost } from '../../../src/app/language-host.js';
import { startLanguageServer } from '../../../src/lsp/server.js';
import { CATALOG, hostOf } from '../dsl/lab-double.js';

export interface Session {
  readonly client: MessageConnection;
  readonly result: InitializeResult;
  /** Exit code of the server, once it has ended. */
  readonly ended: Promise<number>;
  /** URI of a file in the session's folder, which is written when a text is given. */
  readonly uriOf: (name: string, text?: string) => string;
  /** Opens a text and waits for its diagnostics. */
  readonly open: (uri: string, text: string) => Promise<PublishDiagnosticsParams>;
  /** Replaces the whole text. */
  readonly change: (
    uri: string,
    version: number,
    text: string,
  ) => Promise<PublishDiagnosticsParams>;
  readonly nextDiagnostics: (uri: string) => Promise<PublishDiagnosticsParams>;
  readonly close: () => Promise<number>;
}

/** Position of a part of a text, plus some columns. */
export function positionOf(text: string, part: string, inside = 0): Position {
  const offset = text.indexOf(part);
  if (offset < 0) throw new Error(`no ${part}`);
  return TextDocument.create('file:///a', 'xlab', 0, text).positionAt(offset + inside);
}

export async function startSession(): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'xlab-lsp-'));
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const libraryFolder = join(folder, 'library');
  const double = hostOf();
  const ended = startLanguageServer({
    lab: {
      catalog: CATALOG,
      hostOf: (place) => ({
        ...createLanguageHost(place),
        readStd: (path) => double.readStd(path),
      }),
      libraryFolder,
    },
    input: toServer,
    output: toClient,
    version: '1.2.3',
  });
  const client = createMessageConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  const waiting: { uri: string; resolve: (params: PublishDiagnosticsParams) => void }[] = [];
  client.onNotification(PublishDiagnosticsNotification.type, (params) => {
    const index = waiting.findIndex(({ uri }) => uri === params.uri);
    if (index >= 0) waiting.splice(index, 1)[0]?.resolve(params);
  });
  client.listen();
  const result = await client.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: null,
    capabilities: {},
  });
  await client.sendNotification(InitializedNotification.type, {});
  const nextDiagnostics = (uri: string): Promise<PublishDiagnosticsParams> =>
    new Promise((resolve) => {
      waiting.push({ uri, resolve });
    });
  return {
    client,
    result,
    ended,
    nextDiagnostics,
    uriOf: (name, text) => {
      const path = join(folder, name);
      if (text !== undefined) writeFileSync(path, text);
      return pathToFileURL(path).href;
    },
    open: async (uri, text) => {
      const found = nextDiagnostics(uri);
      await client.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'xlab', version: 1, text },
      });
      return found;
    },
    change: async (uri, version, text) => {
      const found = nextDiagnostics(uri);
      await client.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
      return found;
    },
    close: async () => {
      await client.sendRequest(ShutdownRequest.type);
      await client.sendNotification(ExitNotification.type);
      const code = await ended;
      client.dispose();
      rmSync(folder, { recursive: true });
      return code;
    },
  };
}
