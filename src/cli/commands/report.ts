/** `xlab report DIR [--format F] [--lint]`: any report again, without running. */
import type { Command } from 'commander';
import { MODEL_VERSION } from '../../app/version.js';
import { exporterRegistry } from '../../export/index.js';
import { lintReport, mayCopy, type LintFinding } from '../../export/report-lint.js';
import { renderMailReport } from '../../export/report-mail.js';
import { ExitCode } from '../exit-codes.js';
import { printForm } from '../print-form.js';
import { readResult } from '../result-folder.js';
import { printError } from '../terminal.js';

interface ReportArguments {
  readonly format: string;
  readonly lint?: boolean;
  readonly json?: boolean;
  readonly unicode?: boolean;
}

function findingLine({ severity, check, line, message }: LintFinding): string {
  const where = line === 0 ? '' : `line ${String(line)}: `;
  return `${severity}[${check}]: ${where}${message}\n`;
}

function report(folder: string, args: ReportArguments): number {
  const exporter = exporterRegistry.find(args.format);
  if (exporter === undefined) {
    printError(
      `no report is called '${args.format}'`,
      `one of ${exporterRegistry.names.join(' ')}`,
    );
    return ExitCode.wrongInput;
  }
  const result = readResult(folder);
  if (result === undefined) return ExitCode.wrongInput;
  if (args.lint === true) {
    const findings = lintReport(renderMailReport(result), { result, currentModel: MODEL_VERSION });
    if (args.json === true) process.stdout.write(`${JSON.stringify({ findings }, null, 2)}\n`);
    else process.stdout.write(findings.map(findingLine).join('') || 'ready to be copied\n');
    return mayCopy(findings) ? ExitCode.ok : ExitCode.expectationFailed;
  }
  const isMail = args.format === 'mail' && args.json !== true;
  if (isMail) process.stdout.write(renderMailReport(result, { unicode: args.unicode === true }));
  else printForm(result, args.json === true ? 'json' : exporter.name);
  return ExitCode.ok;
}

export function registerReport(program: Command): void {
  program
    .command('report')
    .argument('<dir>', 'output folder of a run, or its result.json')
    .description('print a report of a finished run')
    .option('--format <form>', `one of ${exporterRegistry.names.join(', ')}`, 'mail')
    .option('--json', 'as --format json; with --lint the findings as JSON')
    .option('--lint', 'check whether the mail report survives a mailing list')
    .option('--unicode', 'draw charts with box characters; not for mail')
    .action((folder: string, args: ReportArguments) => {
      process.exitCode = report(folder, args);
    });
}
