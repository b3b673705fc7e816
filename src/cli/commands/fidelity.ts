/** `xlab fidelity [REC...] [--json]` */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { formatFidelity, isExact } from '../../app/fidelity-report.js';
import { distanceBetweenBoots, workloadName } from '../../app/fidelity-spread.js';
import { compareRecording } from '../../app/fidelity.js';
import {
  loadRecording,
  recordingFoldersIn,
  shippedRecordingsFolder,
  type Recording,
} from '../../app/recording-store.js';
import { findReplayDesign, recordedDesignName } from '../../app/replay-designs.js';
import { EXIT_WRONG_INPUT, printError, programFolder, readNamedRecording } from './recording-io.js';

const PLACEMENTS = 32;
/** Exit code when an address or a leaf count differs and `--strict` was given. */
const EXIT_DIFFERENT = 1;

interface FidelityArguments {
  readonly json?: boolean;
  readonly strict?: boolean;
}

function readAll(given: readonly string[]): readonly Recording[] | undefined {
  const shipped = given.length === 0 ? shippedRecordingsFolder(programFolder()) : undefined;
  if (given.length === 0 && shipped === undefined) {
    printError('no recordings ship with this installation', 'name the folder of a recording');
    return undefined;
  }
  const folders = shipped === undefined ? given : recordingFoldersIn(shipped);
  const recordings: Recording[] = [];
  for (const folder of folders) {
    const recording = readNamedRecording(folder);
    if (!recording) return undefined;
    recordings.push(recording);
  }
  return recordings;
}

/** Those that ship, for how far two boots differ, beside those that are compared. */
function withShipped(recordings: readonly Recording[]): readonly Recording[] {
  const folder = shippedRecordingsFolder(programFolder());
  const names = new Set(recordings.map(({ meta }) => meta.name));
  const others = (folder === undefined ? [] : recordingFoldersIn(folder)).filter(
    (other) => !names.has(basename(other)),
  );
  return [...recordings, ...others.flatMap((other) => loadRecording(other).recording ?? [])];
}

function runFidelity(given: readonly string[], args: FidelityArguments): number {
  const recordings = readAll(given);
  if (!recordings) return EXIT_WRONG_INPUT;
  const betweenBoots = distanceBetweenBoots(withShipped(recordings));
  const results = [];
  for (const recording of recordings) {
    const name = recordedDesignName(recording);
    const design = findReplayDesign(name);
    if (!design) {
      printError(`${recording.meta.name}: no design stands for kernel ${recording.meta.release}`);
      return EXIT_WRONG_INPUT;
    }
    const twins = recordings.filter((other) => workloadName(other) === workloadName(recording));
    const options = { design, placements: PLACEMENTS, bootSpread: betweenBoots.largest };
    results.push(compareRecording(recording, { ...options, repeats: twins }));
  }
  if (args.json === true)
    process.stdout.write(`${JSON.stringify({ results, betweenBoots }, null, 2)}\n`);
  else process.stdout.write(formatFidelity(results, betweenBoots));
  return args.strict === true && !results.every(isExact) ? EXIT_DIFFERENT : 0;
}

export function registerFidelity(program: Command): void {
  program
    .command('fidelity')
    .argument('[recordings...]', 'folders or names of recordings; default: all shipped ones')
    .description('compare predictions with recordings of real kernels')
    .option('--json', 'scoreboard as JSON')
    .option('--strict', 'exit with 1 when any address or leaf count differs')
    .action((given: string[], args: FidelityArguments) => {
      process.exitCode = runFidelity(given, args);
    });
}
