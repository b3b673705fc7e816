/** Handles: what is released on some path only is no mistake; on every path it is. */
import { describe, expect, it } from 'vitest';
import { checkScenario } from '../../../dsl/compile.js';
import { CATALOG, hostOf } from './lab-double.js';

/** Findings as `code text`. */
function found(body: string): string[] {
  const text = `xlab 1
machine { ram 8GiB; cpu skl }
compare module_alloc
param n = 1
phase steady for 10s {
  if n == 1 { wait 1ms }
  let h = load bpf size 1KiB
  ${body}
}
`;
  const { diagnostics } = checkScenario({ text, file: 'a' }, CATALOG, hostOf());
  return diagnostics.map(({ code, span }) => `${code} ${text.slice(span?.start, span?.end)}`);
}

describe('a handle', () => {
  it.each([
    ['in both branches of a choice', 'if n == 1 { free h } else { free h }'],
    ['in the branch that is not taken, and behind it', 'if n == 2 { free h }; free h'],
    ['in a loop that runs once', 'repeat 1 { free h }'],
    ['in a loop that never runs, and behind it', 'repeat 0 { free h }; free h'],
    ['in the loop that creates it', 'free h; repeat 3 { let k = load bpf size 1KiB; free k }'],
    ['by one of several, in a loop', 'repeat 3 { mix { 50%: free h; rest: wait 1ms } }'],
    ['beside other threads', 'parallel { branch a { free h } branch b { poke h } }'],
  ])('may be released %s', (_, body) => {
    expect(found(body)).toEqual([]);
  });

  it.each([
    ['in the branch that is taken, and behind it', 'if n == 1 { free h }; free h', 'X0301 h'],
    ['in a loop', 'repeat n + 1 { free h }', 'X0301 h'],
    ['for each value', 'for i in 1..2 { free h }', 'X0301 h'],
  ])('must not be released twice: %s', (_, body, expected) => {
    expect(found(body)).toEqual([expected]);
  });
});
