/**
 * `xlab record`: the recorder for the user's own machine. It says which commands read what, and what
 * each file reveals; `--write` puts the scripts into a folder to be read and run there, `--run` runs
 * them.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { labCatalog } from '../../app/catalog.js';
import { shippedScenariosFolder } from '../../app/shipped-files.js';
import { nearestName } from '../../base/nearest-name.js';
import { RECORDED_FILES } from '../../contract/record-commands.js';
import { ExitCode } from '../exit-codes.js';
import { printError } from '../terminal.js';

interface RecordArguments {
  readonly seconds: string;
  readonly cpu?: string;
  readonly write?: boolean;
  readonly run?: boolean;
  readonly json?: boolean;
}

interface RecordStep {
  readonly file: string;
  readonly command: string;
  /** Import format, or what reads the file. */
  readonly readBy: string;
  readonly reveals: string;
}

const SCRIPTS = ['record.sh', 'text.bt'] as const;
const SECONDS_MAX = 86_400;

const STEPS: readonly RecordStep[] = RECORDED_FILES.map(
  ({ file, recorder, format, readBy, reveals }) => ({
    file,
    command: recorder,
    readBy: format ?? readBy ?? '',
    reveals,
  }),
);

function stepsText(call: string): string {
  const lines = STEPS.flatMap(({ file, command, readBy, reveals }) => [
    file,
    `  made with  ${command}`,
    `  read by    ${readBy}`,
    `  reveals    ${reveals}`,
  ]);
  return [
    'Recording reads the files below and changes nothing of the host but a tracing',
    'instance of its own, which goes again. A tool that is missing is named and its',
    'file left out. Look at the files before you hand them on.',
    '',
    ...lines,
    '',
    'as root, with kernel.kptr_restrict=1 so that addresses are shown:',
    `  ${call}`,
    '',
  ].join('\n');
}

/** The profile, or undefined after an error was printed. */
function checkedProfile(given: string | undefined): string | undefined {
  const names = labCatalog().cpuProfiles.flatMap(({ name, aliases }) => [name, ...aliases]);
  if (given !== undefined && names.includes(given)) return given;
  const nearest = given === undefined ? undefined : nearestName(given, names);
  printError(
    given === undefined
      ? 'name a CPU profile: --cpu PROFILE'
      : `there is no CPU profile '${given}'`,
    nearest === undefined ? 'xlab list profiles lists them' : `did you mean '${nearest}'?`,
  );
  return undefined;
}

function writeScripts(source: string, folder: string): number {
  const present = SCRIPTS.find((name) => existsSync(join(folder, name)));
  if (present !== undefined) {
    printError(`'${join(folder, present)}' is there already`, 'name a new folder');
    return ExitCode.wrongInput;
  }
  mkdirSync(folder, { recursive: true });
  for (const name of SCRIPTS) copyFileSync(join(source, name), join(folder, name));
  process.stdout.write(`wrote ${SCRIPTS.map((name) => join(folder, name)).join(' and ')}\n`);
  return ExitCode.ok;
}

function record(folder: string, args: RecordArguments): number {
  const seconds = /^\d{1,5}$/.test(args.seconds) ? Number(args.seconds) : 0;
  if (seconds < 1 || seconds > SECONDS_MAX) {
    printError(`'${args.seconds}' is no number of seconds`, `write 1..${String(SECONDS_MAX)}`);
    return ExitCode.wrongInput;
  }
  const shipped = shippedScenariosFolder();
  if (shipped === undefined) {
    printError('the scripts of std/record are not there', 'install the program again');
    return ExitCode.wrongInput;
  }
  const source = join(shipped, 'std', 'record');
  if (args.write === true) return writeScripts(source, folder);
  if (args.run !== true) {
    const profile = args.cpu ?? 'PROFILE';
    const call = `xlab record ${folder} --run --seconds ${String(seconds)} --cpu ${profile}`;
    const json = JSON.stringify({ steps: STEPS, call }, null, 2);
    process.stdout.write(args.json === true ? `${json}\n` : stepsText(call));
    return ExitCode.ok;
  }
  const profile = checkedProfile(args.cpu);
  if (profile === undefined) return ExitCode.wrongInput;
  const script = join(source, 'record.sh');
  const words = [script, folder, String(seconds), profile];
  const { status } = spawnSync('sh', words, { stdio: 'inherit' });
  return status === 0 ? ExitCode.ok : ExitCode.wrongInput;
}

export function registerRecord(program: Command): void {
  program
    .command('record')
    .argument('[folder]', 'where the files go', 'host')
    .description('the recorder for this machine: what it reads and reveals; --run runs it')
    .option('--seconds <n>', 'how long', '120')
    .option('--cpu <profile>', 'CPU profile of this machine (xlab list profiles)')
    .option('--write', 'write the scripts into the folder, to be read and run there')
    .option('--run', 'record now')
    .option('--json', 'as JSON')
    .action((folder: string, args: RecordArguments) => {
      process.exitCode = record(folder, args);
    });
}
