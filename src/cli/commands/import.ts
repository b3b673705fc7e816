/** `xlab import FORMAT FILE`: what an import would use and drop. */
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { importFormats } from '../../app/imports/index.js';
import { createLanguageHost } from '../../app/language-host.js';
import { nearestName } from '../../base/nearest-name.js';
import type { ImportedData } from '../../contract/catalog.js';
import { hasErrors } from '../../contract/diagnostic.js';
import type { ImportAccount, RecordedCreate } from '../../contract/scenario-plan.js';
import { ExitCode } from '../exit-codes.js';
import { printDiagnostics, printError } from '../terminal.js';

interface ImportArguments {
  readonly json?: boolean;
  /** Lines of the block, as a scenario writes them. */
  readonly with: readonly string[];
}

const accountOf = ({ stream, account }: ImportedData): ImportAccount | undefined =>
  stream?.account ?? account;

function summaryOf(data: ImportedData) {
  const { layout, stream, series, machine, facts, sha256 } = data;
  const account = accountOf(data);
  return {
    sha256,
    ...(layout === undefined ? {} : { layoutObjects: layout.objects.length }),
    ...(stream === undefined ? {} : { requests: stream.events.length }),
    ...(account === undefined ? {} : { account }),
    ...(facts === undefined ? {} : { facts }),
    ...(series === undefined
      ? {}
      : {
          series: Object.entries(series).map(([metric, { timesNs }]) => ({
            metric,
            samples: timesNs.length,
          })),
        }),
    ...(machine === undefined ? {} : { machine }),
  };
}

function accountLines({ records, used, guessed, dropped, beside = 0, reasons }: ImportAccount) {
  const counts = [
    `${String(used)} used`,
    `${String(guessed)} guessed`,
    `${String(dropped)} dropped`,
    ...(beside === 0 ? [] : [`${String(beside)} of other memory`]),
  ];
  return [
    `records: ${String(records)}: ${counts.join(', ')}`,
    ...reasons.map(({ reason, count }) => `  ${String(count).padStart(6)}  ${reason}`),
  ];
}

/** `12 modules, 3 bpf` of what is created. */
function kindsText(creates: readonly RecordedCreate[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of creates) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${String(count)} ${kind}`).join(', ');
}

function summaryText(file: string, data: ImportedData): string {
  const { layout, stream, series, facts = [] } = data;
  const lines = [`${file}  sha256 ${data.sha256.slice(0, 12)}`];
  if (layout !== undefined) {
    const { objects } = layout;
    lines.push(`layout: ${String(objects.length)} objects (${kindsText(objects)})`);
  }
  if (stream !== undefined) {
    const creates = stream.events.flatMap((event) =>
      event.kind === 'create' ? [event.create] : [],
    );
    lines.push(`requests: ${String(stream.events.length)} (creates ${kindsText(creates)})`);
  }
  const account = accountOf(data);
  if (account !== undefined) lines.push(...accountLines(account));
  lines.push(...facts.map((fact) => `  ${fact}`));
  for (const [metric, { timesNs }] of Object.entries(series ?? {})) {
    lines.push(`series: ${metric}, ${String(timesNs.length)} samples`);
  }
  return `${lines.join('\n')}\n`;
}

/** Values by key of lines such as `event module_load, module_free`; or the key that is wrong. */
function optionsOf(
  lines: readonly string[],
  known: readonly string[],
): Readonly<Record<string, readonly string[]>> | string {
  const options: Record<string, string[]> = {};
  for (const line of lines) {
    const [, key = '', rest = ''] = /^\s*([\w.]+)\s*(.*)$/.exec(line) ?? [];
    if (!known.includes(key)) return key;
    (options[key] ??= []).push(...rest.split(',').map((text) => text.trim()));
  }
  return options;
}

function showImport(format: string, path: string, args: ImportArguments): number {
  const known = importFormats.find(format);
  if (known === undefined) {
    const nearest = nearestName(format, importFormats.names);
    printError(
      `there is no format '${format}'`,
      nearest === undefined
        ? `formats: ${importFormats.names.join(' ')}`
        : `did you mean '${nearest}'?`,
    );
    return ExitCode.wrongInput;
  }
  const options = optionsOf(args.with, known.options);
  if (typeof options === 'string') {
    const keys = known.options.length === 0 ? 'it has none' : `keys: ${known.options.join(' ')}`;
    printError(`'${format}' has no key '${options}'`, keys);
    return ExitCode.wrongInput;
  }
  const host = createLanguageHost(dirname(resolve(path)));
  const reply = host.readImport({ path: basename(resolve(path)), format, options });
  printDiagnostics(reply.diagnostics, { file: path, text: '' });
  if (reply.data === undefined || hasErrors(reply.diagnostics)) return ExitCode.wrongInput;
  process.stdout.write(
    args.json === true
      ? `${JSON.stringify(summaryOf(reply.data), null, 2)}\n`
      : summaryText(path, reply.data),
  );
  return ExitCode.ok;
}

export function registerImport(program: Command): void {
  program
    .command('import')
    .argument('<format>', importFormats.names.join(', '))
    .argument('<file>', 'file or folder')
    .description('show what an import would use and drop')
    .option(
      '--with <line>',
      'a line of the import block, repeatable: --with "event module_load"',
      (line: string, lines: readonly string[]) => [...lines, line],
      [],
    )
    .option('--json', 'as JSON')
    .action((format: string, path: string, args: ImportArguments) => {
      process.exitCode = showImport(format, path, args);
    });
}
