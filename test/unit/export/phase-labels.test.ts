/** Names of phases in an exported picture: whole over the band, else by number in the list under the plot. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phaseLabels } from '../../../src/export/phase-labels.js';

type Part = readonly [name: string, seconds: number, discard?: boolean];

/** Bands of these lengths, side by side. */
function phases(parts: readonly Part[]) {
  let startSeconds = 0;
  return parts.map(([name, seconds, discard = false]) => {
    const phase = { name, startSeconds, endSeconds: startSeconds + seconds, discard };
    startSeconds += seconds;
    return phase;
  });
}
const inSeconds = (seconds: number): string => `${String(seconds)} s`;
/** At ten pixels a second. */
const labelsOf = (...parts: readonly Part[]) => phaseLabels(phases(parts), 10, inSeconds);

describe('names of phases over an exported chart', () => {
  it('stand in one line where the band has room, also that a phase is not counted', () => {
    expect(labelsOf(['boot', 20, true], ['steady', 20])).toEqual({
      texts: ['boot (not counted)', 'steady'],
      legend: [],
    });
  });

  it('stand in two lines where one has no room, broken between words', () => {
    expect(labelsOf(['boot', 12, true], ['load-all-programs', 12], ['one two', 6]).texts).toEqual([
      'boot\n(not counted)',
      'load-all-\nprograms',
      'one two',
    ]);
  });

  it('leave to the list under the plot what has no room, by number', () => {
    expect(labelsOf(['boot', 5, true], ['storm_of_loads', 2], ['steady', 20])).toEqual({
      texts: ['boot', '2', 'steady'],
      legend: ['boot (not counted)', '2 storm_of_loads'],
    });
  });

  it('have the start of the phase in the list where not even a number has room', () => {
    expect(labelsOf(['steady', 20], ['blink', 0.1])).toEqual({
      texts: ['steady', ''],
      legend: ['at 20 s: blink'],
    });
  });

  it('are never lost, and never wider than their bands', () => {
    const part = fc.tuple(
      fc.stringMatching(/^[a-z]{1,9}([ _-][a-z]{1,9}){0,2}$/),
      fc.double({ min: 0.05, max: 40, noNaN: true }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 30 }), (parts) => {
        const all = phases(parts);
        const { texts, legend } = phaseLabels(all, 10, inSeconds);
        all.forEach(({ name, startSeconds, endSeconds }, i) => {
          const text = texts[i] ?? '';
          const whole = text.replace(/-\n/g, '-').replace(/_\n/g, '_').replace(/\n/g, ' ');
          expect(`${whole} | ${legend.join(' | ')}`).toContain(name);
          const longest = Math.max(...text.split('\n').map((line) => line.length));
          expect(longest * 7).toBeLessThanOrEqual((endSeconds - startSeconds) * 10);
        });
      }),
      { numRuns: 50 },
    );
  });
});
