/**
 * Reads result.json and single runs. Their shape is checked to the depth that reports walk: a file from a mail is either
 * a result or refused with a reason.
 */
import * as v from 'valibot';
import {
  RESULT_SCHEMA_VERSION,
  type ExperimentResult,
  type RunResult,
} from '../contract/run-result.js';

/** A number; null stands for those that JSON lacks. */
const number = v.pipe(
  v.nullable(v.number()),
  v.transform((value) => value ?? Number.NaN),
);
/** A list of numbers, checked as one: results hold hundreds of thousands of them. */
const numbers = v.pipe(
  v.custom<readonly (number | null)[]>(
    (value) =>
      Array.isArray(value) && value.every((entry) => entry === null || typeof entry === 'number'),
    'Expected a list of numbers',
  ),
  v.transform((list) =>
    list.includes(null) ? list.map((value) => value ?? Number.NaN) : (list as readonly number[]),
  ),
);
const text = v.string();
const named = v.looseObject({ name: text, text });
const diagnostic = v.looseObject({
  code: text,
  severity: v.picklist(['error', 'warning']),
  message: text,
});

const statistics = v.looseObject({
  first: number,
  last: number,
  min: number,
  max: number,
  mean: number,
  p50: number,
  p90: number,
  p99: number,
  delta: number,
  integral: number,
});

const phase = v.looseObject({
  name: text,
  startNs: number,
  endNs: number,
  discard: v.boolean(),
  metrics: v.record(text, statistics),
  strip: text,
});

const run = v.looseObject({
  point: v.number(),
  seed: v.number(),
  design: text,
  status: v.picklist(['ok', 'overran', 'misbehaved']),
  diagnostics: v.array(diagnostic),
  durationNs: number,
  requestCount: v.number(),
  effectCount: v.number(),
  logHash: text,
  phases: v.array(phase),
  series: v.array(v.looseObject({ metric: text, timesNs: numbers, values: numbers })),
  marks: v.array(v.looseObject({ text, timeNs: number })),
  causes: v.array(
    v.looseObject({
      effect: text,
      phase: text,
      line: v.number(),
      label: text,
      path: text,
      count: v.number(),
      amount: v.number(),
    }),
  ),
  lines: v.exactOptional(v.array(v.looseObject({ line: v.number(), requests: v.number() }))),
  never: v.array(
    v.looseObject({ expectation: v.number(), violated: v.boolean(), firstNs: number }),
  ),
  snapshots: v.array(v.looseObject({ timeNs: number, strip: text })),
});

const scenario = v.looseObject({
  file: text,
  title: text,
  question: text,
  machine: text,
  load: text,
  designs: v.array(v.looseObject({ name: text, design: text, options: text })),
  baseline: text,
  seeds: v.array(v.number()),
  seedsText: text,
  points: v.array(v.looseObject({ label: text })),
  settings: v.array(named),
  only: v.exactOptional(v.array(text)),
  phase: v.exactOptional(text),
  inputs: v.array(v.looseObject({ path: text, sha256: text })),
  notModelled: v.array(text),
  expectationLines: v.tuple([v.number(), v.number()]),
  notes: v.exactOptional(v.array(v.looseObject({ about: text, line: v.number(), text }))),
  metricsOfInterest: v.array(text),
  joined: v.exactOptional(
    v.looseObject({
      sources: v.array(
        v.looseObject({
          name: text,
          scenarioHash: text,
          model: v.number(),
          toolVersion: text,
          seedsText: text,
          command: v.array(text),
        }),
      ),
      differences: v.array(text),
    }),
  ),
  recorded: v.exactOptional(
    v.array(v.looseObject({ series: text, metric: text, durationNs: number, statistics })),
  ),
  assumedProfileEntries: v.array(text),
});

const experiment = v.looseObject({
  schema: v.number(),
  tool: text,
  toolVersion: text,
  model: v.number(),
  scenarioHash: v.pipe(text, v.regex(/^[0-9a-f]{12,64}$/)),
  scenario,
  metrics: v.array(
    v.looseObject({
      name: text,
      label: text,
      kind: v.picklist(['gauge', 'counter', 'ratio']),
      unit: v.picklist(['bytes', 'count', 'percent', 'per_kinst', 'cycles', 'ns']),
      better: v.picklist(['low', 'high', '-']),
      meaning: text,
      counterpart: text,
    }),
  ),
  runs: v.array(run),
  verdicts: v.array(
    v.looseObject({
      expectation: v.number(),
      text,
      line: v.number(),
      severity: v.picklist(['expect', 'warn']),
      state: v.picklist(['pass', 'fail', 'warn', 'unknown']),
      held: v.number(),
      total: v.number(),
      detail: text,
    }),
  ),
  anchors: v.array(
    v.looseObject({ id: text, claim: text, wanted: text, found: text, met: v.boolean() }),
  ),
  complete: v.boolean(),
  diagnostics: v.array(diagnostic),
});

/** A run as `stableJson` wrote it; undefined for any other value. */
export function checkRun(value: unknown): RunResult | undefined {
  const checked = v.safeParse(run, value);
  return checked.success ? checked.output : undefined;
}

export type CheckedResult =
  | { readonly result: ExperimentResult; readonly problem?: undefined }
  | { readonly result?: undefined; readonly problem: string };

export function checkResult(json: string): CheckedResult {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { problem: 'it is not JSON' };
  }
  return checkValue(value);
}

function checkValue(value: unknown): CheckedResult {
  const checked = v.safeParse(experiment, value);
  if (!checked.success) return { problem: issueText(checked.issues[0]) };
  const result = checked.output;
  if (result.schema !== RESULT_SCHEMA_VERSION) {
    const found = String(result.schema);
    return {
      problem: `it has schema ${found}, this version reads ${String(RESULT_SCHEMA_VERSION)}`,
    };
  }
  return { result: result };
}

function issueText(issue: v.BaseIssue<unknown>, within = ''): string {
  const path = [within, v.getDotPath(issue) ?? ''].filter((part) => part !== '').join('.');
  return `${path === '' ? 'the file' : path}: ${issue.message}`;
}

/** A result that comes in parts: runs one by one, then the other entries. */
export interface ResultParts {
  /** What is wrong with the run; undefined when it was taken in. */
  addRun(value: unknown): string | undefined;
  finish(entries: Readonly<Record<string, unknown>>): CheckedResult;
}

export function checkResultParts(): ResultParts {
  const runs: RunResult[] = [];
  return {
    addRun(value) {
      const checked = v.safeParse(run, value);
      if (!checked.success) return issueText(checked.issues[0], `runs.${String(runs.length)}`);
      runs.push(checked.output);
      return undefined;
    },
    finish(entries) {
      const { result, problem } = checkValue({ runs: [], ...entries });
      return result === undefined
        ? { problem }
        : { result: runs.length > 0 ? { ...result, runs } : result };
    },
  };
}
