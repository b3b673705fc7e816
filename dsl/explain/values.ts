/** Pages on quantities: X0101 to X0105, X0411. */
import { page, type ExplainPage } from './page.js';

export const VALUE_PAGES: readonly ExplainPage[] = [
  page(
    'X0101',
    'Every quantity has a unit, a bare number is a count. Formats with silent default units ' +
      '(microseconds here, seconds there, bytes elsewhere) are the largest source of wrong runs.',
    'phase steady for 10s {\n  every 500 { load bpf size 1KiB lifetime 1s }\n}',
    'phase steady for 10s {\n  every 500ms { load bpf size 1KiB lifetime 1s }\n}',
  ),
  page(
    'X0102',
    'A unit follows its number without a space: the two are one value.',
    'phase steady for 5 min { load bpf size 1KiB lifetime 1s }',
    'phase steady for 5min { load bpf size 1KiB lifetime 1s }',
  ),
  page(
    'X0103',
    'Sizes are B KiB MiB GiB TiB (K M G T are read as these), times ns us ms s min h, rates a ' +
      'count per one of the times, shares %. kB KB MB GB are refused: /proc prints kB and means ' +
      '1024 bytes, disks print MB and mean 10^6.',
    'machine { ram 87900kB; cpu skl }',
    'machine { ram 87900KiB; cpu skl }',
  ),
  page(
    'X0104',
    'Units never convert between kinds: a time cannot stand where a size is needed, nor a rate ' +
      'where a count is. A count scales anything, a rate times a time is a count.',
    'phase steady for 10s { load bpf size ~ exp(mean=8s) lifetime 1s }',
    'phase steady for 10s { load bpf size ~ exp(mean=8KiB) lifetime 1s }',
  ),
  page(
    'X0105',
    'A fraction of a unit is allowed where the result is a whole number of bytes: 1.5KiB is 1536 ' +
      'bytes, 0.3KiB is 307.2.',
    'phase steady for 10s { load bpf size 0.3KiB lifetime 1s }',
    'phase steady for 10s { load bpf size 307B lifetime 1s }',
  ),
  page(
    'X0411',
    'A value lies outside of what its place allows: the range that a param declares (its own ' +
      'value, a sweep and --set are all checked), a CPU or node that the machine does not have, a ' +
      'share above 100%.',
    'param n = 4 in 1..8\nsweep n over 4, 16\nphase steady { repeat n { load bpf size 1KiB lifetime 1s } }',
    'param n = 4 in 1..16\nsweep n over 4, 16\nphase steady { repeat n { load bpf size 1KiB lifetime 1s } }',
  ),
];
