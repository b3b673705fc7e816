/**
 * Files of a host as its kernel and the usual tools print them, small enough to count by hand: what the
 * fourth example of the language names. A 6.1 kernel: a module takes a core and an init area.
 */

const hex = (address: bigint): string => `0x${address.toString(16)}`;

/** A row of /proc/vmallocinfo; `pages` without the guard page. */
const row = (start: bigint, pages: number, caller: string, flags = ''): string => {
  const bytes = (pages + 1) * 4096;
  const end = start + BigInt(bytes);
  const kind = flags === '' ? `pages=${pages} vmalloc N0=${pages}` : flags;
  return `${hex(start)}-${hex(end)} ${String(bytes).padStart(7)} ${caller} ${kind}`;
};

export const VMALLOCINFO = [
  row(0xffffc90000000000n, 4, 'irq_init_percpu_irqstack+0xf0/0x120', 'vmap'),
  row(0xffffc90000005000n, 1, 'acpi_os_map_iomem+0x1b6/0x1d0', 'phys=0x000000007ffe2000 ioremap'),
  row(0xffffc90000010000n, 4, 'kernel_clone+0xbf/0x430'),
  row(0xffffffffc0000000n, 512, 'bpf_prog_pack_alloc+0x164/0x2d0'),
  row(0xffffffffc0205000n, 1, 'alloc_insn_page+0x10/0x40'),
  row(0xffffffffc021f000n, 1, 'arch_ftrace_update_trampoline+0x139/0x330'),
  row(0xffffffffc0225000n, 1, 'bpf_trampoline_update+0x2fe/0x5d0'),
  row(0xffffffffc0230000n, 71, 'load_module+0xbb7/0x21a0'),
  row(0xffffffffc0280000n, 12, 'load_module+0xbb7/0x21a0'),
  '0xffffffffc0290000-0xffffffffc0292000    8192 unpurged vm_area',
  '',
].join('\n');

export const PROC_MODULES = [
  'nf_tables 290816 0 - Live 0xffffffffc0230000 (E)',
  'nfnetlink 20480 2 nf_tables,nft_compat, Live 0xffffffffc0280000',
  'overlay 167936 0 - Unloading 0xffffffffc02a0000 (-)',
  '',
].join('\n');

/** As /sys/module/nf_tables/sections shows them: text, rodata, ro_after_init and data of one area. */
export const NF_TABLES_SECTIONS: Readonly<Record<string, string>> = {
  '.text': '0xffffffffc0230000',
  '.exit.text': '0xffffffffc0256800',
  '.init.text': '0xffffffffc02f0000',
  '.rodata': '0xffffffffc0257000',
  '.orc_unwind': '0xffffffffc0260000',
  __jump_table: '0xffffffffc0269000',
  '.data': '0xffffffffc026a000',
  '.gnu.linkonce.this_module': '0xffffffffc0270000',
  '.bss': '0xffffffffc0271000',
};

export const BPF_JSON = JSON.stringify([
  {
    id: 12,
    type: 'cgroup_device',
    name: 'sd_devices',
    bytes_xlated: 504,
    jited: true,
    bytes_jited: 312,
  },
  {
    id: 13,
    type: 'cgroup_skb',
    name: 'sd_fw_egress',
    bytes_xlated: 64,
    jited: true,
    bytes_jited: 64,
  },
  {
    id: 14,
    type: 'cgroup_skb',
    name: 'sd_fw_ingress',
    bytes_xlated: 64,
    jited: true,
    bytes_jited: 64,
  },
]);

const traceLine = (task: string, seconds: string, text: string): string =>
  `${task.padStart(23)}   [003] .....  ${seconds}: ${text}`;

const request = (start: bigint, pages: number, low = 0xffffffffc0000000n): string =>
  `alloc_vmap_area: va_start: ${start} size=${(pages + 1) * 4096} align=1 ` +
  `vstart=${hex(low)} vend=${hex(low + 0x3f000000n)} failed=0`;

/** One load: core and init, then the module's name, all of the task that loads. */
function load(pid: number, at: number, [name, start, pages]: [string, bigint, number]): string[] {
  const task = `modprobe-${pid}`;
  return [
    traceLine(task, `${at}.204518`, request(start, pages)),
    traceLine(task, `${at}.204601`, request(start + 0x400000n, 11)),
    traceLine(task, `${at}.211877`, `module_load: ${name} E`),
  ];
}

const unload = (pid: number, at: number, name: string): string =>
  traceLine(`modprobe-${pid}`, `${at}.000100`, `module_free: ${name}`);

