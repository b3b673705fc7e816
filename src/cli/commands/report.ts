/** `xlab report DIR [--format F] [--lint]`: any report again, without running. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { changedInputs } from '../../app/changed-inputs.js';
import { isBundlePath } from '../../app/read-bundle.js';
import { MODEL_VERSION } from '../../app/version.js';
import {
  mayCopy,
  REPORT_SECTIONS,
  type InputChange,
  type ReportFinding,
  type ReportSection,
} from '../../contract/report-check.js';
import type { ExperimentResult } from '../../contract/run-result.js';
import { exporterRegistry } from '../../export/index.js';
import type { ReportOptions } from '../../export/mail-context.js';
import { lintReport } from '../../export/report-lint.js';
import { renderMailReport } from '../../export/report-mail.js';
import { openBundle } from '../bundle-argument.js';
import { ExitCode } from '../exit-codes.js';
import { printForm } from '../print-form.js';
import { readResult } from '../result-folder.js';
import { readScenarioFile, UnreadableFile } from '../scenario-file.js';
import { collect, pluginPaths } from '../scenario-options.js';
import { printError, printNote } from '../terminal.js';

interface ReportArguments {
  readonly format: string;
  readonly lint?: boolean;
  readonly json?: boolean;
  readonly unicode?: boolean;
  readonly without?: string;
  readonly link?: string;
  readonly scenario?: string;
  readonly plugin: readonly string[];
}

function findingLine({ severity, check, line, message }: ReportFinding): string {
  const where = line === 0 ? '' : `line ${String(line)}: `;
  return `${severity}[${check}]: ${where}${message}\n`;
}

const isSection = (name: string): name is ReportSection =>
  REPORT_SECTIONS.some((section) => section === name);

/** What of the mail report is printed; undefined after a message. */
function mailOptions({ without, link, unicode }: ReportArguments): ReportOptions | undefined {
  const names = (without ?? '').split(',').map((name) => name.trim());
  const wanted = names.filter((name) => name !== '');
  const stray = wanted.find((name) => !isSection(name));
  if (stray !== undefined) {
    printError(`no section is called '${stray}'`, `one of ${REPORT_SECTIONS.join(' ')}`);
    return undefined;
  }
  return {
    without: wanted.filter(isSection),
    unicode: unicode === true,
    ...(link === undefined ? {} : { resultsLink: link }),
  };
}

/** The inputs of the result against the files as they are now, or as the bundle carries them. */
async function inputChanges(
  result: ExperimentResult,
  given: string,
  args: ReportArguments,
): Promise<readonly InputChange[]> {
  const path = args.scenario ?? (isBundlePath(given) ? given : result.scenario.file);
  if (path === '-' || !existsSync(path)) {
    printNote(`the scenario is not at '${path}': name it with --scenario FILE`);
    return [{ path, how: path === '-' ? 'unknown' : 'missing' }];
  }
  try {
    const { folder, text } = isBundlePath(path)
      ? (await openBundle(path)).source
      : readScenarioFile(path);
    const plugins = args.plugin.flatMap((plugin) => pluginPaths(plugin, folder));
    return changedInputs(result, { file: result.scenario.file, folder, text, plugins });
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    printNote(`cannot read '${path}': ${error.message}`);
    return [{ path, how: 'unknown' }];
  }
}

async function lint(
  result: ExperimentResult,
  given: string,
  { text, args }: { readonly text: string; readonly args: ReportArguments },
): Promise<number> {
  const changed = await inputChanges(result, given, args);
  const findings = lintReport(text, {
    result,
    currentModel: MODEL_VERSION,
    changedInputs: changed,
  });
  if (args.json === true) process.stdout.write(`${JSON.stringify({ findings }, null, 2)}\n`);
  else process.stdout.write(findings.map(findingLine).join('') || 'ready to be copied\n');
  return mayCopy(findings) ? ExitCode.ok : ExitCode.expectationFailed;
}

async function report(folder: string, args: ReportArguments): Promise<number> {
  const exporter = exporterRegistry.find(args.format);
  if (exporter === undefined) {
    printError(
      `no report is called '${args.format}'`,
      `one of ${exporterRegistry.names.join(' ')}`,
    );
    return ExitCode.wrongInput;
  }
  const options = mailOptions(args);
  const result = options === undefined ? undefined : readResult(folder);
  if (options === undefined || result === undefined) return ExitCode.wrongInput;
  if (args.lint === true) {
    return lint(result, folder, { text: renderMailReport(result, options), args });
  }
  const isMail = args.format === 'mail' && args.json !== true;
  if (isMail) process.stdout.write(renderMailReport(result, options));
  else printForm(result, args.json === true ? 'json' : exporter.name);
  return ExitCode.ok;
}

export function registerReport(program: Command): void {
  program
    .command('report')
    .argument('<dir>', 'output folder of a run, its result.json, or a bundle')
    .description('print a report of a finished run')
    .option('--format <form>', `one of ${exporterRegistry.names.join(', ')}`, 'mail')
    .option('--json', 'as --format json; with --lint the findings as JSON')
    .option('--lint', 'check whether the mail report may be copied: text, runs, inputs')
    .option('--scenario <file>', 'with --lint: the scenario, where it has moved')
    .option('--plugin <file>', 'with --lint: load this design plugin; repeatable', collect, [])
    .option('--without <sections>', `mail only: leave out ${REPORT_SECTIONS.join(', ')}`)
    .option('--link <address>', 'mail only: where the results can be fetched')
    .option('--unicode', 'draw charts with box characters; not for mail')
    .action(async (folder: string, args: ReportArguments) => {
      process.exitCode = await report(folder, args);
    });
}
