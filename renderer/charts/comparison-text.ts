/** What the window says about two results, or about somebody else's and the open scenario. */
import { formatNumber } from '../../src/analysis/quantity-text.js';
import { diffResults } from '../../src/analysis/result-diff.js';
import {
  differenceText,
  scenarioDifferences,
  type ScenarioFacts,
} from '../../src/analysis/scenario-differences.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import type { TheirScenario, Theirs } from '../stores/comparison.js';

/** The open scenario. */
export interface OwnScenario {
  readonly scenarioHash: string;
  readonly params: readonly { readonly name: string; readonly text: string }[];
  readonly settings: Readonly<Record<string, string>>;
  /** As `--seeds`; empty for the scenario's own. */
  readonly seedsText: string;
  readonly seedCount: number;
  readonly model: number | null;
  readonly result: ExperimentResult | null;
}

export interface TheirsNotice {
  readonly id: 'hash-differs' | 'same-hash';
  readonly text: string;
  /** In what the scenarios differ, a line each. */
  readonly lines: readonly string[];
  /** Their settings and seeds would make the hashes equal. */
  readonly canUse: boolean;
}

const short = (hash: string): string => hash.slice(0, 12);

/** `The report says 9f3c21d07ab4, this scenario is 51aa90c3e2f0: churn 40/s and 60/s.` */
export function theirsNotice(
  theirs: Theirs,
  theirScenario: TheirScenario,
  own: OwnScenario,
): TheirsNotice {
  const { facts, name } = theirs;
  if (short(facts.scenarioHash) === short(own.scenarioHash)) {
    const text = `${name} has the hash of this scenario, ${short(own.scenarioHash)}.`;
    return { id: 'same-hash', text: `${text} ${agreement(theirs, own)}`, lines: [], canUse: false };
  }
  const isSameText = short(theirScenario.hash) === short(facts.scenarioHash);
  const lines = differingLines(facts, theirScenario, own);
  const all = isSameText ? lines : [...lines, 'the text of the scenario, or a file that it reads'];
  const hashes = `${name} says ${short(facts.scenarioHash)}, this scenario is ${short(own.scenarioHash)}`;
  return {
    id: 'hash-differs',
    text: `${hashes}: ${all.slice(0, 3).join('; ')}${all.length > 3 ? '; and more' : ''}.`,
    lines: all,
    canUse: isSameText || lines.length > 0,
  };
}

/** Parameters with the value that each side really has, then what else both tell. */
function differingLines(
  facts: ScenarioFacts,
  theirScenario: TheirScenario,
  own: OwnScenario,
): readonly string[] {
  const params = theirScenario.params.flatMap(({ name, text }) => {
    const mine = own.params.find((param) => param.name === name)?.text ?? text;
    return mine === text ? [] : [`${name} ${text} and ${mine}`];
  });
  const known = new Set(theirScenario.params.map(({ name }) => name));
  const others = (settings: ScenarioFacts['settings']): ScenarioFacts['settings'] =>
    settings.filter(({ name }) => !known.has(name));
  const mine = Object.entries(own.settings).map(([name, text]) => ({ name, text }));
  const isCounted = facts.seedsText !== undefined && own.seedsText === '';
  const seeds =
    isCounted && theirScenario.seedCount !== own.seedCount
      ? [`seeds ${facts.seedsText ?? ''} and the ${String(own.seedCount)} of this scenario`]
      : [];
  const rest = scenarioDifferences(
    {
      scenarioHash: '',
      settings: others(facts.settings),
      ...(facts.model === undefined ? {} : { model: facts.model }),
      ...(facts.seedsText === undefined ? {} : { seedsText: facts.seedsText }),
    },
    {
      scenarioHash: '',
      settings: others(mine),
      ...(own.model === null ? {} : { model: own.model }),
      ...(own.seedsText === '' ? {} : { seedsText: own.seedsText }),
    },
  );
  return [...params, ...seeds, ...rest.map((entry) => differenceText({ ...entry, remark: '' }))];
}

/** Whether the numbers agree, or the first difference. */
function agreement({ run }: Theirs, { result }: OwnScenario): string {
  if (run === null) return 'Run it to compare the numbers.';
  if (result === null || result.runs.length === 0) return 'Run it to compare the numbers.';
  const diff = diffResults(run.result, result);
  const logs = `${String(diff.commonRuns)} common run${diff.commonRuns === 1 ? '' : 's'}`;
  const [first] = diff.differences;
  if (first === undefined && diff.sameLogs) {
    return `All ${String(diff.equalCount)} medians agree, and the event logs of ${logs} are equal.`;
  }
  if (first === undefined) return `The medians agree; event logs of ${logs} differ.`;
  const { point, phase, design, metric, a, b } = first;
  const where = [point, `phase ${phase}`, design].filter((part) => part !== '').join(', ');
  return (
    `${String(diff.differences.length)} medians differ; first: ${where}: ${metric} ` +
    `${formatNumber(a)} and ${formatNumber(b)} here.`
  );
}
