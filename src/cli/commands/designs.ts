/** `xlab designs [NAME]`: the designs, or one with its idea and options. */
import type { Command } from 'commander';
import { nearestName } from '../../base/nearest-name.js';
import { labCatalog } from '../../app/catalog.js';
import type { DesignInfo, OptionSpec } from '../../contract/catalog.js';
import { ExitCode } from '../exit-codes.js';
import { printError } from '../terminal.js';

interface DesignArguments {
  readonly json?: boolean;
}

/** What an option takes, e.g. `4K or 2M`, `16..4096 bytes`. */
function takesText(option: OptionSpec): string {
  switch (option.kind) {
    case 'choice':
      return option.values.join(' or ');
    case 'set':
      return `any of ${option.values.join(', ')}`;
    case 'switch':
      return 'on or off';
    case 'pack':
      return 'per_node(SIZE) or SIZE';
    case 'size':
      return `${String(option.min)}B..${String(option.max)}B`;
    case 'count':
      return `${String(option.min)}..${String(option.max)}`;
  }
}

function defaultText(option: OptionSpec): string {
  switch (option.kind) {
    case 'switch':
      return option.default ? 'on' : 'off';
    case 'set':
      return option.default.join(', ');
    case 'size':
      return `${String(option.default)}B`;
    default:
      return String(option.default);
  }
}

function optionLines(option: OptionSpec): readonly string[] {
  const head = `  ${option.name.padEnd(16)}${takesText(option)}; default ${defaultText(option)}`;
  return option.help === '' ? [head] : [head, `  ${' '.repeat(16)}${option.help}`];
}

function designText(design: DesignInfo): string {
  const options = design.options.flatMap(optionLines);
  const lines = [
    `${design.name} (${design.origin}): ${design.summary}`,
    ...design.idea.map((line) => `  - ${line}`),
    ...(options.length === 0 ? ['no options'] : ['options', ...options]),
  ];
  return `${lines.join('\n')}\n`;
}

function listText(designs: readonly DesignInfo[]): string {
  const nameColumns = Math.max(...designs.map(({ name }) => name.length)) + 2;
  const originColumns = Math.max(...designs.map(({ origin }) => origin.length)) + 2;
  return designs
    .map(
      ({ name, origin, summary }) =>
        `${name.padEnd(nameColumns)}${origin.padEnd(originColumns)}${summary}\n`,
    )
    .join('');
}

function showDesigns(name: string | undefined, args: DesignArguments): number {
  const { designs } = labCatalog();
  const chosen = name === undefined ? designs : designs.filter((design) => design.name === name);
  const [first] = chosen;
  if (first === undefined) {
    const nearest = nearestName(
      name ?? '',
      designs.map((design) => design.name),
    );
    const help = nearest === undefined ? 'xlab designs lists them' : `did you mean '${nearest}'?`;
    printError(`no design is called '${name ?? ''}'`, help);
    return ExitCode.wrongInput;
  }
  if (args.json === true) process.stdout.write(`${JSON.stringify(chosen, null, 2)}\n`);
  else process.stdout.write(name === undefined ? listText(designs) : designText(first));
  return ExitCode.ok;
}

export function registerDesigns(program: Command): void {
  program
    .command('designs')
    .argument('[name]', 'one design, with its idea and options')
    .description('list the designs that can be compared')
    .option('--json', 'as JSON')
    .action((name: string | undefined, args: DesignArguments) => {
      process.exitCode = showDesigns(name, args);
    });
}
