/** The scenario hash covers what a run depends on and nothing else. */
import { describe, expect, it } from 'vitest';
import { checkScenario, type ScenarioText } from '../../../dsl/compile.js';
import { CATALOG, EXAMPLES, example, hostOf } from './lab-double.js';

const BASE = `xlab 1
title "one"
param n = 4 in 1..8 "how many"
param size = 1.5KiB
pool a, b
machine { ram 8GiB; cpu skl }
compare module_alloc, execmem_rox
phase steady for 10s {
  repeat n { load bpf size size into a; load bpf size 64B into b }
}
expect no alloc.failed
`;

/** The base with the lines of one declaration behind those of another. */
function movedBehind(word: string, other: string): string {
  const part = (start: string): string =>
    new RegExp(`^${start}[^]*?\\n(?=[a-z])`, 'm').exec(`${BASE}end`)?.[0] ?? '';
  return BASE.replace(part(word), '').replace(part(other), `${part(other)}${part(word)}`);
}

function hashOf(text: string, more: Partial<ScenarioText> = {}, files = {}): string {
  const { diagnostics, summary } = checkScenario(
    { text, file: 'a.xlab', ...more },
    CATALOG,
    hostOf(files),
  );
  expect(diagnostics.filter((found) => found.severity === 'error')).toEqual([]);
  return summary?.scenarioHash ?? '';
}

const base = hashOf(BASE);

const SAME: readonly (readonly [string, string])[] = [
  ['comments', BASE.replace('pool a, b', '# the pools\npool a, b # two of them')],
  ['blank lines', BASE.replaceAll('\n', '\n\n')],
  ['carriage returns', BASE.replaceAll('\n', '\r\n')],
  ['indentation', BASE.replace('  repeat', '\t\t      repeat')],
  ['the title', BASE.replace('"one"', '"two"')],
  ['a question', BASE.replace('title "one"', 'question "why?"')],
  ['help of a param', BASE.replace(' "how many"', '')],
  ['another unit of the same size', BASE.replace('1.5KiB', '1536B')],
  ['another unit of the same time', BASE.replace('for 10s', 'for 10_000ms')],
  ['the order of declarations', BASE.replace('pool a, b\n', '').concat('pool b\npool a\n')],
  ['the order of phases among other declarations', movedBehind('phase', 'expect')],
  ['sizes written short', BASE.replace('8GiB', '8G')],
  ['digits in groups', BASE.replace('param n = 4', 'param n = 0_4')],
  ['statements on lines of their own', BASE.replace('; load', '\n    load')],
  ['a byte order mark', `\uFEFF${BASE}`],
];

const DIFFERENT: readonly (readonly [string, string])[] = [
  ['a size', BASE.replace('64B', '65B')],
  ['a name of a pool', BASE.replaceAll(' b\n', ' c\n').replaceAll('into b', 'into c')],
  ['a value of a param', BASE.replace('= 4 in', '= 5 in')],
  ['the duration', BASE.replace('10s', '11s')],
  ['a design', BASE.replace(', execmem_rox', '')],
  ['the order of designs', BASE.replace('module_alloc, execmem_rox', 'execmem_rox, module_alloc')],
  ['an expectation', BASE.replace('expect no alloc.failed\n', '')],
  ['the order of statements', BASE.replace(/(load [^;]*); (load [^}]*) }/, '$2; $1 }')],
  ['the baseline', BASE.replace('execmem_rox\n', 'execmem_rox baseline execmem_rox\n')],
  ['a limit', `${BASE}limit time 20s\n`],
  ['a probe', `${BASE}probe at end: text.pte_4k\n`],
  ['a machine key', BASE.replace('cpu skl', 'cpu skl; cpus 4')],
  ['a phase to discard', BASE.replace('for 10s {', 'for 10s discard {')],
  ['seeds', `${BASE}seeds 1..3\n`],
];

describe('the scenario hash', () => {
  for (const [what, text] of SAME) {
    it(`does not depend on ${what}`, () => {
      expect(text).not.toBe(BASE);
      expect(hashOf(text)).toBe(base);
    });
  }

  for (const [what, text] of DIFFERENT) {
    it(`depends on ${what}`, () => {
      expect(text).not.toBe(BASE);
      expect(hashOf(text)).not.toBe(base);
    });
  }

  it('depends on the values given with --set, not on their order', () => {
    const one = hashOf(BASE, { settings: { n: '5', size: '2KiB' } });
    expect(one).not.toBe(base);
    expect(hashOf(BASE, { settings: { size: '2KiB', n: '5' } })).toBe(one);
  });

  it('depends on the seeds given with --seeds', () => {
    expect(hashOf(BASE, { seeds: '1..5' })).not.toBe(base);
    expect(hashOf(BASE, { seeds: '1' })).toBe(base);
  });

  it('does not depend on the name of the file or on the designs that --only picks', () => {
    expect(hashOf(BASE, { file: 'elsewhere/b.xlab' })).toBe(base);
    expect(hashOf(BASE, { only: ['execmem_rox'] })).toBe(base);
  });

  it('depends on the text of used files and on the content of data files', () => {
    const text = `${BASE}use "lib.xlab" as lib\nphase last { load module lib.m into a }\n`;
    const lib = 'xlab 1\nmodule m { text 4KiB }\n';
    const one = hashOf(text, {}, { 'lib.xlab': lib });
    expect(hashOf(text, {}, { 'lib.xlab': lib.replace('4KiB', '8KiB') })).not.toBe(one);
    const drawn = `${BASE}phase last { load bpf size ~ empirical("s.csv") into a }\n`;
    expect(hashOf(drawn, {}, { 's.csv': 'size\n1\n2\n' })).not.toBe(
      hashOf(drawn, {}, { 's.csv': 'size\n1\n3\n' }),
    );
  });

  it('depends on the order of phases', () => {
    const [first, second] = ['phase first { wait 1s }\n', 'phase second { wait 1s }\n'];
    expect(hashOf(BASE + first + second)).not.toBe(hashOf(BASE + second + first));
  });

  it('depends on the SHA-256 of imported files', () => {
    const text = `${BASE}import layout from "areas.txt" format vmallocinfo
phase last { start from layout }
`;
    const hashWith = (sha256: string): string | undefined => {
      const host = hostOf();
      const readImport: typeof host.readImport = (request) => {
        const reply = host.readImport(request);
        return reply.data === undefined ? reply : { ...reply, data: { ...reply.data, sha256 } };
      };
      return checkScenario({ text, file: 'a.xlab' }, CATALOG, { ...host, readImport }).summary
        ?.scenarioHash;
    };
    const one = hashWith('a'.repeat(64));
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(hashWith('a'.repeat(64))).toBe(one);
    expect(hashWith('b'.repeat(64))).not.toBe(one);
  });

  it('depends on the model version', () => {
    const { summary } = checkScenario(
      { text: BASE, file: 'a.xlab' },
      { ...CATALOG, modelVersion: CATALOG.modelVersion + 1 },
      hostOf(),
    );
    expect(summary?.scenarioHash).not.toBe(base);
  });

  it('differs between all examples', () => {
    const hashes = EXAMPLES.map((name) => hashOf(example(name)));
    expect(new Set(hashes).size).toBe(EXAMPLES.length);
  });
});
