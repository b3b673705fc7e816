import { describe, expect, it } from 'vitest';
import { checkResult } from '../../../src/app/check-result.js';
import { buildComparison } from '../../../src/analysis/comparison.js';
import { phaseValue } from '../../../src/analysis/phase-value.js';
import { sumWarnings } from '../../../src/analysis/sum-checks.js';
import {
  lintReport,
  REPORT_SIZE_ERROR,
  REPORT_SIZE_WARNING,
} from '../../../src/export/report-lint.js';
import { foldStrip } from '../../../src/export/mail-strip.js';
import { commandLines, shellWord } from '../../../src/export/mail-tail.js';
import { exporterRegistry } from '../../../src/export/index.js';
import { exportFileName } from '../../../src/export/file-name.js';
import { renderMailReport } from '../../../src/export/report-mail.js';
import { renderJson } from '../../../src/export/result-json.js';
import { renderPhaseCsv, renderSeriesCsv } from '../../../src/export/table-csv.js';
import { mayCopy, type InputChange } from '../../../src/contract/report-check.js';
import type { ExperimentResult } from '../../../src/contract/run-result.js';
import { FAKE_DESIGNS, fakeResult, fakeVerdict } from '../../support/fake-result.js';

/** CSV as RFC 4180 describes it; lines with `#` at the start are comments. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const body = text.replace(/^(?:#.*\n)+/, '');
  for (let i = 0; i < body.length; i += 1) {
    const character = body.charAt(i);
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (body.charAt(i + 1) === '"') {
        cell += '"';
        i += 1;
      } else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === ',' || character === '\n') {
      row.push(cell);
      cell = '';
      if (character === '\n') {
        rows.push(row);
        row = [];
      }
    } else cell += character;
  }
  return rows;
}

const renamed = (result: ExperimentResult, name: string): ExperimentResult => ({
  ...result,
  runs: result.runs.map((run, i) => (i === 0 ? { ...run, design: name } : run)),
});

describe('exports of large results', () => {
  it.each(['csv', 'series', 'json'])(
    '%s comes in parts of a run, and whole as their sum',
    (name) => {
      const result = fakeResult({ seedCount: 3 });
      const { parts, render } = exporterRegistry.get(name);
      const list = [...parts(result)];
      expect(list.length).toBeGreaterThan(result.runs.length);
      expect(list.join('')).toBe(render(result));
      const longest = Math.max(...list.map((part) => part.length));
      expect(longest).toBeLessThan((render(result).length / result.runs.length) * 1.5);
    },
  );
});

describe('CSV', () => {
  const result = fakeResult({ seedCount: 2, points: ['n=1, buddy=fresh', 'n=2, buddy=fresh'] });

  it('reads back to the value and every statistic of each phase', () => {
    const text = renderPhaseCsv(result);
    const [header = [], ...rows] = parseCsv(text);
    const metricCount = result.metrics.length;
    expect(rows).toHaveLength(result.runs.length * 3 * metricCount);
    const column = (row: readonly string[], name: string): string =>
      row[header.indexOf(name)] ?? '';
    for (const row of rows.filter((_, i) => i % 7 === 0)) {
      const run = result.runs.find(
        (candidate) =>
          candidate.design === column(row, 'design') &&
          String(candidate.seed) === column(row, 'seed') &&
          result.scenario.points[candidate.point]?.label === column(row, 'point'),
      );
      const phase = run?.phases.find(({ name }) => name === column(row, 'phase'));
      const metric = result.metrics.find(({ name }) => name === column(row, 'metric'));
      const statistics = phase?.metrics[metric?.name ?? ''];
      if (phase === undefined || metric === undefined || statistics === undefined) {
        throw new Error(`row of nothing: ${row.join(',')}`);
      }
      expect(Number(column(row, 'value'))).toBe(phaseValue(metric, phase));
      expect(column(row, 'discard')).toBe(String(phase.discard));
      expect(column(row, 'unit')).toBe(metric.unit);
      for (const [name, value] of Object.entries(statistics)) {
        expect(Number(column(row, name))).toBe(value);
      }
    }
  });

  it('reads back to every sample of every series', () => {
    const [, ...rows] = parseCsv(renderSeriesCsv(result));
    const samples = result.runs.flatMap((run) =>
      run.series.flatMap((series) =>
        series.timesNs.map((timeNs, i) => [
          run.design,
          result.scenario.points[run.point]?.label,
          String(run.seed),
          series.metric,
          String(timeNs),
          String(series.values[i]),
        ]),
      ),
    );
    expect(rows).toEqual(samples);
  });

  it('has the hash and the units in comment lines, and each comment on one line', () => {
    const text = renderPhaseCsv({ ...result, scenario: { ...result.scenario, title: 'a\nb,c' } });
    expect(text).toContain(`# scenario ${result.scenarioHash}\n`);
    expect(text).toContain('# title a b,c\n');
    expect(text).toMatch(/^# units: .*DirectMap4k bytes/m);
  });

  it.each(['=1+1', '+x', '-x', '@sum', 'a"b', 'a,b\nc'])('keeps %j a cell of text', (name) => {
    const [, first] = parseCsv(renderPhaseCsv(renamed(result, name)));
    expect(first?.[0]).toBe(/^[=+@-]/.test(name) ? `'${name}` : name);
    expect(first).toHaveLength(18);
  });

  it('leaves numbers that are none empty', () => {
    const [run, ...others] = result.runs;
    if (run === undefined) throw new Error('no run');
    const series = run.series.map((one) => ({ ...one, values: one.values.map(() => Number.NaN) }));
    const text = renderSeriesCsv({ ...result, runs: [{ ...run, series }, ...others] });
    expect(text).not.toContain('NaN');
    expect(parseCsv(text)[1]?.[5]).toBe('');
  });
});

describe('JSON', () => {
  it('reads back to the same result, and to the same bytes whatever the order of keys', () => {
    const result = fakeResult({ seedCount: 2 });
    const text = renderJson(result);
    expect(checkResult(text).result).toEqual(result);
    const turned = Object.fromEntries(Object.entries(result).reverse()) as unknown;
    expect(renderJson(turned as ExperimentResult)).toBe(text);
    expect(text.endsWith('}\n')).toBe(true);
  });
});

describe('the comparison table', () => {
  it('holds the sums of the synthetic machine, and says which sum is broken', () => {
    const result = fakeResult({ seedCount: 2 });
    expect(sumWarnings(result, { point: 0, phase: 'steady' })).toEqual([]);
    const broken = {
      ...result,
      runs: result.runs.map((run) => ({
        ...run,
        phases: run.phases.map((phase) => {
          const pages = phase.metrics['text.pte_4k'];
          if (pages === undefined) return phase;
          const metrics = { ...phase.metrics, 'text.pte_4k': { ...pages, last: pages.last + 256 } };
          return { ...phase, metrics };
        }),
      })),
    };
    expect(sumWarnings(broken, { point: 0, phase: 'steady' })).toEqual([
      'sum does not hold in 6 of 6 runs: 4 KiB x text.pte_4k + 2 MiB x text.pmd_2m = ' +
        'text.reserved_bytes (module_alloc, seed 1: off by 1.000 MiB)',
    ]);
    expect(renderMailReport(broken)).toContain('WARNING: sum does not hold in 6 of 6 runs');
  });

  it('claims stars only where six seeds are in common with the baseline', () => {
    const six = fakeResult({ seedCount: 6, designs: FAKE_DESIGNS.slice(0, 2), spread: 0.05 });
    expect(buildComparison(six).starsPossible).toBe(true);
    const failed = {
      ...six,
      runs: six.runs.map((run, i) => (i === 1 ? { ...run, status: 'overran' as const } : run)),
    };
    expect(buildComparison(failed).starsPossible).toBe(false);
    const text = renderMailReport(failed);
    expect(text).toContain('median over 5..6 seeds');
    expect(text).not.toMatch(/\d%\*/);
  });

  it('puts costs last, and the headline first even where it is a cost', () => {
    const result = fakeResult({ metricsOfInterest: ['text.reserved_bytes'] });
    const names = buildComparison(result).rows.map((row) => row.metric.name);
    expect(names[0]).toBe('text.reserved_bytes');
    expect(names.slice(-2)).toEqual(['tlb.remote_flush', 'alloc.failed']);
  });

  it('never folds a metric that an expectation names', () => {
    const twins = FAKE_DESIGNS.slice(0, 1).flatMap((one) => [one, { ...one, name: 'twin' }]);
    const unchanged = (verdict: string): readonly string[] =>
      buildComparison(
        fakeResult({ designs: twins, spread: 0, verdicts: [fakeVerdict(verdict, 'pass', [2, 2])] }),
      ).unchanged.map((row) => row.metric.name);
    expect(unchanged('expect no alloc.failed')).not.toContain('alloc.failed');
    expect(unchanged('expect no text.live_bytes')).toContain('alloc.failed');
  });
});

