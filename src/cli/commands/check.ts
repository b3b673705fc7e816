/** `xlab check FILE`: static checks only. */
import type { Command } from 'commander';
import { LineIndex } from '../../../dsl/source-map.js';
import { hasErrors, type Diagnostic } from '../../contract/diagnostic.js';
import type { ScenarioPlan } from '../../contract/scenario-plan.js';
import { runCountOf } from '../../app/run-job.js';
import { ExitCode } from '../exit-codes.js';
import { addScenarioOptions, compileFile, type ScenarioArguments } from '../scenario-options.js';
import { printDiagnostics } from '../terminal.js';

interface CheckArguments extends ScenarioArguments {
  readonly json?: boolean;
}

/** X0007 of a file that has nothing to run: such a library is a valid file. */
const isLibraryFinding = ({ code, span }: Diagnostic): boolean =>
  code === 'X0007' && span === undefined;

function placeOf(text: string | undefined, { span }: Diagnostic): object {
  if (text === undefined || span === undefined) return {};
  const lines = new LineIndex(text);
  return { at: lines.position(span.start), until: lines.position(span.end) };
}

function summaryOf(plan: ScenarioPlan): object {
  return {
    scenarioHash: plan.scenarioHash,
    runs: runCountOf(plan),
    designs: plan.designNames,
    seeds: plan.seeds,
    points: plan.points.map((point) => point.label),
  };
}

const plural = (count: number, word: string): string =>
  `${String(count)} ${word}${count === 1 ? '' : 's'}`;

function summaryLine(file: string, plan: ScenarioPlan | undefined): string {
  if (plan === undefined) return `${file}: ok, nothing to run\n`;
  const { designNames, seeds, points, scenarioHash } = plan;
  const product = [
    plural(designNames.length, 'design'),
    plural(seeds.length, 'seed'),
    ...(points.length > 1 ? [plural(points.length, 'point')] : []),
  ].join(' x ');
  return `${file}: ok, ${plural(runCountOf(plan), 'run')} (${product}), hash ${scenarioHash.slice(0, 12)}\n`;
}

async function check(path: string, args: CheckArguments): Promise<number> {
  const compiled = await compileFile(path, args);
  if (compiled === undefined) return ExitCode.wrongInput;
  const { source, reply } = compiled;
  const { plan, sources } = reply;
  const diagnostics = reply.diagnostics.filter((entry) => !isLibraryFinding(entry));
  if (args.json === true) {
    const findings = diagnostics.map((entry) => ({
      ...entry,
      ...placeOf(entry.source === undefined ? source.text : sources?.[entry.source], entry),
    }));
    const summary = plan === undefined ? {} : { summary: summaryOf(plan) };
    const answer = { file: source.file, diagnostics: findings, ...summary };
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  } else {
    printDiagnostics(diagnostics, { ...source, ...(sources === undefined ? {} : { sources }) });
    if (!hasErrors(diagnostics)) process.stdout.write(summaryLine(source.file, plan));
  }
  return hasErrors(diagnostics) ? ExitCode.wrongInput : ExitCode.ok;
}

export function registerCheck(program: Command): void {
  const command = program
    .command('check')
    .argument('<file>', 'scenario or bundle, - for standard input')
    .description('check a scenario without running it');
  addScenarioOptions(command)
    .option('--json', 'findings and summary as JSON')
    .action(async (path: string, args: CheckArguments) => {
      process.exitCode = await check(path, args);
    });
}
