import { describe, expect, it } from 'vitest';
import { wrapWords } from '../../../src/export/mail-text.js';

describe('wrapped words', () => {
  it.each([
    ['at most 4000 live; 5e6 fetches/s;', '5e6 fetches/s;'],
    ['the largest hole is 16256 KiB, then', '16256 KiB,'],
    ['walks are 107.9 thousand in A', '107.9 thousand'],
    ['a day of tracing, 6 designs', '6 designs'],
    ['interval of 38.2..43.9 MiB (paired)', '38.2..43.9 MiB'],
    ['with the run of seed 14, phase x', 'seed 14,'],
    ['rates of 8 /s and more', '8 /s'],
  ])('keep number and unit together at every width: %s', (text, pair) => {
    const longest = Math.max(pair.length, ...text.split(' ').map((word) => word.length));
    for (let width = longest; width <= text.length; width += 1) {
      const lines = wrapWords(text, width);
      expect(lines.some((line) => line.includes(pair))).toBe(true);
      expect(lines.join(' ')).toBe(text);
      expect(lines.every((line) => line.length <= width)).toBe(true);
    }
  });

  it('break a pair that no line can hold', () => {
    expect(wrapWords('1234567 thousand', 10)).toEqual(['1234567', 'thousand']);
  });

  it('do not tie a number to any word', () => {
    expect(wrapWords('of 12 designs that ran 3 won', 12)).toEqual([
      'of',
      '12 designs',
      'that ran 3',
      'won',
    ]);
  });

  it('have a first line of its own width', () => {
    expect(wrapWords('aa bb cc dd', 8, 5)).toEqual(['aa bb', 'cc dd']);
  });
});
