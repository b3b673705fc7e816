/** `xlab list KIND`: everything that a scenario may name. */
import type { Command } from 'commander';
import { labCatalog } from '../../app/catalog.js';
import type { LabCatalog } from '../../contract/catalog.js';
import { ExitCode } from '../exit-codes.js';
import { printError } from '../terminal.js';

interface ListArguments {
  readonly json?: boolean;
}

/** One line of a list: a name and what it is. */
interface ListRow {
  readonly name: string;
  readonly about: string;
}

const LISTS: Readonly<Record<string, (catalog: LabCatalog) => readonly ListRow[]>> = {
  designs: ({ designs }) => designs.map(({ name, summary }) => ({ name, about: summary })),
  profiles: ({ cpuProfiles }) =>
    cpuProfiles.map(({ name, title, aliases }) => ({
      name,
      about: aliases.length === 0 ? title : `${title}; also ${aliases.join(', ')}`,
    })),
  metrics: ({ metrics }) =>
    metrics.map(({ name, kind, unit, better, meaning }) => {
      const wanted = better === '-' ? '' : `, ${better} is better`;
      return { name, about: `${meaning} (${kind}, ${unit}${wanted})` };
    }),
  kernels: ({ kernelReleases, newestKernel }) =>
    kernelReleases.map((name) => ({ name, about: name === newestKernel ? 'default' : '' })),
  formats: ({ importFormats }) =>
    importFormats.map(({ name, summary }) => ({ name, about: summary })),
  layouts: ({ stdLayouts }) =>
    stdLayouts.map(({ name, objects }) => ({
      name: `std.${name}`,
      about: `${String(objects.length)} objects`,
    })),
};

function showList(kind: string, args: ListArguments): number {
  const rowsOf = LISTS[kind];
  if (rowsOf === undefined) {
    printError(`nothing to list is called '${kind}'`, `one of ${Object.keys(LISTS).join(' ')}`);
    return ExitCode.wrongInput;
  }
  const rows = rowsOf(labCatalog());
  if (args.json === true) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else {
    const columns = Math.max(0, ...rows.map(({ name }) => name.length)) + 2;
    const lines = rows.map(({ name, about }) => `${name.padEnd(columns)}${about}`.trimEnd());
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return ExitCode.ok;
}

export function registerList(program: Command): void {
  program
    .command('list')
    .argument('<kind>', Object.keys(LISTS).join(', '))
    .description('list what a scenario may name')
    .option('--json', 'as JSON')
    .action((kind: string, args: ListArguments) => {
      process.exitCode = showList(kind, args);
    });
}
