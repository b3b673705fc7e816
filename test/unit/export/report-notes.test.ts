/** Comments above declarations in reports: all of them in Markdown, those of broken claims in the mail. */
import { describe, expect, it } from 'vitest';
import { joinResults } from '../../../src/analysis/join-results.js';
import { renderMailReport } from '../../../src/export/report-mail.js';
import { markdownText, renderMarkdownReport } from '../../../src/export/report-markdown.js';
import { checkResult } from '../../../src/app/check-result.js';
import { renderJson } from '../../../src/export/result-json.js';
import type { ExperimentResult } from '../../../src/contract/run-result.js';
import { fakeResult, fakeVerdict } from '../../support/fake-result.js';

const NOTES = [
  { about: 'phase steady', line: 40, text: 'five minutes\n  as in the | field' },
  { about: 'expect no alloc.failed', line: 81, text: 'users notice: ünïcode' },
  { about: 'warn if max(vmap.holes) > 9', line: 82, text: 'said '.repeat(200) },
  { about: 'expect text.pte_4k < 9', line: 83, text: 'holds, so nobody asks' },
];
const BASE = fakeResult({
  verdicts: [
    fakeVerdict('expect no alloc.failed', 'fail', [7, 8], '3, not 0'),
    { ...fakeVerdict('warn if max(vmap.holes) > 9', 'warn', [1, 8], '12'), line: 82 },
    { ...fakeVerdict('expect text.pte_4k < 9', 'pass', [8, 8]), line: 83 },
  ],
});
const RESULT: ExperimentResult = { ...BASE, scenario: { ...BASE.scenario, notes: NOTES } };

describe('notes of a scenario in a report', () => {
  it('stand in Markdown, each with its declaration', () => {
    const text = renderMarkdownReport(RESULT);
    expect(text).toContain(
      '## Notes of the scenario\n\n- phase steady: five minutes as in the \\| field\n',
    );
    for (const { about } of NOTES) expect(text).toContain(`- ${markdownText(about)}: `);
    expect(renderMarkdownReport(BASE)).not.toContain('Notes');
  });

  it('follow a claim in the mail that does not simply hold, in three lines at most', () => {
    const lines = renderMailReport(RESULT).split('\n');
    const at = lines.findIndex((line) => line.startsWith('  fail  no alloc.failed'));
    expect(lines.slice(at, at + 3)).toEqual([
      '  fail  no alloc.failed                                         7/8 runs',
      '          3, not 0',
      '          note: users notice: unicode',
    ]);
    expect(lines.filter((line) => /^ {10}(?:note: )?said /.test(line)).length).toBe(3);
    expect(lines.join('\n')).not.toContain('nobody asks');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(72);
  });

  it('are part of result.json, and of no result of two scenarios', () => {
    expect(checkResult(renderJson(RESULT)).result).toEqual(RESULT);
    const parts = [RESULT, BASE].map((result, i) => ({
      name: `r${String(i)}`,
      result,
      command: ['xlab', 'run', 'a.xlab'],
    }));
    const [a, b] = parts;
    if (a === undefined || b === undefined) throw new Error('two parts');
    expect(joinResults([a, b], 'ab'.repeat(32)).result.scenario.notes).toBeUndefined();
  });
});
