/** Rules of the mailing-list report, one by one, where no golden file shows them by itself. */
import { describe, expect, it } from 'vitest';
import { buildComparison } from '../../../src/analysis/comparison.js';
import { resultSentences } from '../../../src/analysis/result-sentences.js';
import type { ExperimentResult, RunResult } from '../../../src/contract/run-result.js';
import { exporterRegistry } from '../../../src/export/index.js';
import { assumedText } from '../../../src/export/mail-tail.js';
import { stripBlock } from '../../../src/export/mail-strip.js';
import { renderMailReport } from '../../../src/export/report-mail.js';
import { renderShortReport } from '../../../src/export/report-short.js';
import { FAKE_DESIGNS, fakeResult, type FakeDesign } from '../../support/fake-result.js';

const [FIRST, SECOND, THIRD] = FAKE_DESIGNS;
if (FIRST === undefined || SECOND === undefined || THIRD === undefined) throw new Error('designs');

/** The row of a metric in the comparison of a report. */
const rowOf = (text: string, start: string): string =>
  text.split('\n').find((line) => line.startsWith(start)) ?? '';

/** The result with the values of one metric at the end of the phase `steady` replaced. */
function withValues(
  result: ExperimentResult,
  metric: string,
  valueOf: (run: RunResult) => number,
): ExperimentResult {
  const runs = result.runs.map((run) => ({
    ...run,
    phases: run.phases.map((phase) => {
      const known = phase.metrics[metric];
      if (known === undefined || phase.name !== 'steady') return phase;
      const value = valueOf(run);
      const changed = { ...known, last: value, delta: value, mean: value };
      return { ...phase, metrics: { ...phase.metrics, [metric]: changed } };
    }),
  }));
  return { ...result, runs };
}

const pair = fakeResult({ designs: [FIRST, SECOND], seedCount: 6, spread: 0 });

describe('numbers of a table', () => {
  it.each([
    [1.8437, 3, '1.84', '3.00'],
    [84.04, 9.3, '84.0', '9.30'],
    [999.94, 5, '999.9', '5.00'],
    [999.96, 4.4, '1000', '4.40'],
    [4217, 444, '4217', '444'],
    [12, 2, '12', '2'],
    [0, 0.25, '0', '0.250'],
  ])('%d beside %d are written %s and %s', (base, other, ...written) => {
    const result = withValues(pair, 'direct_map_level2_splits', ({ design }) =>
      design === FIRST.name ? base : other,
    );
    const cells = rowOf(renderMailReport(result), 'level2_splits').slice(30).trim().split(/\s+/);
    expect([cells[0], cells[1]]).toEqual(written);
  });

  it('has counts whole up to seven digits, then in words, never with k or M', () => {
    const sized = (count: number): string =>
      rowOf(
        renderMailReport(
          withValues(pair, 'direct_map_level2_splits', ({ design }) =>
            design === FIRST.name ? count : count / 2,
          ),
        ),
        'level2_splits',
      );
    expect(sized(126_720)).toContain(' 126720 ');
    expect(sized(45_000_000)).toMatch(/^level2_splits, thousand +low +45000 /);
  });

  it('keeps the rate and the unit of a label that has to be cut', () => {
    const [hit] = pair.metrics.filter(({ name }) => name === 'tlb.remote_flush');
    if (hit === undefined) throw new Error('metric');
    const long = { ...hit, label: 'tlb.remote_flush_of_all' };
    const metrics = pair.metrics.map((metric) => (metric.name === long.name ? long : metric));
    const row = rowOf(renderMailReport({ ...pair, metrics }), 'tlb.remote_flu');
    expect(row.slice(0, 25)).toBe('tlb.remote_flush_of_../s ');
  });

  it('lines numbers without a star up with those that have one', () => {
    const seeds = withValues(pair, 'DirectMap4k', ({ seed, design }) =>
      design === FIRST.name ? 1_048_576 * 500 : 1_048_576 * (seed % 2 === 0 ? 440 : 520),
    );
    const text = renderMailReport(seeds);
    const sure = rowOf(text, 'level2_splits');
    const open = rowOf(text, 'DirectMap4k');
    expect(sure).toMatch(/%\*$/);
    expect(open).toMatch(/%$/);
    expect(sure.indexOf('%')).toBe(open.indexOf('%'));
  });

  it('writes a heading whole where only one is long', () => {
    const text = renderMailReport(fakeResult({ designs: FAKE_DESIGNS, seedCount: 2 }));
    expect(rowOf(text, 'design  ')).toContain(' walks/kinst ');
  });
});

describe('the result in words', () => {
  const sentence = (result: ExperimentResult): string =>
    resultSentences(result, buildComparison(result));
  const worse = (seed: number, by: number): number => 100 + (seed % 2 === 0 ? -by : 2 * by);

  it('names a cost that is sure before a larger one that may be chance', () => {
    const base: FakeDesign = { ...FIRST, flushesPerSecond: 0 };
    const seeds = fakeResult({
      designs: [base, { ...base, name: 'other', walksPerKinst: 0.1 }],
      seedCount: 6,
      spread: 0,
    });
    const both = withValues(
      withValues(seeds, 'alloc.failed', ({ seed, design }) =>
        design === 'other' ? worse(seed, 60) : 100,
      ),
      'text.waste_pct',
      ({ design }) => (design === 'other' ? 11 : 10),
    );
    expect(sentence(both)).toContain('the largest cost there: text.waste_pct is 10.0% higher.');
    const chance = withValues(seeds, 'alloc.failed', ({ seed, design }) =>
      design === 'other' ? worse(seed, 60) : 100,
    );
    expect(sentence(chance)).toMatch(/alloc\.failed is [\d.]+% higher \(may be chance\)\./);
    expect(sentence(seeds)).toContain('No other metric of the table is worse in B.');
  });
});

