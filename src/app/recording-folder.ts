/**
 * Recording folders on disk: reads and unzips the files of one folder, within bounds. A gzip file
 * that ends early or is damaged is reported, not repaired.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { RECORDING_LIMITS } from '../recording/limits.js';
import {
  RECORDING_FILE_NAMES,
  type RecordingFile,
  type RecordingFileName,
  type RecordingFiles,
} from '../recording/read-recording.js';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

function unzip(raw: Buffer): RecordingFile {
  try {
    const text = gunzipSync(raw, { maxOutputLength: RECORDING_LIMITS.fileBytesMax });
    return { kind: 'text', text: text.toString('utf8') };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'Z_BUF_ERROR') return { kind: 'unreadable', reason: 'the gzip data end early' };
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      const mib = String(RECORDING_LIMITS.fileBytesMax / 1048576);
      return { kind: 'unreadable', reason: `more than ${mib} MiB after decompression` };
    }
    if (code.startsWith('Z_')) return { kind: 'unreadable', reason: 'the gzip data are damaged' };
    throw error;
  }
}

function load(
  folder: string,
  wanted: string,
): { readonly file: RecordingFile; readonly name?: string; readonly raw?: Buffer } {
  for (const name of [wanted, `${wanted}.gz`]) {
    const candidate = join(folder, name);
    if (!existsSync(candidate)) continue;
    const status = statSync(candidate);
    if (!status.isFile()) return { file: { kind: 'unreadable', reason: 'not a regular file' } };
    if (status.size > RECORDING_LIMITS.fileBytesMax) {
      return { file: { kind: 'unreadable', reason: `${String(status.size)} bytes are too many` } };
    }
    const raw = readFileSync(candidate);
    const zipped = name.endsWith('.gz');
    return { file: zipped ? unzip(raw) : { kind: 'text', text: raw.toString('utf8') }, name, raw };
  }
  return { file: { kind: 'missing' } };
}

/**
 * All files of a recording folder. A folder that does not exist has every file missing. `onRead` hears of
 * each file that is there, by its name.
 */
export function openRecordingFolder(
  folder: string,
  onRead: (name: string, bytes: Buffer) => void = () => undefined,
): RecordingFiles {
  const files = new Map<RecordingFileName, RecordingFile>();
  const hash = createHash('sha256');
  for (const name of RECORDING_FILE_NAMES) {
    const { file, raw, name: found = name } = load(folder, name);
    files.set(name, file);
    if (!raw) continue;
    onRead(found, raw);
    hash.update(`${name}\n${String(raw.length)}\n`);
    hash.update(raw);
  }
  return {
    name: basename(resolve(folder)),
    sha256: hash.digest('hex'),
    read: (name) => files.get(name) ?? { kind: 'missing' },
  };
}
