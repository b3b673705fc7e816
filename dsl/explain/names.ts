/** Pages on names and files: X0201 to X0205. */
import { page, type ExplainPage } from './page.js';

export const NAME_PAGES: readonly ExplainPage[] = [
  page(
    'X0201',
    'Nothing has this name. Names that are not known are never read as empty or zero; the ' +
      'nearest one that exists is offered.',
    'pool progs\nphase steady for 10s { load bpf size 1KiB into prog }',
    'pool progs\nphase steady for 10s { load bpf size 1KiB into progs }',
  ),
  page(
    'X0202',
    'A name is declared once in a file, whatever it names; a key is given once in a block; ' +
      'machine, compare and seeds stand once.',
    'machine { ram 8GiB; cpu skl; ram 4GiB }',
    'machine { ram 8GiB; cpu skl }',
  ),
  page(
    'X0203',
    'Something is declared and nothing uses it: often a name was misspelt where it was meant.',
    'param spare = 4',
    'param count = 4\nphase steady for 10s { repeat count { load bpf size 1KiB lifetime 1s } }',
  ),
  page(
    'X0204',
    'A workload that runs itself, a param or a distribution that depends on itself, or files that ' +
      'use each other in a circle would never end. Repetition is a statement: repeat, for, every.',
    'workload again() { load bpf size 1KiB lifetime 1s; run again() }\nphase steady for 10s { run again() }',
    'workload again() { repeat 8 { load bpf size 1KiB lifetime 1s } }\nphase steady for 10s { run again() }',
  ),
  page(
    'X0205',
    'A used file is read relative to the file that names it and may not leave the folder of the ' +
      'scenario, so that a scenario from a mail cannot read what it was not sent with. Paths that ' +
      'start with std/ name the library of the lab.',
    'use "../sizes.xlab" as sizes\nphase steady for 10s { load module sizes.nic lifetime 1s }',
    'use "std/sizes.xlab" as sizes\nphase steady for 10s { load module sizes.nic lifetime 1s }',
  ),
];
