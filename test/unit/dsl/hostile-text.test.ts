/** Texts that nobody means well with: a few diagnostics with valid places, never an exception. */
import { describe, expect, it } from 'vitest';
import { createDraws } from '../../support/draws.js';
import type { CheckResult } from '../../../dsl/compile.js';
import { checkScenario } from '../../../dsl/compile.js';
import { renderDiagnostics } from '../../../dsl/render-diagnostic.js';
import { CATALOG, hostOf } from './lab-double.js';

/** Texts of noise; a share of XLAB_FUZZ_TEXTS. */
const NOISE_TEXTS = Number(process.env['XLAB_FUZZ_TEXTS'] ?? 2000) * 0.075;
/** The time that a long run on a slow machine may need. */
const TIMEOUT_MS = 3_600_000;

const HEAD = 'xlab 1\nmachine { ram 8GiB; cpu skl }\ncompare module_alloc\npool p\n';

function checked(text: string): CheckResult {
  const result = checkScenario({ text, file: 'a.xlab' }, CATALOG, hostOf());
  for (const { span, source } of result.diagnostics) {
    const length = source === undefined ? text.length : (result.sources[source]?.length ?? -1);
    if (span === undefined) continue;
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(length);
  }
  expect(result.diagnostics.length).toBeLessThanOrEqual(202);
  renderDiagnostics(result.diagnostics, { file: 'a.xlab', text, sources: result.sources });
  return result;
}

const codes = (text: string): string[] => [
  ...new Set(checked(text).diagnostics.map((found) => found.code)),
];

const chain = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

describe('hostile texts', () => {
  it.each([
    ['an empty text', '', ['X0001']],
    ['nothing but line ends', '\n\r\n\r', ['X0001']],
    ['a line of 10 MB', `xlab 1\n${'a'.repeat(10e6)}`, ['X0006']],
    ['a line just over the bound', `xlab 1\n# ${'a'.repeat(70_000)}`, ['X0006']],
    ['2,000 nested blocks', `${HEAD}phase x { ${'repeat 2 { '.repeat(2000)}`, ['X0006']],
    ['60,000 parentheses', `${HEAD}param a = ${'('.repeat(60_000)}`, ['X0006']],
    ['30,000 operators', `${HEAD}param a = 1${'+1'.repeat(30_000)}`, ['X0006']],
    ['unclosed texts', `${HEAD}title "abc\nquestion "x`, ['X0005']],
    ['a NUL', `${HEAD}pool a\0b\n`, ['X0005']],
    ['a thousand closing braces', HEAD + '}\n'.repeat(1000), ['X0004']],
    ['only a number', '42', ['X0001', 'X0004']],
  ])('answers %s with diagnostics', (_, text, expected) => {
    expect(codes(text)).toEqual(expect.arrayContaining(expected));
  });

  it('shows lone surrogates and wide characters without breaking a line', () => {
    const text = `${HEAD}title "\ud800 日本"\npool \ud83d\ud83d\n\udfff phase x { }\n`;
    expect(codes(text)).toContain('X0005');
    const { diagnostics } = checked(text);
    const shown = renderDiagnostics(diagnostics, { file: 'a', text });
    expect(shown).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });

  it('reads every kind of line end', () => {
    const text = `${HEAD}phase a { load bpf size 64B into p }\n`;
    const hash = checked(text).summary?.scenarioHash;
    expect(hash).toBeDefined();
    expect(checked(text.replaceAll('\n', '\r')).summary?.scenarioHash).toBe(hash);
    expect(checked(text.replaceAll('\n', '\r\n')).summary?.scenarioHash).toBe(hash);
  });

  it('stops at numbers that no machine has', () => {
    const text = `${HEAD}param a = 1e400\nparam b = 1e308 * 1e308
phase x for 1e300h { repeat a { load bpf size 1e999B into p }; repeat b { wait 1ns } }\n`;
    expect(checked(text).summary).toBeUndefined();
  });

  it.each([
    [
      'nested loops',
      'phase x for 1s { for a in 1..999 { for b in 1..999 { load bpf size 1B into p } } }',
    ],
    [
      'workloads that double and do nothing',
      `${chain(40, (i) => `workload w${i}() { run w${i + 1}(); run w${i + 1}() }`)}
workload w40() { }
phase x for 1s { run w0() }`,
    ],
  ])('bounds %s', (_, rest) => {
    expect(codes(HEAD + rest)).toContain('X0412');
  });

  it('computes an argument that doubles at each call once per call', () => {
    const text = `${HEAD}${chain(40, (i) => `workload w${i}(a) { run w${i + 1}(a + a) }`)}
workload w40(a) { repeat a { load bpf size 1B into p } }
phase x for 1s { run w0(1) }`;
    expect(codes(text)).toContain('X0412');
  });

  it('bounds chains of params and of distributions', () => {
    const params = `${chain(500, (i) => `param w${i} = w${i + 1} + w${i + 1}`)}\nparam w500 = 1
phase x for 1s { repeat w0 { load bpf size 1B into p } }`;
    expect(codes(HEAD + params)).toContain('X0006');
    const dists = `${chain(15, (i) => `dist w${i} = choice(50%: w${i + 1}, 50%: w${i + 1})`)}
dist w15 = exp(mean=1s)
phase x for 1s { load bpf size 1B lifetime ~ w0 }`;
    expect(codes(HEAD + dists)).toContain('X0401');
  });

  it('does not lower a sweep that is refused', () => {
    const text = `${HEAD}${chain(30, (i) => `param w${i} = 1\nsweep w${i} over 1, 2, 3, 4, 5, 6`)}
phase x for 1s { load bpf size 64B into p }`;
    expect(codes(text)).toContain('X0412');
  });

  it('knows no name that JavaScript objects happen to have', () => {
    const text = `${HEAD}phase x for 1s { load bpf size 1B into constructor; run toString() }
expect hasOwnProperty == 0\nprobe at end: valueOf\n`;
    expect(codes(text)).toEqual(['X0203', 'X0201']);
    const own = `${HEAD}pool __proto__, constructor
phase x for 1s { load bpf size 1B into __proto__; load bpf size 1B into constructor }\n`;
    expect(codes(own)).toEqual(['X0203']);
  });

  it('survives noise of bytes and of any characters', { timeout: TIMEOUT_MS }, () => {
    const draws = createDraws(7);
    for (let round = 0; round < NOISE_TEXTS; round += 1) {
      const most = [128, 256, 0x10000][round % 3] ?? 128;
      const noise = Array.from({ length: 400 }, () => String.fromCharCode(draws.below(most)));
      const { summary } = checked((round % 2 === 0 ? HEAD : '') + noise.join(''));
      expect(summary).toBeUndefined();
    }
  });

  it('reports as many mistakes as there are, in time that grows with the text', () => {
    const bad = (count: number): string =>
      `${HEAD}phase x for 1s {\n${'  load bpf sise 64B into p\n'.repeat(count)}}\n`;
    for (const count of [1, 6, 40]) {
      expect(checked(bad(count)).diagnostics.filter(({ code }) => code === 'X0004').length).toBe(
        count,
      );
    }
  });
});