describe('the chart of a report', () => {
  /** A metric that changes with the last sample only. */
  const atTheEnd = (result: ExperimentResult): ExperimentResult => ({
    ...result,
    runs: result.runs.map((run) => ({
      ...run,
      series: run.series.flatMap((series) =>
        series.metric === 'text.pte_4k'
          ? [{ ...series, timesNs: [0, run.durationNs], values: [0, 140] }]
          : [],
      ),
    })),
  });

  it('is left out where a metric was probed at the end only, and not called constant', () => {
    const result = atTheEnd(
      fakeResult({ designs: [FIRST, SECOND], metricsOfInterest: ['text.pte_4k'] }),
    );
    const text = renderMailReport(result);
    expect(text).not.toContain('does not change over time');
    expect(text).not.toContain('overlap');
  });

  it('says which designs are drawn only where something is drawn', () => {
    const still: FakeDesign = { ...FIRST, failed: 0 };
    const designs = ['a', 'b', 'c', 'd'].map((name) => ({ ...still, name }));
    const drawn = renderMailReport(fakeResult({ designs, seedCount: 2 }));
    expect(drawn).toContain('(drawn: the baseline, the best and the worst design)');
    const constant = renderMailReport(
      fakeResult({ designs, seedCount: 2, metricsOfInterest: ['alloc.failed'] }),
    );
    expect(constant).toContain('alloc.failed does not change over time');
    expect(constant).not.toContain('(drawn:');
  });
});

describe('the address strip', () => {
  it('counts free lines between used ones instead of drawing them', () => {
    const free = '.'.repeat(60);
    const used = 'H'.padEnd(60, '.');
    expect(stripBlock('D', [used, free, free, free, used])).toEqual([
      `  D |${used}|`,
      `    :${' (180 slots free) '.padStart(40).padEnd(60)}:`,
      `    |${used}|`,
    ]);
    expect(stripBlock('A', [used, free, used])).toHaveLength(3);
    expect(stripBlock('A', [free])).toEqual([`  A |${free}|`]);
  });
});

describe('assumed entries of CPU profiles', () => {
  it('are listed by profile, and what several share is said once', () => {
    expect(assumedText(['n1 L1 policy', 'n1 L2 policy', 'icl L1 policy'])).toBe(
      'n1 and icl L1 policy; n1 L2 policy',
    );
    expect(assumedText(['n1 L1 policy', 'n1 L2 policy'])).toBe('n1 L1 policy, L2 policy');
    expect(assumedText(['one'])).toBe('one');
  });
});

describe('the command of a report', () => {
  const reduced: ExperimentResult = {
    ...pair,
    scenario: { ...pair.scenario, only: [FIRST.name, SECOND.name], phase: 'steady' },
  };

  it.each(['mail', 'short', 'md'])('repeats a run of some designs and one phase: %s', (name) => {
    const text = exporterRegistry
      .get(name)
      .render(reduced)
      .replace(/ \\\n +/g, ' ');
    expect(text).toMatch(
      /--only module_alloc,bpf_prog_pack --phase steady --expect-hash [0-9a-f]{12}/,
    );
  });
});

describe('rows of a recorded machine', () => {
  const statistics = pair.runs[0]?.phases[1]?.metrics['DirectMap4k'];
  if (statistics === undefined) throw new Error('statistics');
  const recorded = (names: readonly string[]): ExperimentResult => ({
    ...pair,
    scenario: {
      ...pair.scenario,
      recorded: names.map((series) => ({
        series,
        metric: 'DirectMap4k',
        durationNs: 60e9,
        statistics: { ...statistics, last: 1391 * 1_048_576 },
      })),
    },
  });

  it('stand below the simulated row, in its unit, with (rec) and without a star', () => {
    const lines = renderMailReport(recorded(['host'])).split('\n');
    const at = lines.findIndex((line) => line.startsWith('DirectMap4k (rec), MiB'));
    expect(lines[at - 1]).toMatch(/^DirectMap4k, MiB +low /);
    expect(lines[at]).toBe('DirectMap4k (rec), MiB   low      1391');
  });

  it('are announced in the header of their table only', () => {
    const words = (text: string): string => text.replace(/\n/g, ' ');
    expect(words(renderMailReport(recorded(['host'])))).toContain('(rec): recorded on a machine');
    expect(words(renderMailReport(pair))).not.toContain('(rec)');
  });

  it('name their import where several tell of a metric', () => {
    const text = renderMailReport(recorded(['one', 'two']));
    expect(text).toContain(' (rec one), MiB low ');
    expect(text).toContain(' (rec two), MiB low ');
  });

  it('are one line a machine where designs are rows, and rows of the Markdown table', () => {
    const { scenario } = recorded(['host']);
    const wide = fakeResult({ designs: FAKE_DESIGNS, metricsOfInterest: ['DirectMap4k'] });
    const many = { ...wide, scenario: { ...wide.scenario, recorded: scenario.recorded ?? [] } };
    expect(rowOf(renderMailReport(many), 'host (rec)')).toMatch(/^host \(rec\) +1391$/);
    expect(exporterRegistry.get('md').render(many)).toContain(
      '| DirectMap4k, MiB (rec) | low | 1391 |',
    );
  });
});

describe('the short form', () => {
  it('has names of fifteen letters whole', () => {
    const designs = [FIRST, SECOND, { ...THIRD, name: 'topdown_split' }];
    expect(renderShortReport(fakeResult({ designs, seedCount: 2 }))).toContain(
      ' A module_alloc  B bpf_prog_pack D topdown_split'.replace('D', 'C'),
    );
  });
});
