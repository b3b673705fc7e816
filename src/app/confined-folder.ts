/**
 * A folder whose files a scenario may read, and nothing outside of it: paths are relative, may not
 * climb out, and links are followed only to places inside. Only regular files of bounded size are
 * read, so that a pipe or a device named by a scenario cannot block the program.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';

export type ConfinedFile =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly reason: string };

const isInside = (path: string, root: string): boolean => {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

export class ConfinedFolder {
  private readonly root: string;

  /** `onRead` hears of every file that is read, by its path relative to the folder. */
  constructor(
    folder: string,
    private readonly onRead: (path: string, bytes: Buffer) => void = () => undefined,
  ) {
    this.root = realPath(folder) ?? resolve(folder);
  }

  /** The real path of something inside; undefined when it is missing or lies outside. */
  locate(path: string): string | undefined {
    if (path === '' || path.includes('\0') || isAbsolute(path)) return undefined;
    const wanted = resolve(this.root, path);
    if (!isInside(wanted, this.root)) return undefined;
    const real = realPath(wanted);
    return real !== undefined && isInside(real, this.root) ? real : undefined;
  }

  /** Names in a folder inside, sorted; undefined when there is no such folder. */
  list(path: string): readonly string[] | undefined {
    const real = this.locate(path);
    if (real === undefined || !statSync(real).isDirectory()) return undefined;
    return readdirSync(real).sort();
  }

  /** Reads a file of at most `bytesMax` bytes. */
  read(path: string, bytesMax: number): ConfinedFile {
    const real = this.locate(path);
    if (real === undefined) return { kind: 'missing' };
    const status = statSync(real);
    if (!status.isFile()) return { kind: 'refused', reason: 'it is not a regular file' };
    if (status.size > bytesMax) {
      const reason = `it has ${String(status.size)} bytes, at most ${String(bytesMax)} are read`;
      return { kind: 'refused', reason };
    }
    try {
      const bytes = readFileSync(real);
      this.noteRead(path, bytes);
      return { kind: 'bytes', bytes };
    } catch {
      return { kind: 'refused', reason: 'permission denied' };
    }
  }

  /** Tells of a file that somebody else has read at a path inside. */
  noteRead(path: string, bytes: Buffer): void {
    this.onRead(relative(this.root, resolve(this.root, path)).split(sep).join('/'), bytes);
  }
}
