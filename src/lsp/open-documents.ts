/** Open texts with their analysis, which is made once per version, and the hosts of their folders. */
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { LanguageDocument } from '../../dsl/service/index.js';
import type { LabCatalog, LanguageHost } from '../contract/catalog.js';

/** What the server needs of the lab. */
export interface LanguageServerLab {
  readonly catalog: LabCatalog;
  /** Files beside a scenario; `folder` is absolute. */
  readonly hostOf: (folder: string) => LanguageHost;
  /** Folder that holds the shipped library `std`; absent when it is not on disk. */
  readonly libraryFolder?: string;
}

/** A text that has no folder, such as one that was never saved: only the library is there. */
const withoutFolder = (host: LanguageHost): LanguageHost => ({
  readText: () => undefined,
  readStd: (path) => host.readStd(path),
  readImport: ({ path }) => ({
    diagnostics: [
      { code: 'X0701', severity: 'error', message: `save the scenario first to read '${path}'` },
    ],
  }),
});

/** Absolute path of a file URI; undefined for other URIs. */
function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

interface Analysed {
  readonly version: number;
  readonly document: LanguageDocument;
}

export class OpenDocuments {
  private readonly analysed = new Map<string, Analysed>();
  private readonly hosts = new Map<string, LanguageHost>();

  constructor(private readonly lab: LanguageServerLab) {}

  /** The analysis of a text. */
  of(text: TextDocument): LanguageDocument {
    const known = this.analysed.get(text.uri);
    if (known?.version === text.version) return known.document;
    const path = pathOf(text.uri);
    const document = new LanguageDocument({
      text: text.getText(),
      file: path ?? 'scenario.xlab',
      catalog: this.lab.catalog,
      host: this.hostOf(path),
    });
    this.analysed.set(text.uri, { version: text.version, document });
    return document;
  }

  close(uri: string): void {
    this.analysed.delete(uri);
  }

  /** Forgets what was read from disk: another file was saved. */
  refresh(): void {
    this.analysed.clear();
  }

  private hostOf(path: string | undefined): LanguageHost {
    const folder = path === undefined ? '' : dirname(path);
    const known = this.hosts.get(folder);
    if (known !== undefined) return known;
    const host =
      path === undefined ? withoutFolder(this.lab.hostOf(process.cwd())) : this.lab.hostOf(folder);
    this.hosts.set(folder, host);
    return host;
  }

  /** URI of a used file of a document; undefined when it is not on disk. */
  uriOf(text: TextDocument, source: string): string | undefined {
    const { libraryFolder } = this.lab;
    if (source.startsWith('std/')) {
      if (libraryFolder === undefined) return undefined;
      return pathToFileURL(join(libraryFolder, source)).href;
    }
    const path = pathOf(text.uri);
    return path === undefined ? undefined : pathToFileURL(join(dirname(path), source)).href;
  }

  /** Text of a used file. */
  textOf(text: TextDocument, source: string): string | undefined {
    const host = this.hostOf(pathOf(text.uri));
    return source.startsWith('std/') ? host.readStd(source) : host.readText(source);
  }
}
