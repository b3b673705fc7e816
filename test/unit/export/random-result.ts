/**
 * Results of any shape for property tests of reports: names with signs that mail and shells trip over,
 * values of any size, runs that are missing or failed, statistics that a file could not hold.
 */
import fc from 'fast-check';
import type { ExperimentResult, RunResult } from '../../../src/contract/run-result.js';
import {
  FAKE_DESIGNS,
  fakeResult,
  fakeVerdict,
  type FakeDesign,
} from '../../support/fake-result.js';

/** Starts and signs that a report must never pass on as they are. */
const AWKWARD: readonly string[] = [
  '-- ',
  '---',
  '--- a/mm/vmalloc.c',
  'diff --git a b',
  'Index: x',
  'From here on',
  '> quoted',
  '# heading',
  'Tested-by: x',
  'Link: y',
  'größer als ≤ 5 µs – „so“',
  '\u2800\u2588\u0007\ttab\nline',
  '日本語',
  'x'.repeat(150),
  "it's $(rm) `a` \\ | * _ <b>",
  '',
];

export const awkwardText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...AWKWARD),
  fc.array(fc.constantFrom(...AWKWARD), { maxLength: 4 }).map((parts) => parts.join(' ')),
  fc.string({ unit: 'binary', maxLength: 90 }),
);

const amount = fc.oneof(
  fc.constantFrom(0, 0.004, 0.99995, 1, 9.996, 99.96, 999.96, 12345, 99_999.9, 1e9, 1e15),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
);

const design = (index: number): fc.Arbitrary<FakeDesign> =>
  fc.record({
    name: fc.constantFrom(`design_${String(index)}`, `d${String(index)}_${'long_name_'.repeat(4)}`),
    design: fc.constantFrom('module_alloc', 'execmem_rox'),
    options: fc.oneof(fc.constant(''), awkwardText),
    walksPerKinst: amount,
    stlbHitsPerSecond: amount,
    pte4k: fc.integer({ min: 0, max: 3e6 }),
    pmd2m: fc.integer({ min: 0, max: 500 }),
    level2Splits: fc.integer({ min: 0, max: 40_000 }),
    level3Splits: fc.integer({ min: 0, max: 200 }),
    liveShare: fc.double({ min: 0, max: 1, noNaN: true }),
    flushesPerSecond: amount,
    failed: fc.constantFrom(0, 0, 3),
  });

const verdict = fc
  .record({
    text: awkwardText.map((text) => `expect ${text} in steady with confidence 95%`),
    state: fc.constantFrom('pass', 'fail', 'warn', 'unknown' as const),
    held: fc.integer({ min: 0, max: 99 }),
    detail: awkwardText,
  })
  .map(({ text, state, held, detail }) => fakeVerdict(text, state, [held, 99], detail));

/** What happens to one run: kept, marked as failed, or one of its numbers lost. */
type Fate = 'kept' | 'overran' | 'misbehaved' | 'lost';

function withFate(run: RunResult, fate: Fate): RunResult {
  if (fate === 'kept') return run;
  if (fate !== 'lost') return { ...run, status: fate };
  return {
    ...run,
    series: run.series.map((series) => ({
      ...series,
      values: series.values.map((value, i) => (i % 3 === 1 ? Number.NaN : value)),
    })),
    phases: run.phases.map((phase) => ({
      ...phase,
      metrics: Object.fromEntries(
        Object.entries(phase.metrics).map(([name, statistics], i) => [
          name,
          i % 4 === 0
            ? { ...statistics, last: Number.NaN, delta: Number.NaN, mean: Number.NaN }
            : statistics,
        ]),
      ),
    })),
  };
}

const DESIGN_COUNT_MAX = 7;

export const randomResult: fc.Arbitrary<ExperimentResult> = fc
  .record({
    designs: fc
      .integer({ min: 1, max: DESIGN_COUNT_MAX })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => design(i)))),
    seedCount: fc.constantFrom(1, 2, 7),
    points: fc.constantFrom<readonly string[]>(
      [''],
      ['n=1', 'n=2'],
      ['n=512, buddy=fresh', 'n=512, buddy=page_cache', `n=1024, buddy=${'long'.repeat(9)}`],
    ),
    spread: fc.constantFrom(0, 0.1, 0.9),
    title: awkwardText,
    question: awkwardText,
    load: awkwardText,
    file: awkwardText,
    verdicts: fc.array(verdict, { maxLength: 4 }),
    interest: fc.constantFrom(...fakeResult({ designs: FAKE_DESIGNS.slice(0, 1) }).metrics),
    fates: fc.array(fc.constantFrom<Fate>('kept', 'kept', 'overran', 'misbehaved', 'lost'), {
      minLength: 1,
      maxLength: 9,
    }),
    finished: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
    anchorText: awkwardText,
  })
  .map((parts) => {
    const base = fakeResult({
      title: parts.title,
      question: parts.question,
      designs: parts.designs,
      seedCount: parts.seedCount,
      points: parts.points,
      spread: parts.spread,
      verdicts: parts.verdicts,
      metricsOfInterest: [parts.interest.name],
      samplesPerPhase: 6,
      anchors: [
        { id: 'T1', claim: parts.anchorText, wanted: parts.anchorText, found: '1', met: false },
      ],
      ...(parts.finished === undefined ? {} : { finishedRuns: parts.finished }),
    });
    return {
      ...base,
      scenario: {
        ...base.scenario,
        load: parts.load,
        file: parts.file,
        settings: [{ name: 'churn', text: parts.question }],
        inputs: [...base.scenario.inputs, { path: parts.title, sha256: 'ab'.repeat(32) }],
      },
      runs: base.runs.map((run, i) => withFate(run, parts.fates[i % parts.fates.length] ?? 'kept')),
    };
  });
