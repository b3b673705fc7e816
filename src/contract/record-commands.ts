/**
 * How a host is recorded for a scenario: the files of a recording, what each gives, what reads it, how it
 * is made, and what it reveals to those who get it. The window shows the commands to copy, `xlab record`
 * what the shipped recorder does: both from this one list. All is read as root and changes nothing.
 */

export interface RecordedFile {
  /** In the folder of the recording; with `/` at the end a folder. */
  readonly file: string;
  readonly gives: string;
  /** What record.sh does for it. */
  readonly recorder: string;
  /** Import format, where it is one. */
  readonly format?: string;
  /** What else reads it. */
  readonly readBy?: string;
  readonly reveals: string;
  /** A command that makes this file alone, in the folder `host` beside the scenario. */
  readonly command?: string;
}

export const RECORDED_FILES: readonly RecordedFile[] = [
  {
    file: 'machine.json',
    gives: 'size of memory, number of CPUs and nodes',
    recorder: 'MemTotal of /proc/meminfo, /proc/cpuinfo, nodes of /sys',
    readBy: 'machine from',
    reveals: 'memory, number of CPUs and nodes; the CPU profile that you name',
  },
  {
    file: 'modules.txt',
    gives: 'the loaded modules with their sizes',
    recorder: 'cat /proc/modules',
    format: 'proc_modules',
    reveals:
      'names of all modules, also of those that are not public, and where the kernel put them',
    command: 'cat /proc/modules > host/modules.txt',
  },
  {
    file: 'sections/',
    gives: 'where the sections of the modules lie',
    recorder: 'cat /sys/module/*/sections/*',
    readBy: 'proc_modules, option sections',
    reveals: 'addresses of module sections',
  },
  {
    file: 'vmallocinfo.txt',
    gives: 'the ranges of the module area with sizes and callers',
    recorder: 'cat /proc/vmallocinfo',
    format: 'vmallocinfo',
    reveals:
      'kernel addresses, which tell the random base of this boot, names of functions, addresses of devices',
    command: 'cat /proc/vmallocinfo > host/vmallocinfo.txt',
  },
  {
    file: 'bpf.json',
    gives: 'the loaded BPF programs with the size of their machine code',
    recorder: 'bpftool prog show -j',
    format: 'bpftool_prog',
    reveals:
      'names and load times of programs, user ids, and names and ids of the processes that hold them',
    command: 'bpftool prog show -j > host/bpf.json',
  },
  {
    file: 'perf-script.txt',
    gives: 'BPF programs and trampolines as they come and go',
    recorder: 'perf record -a -e dummy; perf script --show-bpf-events',
    format: 'perf_ksymbol',
    reveals:
      'names of programs and processes, kernel addresses; in perf.data also host name, kernel and command line',
    command:
      'perf record -a -e dummy -o perf.data -- sleep 300 && perf script -i perf.data --show-bpf-events > host/perf-script.txt',
  },
  {
    file: 'trace.txt',
    gives: 'every request to the module area',
    recorder: 'events/vmalloc and events/module of a tracing instance of its own',
    format: 'ftrace',
    reveals: 'names and ids of the processes that asked, names of modules, kernel addresses',
    command: 'trace-cmd record -e vmalloc -e module sleep 300 && trace-cmd report > host/trace.txt',
  },
  {
    file: 'trace.json',
    gives: 'the same with the functions that asked',
    recorder: 'bpftrace -f json text.bt',
    format: 'bpftrace',
    reveals: 'the same with kernel functions that asked, without names of processes',
  },
  {
    file: 'meminfo.log',
    gives: 'DirectMap4k and the other counters, once a second, to check a replay against',
    recorder: 'cat /proc/meminfo, once a second',
    format: 'meminfo_log',
    reveals: 'how much memory the host has and uses',
    command:
      'for i in $(seq 300); do date +%s.%N; cat /proc/meminfo; sleep 1; done > host/meminfo.log',
  },
  {
    file: 'vmstat.log',
    gives: 'splits of the direct map and the other counters, once a second',
    recorder: 'cat /proc/vmstat, once a second',
    format: 'vmstat_log',
    reveals: 'counters of the memory management over time',
    command:
      'for i in $(seq 300); do date +%s.%N; cat /proc/vmstat; sleep 1; done > host/vmstat.log',
  },
];

export interface RecordCommand {
  /** File that it makes, in the folder `host` beside the scenario. */
  readonly file: string;
  readonly gives: string;
  readonly command: string;
  readonly reveals: string;
}

const WHOLE: RecordCommand = {
  file: 'everything below',
  gives: 'one folder with all of it, for five minutes of the host',
  command: 'sh record.sh host 300 skylake_sp',
  reveals:
    'what the single commands reveal, and in machine.json the size of memory, the number of CPUs and nodes',
};

/** Commands to copy: the recorder for all files, then one for each that a single command makes. */
export const RECORD_COMMANDS: readonly RecordCommand[] = [
  WHOLE,
  ...RECORDED_FILES.flatMap(({ file, gives, command, reveals }) =>
    command === undefined ? [] : [{ file: `host/${file}`, gives, command, reveals }],
  ),
];

/** The command that makes a file of this import format; undefined where none does alone. */
export function recordCommandOf(format: string): RecordCommand | undefined {
  const made = RECORDED_FILES.find((entry) => entry.format === format);
  return RECORD_COMMANDS.find(({ file }) => file === `host/${made?.file ?? ''}`);
}
