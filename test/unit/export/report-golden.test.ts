import { describe, expect, it } from 'vitest';
import { renderMailReport } from '../../../src/export/report-mail.js';
import { renderMarkdownReport } from '../../../src/export/report-markdown.js';
import { renderShortReport } from '../../../src/export/report-short.js';
import type { ExperimentResult } from '../../../src/contract/run-result.js';
import {
  FAKE_DESIGNS,
  fakeResult,
  fakeVerdict,
  type FakeDesign,
} from '../../support/fake-result.js';

const [FIRST, SECOND, THIRD] = FAKE_DESIGNS;
if (FIRST === undefined || SECOND === undefined || THIRD === undefined) throw new Error('designs');
const still: FakeDesign = { ...FIRST, name: 'still', pte4k: 0, pmd2m: 0, level2Splits: 0 };
/** Nothing at all in the pool, so the baseline is zero nearly everywhere. */
const empty: FakeDesign = {
  ...still,
  name: 'empty',
  walksPerKinst: 0,
  stlbHitsPerSecond: 0,
  level3Splits: 0,
  flushesPerSecond: 0,
};

/** A run that stops in the middle of its steady phase because the design broke a rule. */
const misbehaving = (result: ExperimentResult): ExperimentResult => ({
  ...result,
  runs: result.runs.map((run, i) =>
    i === 1 ? { ...run, status: 'misbehaved', phases: run.phases.slice(0, 1) } : run,
  ),
});

/** A loss instead of a gain: the gauge goes below zero. */
const negative = (result: ExperimentResult): ExperimentResult => ({
  ...result,
  runs: result.runs.map((run) => ({
    ...run,
    phases: run.phases.map((phase) => {
      const hole = phase.metrics['vmap.largest_hole'];
      const sign = run.design === 'module_alloc' ? -2 : 1;
      return hole === undefined
        ? phase
        : {
            ...phase,
            metrics: {
              ...phase.metrics,
              'vmap.largest_hole': { ...hole, last: sign * 3 * 1048576, delta: -5 * 1048576 },
            },
          };
    }),
  })),
});

const SIX_SEEDS = { seedCount: 6, spread: 0.06 };
const CASES: Readonly<Record<string, ExperimentResult>> = {
  'one-design': fakeResult({ ...SIX_SEEDS, designs: [FIRST] }),
  'two-designs': fakeResult({ ...SIX_SEEDS, designs: [FIRST, SECOND] }),
  'three-designs': fakeResult({
    ...SIX_SEEDS,
    anchors: [
      { id: 'T1', claim: 'constant sum', wanted: 'one sum', found: 'one sum', met: true },
      { id: 'T5', claim: 'no splits with packs', wanted: '0', found: '71', met: false },
    ],
  }),
  'six-designs': fakeResult({ ...SIX_SEEDS, designs: FAKE_DESIGNS }),
  'one-seed': fakeResult({ designs: [FIRST, SECOND], seedCount: 1 }),
  sweep: fakeResult({ ...SIX_SEEDS, points: ['churn=10/s', 'churn=40/s', 'churn=160/s'] }),
  'zero-baseline': fakeResult({ ...SIX_SEEDS, designs: [empty, THIRD] }),
  factors: fakeResult({
    ...SIX_SEEDS,
    designs: [
      { ...FIRST, level2Splits: 3, flushesPerSecond: 0.5 },
      { ...SECOND, level2Splits: 900 },
    ],
    metricsOfInterest: ['direct_map_level2_splits'],
  }),
  'negative-values': negative(
    fakeResult({
      ...SIX_SEEDS,
      designs: [FIRST, SECOND],
      metricsOfInterest: ['vmap.largest_hole'],
    }),
  ),
  'constant-metric': fakeResult({
    seedCount: 6,
    spread: 0,
    designs: [FIRST, { ...FIRST, name: 'twin' }],
    metricsOfInterest: ['alloc.failed'],
  }),
  'empty-pool': fakeResult({ ...SIX_SEEDS, designs: [empty, { ...empty, name: 'empty_too' }] }),
  'failed-expectations': fakeResult({
    ...SIX_SEEDS,
    verdicts: [
      fakeVerdict('expect no alloc.failed', 'pass', [18, 18]),
      fakeVerdict(
        'expect p99(text.waste_pct) < 30% in steady for module_alloc, bpf_prog_pack',
        'fail',
        [3, 12],
        '38.4% against 30% (bpf_prog_pack, seed 4, phase steady); and 8 more',
      ),
      fakeVerdict(
        'expect last(text.pte_4k) < last(text.pte_4k @ module_alloc) for execmem_rox with confidence 95%',
        'pass',
        [6, 6],
      ),
      fakeVerdict('warn if last(text.reserved_bytes) > 4MiB in drain', 'warn', [6, 18], '19.7 MiB'),
      fakeVerdict(
        'expect mean(a) < 0.5 * mean(a @ b)',
        'unknown',
        [0, 6],
        'X0605: relative to zero',
      ),
    ],
  }),
  cancelled: fakeResult({ ...SIX_SEEDS, finishedRuns: 10 }),
  'cancelled-at-once': fakeResult({ ...SIX_SEEDS, finishedRuns: 0 }),
  'failed-runs': misbehaving(fakeResult({ ...SIX_SEEDS, designs: [FIRST, SECOND] })),
};

describe('mail reports as they are printed', () => {
  it.each(Object.keys(CASES))('%s', async (name) => {
    const result = CASES[name] ?? fakeResult();
    await expect(renderMailReport(result)).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('three designs in the short form, six, and a sweep', async () => {
    const names = ['three-designs', 'six-designs', 'sweep'];
    const texts = names.map((name) => renderShortReport(CASES[name] ?? fakeResult()));
    await expect(texts.join('\n')).toMatchFileSnapshot('golden/short.txt');
    expect(texts[0]?.trimEnd().split('\n').length).toBeLessThanOrEqual(6);
  });

  it('a sweep in Markdown', async () => {
    const result = CASES.sweep ?? fakeResult();
    await expect(renderMarkdownReport(result)).toMatchFileSnapshot('golden/sweep-markdown.txt');
  });

  it('an edited result is marked, and sections can be left out', () => {
    const text = renderMailReport(CASES['two-designs'] ?? fakeResult(), {
      resultText: 'B wins.',
      resultsLink: 'https://example.org/r/9f3c21d07ab4/',
      without: ['chart', 'strip', 'causes', 'expectations'],
    });
    expect(text).toContain('Result:   B wins. (edited)');
    expect(text).toContain('  results  https://example.org/r/9f3c21d07ab4/');
    expect(text).not.toMatch(/module area|Expectations|overlap|by cause/);
  });
});
