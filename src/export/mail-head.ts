/** Title, stamp, question, result, machine, load and designs of the mailing-list report. */
import { indexRuns, namesDesign } from '../analysis/run-index.js';
import { resultSentences } from '../analysis/result-sentences.js';
import { asciiLine, paragraph, REPORT_WIDTH, rule, wrapWords } from './mail-text.js';
import { hash12, type ReportContext } from './mail-context.js';

const INDENT_COLUMNS = 10;

/** Two lines or more: scenario title with the number of designs, and a rule. */
export function titleLines({ result, designs }: ReportContext): readonly string[] {
  const count = `${String(designs.length)} design${designs.length === 1 ? '' : 's'}`;
  const title = `${asciiLine(result.scenario.title)}, ${count}`;
  return [...wrapWords(title, REPORT_WIDTH - 1), rule()];
}

/** Says that this is a simulation, of what, by what, and whether runs are missing. */
export function stampLines({ result }: ReportContext): readonly string[] {
  const { scenario } = result;
  if (scenario.joined !== undefined) return joinedStamp(result, scenario.joined);
  const stamp = [
    `scenario ${hash12(result)}`,
    `${asciiLine(result.tool)} ${asciiLine(result.toolVersion)}`,
    `model ${String(result.model)}`,
    `seeds ${asciiLine(scenario.seedsText)}`,
  ];
  const oneLine = stamp.join('   ');
  const lines =
    oneLine.length <= REPORT_WIDTH ? [oneLine] : stamp.flatMap((part) => paragraph('', part));
  return [
    'SIMULATION, not a measurement on hardware. Model limits: see below.',
    ...lines,
    ...runTroubles(result).flatMap((text) => paragraph('', text)),
  ];
}

/** Two results side by side: what each is, then everything in which their scenarios differ. */
function joinedStamp(
  result: ReportContext['result'],
  joined: NonNullable<ReportContext['result']['scenario']['joined']>,
): readonly string[] {
  const sources = joined.sources.map(
    ({ name, scenarioHash, toolVersion, model, seedsText }) =>
      `${name}: scenario ${scenarioHash.slice(0, 12)}, ${result.tool} ${toolVersion}, ` +
      `model ${String(model)}, seeds ${seedsText}`,
  );
  return [
    'SIMULATION, not a measurement on hardware. Model limits: see below.',
    ...sources.flatMap((text) => paragraph('', text, 2)),
    ...joined.differences.flatMap((text) => paragraph('differs   ', text)),
    ...runTroubles(result).flatMap((text) => paragraph('', text)),
  ];
}

/** Sentences about runs that are missing or failed; empty for a whole experiment. */
export function runTroubles(result: ReportContext['result']): readonly string[] {
  const index = indexRuns(result);
  const troubles: string[] = [];
  if (!result.complete || index.presentCount < index.plannedCount) {
    troubles.push(
      `INCOMPLETE: ${String(index.presentCount)} of ${String(index.plannedCount)} runs finished; ` +
        'all figures cover finished runs only.',
    );
  }
  if (index.overranCount > 0) {
    troubles.push(
      `FAILED RUNS: ${String(index.overranCount)} could not do what the scenario says (overran) ` +
        'and are left out of all figures.',
    );
  }
  if (index.misbehavedCount > 0) {
    troubles.push(
      `FAILED RUNS: in ${String(index.misbehavedCount)} the design broke a rule; they are left ` +
        'out of all figures.',
    );
  }
  return troubles;
}

/** Question and result, with a hanging indent. */
export function questionLines(context: ReportContext): readonly string[] {
  const { result, table, options } = context;
  const question = asciiLine(result.scenario.question);
  const edited = options.resultText;
  const text = edited === undefined ? resultSentences(result, table) : `${edited} (edited)`;
  return [
    ...paragraph('Question: ', question === '' ? 'none stated' : question),
    ...paragraph('Result:   ', text),
  ];
}

/** Machine, load and the designs with their letters and options. */
export function setupLines({ result, table }: ReportContext): readonly string[] {
  const { scenario } = result;
  const entries = table.designs.map((design) => {
    const plan = scenario.designs.find((candidate) => candidate.name === design.name);
    const options = asciiLine(plan?.options ?? '');
    const of = plan === undefined || namesDesign(plan.name, plan.design) ? '' : ` = ${plan.design}`;
    const baseline = design.letter === 'A' && table.designs.length > 1 ? ' (baseline)' : '';
    const braces = options === '' ? '' : ` { ${options} }`;
    return asciiLine(`${design.letter} ${design.name}${of}${braces}${baseline}`);
  });
  return [
    ...paragraph('Machine:  ', scenario.machine),
    ...paragraph('Load:     ', scenario.load),
    ...designLines(entries),
  ];
}

/** As many whole entries on a line as fit. */
function designLines(entries: readonly string[]): readonly string[] {
  const width = REPORT_WIDTH - INDENT_COLUMNS;
  const lines: string[] = [];
  for (const entry of entries) {
    const previous = lines[lines.length - 1];
    const joined = previous === undefined ? entry : `${previous}   ${entry}`;
    if (previous !== undefined && joined.length <= width) lines[lines.length - 1] = joined;
    else
      lines.push(...wrapWords(entry, width - 2).map((line, i) => (i === 0 ? line : `  ${line}`)));
  }
  return lines.map((line, i) => (i === 0 ? 'Designs:  ' : ' '.repeat(INDENT_COLUMNS)) + line);
}
