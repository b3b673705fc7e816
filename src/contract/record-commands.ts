/**
 * How a host is recorded for a scenario: commands to copy, what each gives, and what it reveals to those
 * who get the files. All but the last run as root and change nothing.
 */

export interface RecordCommand {
  /** File that it makes, in the folder `host` beside the scenario. */
  readonly file: string;
  readonly gives: string;
  readonly command: string;
  readonly reveals: string;
}

export const RECORD_COMMANDS: readonly RecordCommand[] = [
  {
    file: 'everything below',
    gives: 'one folder with all of it, for five minutes of the host',
    command: 'sh record.sh host 300 skylake_sp',
    reveals:
      'what the single commands reveal, and in machine.json the size of memory, the number of CPUs and nodes',
  },
  {
    file: 'host/modules.txt',
    gives: 'the loaded modules with their sizes',
    command: 'cat /proc/modules > host/modules.txt',
    reveals:
      'names of all modules, also of those that are not public, and where the kernel put them',
  },
  {
    file: 'host/vmallocinfo.txt',
    gives: 'the ranges of the module area with sizes and callers',
    command: 'cat /proc/vmallocinfo > host/vmallocinfo.txt',
    reveals:
      'kernel addresses, which tell the random base of this boot, names of functions, addresses of devices',
  },
  {
    file: 'host/bpf.json',
    gives: 'the loaded BPF programs with the size of their machine code',
    command: 'bpftool prog show -j > host/bpf.json',
    reveals:
      'names and load times of programs, user ids, and names and ids of the processes that hold them',
  },
  {
    file: 'host/perf-script.txt',
    gives: 'BPF programs and trampolines as they come and go',
    command:
      'perf record -a -e dummy -o perf.data -- sleep 300 && perf script -i perf.data --show-bpf-events > host/perf-script.txt',
    reveals:
      'names of programs and processes, kernel addresses; in perf.data also host name, kernel and command line',
  },
  {
    file: 'host/trace.txt',
    gives: 'every request to the module area',
    command: 'trace-cmd record -e vmalloc -e module sleep 300 && trace-cmd report > host/trace.txt',
    reveals: 'names and ids of the processes that asked, names of modules, kernel addresses',
  },
  {
    file: 'host/meminfo.log',
    gives: 'DirectMap4k and the other counters, once a second, to check a replay against',
    command:
      'for i in $(seq 300); do date +%s.%N; cat /proc/meminfo; sleep 1; done > host/meminfo.log',
    reveals: 'how much memory the host has and uses',
  },
];

/** What one of the files reveals, by its name without folder. */
export function revealedBy(file: string): string {
  const found = RECORD_COMMANDS.find((command) => command.file === `host/${file}`);
  if (found === undefined) throw new Error(`no command makes ${file}`);
  return found.reveals;
}
