/** Scenarios for tests of the whole program: small ones that do something, and one that takes long. */

const head = (designs: string, seeds: string): string => `xlab 1
title    "Tiny BPF programs come and go"
question "Does packing keep the direct map whole?"

param n = 60
seeds ${seeds}

machine {
  ram        8GiB
  cpus       8
  cpu        skylake_sp
  kernel     "6.12"
  direct_map 1G
}

compare ${designs} baseline module_alloc

pool progs
`;

const BODY = `
phase load for 4s {
  repeat n { load bpf size 168B into progs }
  every 200ms { load bpf size ~ uniform(1KiB, 8KiB) lifetime 1s }
}

phase drop for 2s { free all progs }

probe every 50ms: direct_map_level2_splits, DirectMap4k, text.pte_4k, text.reserved_bytes

expect direct_map_level2_splits == 0 in load for bpf_prog_pack
expect no alloc.failed
`;

const THREE = 'module_alloc, bpf_prog_pack, topdown_split';
const SIX = `${THREE}, vmalloc_exec, execmem_rox, perm_alloc`;

/** Three designs, three seeds, about a second of work. */
export const TINY = head(THREE, '1..3') + BODY;
/** All that a chart can tell apart. */
export const SIX_DESIGNS = head(SIX, '1') + BODY;
/** Far longer than any test waits: 600 runs of a second. */
export const LONG = (head(THREE, '1..200') + BODY).replace('param n = 60', 'param n = 20000');
/** Twelve seeds; in a few of them one statement loads two hundred programs more than in the others. */
export const ODD_SEEDS = head('module_alloc, bpf_prog_pack', '1..12').concat(`
phase load for 4s {
  repeat n { load bpf size 168B into progs }
  at 1s {
    mix {
      90%: load bpf size 168B into progs
      10%: repeat 200 { load bpf size 8KiB into progs }
    }
  }
}

probe every 50ms: text.pte_4k, DirectMap4k
`);
/** One statement of it never runs. */
export const UNUSED_LINE = TINY.replace(
  '  every 200ms',
  '  repeat 0 { load bpf size 9KiB into progs }\n  every 200ms',
);
