/**
 * Reads result.json of any size. The lab writes it with one line for each entry and each run
 * (result-json.ts), so that it can be read line by line where the whole is longer than a string can be.
 * A file that another program has laid out anew is read whole, as far as a string reaches.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { checkResult, checkResultParts, type CheckedResult } from './check-result.js';

/** Bytes of one line, and of a file that is read whole: what is safely below the longest string. */
const TEXT_BYTES_MAX = 402_653_184;
/** Beyond this no file is read. */
export const RESULT_BYTES_MAX = 17_179_869_184;
const CHUNK_BYTES = 4_194_304;

export interface ReadLimits {
  readonly textBytesMax?: number;
  readonly chunkBytes?: number;
  /** Refuses a result of another scenario hash before its runs are looked at. */
  readonly scenarioHash?: string;
}

/** Throws what the file system throws; a file that is no result comes back as a problem. */
export function readResultFile(path: string, limits: ReadLimits = {}): CheckedResult {
  const textBytesMax = limits.textBytesMax ?? TEXT_BYTES_MAX;
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (size > RESULT_BYTES_MAX) return { problem: 'it is larger than a result may be' };
    const lines = (): Iterable<string> =>
      linesOf(descriptor, { textBytesMax, chunkBytes: limits.chunkBytes ?? CHUNK_BYTES });
    if (limits.scenarioHash !== undefined && !speaksOf(lines(), limits.scenarioHash)) {
      return { problem: 'it is of another scenario hash' };
    }
    const parts = partsOf(lines());
    if (parts !== undefined) return parts;
    if (size > textBytesMax) return { problem: 'it is too large for a result in another layout' };
  } catch (error) {
    if (error instanceof LongLine) return { problem: error.message };
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return checkResult(readFileSync(path, 'utf8'));
}

class LongLine extends Error {
  override readonly name = 'LongLine';
}

/** Lines without their ends. */
function* linesOf(
  descriptor: number,
  { textBytesMax, chunkBytes }: { readonly textBytesMax: number; readonly chunkBytes: number },
): Generator<string> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let pieces: Buffer[] = [];
  let held = 0;
  let position = 0;
  for (;;) {
    const count = readSync(descriptor, chunk, 0, chunkBytes, position);
    position += count;
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0 && end < count; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...pieces, chunk.subarray(start, end)]);
      if (line.length > textBytesMax) throw new LongLine('one of its runs is too long to be read');
      yield line.toString('utf8');
      pieces = [];
      held = 0;
      start = end + 1;
    }
    if (count === 0) break;
    pieces.push(Buffer.from(chunk.subarray(start, count)));
    held += count - start;
    if (held > textBytesMax) throw new LongLine('one of its lines is too long to be read');
  }
  const rest = Buffer.concat(pieces).toString('utf8');
  if (rest !== '') yield rest;
}

/** True when a line holds this hash as an entry; no run is parsed. */
function speaksOf(lines: Iterable<string>, scenarioHash: string): boolean {
  const entry = new RegExp(`"scenarioHash"\\s*:\\s*"${scenarioHash}"`);
  for (const line of lines) if (entry.test(line)) return true;
  return false;
}

const ENTRY = /^"([A-Za-z]+)": (.*?),?$/s;

/** Undefined for a text that is not laid out as the lab does it, one that is cut short included. */
function partsOf(lines: Iterable<string>): CheckedResult | undefined {
  const entries: Record<string, unknown> = {};
  let state: 'start' | 'entries' | 'runs' | 'end' = 'start';
  const checked = checkResultParts();
  for (const line of lines) {
    if (line === '') continue;
    if (state === 'start') {
      if (line !== '{') return undefined;
      state = 'entries';
    } else if (state === 'runs') {
      if (/^\],?$/.test(line)) state = 'entries';
      else {
        const run = parsed(line.replace(/,$/, ''));
        if (run === BROKEN) return undefined;
        const problem = checked.addRun(run);
        if (problem !== undefined) return { problem };
      }
    } else if (line === '}') state = 'end';
    else {
      const [, key = '', value = ''] = ENTRY.exec(line) ?? [];
      if (key === '') return undefined;
      if (key === 'runs' && value === '[') state = 'runs';
      else entries[key] = parsed(value);
      if (entries[key] === BROKEN) return undefined;
    }
  }
  return state === 'end' ? checked.finish(entries) : undefined;
}

/** Stands for text that is not JSON. */
const BROKEN = Symbol('broken');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return BROKEN;
  }
}
