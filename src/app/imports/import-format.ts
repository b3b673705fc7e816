/** What an import format is: a name, a line for lists, and a reader where there is one. */
import type { ImportedData } from '../../contract/catalog.js';
import type { Diagnostic } from '../../contract/diagnostic.js';
import type { UnreadLines } from '../../contract/language-data.js';
import type { ConfinedFolder } from '../confined-folder.js';

export interface ImportRequest {
  /** Relative to the folder, as the scenario writes it. */
  readonly path: string;
  readonly folder: ConfinedFolder;
  /** Lines of the import's block, by key. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

export interface ImportReply {
  readonly data?: ImportedData;
  /** Without spans: the language adds the declaration's. */
  readonly diagnostics: readonly Diagnostic[];
  /** Lines that were not understood; absent where there were none. */
  readonly unread?: UnreadLines;
}

export interface ImportFormat {
  readonly name: string;
  readonly summary: string;
  /** Keys that the import's block may have. */
  readonly options: readonly string[];
  readonly read: (request: ImportRequest) => ImportReply;
}

/** Largest text of an import that is read. */
export const IMPORT_BYTES_MAX = 268_435_456;

/** The reply of an import that is missing, empty or not of its format. */
export const importFailure = (
  message: string,
  more: { readonly notes?: readonly string[]; readonly help?: string } = {},
): ImportReply => ({
  diagnostics: [{ code: 'X0701', severity: 'error', message, ...more }],
});

/** The text of an import, or the reply that says why there is none. */
export function importText(
  request: ImportRequest,
):
  | { readonly text: string; readonly bytes: Buffer; readonly reply?: undefined }
  | { readonly text?: undefined; readonly reply: ImportReply } {
  const file = request.folder.read(request.path, IMPORT_BYTES_MAX);
  if (file.kind === 'missing') {
    const help = 'paths are relative to the scenario and stay in its folder';
    return { reply: importFailure(`there is no '${request.path}'`, { help }) };
  }
  if (file.kind === 'refused') {
    return { reply: importFailure(`cannot read '${request.path}': ${file.reason}`) };
  }
  const text = file.bytes.toString('utf8');
  if (text.trim() === '') return { reply: importFailure(`'${request.path}' is empty`) };
  return { text, bytes: file.bytes };
}
