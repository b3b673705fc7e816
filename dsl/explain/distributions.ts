/** Pages on chance: X0401 to X0404. */
import { page, type ExplainPage } from './page.js';

export const DISTRIBUTION_PAGES: readonly ExplainPage[] = [
  page(
    'X0401',
    'The parameters of a distribution contradict each other, or one is missing. lognormal takes ' +
      'the median and the 99th percentile, which must lie above it; uniform takes its low end ' +
      'first; min and max must leave something.',
    'phase steady for 10s { wait ~ lognormal(median=2s, p99=1s) }',
    'phase steady for 10s { wait ~ lognormal(median=1s, p99=2s) }',
  ),
  page(
    'X0402',
    'quantiles draws straight lines between points from 0% to 100%; shares and values rise.',
    'phase steady for 10s { wait ~ quantiles(50%: 1s, 75%: 2s) }',
    'phase steady for 10s { wait ~ quantiles(0%: 10ms, 50%: 1s, 75%: 2s, 100%: 3s) }',
  ),
  page(
    'X0403',
    'The weights of mix, choice and execute add up to 100%. In a mix, rest: as the last option ' +
      'takes what is left.',
    'phase steady for 10s {\n  mix { 60%: wait 1ms; 30%: wait 2ms; 20%: wait 3ms }\n}',
    'phase steady for 10s {\n  mix { 60%: wait 1ms; 30%: wait 2ms; rest: wait 3ms }\n}',
  ),
  page(
    'X0404',
    'A tilde means: drawn at random, each time. Without it a value is fixed. A reader sees at ' +
      'once where chance enters, so the tilde stands before every distribution and nowhere else.',
    'phase steady for 10s { load bpf size uniform(64B, 4KiB) lifetime 1s }',
    'phase steady for 10s { load bpf size ~ uniform(64B, 4KiB) lifetime 1s }',
  ),
];
