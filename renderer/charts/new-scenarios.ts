/** Texts that new scenarios start from: a small one that runs, and the replay of a recorded host. */

/** Runs as it stands. */
export const EMPTY_SCENARIO = `xlab 1
title    "New scenario"
question "What do many small programs cost the direct map?"

param n = 200 in 1..5000   "programs loaded"
seeds 1..6

machine {
  ram        16GiB
  cpus       8
  cpu        skylake_sp
  kernel     "6.12"
  direct_map 1G
}

compare module_alloc, bpf_prog_pack baseline module_alloc

pool progs

phase load for 10s {
  repeat n { load bpf size 2KiB into progs }
}

phase drain for 5s { free all progs }

probe every 100ms: DirectMap4k, direct_map_level2_splits, text.pte_4k

expect no alloc.failed
`;

/** The word of the language: as it stands it would read like an import of this module. */
const IMPORT = 'import';

/** Names files of the folder that the recording makes. */
export const MACHINE_SCENARIO = `xlab 1
title    "My machine"
question "What would this machine look like under another allocator?"

# The folder host lies beside this file.
${IMPORT} progs from "host/bpf.json"        format bpftool_prog
${IMPORT} texts from "host/perf-script.txt" format perf_ksymbol
${IMPORT} real  from "host/meminfo.log"     format meminfo_log

seeds 1..6
machine from "host/machine.json"

compare module_alloc, bpf_prog_pack, execmem_rox baseline module_alloc

phase start for 1s discard { start from progs }
phase replay for 300s { replay texts speed 1x }

probe every 1s: DirectMap4k, direct_map_level2_splits, text.pte_4k

expect no alloc.failed
`;
