/** `xlab replay REC --design D [--predict OUT.jsonl] [--json]` */
import type { Command } from 'commander';
import {
  findReplayDesign,
  recordedDesignName,
  replayDesignNames,
} from '../../app/replay-designs.js';
import { formatReplay, summarizeReplay } from '../../app/replay-report.js';
import { formatPrediction } from '../../app/replay-lines.js';
import { replayRecording } from '../../app/replay.js';
import { EXIT_WRONG_INPUT, printError, readNamedRecording, writeWhole } from './recording-io.js';

/** Placements of physical memory tried beyond the first. */
const DEFAULT_PLACEMENTS = 32;
const PLACEMENTS_MAX = 100;

interface ReplayArguments {
  readonly design?: string;
  readonly predict?: string;
  readonly json?: boolean;
  readonly placements: string;
}

function runReplay(given: string, args: ReplayArguments): number {
  const placements = Number(args.placements);
  if (!Number.isInteger(placements) || placements < 0 || placements > PLACEMENTS_MAX) {
    printError(`--placements takes a whole number from 0 to ${String(PLACEMENTS_MAX)}`);
    return EXIT_WRONG_INPUT;
  }
  if (args.design !== undefined && !findReplayDesign(args.design)) {
    printError(`no design named '${args.design}'`, `one of ${replayDesignNames().join(' ')}`);
    return EXIT_WRONG_INPUT;
  }
  const recording = readNamedRecording(given);
  if (!recording) return EXIT_WRONG_INPUT;
  const design = findReplayDesign(args.design ?? recordedDesignName(recording));
  if (!design) {
    printError(`no design stands for kernel ${recording.meta.release}`, 'name one with --design');
    return EXIT_WRONG_INPUT;
  }
  const result = replayRecording(recording, { design, placements });
  if (args.predict !== undefined) writeWhole(args.predict, formatPrediction(result.lines));
  const summary = summarizeReplay(recording, design.name, result);
  if (args.json === true) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  else if (args.predict !== '-') process.stdout.write(formatReplay(summary));
  return 0;
}

export function registerReplay(program: Command): void {
  program
    .command('replay')
    .argument('<recording>', 'folder of a recording, or the name of a shipped one')
    .description('replay a recording of a real kernel through a design')
    .option('--design <name>', "design; default: the one of the recording's kernel")
    .option('--predict <file>', 'write predictions as JSON lines, - for standard output')
    .option(
      '--placements <n>',
      'placements of memory for the range of splits',
      String(DEFAULT_PLACEMENTS),
    )
    .option('--json', 'summary as JSON')
    .action((given: string, args: ReplayArguments) => {
      process.exitCode = runReplay(given, args);
    });
}
