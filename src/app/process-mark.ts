/**
 * A mark of the process that made something, for what a killed process leaves behind: its number, and where the
 * system tells, when it started and in which space of process numbers it lives. Numbers are given again; with the
 * start they are not.
 */
import { readFileSync, readlinkSync } from 'node:fs';

/** Parts of a mark, in order; no part has the separator. */
const MARK = /^(\d+)-(\d+)-(\d+)$/;
/** What is not known of a process: other systems than Linux have no such file. */
const UNKNOWN = '0';
/** Place of the start time behind the name of the program in /proc/PID/stat, which may hold blanks itself. */
const START_FIELD = 19;

/** `1234-5678-4026531836`: letters of no name that a file may not have. */
export const processMark = (): string =>
  [String(process.pid), startOf(process.pid), numberSpace()].join('-');

/**
 * False when the process of the mark has certainly ended. One that lives elsewhere, or that another process may
 * have replaced, counts as living.
 */
export function mayLive(mark: string): boolean {
  const [, pid = '', start = UNKNOWN, space = UNKNOWN] = MARK.exec(mark) ?? [];
  if (pid === '' || space !== numberSpace()) return true;
  if (!exists(Number(pid))) return false;
  const startNow = startOf(Number(pid));
  return start === UNKNOWN || startNow === UNKNOWN || start === startNow;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** Ticks since the machine has started. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[START_FIELD] ?? UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}

function numberSpace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}
