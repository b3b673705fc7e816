/**
 * The outside world of the language: files beside the scenario, the shipped library, imports. Nothing
 * outside of the scenario's folder is ever read.
 */
import type { LanguageHost } from '../contract/catalog.js';
import type { UnreadLines } from '../contract/language-data.js';
import { ConfinedFolder } from './confined-folder.js';
import { importFormats } from './imports/index.js';
import { importFailure } from './imports/import-format.js';
import { readPlugin } from './plugins/read-plugin.js';
import { readShippedLibrary } from './shipped-files.js';

/** Largest used file or table. */
const TEXT_BYTES_MAX = 8_388_608;

/** Also remembers what the imports that it has read could not make sense of. */
export interface RememberingHost extends LanguageHost {
  /** Lines of an imported file that were not understood; none where it was not read. */
  unreadLines(path: string): UnreadLines;
}

/**
 * A host for one scenario; `folder` is absolute, `plugins` real paths that the user has named. `onRead`
 * hears of every file that is read beside the scenario.
 */
export function createLanguageHost(
  folder: string,
  plugins: readonly string[] = [],
  onRead?: (path: string, bytes: Buffer) => void,
): RememberingHost {
  const unread = new Map<string, UnreadLines>();
  const named: ReadonlySet<string> = new Set(plugins);
  const confined = new ConfinedFolder(folder, onRead);
  return {
    readText: (path) => {
      const file = confined.read(path, TEXT_BYTES_MAX);
      return file.kind === 'bytes' ? file.bytes.toString('utf8') : undefined;
    },
    readStd: readShippedLibrary,
    readImport: ({ path, format, options }) => {
      const known = importFormats.find(format);
      if (known === undefined) return importFailure(`there is no format '${format}'`);
      const reply = known.read({ path, folder: confined, options });
      if (reply.unread !== undefined) unread.set(path, reply.unread);
      return reply;
    },
    unreadLines: (path) => unread.get(path) ?? { total: 0, lines: [] },
    readPlugin: (path) => readPlugin({ path, folder: confined, named }),
  };
}
