/**
 * Parsing and checking of long scenarios, beside a plain loop that only cuts the same text into words:
 * what the editor does on every key press.
 */
import { assert } from '../base/assert.js';
import { compileScenario } from '../app/compile-scenario.js';
import { medianTimeNs, type BenchClocks, type BenchRow } from './measure.js';

const HEAD = `xlab 1
machine { ram 8GiB; cpus 4; cpu skylake_sp; kernel "6.12" }
compare module_alloc, bpf_prog_pack
pool progs
`;

/** A valid scenario of exactly this many lines, at least 10. */
export function longScenario(lines: number): string {
  const text: string[] = HEAD.trimEnd().split('\n');
  while (text.length + 6 <= lines - 1) {
    const name = `p${String(text.length)}`;
    text.push(
      `phase ${name} for 10s {`,
      '  repeat 3 { load bpf size ~ exp(mean=900B, max=64KiB) into progs }',
      '  at 2s { free 10% oldest of progs }',
      '  at 4s { poke 2 random of progs }',
      '}',
      `expect max(text.pte_4k) <= 4096 in ${name}`,
    );
  }
  while (text.length < lines - 1) text.push('# a comment');
  text.push('probe every 1s: text.pte_4k, DirectMap4k');
  return `${text.join('\n')}\n`;
}

/** Words of a text: the least that any reader of it does. */
export function plainWords(text: string): number {
  let words = 0;
  for (const _match of text.matchAll(/[A-Za-z_][\w.]*|[\d.]+[A-Za-z%]*|\S/g)) words += 1;
  return words;
}

const NANOSECONDS_PER_MS = 1e6;

/** One row a length. */
export function benchLanguage(
  lengths: readonly number[],
  { clocks, runs }: { readonly clocks: BenchClocks; readonly runs: number },
): readonly BenchRow[] {
  return lengths.map((lines) => {
    const text = longScenario(lines);
    const request = { file: 'bench.xlab', folder: '/', text, settings: {}, seeds: '', only: [] };
    const { plan, diagnostics } = compileScenario(request);
    assert(plan !== undefined, () => diagnostics[0]?.message ?? 'the long scenario is valid');
    const time = (work: () => unknown): number =>
      medianTimeNs(clocks.cpuNs, runs, () => void work()) / NANOSECONDS_PER_MS;
    return {
      group: 'parse, check and compile',
      what: `${String(lines)} lines`,
      value: time(() => compileScenario(request)),
      unit: 'ms',
      reference: time(() => plainWords(text)),
      against: 'cutting the text into words',
    };
  });
}
