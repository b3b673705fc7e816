/**
 * The commands and their start. Each command is a module of its own that is loaded when it is called,
 * so that a check does not wait for the simulator.
 */
import { Command, CommanderError } from 'commander';
import { TOOL_VERSION } from '../app/version.js';
import type { CommandContext } from './command-context.js';
import { ExitCode } from './exit-codes.js';
import { forbidColour, printError } from './terminal.js';

interface CommandEntry {
  readonly name: string;
  readonly load: () => Promise<(program: Command, context: CommandContext) => void>;
}

const COMMANDS: readonly CommandEntry[] = [
  { name: 'run', load: async () => (await import('./commands/run.js')).registerRun },
  { name: 'check', load: async () => (await import('./commands/check.js')).registerCheck },
  { name: 'explain', load: async () => (await import('./commands/explain.js')).registerExplain },
  { name: 'fmt', load: async () => (await import('./commands/fmt.js')).registerFmt },
  { name: 'replay', load: async () => (await import('./commands/replay.js')).registerReplay },
  { name: 'fidelity', load: async () => (await import('./commands/fidelity.js')).registerFidelity },
  { name: 'tlb', load: async () => (await import('./commands/tlb.js')).registerTlb },
  { name: 'serve', load: async () => (await import('./commands/serve.js')).registerServe },
  { name: 'desktop', load: async () => (await import('./commands/desktop.js')).registerDesktop },
  { name: 'report', load: async () => (await import('./commands/report.js')).registerReport },
  { name: 'diff', load: async () => (await import('./commands/diff.js')).registerDiff },
  { name: 'merge', load: async () => (await import('./commands/merge.js')).registerMerge },
  { name: 'designs', load: async () => (await import('./commands/designs.js')).registerDesigns },
  { name: 'list', load: async () => (await import('./commands/list.js')).registerList },
  { name: 'lsp', load: async () => (await import('./commands/lsp.js')).registerLsp },
  { name: 'bench', load: async () => (await import('./commands/bench.js')).registerBench },
  { name: 'import', load: async () => (await import('./commands/import.js')).registerImport },
  { name: 'record', load: async () => (await import('./commands/record.js')).registerRecord },
];

async function buildProgram(words: readonly string[], context: CommandContext): Promise<Command> {
  const program = new Command('xlab')
    .description('Executable-memory lab: one workload, several designs of the kernel side by side')
    .version(TOOL_VERSION, '--version', 'print the version')
    .showHelpAfterError('(xlab help lists the commands)')
    .addHelpText('after', '\nNO_COLOR or --no-color turns colours off.')
    .exitOverride();
  const name = words.find((word) => !word.startsWith('-'));
  const wanted = COMMANDS.filter((entry) => entry.name === name);
  const isVersion = name === undefined && words.includes('--version');
  const entries = wanted.length > 0 || isVersion ? wanted : COMMANDS;
  for (const entry of entries) (await entry.load())(program, context);
  return program;
}

/** Words without `--no-color`, which may stand anywhere before `--`. */
function takeColourOption(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  const options = end < 0 ? words : words.slice(0, end);
  if (options.includes('--no-color')) forbidColour();
  const rest = end < 0 ? [] : words.slice(end);
  return [...options.filter((word) => word !== '--no-color'), ...rest];
}

/** Runs one command line; the outcome is in process.exitCode. Never rejects. */
export async function runCommandLine(
  given: readonly string[],
  context: CommandContext,
): Promise<void> {
  const words = takeColourOption(given);
  const program = await buildProgram(words, context);
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      const isHelp = ['commander.helpDisplayed', 'commander.version'].includes(error.code);
      process.exitCode = isHelp ? ExitCode.ok : ExitCode.wrongInput;
      return;
    }
    const known = error instanceof Error && error.name === 'LabError';
    printError(known ? error.message : `internal error: ${String(error)}`);
    if (!known && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    process.exitCode = known ? ExitCode.wrongInput : ExitCode.internal;
  }
}
