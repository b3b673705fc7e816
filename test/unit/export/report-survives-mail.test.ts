import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMailReport } from '../../../src/export/report-mail.js';
import { renderMarkdownReport } from '../../../src/export/report-markdown.js';
import { renderShortReport } from '../../../src/export/report-short.js';
import { exporterRegistry } from '../../../src/export/index.js';
import { FAKE_DESIGNS, fakeResult } from '../../support/fake-result.js';
import { buildComparison, worstRegression } from '../../../src/analysis/comparison.js';
import { COLUMN_DESIGN_COUNT_MAX, columnTable } from '../../../src/export/mail-table.js';
import { wideRows, wideTable } from '../../../src/export/mail-wide-table.js';
import { randomResult } from './random-result.js';

const SAMPLE = { seed: 20221107, numRuns: 40 };

/** Written from the list of patterns in the report's specification, not from its code. */
const FORBIDDEN: readonly RegExp[] = [
  /^-- ?$/,
  /^---$/,
  /^--- /,
  /^diff -/,
  /^Index: /,
  /^From /,
  /^#/,
  /^>/,
  /^[A-Z][a-z]+(-[a-z]+)+:/,
  /^(Link|Fixes|Closes):/,
];

function expectSurvives(text: string): void {
  expect(text.endsWith('\n')).toBe(true);
  expect(text.endsWith('\n\n')).toBe(false);
  for (const line of text.slice(0, -1).split('\n')) {
    expect(line.length, line).toBeLessThanOrEqual(72);
    expect(`> > > > ${line}`.length).toBeLessThanOrEqual(80);
    expect(line).toMatch(/^[\x20-\x7e]*$/);
    expect(line).toBe(line.trimEnd());
    for (const pattern of FORBIDDEN) expect(line).not.toMatch(pattern);
    expect(line).not.toMatch(/\b(?:NaN|Infinity|undefined|null)\b|\d[eE][+-]?\d+(?![\w.])/);
  }
}

/** Lines of the table below its rule, up to the next blank line. */
function tableRows(text: string, head: RegExp): readonly string[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => head.test(line));
  if (start < 0) return [];
  const ruleAt = lines.findIndex((line, i) => i > start && /^-{72}$/.test(line));
  const end = lines.findIndex(
    (line, i) => i > ruleAt && !/^(?:\S.{70}|\S.*(?:=|%|\d)\*?)$/.test(line),
  );
  return lines.slice(ruleAt + 1, end);
}

