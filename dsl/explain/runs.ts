/** Pages on what goes wrong while a run is going on: X0507 to X0509, X0605, X0901 to X0903. */
import { page, type ExplainPage } from './page.js';

export const RUN_PAGES: readonly ExplainPage[] = [
  page(
    'X0507',
    'Foreground statements were still going on when their phase ended. What the engine could not ' +
      'do as written is an error, never a footnote.',
    'seeds 1..6\nphase steady for 10s {\n  repeat 20 { load bpf size 1KiB lifetime 1s; wait ~ exp(mean=480ms) }\n}',
    'seeds 1..6\nphase steady for 60s {\n  repeat 20 { load bpf size 1KiB lifetime 1s; wait ~ exp(mean=480ms) }\n}',
  ),
  page(
    'X0508',
    'More than 1% of the arrivals of a churn were held back, because the pool was as full as ' +
      'at_most allows: the load was not the one that the scenario asks for. Raise at_most, or say ' +
      'that holding back is meant.',
    'pool p\nphase steady for 60s {\n  churn p {\n    arrive poisson(100/s)\n    lifetime 10s\n' +
      '    live at_most 500\n    item load bpf size 1KiB\n  }\n}',
    'pool p\nphase steady for 60s {\n  churn p {\n    arrive poisson(100/s)\n    lifetime 10s\n' +
      '    live at_most 500\n    hold_back allow\n    item load bpf size 1KiB\n  }\n}',
  ),
  page(
    'X0509',
    'The statements before an at took longer than the instant that it names. Let it stand before ' +
      'them, or in a branch of its own.',
    'phase steady for 60s {\n  repeat 50 { wait ~ uniform(0s, 1s) }\n  at 10s { mark "ten" }\n}',
    'phase steady for 60s {\n  at 10s { mark "ten" }\n  repeat 50 { wait ~ uniform(0s, 1s) }\n}',
  ),
  page(
    'X0605',
    'The expectation compares with a share of another design, whose value turned out to be 0. A ' +
      'share of zero is no bound; compare with a plain value.',
    'compare module_alloc, execmem_rox\n' +
      'expect alloc.failed <= 1.1 * (alloc.failed @ module_alloc) for execmem_rox',
    'compare module_alloc, execmem_rox\nexpect alloc.failed <= 5 for execmem_rox',
  ),
  page(
    'X0901',
    'A design returned memory that overlaps a live allocation, lies outside of its range, or is ' +
      'not aligned. The placements of every design are checked, those of plugins like all others.',
    'allocator mine = plugin "./buddy-text.ts"\ncompare mine',
    'compare execmem_rox',
  ),
  page(
    'X0902',
    'A check that the design declares about its own structures failed. The run of this design ' +
      'stops; the others go on.',
    'allocator mine = plugin "./buddy-text.ts"\ncompare mine',
    'compare execmem_rox',
  ),
  page(
    'X0903',
    'The run made more events than limit events allows, or more time passed than limit time.',
    'limit time 30s\nphase steady for 60s { load bpf size 1KiB lifetime 1s }',
    'limit time 60s\nphase steady for 60s { load bpf size 1KiB lifetime 1s }',
  ),
];
