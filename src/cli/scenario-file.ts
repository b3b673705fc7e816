/** Reads the scenario that a command names; `-` is standard input. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, isAbsolute, basename, resolve } from 'node:path';

/** One byte more than the language takes, so that it can say that the text is too long. */
const SCENARIO_BYTES_MAX = 8_388_608 + 1;
const STANDARD_INPUT = 0;

export interface ScenarioFile {
  /** Name for reports and the command that repeats the run. */
  readonly file: string;
  /** Absolute folder that imports are relative to. */
  readonly folder: string;
  readonly text: string;
}

/** Why a file could not be read, without a full stop. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ELOOP: 'too many links',
  ENAMETOOLONG: 'the name is too long',
};

/** The reason of a failed file operation in words. */
export function reasonOf(error: unknown): string {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

/** Bytes of an open file up to the bound. */
function readBounded(descriptor: number): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total < SCENARIO_BYTES_MAX) {
    const chunk = Buffer.alloc(Math.min(65_536, SCENARIO_BYTES_MAX - total));
    const count = readSome(descriptor, chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    total += count;
  }
  return Buffer.concat(chunks);
}

function readSome(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      // A terminal or pipe in non-blocking mode has nothing yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFile('it is not UTF-8 text');
  }
}

/** Throws UnreadableFile. */
export function readScenarioFile(path: string): ScenarioFile {
  if (path === '-') {
    return { file: '-', folder: process.cwd(), text: decode(readBounded(STANDARD_INPUT)) };
  }
  const file = isAbsolute(path) ? basename(path) : path;
  try {
    if (statSync(path).isDirectory()) throw new UnreadableFile('it is a folder');
    const descriptor = openSync(path, 'r');
    try {
      return { file, folder: dirname(resolve(path)), text: decode(readBounded(descriptor)) };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(reasonOf(error));
  }
}
