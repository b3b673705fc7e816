/** `xlab tlb --cpu PROFILE|--config FILE --refs FILE [--json]` */
import { createReadStream, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { formatTlbRun, runTlb } from '../../app/tlb-run.js';
import { TlbTraceError } from '../../app/tlb-trace.js';
import { nearestName } from '../../base/nearest-name.js';
import { profileTlbConfig } from '../../machine/cpu-profile.js';
import { cpuProfileNames, findCpuProfile } from '../../machine/profiles/index.js';
import {
  parseTlbConfig,
  TlbConfigError,
  tlbConfigToJson,
  type TlbConfig,
} from '../../contract/tlb-config.js';
import { ExitCode } from '../exit-codes.js';
import { printError } from '../terminal.js';

interface TlbArguments {
  readonly cpu?: string;
  readonly config?: string;
  readonly refs?: string;
  readonly json?: boolean;
  readonly printConfig?: boolean;
}

const STANDARD_INPUT = '-';
const STDIN_FD = 0;

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The hierarchy, or undefined after its error was printed. */
function chooseConfig({ cpu, config, refs }: TlbArguments): TlbConfig | undefined {
  if ((cpu === undefined) === (config === undefined)) {
    printError('name the hierarchy by --cpu PROFILE or by --config FILE, not by both');
    return undefined;
  }
  if (cpu !== undefined) {
    const profile = findCpuProfile(cpu);
    if (profile) return profileTlbConfig(profile);
    const near = nearestName(cpu, cpuProfileNames);
    const help = near === undefined ? '' : `did you mean '${near}'? `;
    printError(`no CPU profile '${cpu}'`, `${help}profiles: ${cpuProfileNames.join(' ')}`);
    return undefined;
  }
  if (config === STANDARD_INPUT && refs === STANDARD_INPUT) {
    printError('--config and --refs cannot both be read from standard input');
    return undefined;
  }
  const path = config ?? STANDARD_INPUT;
  try {
    return parseTlbConfig(readFileSync(path === STANDARD_INPUT ? STDIN_FD : path, 'utf8'));
  } catch (error) {
    const text = reasonOf(error);
    printError(error instanceof TlbConfigError ? `${path}: ${text}` : `cannot read ${text}`);
    return undefined;
  }
}

async function runCommand(args: TlbArguments): Promise<number> {
  const config = chooseConfig(args);
  if (!config) return ExitCode.wrongInput;
  if (args.printConfig === true) {
    process.stdout.write(`${JSON.stringify(tlbConfigToJson(config), null, 2)}\n`);
    return ExitCode.ok;
  }
  if (args.refs === undefined) {
    printError('name the reference stream: --refs FILE', "'-' is standard input");
    return ExitCode.wrongInput;
  }
  const isInput = args.refs === STANDARD_INPUT;
  const chunks = (isInput ? process.stdin : createReadStream(args.refs)) as AsyncIterable<Buffer>;
  const name = isInput ? 'standard input' : args.refs;
  try {
    const result = await runTlb(config, chunks);
    const isJson = args.json === true;
    process.stdout.write(isJson ? `${JSON.stringify(result, null, 2)}\n` : formatTlbRun(result));
    return ExitCode.ok;
  } catch (error) {
    const isSystem = error instanceof Error && 'code' in error;
    if (!(error instanceof TlbTraceError) && !isSystem) throw error;
    printError(`${name}: ${reasonOf(error)}`);
    return ExitCode.wrongInput;
  }
}

export function registerTlb(program: Command): void {
  program
    .command('tlb')
    .description('run a stream of page references through a TLB hierarchy and count')
    .option('--cpu <profile>', 'hierarchy of a CPU profile or alias')
    .option('--config <file>', 'hierarchy from a JSON file')
    .option('--refs <file>', 'reference stream, one operation per line')
    .option('--json', 'counts as JSON')
    .option('--print-config', 'print the hierarchy as a configuration file and stop')
    .action(async (args: TlbArguments) => {
      process.exitCode = await runCommand(args);
    });
}
