/** Every code has a page whose examples do what the page says. */
import { describe, expect, it } from 'vitest';
import { CODES } from '../../../dsl/diagnostics/catalogue.js';
import { EXPLAIN_PAGES, explainCode } from '../../../dsl/explain/index.js';
import { caseText, checkCase } from './message-cases.js';

/** The scenario of an example, which says itself where it starts with the first line. */
const textOf = (lines: string): string =>
  caseText(/^xlab 1/m.test(lines) ? `%raw\n${lines}\n${tail}` : lines);

const tail = `machine { ram 8GiB; cpu skl }
compare module_alloc
phase steady for 10s { load bpf size 1KiB lifetime 1s }`;

describe('explain pages', () => {
  it('exist for every code and no other', () => {
    expect(EXPLAIN_PAGES.entries.map((page) => page.code).sort()).toEqual(
      CODES.map((info) => info.code).sort(),
    );
  });

  for (const { code, atRunTime } of CODES) {
    it(`shows with ${code} an example that brings it up and one that does not`, () => {
      const page = EXPLAIN_PAGES.entries.find((entry) => entry.code === code);
      if (page === undefined) throw new Error('no page');
      const wrong = checkCase(textOf(page.wrong)).diagnostics;
      const right = checkCase(textOf(page.right)).diagnostics;
      if (atRunTime) expect(wrong).toEqual([]);
      else expect(wrong.map((found) => found.code)).toContain(code);
      expect(right).toEqual([]);
      expect(page.wrong).not.toBe(page.right);
    });

    it(`prints the page of ${code} within 72 columns`, () => {
      const text = explainCode(code) ?? '';
      expect(text.startsWith(`${code}: `)).toBe(true);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(72);
    });
  }

  it('finds a page whatever the case of the code, and none for a code that does not exist', () => {
    expect(explainCode('x0103')).toBe(explainCode('X0103'));
    expect(explainCode(' X0103 ')).toBe(explainCode('X0103'));
    expect(explainCode('X9999')).toBeUndefined();
    expect(explainCode('')).toBeUndefined();
  });
});
