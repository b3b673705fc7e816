/** Scenarios, inputs and designs that go wrong, each in one way. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const HEAD = (title: string): string => `xlab 1
title "${title}"
question "What happens?"
seeds 1..2
`;
const MACHINE = `machine {
  ram 4GiB
  cpus 2
  cpu zen4
  kernel "5.17"
}
`;
const KSYMBOL = [
  '  perf  1 [000]  10.000000: PERF_RECORD_KSYMBOL addr ffffffffc0201000 len 200 type 1 flags 0x0 name bpf_prog_a',
  '  perf  1 [000]  11.000000: PERF_RECORD_KSYMBOL addr ffffffffc0201000 len 200 type 1 flags 0x1 name bpf_prog_a',
  'what is this',
  '',
].join('\n');

/** Two lines that are understood, and three thousand that are not. */
const RAGGED = [
  ...KSYMBOL.split('\n').slice(0, 2),
  ...Array.from({ length: 3000 }, (_, i) => `odd ${String(i + 3)}`),
  '',
].join('\n');

const replaying = (file: string): string =>
  `${HEAD('Replay')}${MACHINE}import busy from "${file}" format perf_ksymbol
compare module_alloc
phase hour for 20s { replay busy speed 1x }
`;

export const TROUBLE_FILES: Readonly<Record<string, string>> = {
  'good.xlab': `${HEAD('Good')}${MACHINE}compare module_alloc, bpf_prog_pack baseline module_alloc
pool progs
phase load for 1s { repeat 20 { load bpf size 100B into progs } }
probe every 100ms: direct_map_level2_splits
`,
  'short.xlab': `${HEAD('Short')}${MACHINE}compare module_alloc
phase boot for 50ms { wait 80ms }
probe every 10ms: direct_map_level2_splits
`,
  'mine.xlab': `${HEAD('Mine')}${MACHINE}allocator mine = plugin "./mine.ts"
compare module_alloc, mine baseline module_alloc
pool progs
phase load for 1s { repeat 20 { load bpf size 100B into progs } }
probe every 100ms: direct_map_level2_splits
`,
  'moved.xlab': replaying('host/old.txt'),
  'partial.xlab': replaying('ksymbol.txt'),
  'hidden.xlab': replaying('hidden.txt'),
  'ragged.xlab': replaying('ragged.txt'),
  'ksymbol.txt': KSYMBOL,
  'ragged.txt': RAGGED,
  'hidden.txt': KSYMBOL.replaceAll('ffffffffc0201000', '0000000000000000'),
};

const BUDDY = resolve('scenarios/plugins/buddy-text.ts');

/** The shipped plugin with a defect: it throws, or gives slots to a second owner, after some requests. */
export function badPlugin(kind: 'throws' | 'overlaps'): string {
  const throwing = "if ((this.given += 1) > 6) throw new Error('free list corrupt');";
  const take = 'block.tree.take(order)';
  const [from, to] =
    kind === 'throws'
      ? ['const order = orderOf(', `${throwing} const order = orderOf(`]
      : [`${take} *`, `(${take} % 4) *`];
  const field = '  private mayRelease = false;';
  return readFileSync(BUDDY, 'utf8')
    .replace(from, () => to)
    .replace(field, `${field} private given = 0;`);
}