export const TRACE = [
  '# tracer: nop',
  '#',
  '# entries-in-buffer/entries-written: 26/26   #P:16',
  '#',
  '#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION',
  '#              | |         |   |||||     |         |',
  ...load(811, 61, ['xfs', 0xffffffffc0800000n, 480]),
  traceLine('systemd-1', '61.900000', request(0xffffc90001000000n, 4, 0xffffc90000000000n)),
  ...load(823, 62, ['btrfs', 0xffffffffc0a00000n, 420]),
  traceLine(
    'kworker/3:1-92',
    '63.100000',
    'purge_vmap_area_lazy: start=0xffffffffc0c00000 end=0xffffffffc0e11000 num_purged=4',
  ),
  ...load(840, 70, ['dummy', 0xffffffffc0600000n, 6]),
  unload(861, 75, 'dummy'),
  ...load(871, 80, ['dummy', 0xffffffffc0600000n, 6]),
  unload(880, 90, 'nf_tables'),
  unload(884, 91, 'xfs'),
  ...load(890, 100, ['nf_tables', 0xffffffffc0700000n, 71]),
  ...load(901, 130, ['loop', 0xffffffffc0620000n, 9]),
  traceLine('bpftool-955', '150.000000', request(0xffffffffc1000000n, 512)),
  '',
].join('\n');

const ksymbol = (at: string, address: bigint, rest: string): string =>
  `  systemd     1 [001]  ${at}: PERF_RECORD_KSYMBOL addr ${address.toString(16)} ${rest}`;

export const PERF_SCRIPT = [
  ksymbol('12.500000', 0xffffffffc0001a40n, 'len 312 type 1 flags 0x0 name bpf_prog_1_sd_devices'),
  ksymbol('12.600000', 0xffffffffc0225000n, 'len 229 type 2 flags 0x0 name bpf_trampoline_6442'),
  ksymbol('31.700000', 0xffffffffc0001b80n, 'len 64 type 1 flags 0x0 name bpf_prog_2_sd_fw_egress'),
  ksymbol('95.000000', 0xffffffffc0001a40n, 'len 312 type 1 flags 0x1 name bpf_prog_1_sd_devices'),
  '',
].join('\n');

export const meminfoLog = (kb: readonly number[]): string =>
  kb
    .map((direct4k, index) =>
      [
        `${1700000000 + index}.250000000`,
        'MemTotal:       32866932 kB',
        'Active(anon):     123456 kB',
        `DirectMap4k:      ${direct4k} kB`,
        'DirectMap2M:    9148416 kB',
        '',
      ].join('\n'),
    )
    .join('');

export const MACHINE_JSON = JSON.stringify({
  ram: '32GiB',
  cpus: 16,
  cpu: 'skl',
  kernel: '6.1',
});

const bpfLine = (data: string): string => JSON.stringify({ type: 'printf', data });

const stack = (...functions: string[]): string =>
  ['', ...functions.map((name) => `        ${name}`), ''].join('\n');

const LOAD_STACK = stack(
  'alloc_vmap_area+1234',
  '__get_vm_area_node+279',
  '__vmalloc_node_range+158',
  'module_alloc+151',
  'load_module+2999',
  '__do_sys_finit_module+189',
);

/** Output of the shipped script with `-f json`. */
export const BPFTRACE_JSON = [
  JSON.stringify({ type: 'attached_probes', data: { probes: 4 } }),
  bpfLine(`alloc 61204518000 811 0xffffffffc0800000 1970176 0${LOAD_STACK}`),
  bpfLine(`alloc 61204601000 811 0xffffffffc0c00000 49152 0${LOAD_STACK}`),
  bpfLine('load 61211877000 811 xfs\n'),
  bpfLine(
    `alloc 62000000000 902 0xffffffffc021f000 8192 0${stack('alloc_vmap_area+1234', '__get_vm_area_node+279', '__vmalloc_node_range+158', 'module_alloc+151', 'arch_ftrace_update_trampoline+313', 'ftrace_startup+208')}`,
  ),
  bpfLine(
    `alloc 62500000000 903 0xffffffffc1000000 2101248 0${stack('alloc_vmap_area+1234', '__vmalloc_node_range+158', 'module_alloc+151', 'bpf_prog_pack_alloc+356')}`,
  ),
  bpfLine('free 63000000000 904 0xffffffffc021f000\n'),
  bpfLine('unload 64000000000 905 xfs\n'),
  '',
].join('\n');

/** Every file that the fourth example names, by path. `meminfoKb` is DirectMap4k at each sample. */
export const hostFiles = (meminfoKb: readonly number[]): Readonly<Record<string, string>> => ({
  'host/vmallocinfo.txt': VMALLOCINFO,
  'host/modules.txt': PROC_MODULES,
  'host/bpf.json': BPF_JSON,
  'host/trace.txt': TRACE,
  'host/perf-script.txt': PERF_SCRIPT,
  'host/meminfo.log': meminfoLog(meminfoKb),
  'host/machine.json': MACHINE_JSON,
});
