/** `xlab import FORMAT FILE`: what an import would use and drop. */
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { importFormats } from '../../app/imports/index.js';
import { createLanguageHost } from '../../app/language-host.js';
import type { ImportedData } from '../../contract/catalog.js';
import { hasErrors } from '../../contract/diagnostic.js';
import { ExitCode } from '../exit-codes.js';
import { printDiagnostics, printError } from '../terminal.js';

interface ImportArguments {
  readonly json?: boolean;
}

function summaryOf(data: ImportedData) {
  const { layout, stream, series, machine, sha256 } = data;
  return {
    sha256,
    ...(layout === undefined ? {} : { layoutObjects: layout.objects.length }),
    ...(stream === undefined ? {} : { requests: stream.events.length, account: stream.account }),
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

function summaryText(file: string, data: ImportedData): string {
  const { layout, stream, series } = data;
  const lines = [`${file}  sha256 ${data.sha256.slice(0, 12)}`];
  if (layout !== undefined) lines.push(`layout: ${String(layout.objects.length)} objects`);
  if (stream !== undefined) {
    const { records, used, dropped, guessed, reasons } = stream.account;
    lines.push(
      `requests: ${String(stream.events.length)} of ${String(records)} records: ` +
        `${String(used)} used, ${String(guessed)} guessed, ${String(dropped)} dropped`,
      ...reasons.map(({ reason, count }) => `  ${String(count).padStart(6)}  ${reason}`),
    );
  }
  for (const [metric, { timesNs }] of Object.entries(series ?? {})) {
    lines.push(`series: ${metric}, ${String(timesNs.length)} samples`);
  }
  return `${lines.join('\n')}\n`;
}

function showImport(format: string, path: string, args: ImportArguments): number {
  const known = importFormats.find(format);
  if (known?.read === undefined) {
    const why = known === undefined ? 'is not known' : 'cannot be read by this version';
    const readable = importFormats.entries.filter((entry) => entry.read !== undefined);
    printError(
      `format '${format}' ${why}`,
      `formats that are read: ${readable.map((entry) => entry.name).join(' ')}`,
    );
    return ExitCode.wrongInput;
  }
  const host = createLanguageHost(dirname(resolve(path)));
  const reply = host.readImport({ path: basename(resolve(path)), format, options: {} });
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
    .option('--json', 'as JSON')
    .action((format: string, path: string, args: ImportArguments) => {
      process.exitCode = showImport(format, path, args);
    });
}
