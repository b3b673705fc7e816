/** Files of a drop or a chosen folder: those of a result that a lab wrote, folders walked within bounds. */

export interface DroppedFile {
  readonly file: File;
  /** Name of the folder that it came from; empty for a file alone. */
  readonly folder: string;
}

/** Files that are looked at in one drop, and folders within folders. */
const FILE_COUNT_MAX = 2000;
const DEPTH_MAX = 3;
export const NO_RESULT_IN_FOLDER = 'the folder holds neither a result.json nor a share';
const SHARE = /\.xlabshard$/;

export const isShare = (file: File): boolean => SHARE.test(file.name);
export const isResult = (file: File): boolean => file.name.endsWith('.json');

/** What a drop holds. Must be called in the turn of the event: later the browser has emptied it. */
export function droppedFiles(transfer: DataTransfer): Promise<readonly DroppedFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const files = [...transfer.files];
  if (entries.every((entry) => entry?.isDirectory !== true)) {
    return Promise.resolve(files.map((file) => ({ file, folder: '' })));
  }
  return walkAll(entries.filter((entry) => entry !== null));
}

async function walkAll(entries: readonly FileSystemEntry[]): Promise<readonly DroppedFile[]> {
  const found: DroppedFile[] = [];
  const walk = async (entry: FileSystemEntry, folder: string, depth: number): Promise<void> => {
    if (found.length >= FILE_COUNT_MAX || depth > DEPTH_MAX) return;
    if (isFile(entry)) {
      const file = await new Promise<File>((done, fail) => entry.file(done, fail));
      if (folder === '' || file.name === 'result.json' || isShare(file))
        found.push({ file, folder });
    } else if (isFolder(entry)) {
      for (const inner of await entriesOf(entry)) await walk(inner, entry.name, depth + 1);
    }
  };
  for (const entry of entries) await walk(entry, '', 0);
  return found;
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** A reader gives its entries in portions; an empty one is the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) =>
      reader.readEntries(done, fail),
    );
    if (some.length === 0 || all.length > FILE_COUNT_MAX) return all;
    all.push(...some);
  }
}

/** Files of a chosen folder, by their path in it. */
export function chosenFiles(files: readonly File[]): readonly DroppedFile[] {
  return files.flatMap((file) => {
    const path = file.webkitRelativePath.split('/');
    const folder = path.length > 1 ? (path[path.length - 2] ?? '') : '';
    return file.name === 'result.json' || isShare(file) ? [{ file, folder }] : [];
  });
}
