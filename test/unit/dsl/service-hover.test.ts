/** Hover: what a word is, with the figures that a reader wants. */
import { describe, expect, it } from 'vitest';
import { hoverAt } from '../../../dsl/service/index.js';
import { withCaret } from './service-caret.js';

const TEXT = `xlab 1
use "std/sizes.xlab" as sizes
# half of the programs
# are small
dist bpf_size = quantiles(0%: 64B, 50%: 500B, 100%: 64KiB)
param churn = 40/s in 1/s..80/s "programs per second"
machine { ram 8GiB; cpu golden_cove; free_memory fresh }
allocator big = execmem_rox { cache 8MiB }
compare module_alloc, big
pool progs
import ev from "t.txt" format ftrace
workload reload(times) { repeat times { load module sizes.nic into progs; wait 1ms } }
phase boot for 10s {
  every 1s { load bpf size ~ bpf_size into progs }
  let m = load module sizes.nic
  for i in 1..3 { mark "one"; run reload(i) }
  unload m
  replay ev speed 100x
  execute 5e6/s { kernel weight 100%, hot 2MiB }
}
probe every 100ms: text.waste_pct
expect p99(text.waste_pct) < 60% in boot for big
`;

/** The hover of the nth occurrence of a word in the text. */
function hover(word: string, nth = 0, inside = 1): string | undefined {
  let at = -1;
  for (let count = 0; count <= nth; count += 1) at = TEXT.indexOf(word, at + 1);
  if (at < 0) throw new Error(`no ${word}`);
  const { document, offset } = withCaret(
    `${TEXT.slice(0, at + inside)}^${TEXT.slice(at + inside)}`,
  );
  const found = hoverAt(document, offset);
  if (found !== undefined) {
    expect(found.span.start).toBeLessThanOrEqual(offset);
    expect(found.span.end).toBeGreaterThanOrEqual(offset);
  }
  return found?.text;
}

describe('hover', () => {
  it('tells unit, direction and counterpart of a metric', () => {
    expect(hover('text.waste_pct')).toContain('gauge, share, lower is better');
    expect(hover('text.waste_pct', 1)).toContain('On a real machine: no counterpart');
  });

  it('tells idea and options of a design, and of an allocator what it is made of', () => {
    expect(hover('module_alloc')).toContain('- `guard_page`: on or off; default on');
    expect(hover('execmem_rox')).toContain('`cache`: a size from 64KiB to 64MiB; default 2MiB');
    expect(hover('big', 2)).toContain('allocator big = execmem_rox { cache 8MiB }');
    expect(hover('big', 2)).toContain('**execmem_rox**');
  });

  it('shows a distribution with mean, percentiles and a histogram', () => {
    const text = hover('bpf_size', 1) ?? '';
    expect(text).toContain('dist bpf_size = quantiles');
    expect(text).toContain('half of the programs\nare small');
    expect(text).toMatch(/mean 16\.2\dKiB, p50 5\d\d.*B, p99 62\.\d+KiB/);
    expect(text).toMatch(/[▁▂▃▄▅▆▇█]{16}/);
    expect(hover('quantiles')).toContain('straight lines between points');
    expect(hover('quantiles')).toMatch(/p99/);
  });

  it('shows quantities in other units', () => {
    expect(hover('64KiB')).toBe('64KiB = 65,536 bytes = 64KiB, 16 pages of 4 KiB');
    expect(hover('100ms')).toBe('100ms = 100,000,000 ns = 0.1 s = 100ms');
    expect(hover('40/s')).toBe('40/s = 40/s = 2400/min, one each 25ms');
    expect(hover('60%')).toBeUndefined();
  });

  it('shows a param with its help and its value', () => {
    expect(hover('churn')).toContain('programs per second\n\nvalue 40/s');
  });

  it('tells what a phase is expected to do', () => {
    expect(hover('boot', 1)).toContain('about 20 requests in 10s');
  });

  it('shows where names of used files come from', () => {
    expect(hover('nic', 0)).toContain('module nic { text 184KiB; rodata 42KiB; data 28KiB }');
    expect(hover('sizes', 1)).toContain('names of std/sizes.xlab');
  });

  it('explains handles, variables, arguments, marks and imports', () => {
    expect(hover('m\n', 0, 0)).toBeDefined();
    expect(hover('unload m', 0, 7)).toContain('let m = load module sizes.nic');
    expect(hover('reload(i)', 0, 7)).toContain('variable of a `for`');
    expect(hover('repeat times', 0, 8)).toContain('argument of this workload');
    expect(hover('"one"', 0, 2)).toBe('mark "one"');
    expect(hover('replay ev', 0, 7)).toContain('import ev from "t.txt" format ftrace');
  });

  it('explains keywords, keys, rows, profiles, formats and functions', () => {
    expect(hover('every 1s')).toContain('every D { STATEMENTS }');
    expect(hover('phase boot')).toContain('phase NAME');
    expect(hover('free_memory')).toContain('where free pages lie at the start');
    expect(hover('golden_cove')).toContain('Golden Cove\n\nAlso: glc, sapphire_rapids');
    expect(hover('hot 2MiB')).toContain('part of it in use');
    expect(hover('ftrace')).toContain('**ftrace**');
    expect(hover('p99(')).toContain('99th percentile of the samples');
    expect(hover('cache')).toContain('default 2MiB');
  });

  it('says nothing about signs, blanks and comments', () => {
    expect(hover('{')).toBeUndefined();
    expect(hover('# half', 0, 3)).toBeUndefined();
  });
});
