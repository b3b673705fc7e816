/**
 * Two results, or two sweep points of one, as one result that every table, chart and map can show: a
 * design of each stands beside the other's under a name that says where it comes from. Runs are paired
 * by seed, so only seeds and points that both have take part, unless they have none in common.
 */
import type { MetricInfo } from '../contract/metric-table.js';
import type { ExperimentResult, JoinedSource, RunResult, Verdict } from '../contract/run-result.js';
import {
  differenceText,
  factsOf,
  scenarioDifferences,
  type ScenarioDifference,
} from './scenario-differences.js';

export interface JoinPart {
  /** Stands behind each design: name of the folder or file, label of the point. */
  readonly name: string;
  readonly result: ExperimentResult;
  /** Only this sweep point; absent: all of them. */
  readonly point?: number;
  /** Words of the command that repeats it. */
  readonly command: readonly string[];
}

/** Where a design of the joined result comes from. */
export interface JoinedDesign {
  readonly part: 0 | 1;
  readonly design: string;
}

export interface JoinedResult {
  readonly result: ExperimentResult;
  readonly differences: readonly ScenarioDifference[];
  /** By the name that the joined result gives a design. */
  readonly designs: ReadonlyMap<string, JoinedDesign>;
  /** Sweep points of each part, by the points of the joined result; undefined where it has none. */
  readonly points: readonly (readonly [number | undefined, number | undefined])[];
}

/** `hash`: what stands for the two scenario hashes, 64 hex digits. */
export function joinResults(parts: readonly [JoinPart, JoinPart], hash: string): JoinedResult {
  const [a, b] = parts;
  const isOne = a.result === b.result;
  const differences = isOne ? [] : scenarioDifferences(factsOf(a.result), factsOf(b.result));
  const points = commonPoints(a, b);
  const seeds = commonSeeds(a.result, b.result);
  const designs = new Map<string, JoinedDesign>();
  const nameOf = (part: 0 | 1, design: string): string => `${design} [${parts[part].name}]`;
  const plans = parts.flatMap(({ result }, i) =>
    result.scenario.designs.map((plan) => {
      const part = i === 0 ? 0 : 1;
      const name = nameOf(part, plan.name);
      designs.set(name, { part, design: plan.name });
      return { ...plan, name };
    }),
  );
  const runs = parts.flatMap(({ result }, i) => {
    const part = i === 0 ? 0 : 1;
    return result.runs.flatMap((run) => moved(run, nameOf(part, run.design), part, points, seeds));
  });
  const planned = plans.length * points.length * seeds.length;
  // Notes of one scenario would stand at lines of the other.
  const { notes: _, ...scenario } = a.result.scenario;
  return {
    differences,
    designs,
    points: points.map(({ of }) => of),
    result: {
      ...a.result,
      scenarioHash: hash,
      scenario: {
        ...scenario,
        title: `${a.name} and ${b.name}: ${scenario.title}`,
        designs: plans,
        baseline: nameOf(0, scenario.baseline),
        seeds,
        seedsText: seedsText(seeds),
        points: points.map(({ label }) => ({ label })),
        joined: {
          sources: parts.map(sourceOf),
          differences: differences.map(differenceText),
        },
      },
      metrics: metricsOf(a.result.metrics, b.result.metrics),
      runs,
      verdicts: isOne ? a.result.verdicts : parts.flatMap(verdictsOf),
      anchors: isOne ? a.result.anchors : [],
      complete: runs.length === planned,
    },
  };
}

const sourceOf = ({ name, result, command }: JoinPart): JoinedSource => ({
  name,
  scenarioHash: result.scenarioHash,
  model: result.model,
  toolVersion: result.toolVersion,
  seedsText: result.scenario.seedsText,
  command,
});

interface JoinedPoint {
  readonly label: string;
  readonly of: readonly [number | undefined, number | undefined];
}

function commonPoints(a: JoinPart, b: JoinPart): readonly JoinedPoint[] {
  const isSingle = ({ point, result }: JoinPart): boolean =>
    point !== undefined || result.scenario.points.length === 1;
  if (isSingle(a) && isSingle(b)) return [{ label: '', of: [a.point ?? 0, b.point ?? 0] }];
  const labels = (part: JoinPart): readonly string[] =>
    part.result.scenario.points.map(({ label }) => label);
  const [left, right] = [labels(a), labels(b)];
  const common = left.filter((label) => right.includes(label));
  const all = common.length > 0 ? common : [...new Set([...left, ...right])];
  const at = (list: readonly string[], label: string): number | undefined =>
    list.includes(label) ? list.indexOf(label) : undefined;
  return all.map((label) => ({ label, of: [at(left, label), at(right, label)] }));
}

function commonSeeds(a: ExperimentResult, b: ExperimentResult): readonly number[] {
  const [left, right] = [a.scenario.seeds, b.scenario.seeds];
  const common = left.filter((seed) => right.includes(seed));
  if (common.length > 0) return common;
  return [...new Set([...left, ...right])].sort((x, y) => x - y);
}

function moved(
  run: RunResult,
  design: string,
  part: 0 | 1,
  points: readonly JoinedPoint[],
  seeds: readonly number[],
): readonly RunResult[] {
  const point = points.findIndex(({ of }) => of[part] === run.point);
  return point < 0 || !seeds.includes(run.seed) ? [] : [{ ...run, design, point }];
}

function metricsOf(a: readonly MetricInfo[], b: readonly MetricInfo[]): readonly MetricInfo[] {
  const known = new Set(a.map(({ name }) => name));
  return [...a, ...b.filter(({ name }) => !known.has(name))];
}

const verdictsOf = ({ name, result }: JoinPart): readonly Verdict[] =>
  result.verdicts.map((verdict) => ({ ...verdict, text: `${verdict.text} [${name}]` }));

/** `1..6`, or a list where seeds are missing between. */
function seedsText(seeds: readonly number[]): string {
  const first = seeds[0] ?? 1;
  const isRange = seeds.every((seed, i) => seed === first + i);
  const last = seeds[seeds.length - 1] ?? first;
  if (!isRange) return seeds.join(', ');
  return first === last ? String(first) : `${String(first)}..${String(last)}`;
}
