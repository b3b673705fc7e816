/** Reads one text of an import format in a folder of the test, and shows what it gave. */
import { createLanguageHost } from '../../../../src/app/language-host.js';
import type { ImportedData } from '../../../../src/contract/catalog.js';
import { temporaryFolder, writeInto } from '../../../support/temporary-folder.js';

type Options = Readonly<Record<string, readonly string[]>>;

/** A reader of texts of `format`; call it once a file. */
export function importReader(format: string) {
  const root = temporaryFolder();
  return (text: string, options: Options = {}) => {
    writeInto(root, 'file.txt', text);
    return createLanguageHost(root).readImport({ path: 'file.txt', format, options });
  };
}

/** `1200 module xfs`, `3000 release`: times in milliseconds. */
export const shownEvents = (data: ImportedData | undefined): readonly string[] =>
  (data?.stream?.events ?? []).map((event) => {
    const at = String(Math.round(event.timeNs / 1e6));
    if (event.kind === 'release') return `${at} release ${event.key}`;
    return `${at} ${event.create.kind} ${event.create.name}`;
  });