describe('any report', () => {
  it('keeps to 72 columns of ASCII, no forbidden line start and no number that is none', () => {
    fc.assert(
      fc.property(randomResult, (result) => {
        expectSurvives(renderMailReport(result));
      }),
      SAMPLE,
    );
  });

  it('does so in the short form', () => {
    fc.assert(
      fc.property(randomResult, (result) => {
        expectSurvives(renderShortReport(result));
      }),
      SAMPLE,
    );
  });

  it('prints no NaN and no infinity in Markdown, and as many cells in each row of a table', () => {
    fc.assert(
      fc.property(randomResult, (result) => {
        const text = renderMarkdownReport(result);
        expect(text).not.toMatch(/\bNaN\b|Infinity|undefined/);
        let cells = 0;
        for (const line of text.split('\n')) {
          const count = line.startsWith('| ') ? line.split(/(?<!\\)\|/).length : 0;
          if (cells !== 0 && count !== 0) expect(count, line).toBe(cells);
          cells = count;
        }
      }),
      SAMPLE,
    );
  });

  it('says SIMULATION, hash, model, seeds, limits and one command with --expect-hash', () => {
    fc.assert(
      fc.property(randomResult, (result) => {
        const text = renderMailReport(result);
        for (const part of ['SIMULATION', 'scenario 9f3c21d07ab4', 'model 1', 'Not modelled: ']) {
          expect(text).toContain(part);
        }
        expect(text.match(/--expect-hash 9f3c21d07ab4/g)).toHaveLength(1);
        expect(text).toMatch(/^seeds 1|  seeds 1/m);
      }),
      SAMPLE,
    );
  });

  it('stands in the same columns in every row of the comparison', () => {
    for (const count of [2, 3]) {
      const result = fakeResult({ designs: FAKE_DESIGNS.slice(0, count), seedCount: 6 });
      const rows = tableRows(renderMailReport(result), /^metric +want +A/);
      expect(rows.length).toBeGreaterThan(5);
      const ends = [38, ...Array.from({ length: count - 1 }, (_, i) => 47 + 17 * i)];
      for (const row of rows) {
        expect(row.slice(25, 30)).toMatch(/^(?:low  |high |-    )$/);
        for (const end of ends) {
          expect(row.charAt(end - 1), row).toMatch(/[\d-]/);
          expect(row.charAt(end), row).toBe(' ');
        }
      }
    }
  });

  it('keeps its columns whatever the numbers: designs as columns', () => {
    let seen = 0;
    fc.assert(
      fc.property(randomResult, (result) => {
        const table = buildComparison(result);
        if (table.designs.length > COLUMN_DESIGN_COUNT_MAX) return;
        const ends = [38, ...table.designs.slice(1).map((_, i) => 47 + 17 * i)];
        const [, , ...rows] = columnTable(table);
        seen += rows.length;
        for (const row of rows) {
          expect(row.charAt(24), row).toBe(' ');
          expect(row.slice(25, 30)).toMatch(/^(?:low  |high |-    )$/);
          for (const end of ends) {
            expect(row.charAt(end - 1), row).toMatch(/[\d-]/);
            // A blank stands before the next value or difference, and before a value of its own.
            expect(row.charAt(end), row).toMatch(/^ ?$/);
            if (end > 38) expect(row.charAt(end - 9), row).toBe(' ');
          }
        }
      }),
      SAMPLE,
    );
    expect(seen).toBeGreaterThan(50);
  });

  it('keeps its columns whatever the numbers: designs as rows', () => {
    let seen = 0;
    fc.assert(
      fc.property(randomResult, (result) => {
        const table = buildComparison(result);
        if (table.designs.length <= COLUMN_DESIGN_COUNT_MAX) return;
        const lines = wideTable(table, wideRows(table, result.scenario.metricsOfInterest));
        const head = lines.findIndex((line) => /^want /.test(line));
        const ends = [...(lines[head] ?? '').matchAll(/(?:low|high|-)(?= |$)/g)].map(
          (match) => match.index + match[0].length,
        );
        for (const line of lines.slice(head + 2)) {
          const cells = ends.map((end, i) => line.slice(ends[i - 1] ?? 20, end));
          for (const cell of cells) expect(cell, line).toMatch(/^ +(?:|[^ ]+ ?)$/);
          seen += 1;
        }
      }),
      SAMPLE,
    );
    expect(seen).toBeGreaterThan(50);
  });

  it('names a metric that moved the wrong way wherever one did', () => {
    fc.assert(
      fc.property(randomResult, (result) => {
        const table = buildComparison(result);
        const all = buildComparison(result, { allMetrics: true });
        const isWorse = (row: (typeof all.rows)[number]): boolean => worstRegression(row) > 0;
        if (!all.rows.some(isWorse)) return;
        const shown =
          table.designs.length <= COLUMN_DESIGN_COUNT_MAX
            ? table.rows
            : wideRows(table, result.scenario.metricsOfInterest);
        expect(shown.some(isWorse)).toBe(true);
      }),
      SAMPLE,
    );
  });

  it('ends with a newline in every form that a terminal may print', () => {
    const result = fakeResult();
    for (const exporter of exporterRegistry.entries) {
      expect(exporter.render(result), exporter.name).toMatch(/[^\n]\n$/);
    }
    expect(renderMailReport(result, { unicode: true })).toMatch(/[^\n]\n$/);
  });

  it('has the length that a mail can carry', () => {
    const text = renderMailReport(fakeResult({ seedCount: 8 }), { without: ['causes'] });
    const lines = text.split('\n').length;
    expect(lines).toBeGreaterThanOrEqual(45);
    expect(lines).toBeLessThanOrEqual(76);
    expect(text.length).toBeLessThan(5000);
  });
});

/** Quoted-printable as RFC 2045 has it: `=` escaped, soft breaks at 76 columns. */
function quotedPrintable(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const escaped = line.replace(/=/g, '=3D').replace(/[ \t]$/, '=20');
      const parts: string[] = [];
      let rest = escaped;
      while (rest.length > 76) {
        const cut = /=[0-9A-F]?$/.test(rest.slice(0, 75)) ? 73 : 75;
        parts.push(`${rest.slice(0, cut)}=`);
        rest = rest.slice(cut);
      }
      return [...parts, rest].join('\r\n');
    })
    .join('\r\n');
}

const decodeQuotedPrintable = (text: string): string =>
  text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\r\n/g, '\n');

/** What a mail program does to a body: flowed off, `From ` escaped by the mailbox, signature cut. */
const throughMailbox = (text: string): string => {
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    if (line === '-- ') break;
    kept.push(line.startsWith('From ') ? `>${line}` : line);
  }
  return kept.map((line) => line.trimEnd()).join('\n');
};

describe('the report on its way through a mailing list', () => {
  it('comes back unchanged from encoding, decoding, four quotes and stripping them', () => {
    fc.assert(
      fc.property(randomResult, (result) => {
        const report = renderMailReport(result);
        const received = throughMailbox(decodeQuotedPrintable(quotedPrintable(report)));
        const quoted = received.split('\n').map((line) => `> > > > ${line}`.trimEnd());
        expect(quoted.every((line) => line.length <= 80)).toBe(true);
        const stripped = quoted.map((line) => line.replace(/^(?:> ?){4}/, '')).join('\n');
        expect(stripped).toBe(report);
        const base64 = Buffer.from(report, 'ascii').toString('base64');
        expect(Buffer.from(base64, 'base64').toString('ascii')).toBe(report);
      }),
      { ...SAMPLE, numRuns: 20 },
    );
  });
});
