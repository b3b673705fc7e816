/** Scenarios of the window's benchmark: one small, one with a million requests, one with a million samples. */
export { LONG } from './lab-scenarios.js';

const HEAD = `xlab 1
title    "Benchmark of the window"
question "How fast does the window answer?"

machine {
  ram        8GiB
  cpus       8
  cpu        skylake_sp
  kernel     "6.12"
  direct_map 1G
}

pool progs
`;

/** Two designs, one seed, next to no work. */
export const SMALL = `${HEAD}
param n = 20
compare module_alloc, bpf_prog_pack baseline module_alloc
phase load for 1s { repeat n { load bpf size 168B into progs } }
phase drop for 1s { free all progs }
probe every 50ms: DirectMap4k, text.pte_4k
`;

/** About 1e6 requests a run. */
export const MILLION = `${HEAD}
seeds 1
compare bpf_prog_pack
limit events 2000000
phase steady for 1000s {
  churn progs {
    arrive   poisson(500/s)
    lifetime ~ exp(mean=2s)
    item     load bpf size 512B into progs
  }
}
probe every 100ms: DirectMap4k, text.pte_4k
`;

/** 1e6 samples of one metric. */
export const MILLION_POINTS = MILLION.replace('limit events 2000000', 'limit events 4000000')
  .replace('poisson(500/s)', 'poisson(5/s)')
  .replace('every 100ms: DirectMap4k,', 'every 1ms:');

/** A scenario of that many lines that has something to check in each. */
export function textOfLines(count: number): string {
  const lines = `${HEAD}
param churn = 40
compare module_alloc, bpf_prog_pack baseline module_alloc
phase load for 100s {
`.split('\n');
  while (lines.length < count - 2) {
    lines.push(`  repeat churn { load bpf size ${String(100 + lines.length)}B into progs }`);
  }
  return [...lines, '}', 'probe at end: DirectMap4k', ''].join('\n');
}
