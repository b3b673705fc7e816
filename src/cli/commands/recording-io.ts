/** What the recording commands share: reading a recording with its findings, writing whole files. */
import { renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadRecording, resolveRecording, type Recording } from '../../app/recording-store.js';
import type { Diagnostic } from '../../contract/diagnostic.js';

/** Exit code for a wrong command line or input. */
export const EXIT_WRONG_INPUT = 2;

/** Folder of the running program: shipped recordings lie above it. */
export const programFolder = (): string => fileURLToPath(new URL('.', import.meta.url));

export function printDiagnostics(list: readonly Diagnostic[]): void {
  for (const { severity, code, source, message, help } of list) {
    const place = source === undefined ? '' : `${source}/`;
    process.stderr.write(`${severity}[${code}]: ${place}${message}\n`);
    if (help !== undefined) process.stderr.write(`  = help: ${help}\n`);
  }
}

export function printError(message: string, help?: string): void {
  process.stderr.write(`error: ${message}\n`);
  if (help !== undefined) process.stderr.write(`  = help: ${help}\n`);
}

/** The recording, or undefined after its findings went to stderr. */
export function readNamedRecording(given: string): Recording | undefined {
  const { recording, diagnostics } = loadRecording(resolveRecording(given, programFolder()));
  printDiagnostics(diagnostics);
  return recording;
}

/** Writes to a temporary name and renames; `-` is standard output. */
export function writeWhole(path: string, text: string): void {
  if (path === '-') {
    process.stdout.write(text);
    return;
  }
  const temporary = `${path}.tmp-${String(process.pid)}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
