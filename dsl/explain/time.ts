/** Pages on how much runs and for how long: X0412, X0501 to X0504. */
import { page, type ExplainPage } from './page.js';

export const TIME_PAGES: readonly ExplainPage[] = [
  page(
    'X0412',
    'Every run is bounded before it starts. The product of sweep points, seeds and designs may ' +
      'not exceed 10,000 runs, or what limit runs says; the events that a run may make may not ' +
      'exceed 100 million, or what limit events says.',
    'limit runs 20\nseeds 1..30',
    'limit runs 30\nseeds 1..30',
  ),
  page(
    'X0501',
    'execute, every, arrive and churn go on in the background until their block ends. A phase ' +
      'without a duration ends when its statements end, so it cannot hold them.',
    'phase steady {\n  every 1s { load bpf size 1KiB lifetime 1s }\n}',
    'phase steady for 5min {\n  every 1s { load bpf size 1KiB lifetime 1s }\n}',
  ),
  page(
    'X0502',
    'at D runs D after its block starts. At or after the end of the block it would never run.',
    'phase steady for 10s { at 10s { load bpf size 1KiB lifetime 1s } }',
    'phase steady for 10s { at 9s { load bpf size 1KiB lifetime 1s } }',
  ),
  page(
    'X0503',
    'Judged by the means of their waits, the statements need more time than the phase has. A ' +
      'phase with a duration ends exactly then, and a run whose statements still go on is an ' +
      'error (X0507).',
    'phase steady for 10s { repeat 100 { load bpf size 1KiB lifetime 1s; wait 500ms } }',
    'phase steady for 60s { repeat 100 { load bpf size 1KiB lifetime 1s; wait 500ms } }',
  ),
  page(
    'X0504',
    'A phase without statements measures nothing new. Let it wait if it is meant as a pause.',
    'phase steady for 10s { }',
    'phase steady for 10s { wait 10s }',
  ),
];