describe('the address strip', () => {
  it('has 60 slots a line and cuts free lines at the end', () => {
    expect(foldStrip(`${'9'.repeat(61)}${'.'.repeat(143)}`)).toEqual({
      lines: ['9'.repeat(60), `9${'.'.repeat(59)}`],
      freeSlotsCut: 84,
    });
    expect(foldStrip('.'.repeat(504))).toEqual({ lines: ['.'.repeat(60)], freeSlotsCut: 444 });
    expect(foldStrip('H!5')).toEqual({ lines: ['H!5'], freeSlotsCut: 0 });
  });
});

/** Words as a POSIX shell with `$'..'` reads them. */
function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  const bytes: number[] = [];
  let isOpen = false;
  const add = (piece: string): void => {
    bytes.push(...new TextEncoder().encode(piece));
    isOpen = true;
  };
  const pattern = /\\\n|\s+|\$'((?:\\x[0-9a-f]{2}|[^'\\])*)'|'([^']*)'|\\(.)|([^\s'\\$]+)/gsy;
  const close = (): void => {
    if (isOpen) words.push(new TextDecoder().decode(Uint8Array.from(bytes.splice(0))));
    isOpen = false;
  };
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [whole, escaped, single, backslashed, plain] = match;
    if (escaped !== undefined) {
      isOpen = true;
      for (const part of escaped.match(/\\x..|[^\\]/gs) ?? []) {
        bytes.push(part.startsWith('\\x') ? parseInt(part.slice(2), 16) : part.charCodeAt(0));
      }
    } else if (single !== undefined) add(single);
    else if (backslashed !== undefined) add(backslashed);
    else if (plain !== undefined) add(plain);
    else if (whole !== '\\\n') close();
  }
  close();
  return words;
}

describe('the command', () => {
  it.each([
    ['plain', ['xlab', 'run', 'a.xlab', '--seeds', '1..6']],
    ['quotes and blanks', ['xlab', 'run', "it's a file.xlab", '--set', 'x=$(rm) `b` "c"']],
    ['signs outside ASCII', ['xlab', 'run', 'größe\n日本.xlab', '--seeds', '1']],
    ['a long word', ['xlab', 'run', `${'long/'.repeat(60)}a b.xlab`, '--seeds', '1']],
    ['a long value', ['xlab', 'run', 'a', '--set', `x=${"é'".repeat(90)}`, '--expect-hash', 'ab']],
    ['an empty word', ['xlab', 'run', '', '--set', 'x=']],
  ])('reads back to its words: %s', (_, words) => {
    const lines = commandLines(words);
    expect(lines.every((line) => line.length <= 72 && /^[\x20-\x7e]*$/.test(line))).toBe(true);
    expect(shellWords(lines.join('\n'))).toEqual(words);
  });

  it('takes a file that starts with a dash for a file', () => {
    const base = fakeResult();
    const text = renderMailReport({ ...base, scenario: { ...base.scenario, file: '--set' } });
    expect(text).toContain('xlab run ./--set');
    expect(shellWord('a b')).toBe("'a b'");
  });

  it('names files after scenario, hash and content', () => {
    const base = fakeResult();
    const named = (file: string): string =>
      exportFileName({ ...base, scenario: { ...base.scenario, file } }, 'DirectMap4k', 'svg');
    expect(named('scenarios/Fleet churn.xlab')).toBe('fleet-churn-9f3c21d07ab4-directmap4k.svg');
    expect(named('../../')).toBe('scenario-9f3c21d07ab4-directmap4k.svg');
  });
});

describe('the checks before copying', () => {
  const checks = (text: string): readonly string[] => lintReport(text).map(({ check }) => check);

  it.each([
    ['x'.repeat(73), 'width'],
    ['größer', 'charset'],
    ['a\tb', 'charset'],
    ['text ', 'trailing-blank'],
    ['--- a/file', 'line-start'],
    ['---', 'line-start'],
    ['diff --git', 'line-start'],
    ['Index: x', 'line-start'],
    ['From here', 'line-start'],
    ['# x', 'line-start'],
    ['> x', 'line-start'],
    ['Tested-by: me', 'line-start'],
    ['Link: x', 'line-start'],
  ] as const)('%j: %s', (line, check) => {
    expect(checks(`first\n${line}\n`)).toEqual([check]);
    expect(lintReport(`first\n${line}\n`)[0]).toMatchObject({ line: 2, severity: 'error' });
  });

  it('allows what only looks like one', () => {
    for (const line of ['x'.repeat(72), '-'.repeat(72), ' # x', 'Fromage', 'Question: a-b: c']) {
      expect(checks(`${line}\n`)).toEqual([]);
    }
    expect(checks('-- ')).toContain('line-start');
  });

  it('warns above 80,000 characters and refuses above 100,000', () => {
    const sized = (size: number): string => 'x\n'.repeat(size / 2);
    expect(lintReport(sized(REPORT_SIZE_WARNING))).toEqual([]);
    const warned = lintReport(sized(REPORT_SIZE_WARNING + 2));
    expect(warned).toMatchObject([{ check: 'size', severity: 'warning' }]);
    expect(mayCopy(warned)).toBe(true);
    expect(mayCopy(lintReport(sized(REPORT_SIZE_ERROR + 2)))).toBe(false);
  });

  const whole = fakeResult({
    seedCount: 6,
    anchors: [{ id: 'T1', claim: 'c', wanted: 'w', found: 'f', met: true }],
  });
  const found = (
    result: ExperimentResult,
    more: { readonly currentModel?: number; readonly changedInputs?: readonly InputChange[] } = {},
  ): readonly string[] =>
    lintReport(renderMailReport(result), { result, ...more }).map(
      ({ check, severity }) => `${severity} ${check}`,
    );

  it('lets a whole result pass', () => {
    expect(found(whole, { currentModel: 1, changedInputs: [] })).toEqual([]);
  });

  it('forbids copying what is missing, failed, stale or undecided', () => {
    expect(found({ ...whole, runs: whole.runs.slice(1), complete: false })).toEqual([
      'error runs-missing',
    ]);
    const failed = whole.runs.map((run, i) =>
      i === 0 ? { ...run, status: 'overran' as const } : run,
    );
    expect(found({ ...whole, runs: failed })).toEqual(['error runs-failed']);
    expect(found(whole, { currentModel: 2 })).toEqual(['error model']);
    for (const how of ['changed', 'missing', 'unknown'] as const) {
      const changedInputs = [{ path: 'a.csv', how }];
      expect(found(whole, { changedInputs })).toEqual(['error inputs-changed']);
    }
    const open = [fakeVerdict('expect x', 'unknown', [0, 1], 'why')];
    expect(found({ ...whole, verdicts: open })).toEqual(['error expectation-unknown']);
  });

  it('only warns about few seeds and missing anchors', () => {
    const few = fakeResult({ seedCount: 2 });
    expect(found(few)).toEqual(['warning few-seeds', 'warning no-anchor']);
    expect(mayCopy(lintReport(renderMailReport(few), { result: few }))).toBe(true);
  });
});
