/** Pages on imports, design options and plugins: X0701, X0702, X0703, X0801, X0802. */
import { page, type ExplainPage } from './page.js';

export const INPUT_PAGES: readonly ExplainPage[] = [
  page(
    'X0701',
    'The file of an import or of machine from is missing, empty, or not what its format names. ' +
      'Lines that cannot be read are counted and shown, never skipped in silence.',
    'machine from "sizes.csv"',
    'machine from "host/machine.json"',
  ),
  page(
    'X0702',
    'The kernel printed its pointers as zeros, so events cannot be paired by address. Record the ' +
      'file as root with kernel.kptr_restrict=1.',
    'import layout from "hidden.txt" format vmallocinfo\nphase steady for 10s { start from layout }',
    'import layout from "vmallocinfo.txt" format vmallocinfo\nphase steady for 10s { start from layout }',
  ),
  page(
    'X0703',
    'Some lines of the file are not of the format that the import names. They are counted, the first ' +
      'is shown, and matched(name) falls with each. xlab import FORMAT FILE lists the reasons.',
    'import layout from "cut.txt" format vmallocinfo\nphase steady for 10s { start from layout }',
    'import layout from "vmallocinfo.txt" format vmallocinfo\nphase steady for 10s { start from layout }',
  ),
  page(
    'X0801',
    'A design declares its options, with the values that each takes. xlab designs NAME lists them.',
    'allocator big = execmem_rox { cash 8MiB }\ncompare big',
    'allocator big = execmem_rox { cache 8MiB }\ncompare big',
  ),
  page(
    'X0802',
    'A plugin is code. It loads only when you name it (--plugin FILE on the command line, a ' +
      'question in the window), and only with an interface that this version of the lab has.',
    'allocator mine = plugin "./mine.ts"\ncompare mine',
    'allocator mine = plugin "./buddy-text.ts"\ncompare mine',
  ),
];
