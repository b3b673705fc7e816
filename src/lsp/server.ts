/**
 * The language server: the language service over the Language Server Protocol. Speaks on the streams
 * it is given and ends with them; it never ends the process by itself.
 */
import {
  CodeActionKind,
  createConnection,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type InitializeResult,
  type WatchDog,
} from 'vscode-languageserver';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { OpenDocuments, type LanguageServerLab } from './open-documents.js';
import { publishOnChange } from './publish.js';
import { answerRequests } from './requests.js';

export type { LanguageServerLab } from './open-documents.js';

export interface LanguageServerOptions {
  /** Names, files beside scenarios, the shipped library. */
  readonly lab: LanguageServerLab;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Version of the program, for the client's log. */
  readonly version: string;
}

const CAPABILITIES: InitializeResult['capabilities'] = {
  textDocumentSync: {
    openClose: true,
    change: TextDocumentSyncKind.Incremental,
    save: { includeText: false },
  },
  completionProvider: { triggerCharacters: ['.', '@', '~', ':'] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  documentFormattingProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
  inlayHintProvider: true,
};

/**
 * Serves until the client says `exit` or closes the stream. Resolves with the exit code of the
 * protocol: 0 after a shutdown, else 1.
 */
export function startLanguageServer(options: LanguageServerOptions): Promise<number> {
  const { lab, input, output, version } = options;
  return new Promise((resolve) => {
    let shutDown = false;
    const watchDog: WatchDog = {
      initialize: () => undefined,
      get shutdownReceived() {
        return shutDown;
      },
      set shutdownReceived(value) {
        shutDown = value;
      },
      exit: (code) => {
        resolve(code);
      },
    };
    const reader = new StreamMessageReader(input);
    const writer = new StreamMessageWriter(output);
    const connection: Connection = createConnection(
      (logger) => createProtocolConnection(reader, writer, logger),
      watchDog,
    );
    reader.onClose(() => {
      resolve(shutDown ? 0 : 1);
    });
    const texts = new TextDocuments(TextDocument);
    const open = new OpenDocuments(lab);
    connection.onInitialize(() => ({
      capabilities: CAPABILITIES,
      serverInfo: { name: 'xlab', version },
    }));
    publishOnChange(connection, texts, open);
    answerRequests(connection, texts, open);
    texts.listen(connection);
    connection.listen();
  });
}
