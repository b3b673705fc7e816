/** The options that say what of a scenario runs: `--set`, `--seeds`, `--only`. */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { compileScenario } from '../app/compile-scenario.js';
import { isBundlePath } from '../app/read-bundle.js';
import type { CompileReply } from '../contract/lab-engine.js';
import { openBundle } from './bundle-argument.js';
import { printError } from './terminal.js';
import { readScenarioFile, UnreadableFile, type ScenarioFile } from './scenario-file.js';

export interface ScenarioArguments {
  readonly set: readonly string[];
  readonly seeds?: string;
  readonly only?: string;
  readonly plugin: readonly string[];
}

/** Values of an option that may be given several times. */
export const collect = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  value,
];

export function addScenarioOptions(command: Command): Command {
  return command
    .option(
      '--set <name=value>',
      'change a param, machine or allocator key; repeatable',
      collect,
      [],
    )
    .option('--seeds <seeds>', 'seeds instead of those of the scenario: 1..5 or 3,7')
    .option('--only <designs>', 'some of the compared designs: a,b')
    .option('--plugin <file>', 'load this design plugin, which is code; repeatable', collect, []);
}

export interface CompiledFile {
  readonly source: ScenarioFile;
  readonly reply: CompileReply;
}

/** Files that a name on the command line can mean: from here, or from the scenario's folder. */
export function pluginPaths(path: string, folder: string): readonly string[] {
  return [resolve(path), resolve(folder, path)].flatMap((file) =>
    existsSync(file) ? [realpathSync(file)] : [],
  );
}

function settingsOf(list: readonly string[]): Readonly<Record<string, string>> | string {
  const settings: Record<string, string> = {};
  for (const entry of list) {
    const at = entry.indexOf('=');
    const name = entry.slice(0, at).trim();
    if (at < 1 || name === '') return entry;
    settings[name] = entry.slice(at + 1).trim();
  }
  return settings;
}

interface NamedScenario {
  readonly source: ScenarioFile;
  readonly settings: Readonly<Record<string, string>>;
  readonly seeds: string;
}

/** A scenario, or that of a bundle with the settings and seeds that its result was made with. */
async function namedScenario(path: string): Promise<NamedScenario> {
  if (!isBundlePath(path)) return { source: readScenarioFile(path), settings: {}, seeds: '' };
  const { source, form } = await openBundle(path);
  return { source, settings: form.settings, seeds: form.seeds };
}

/**
 * Reads and compiles; undefined after a message when there is nothing to compile. Options go before what
 * a bundle says.
 */
export async function compileFile(
  path: string,
  args: ScenarioArguments,
): Promise<CompiledFile | undefined> {
  const settings = settingsOf(args.set);
  if (typeof settings === 'string') {
    printError(`--set ${settings}: expected name=value`, 'for example --set churn=40/s');
    return undefined;
  }
  try {
    const named = await namedScenario(path);
    const { source } = named;
    const only = (args.only ?? '').split(',').filter((name) => name.trim() !== '');
    const seeds = args.seeds ?? named.seeds;
    const plugins = args.plugin.flatMap((plugin) => pluginPaths(plugin, source.folder));
    const all = { ...named.settings, ...settings };
    const reply = compileScenario({ ...source, settings: all, seeds, only, plugins });
    return { source, reply };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    printError(`cannot read '${path}': ${error.message}`);
    return undefined;
  }
}
