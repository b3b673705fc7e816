/** Instruction TLB of the whole machine, under the names of perf events. */
import type { MetricDefinition } from '../contract/metric-source.js';
import { counter, ratio } from './metric.js';

const PERF = 'perf stat';
const PER_THOUSAND = 1000;

export const ITLB_METRICS: readonly MetricDefinition[] = [
  ratio(
    'per_kinst',
    {
      name: 'itlb.walks_per_kinst',
      label: 'itlb walks/kinst',
      better: 'low',
      meaning: 'completed instruction page walks per 1000 instructions',
      counterpart: `${PERF}: itlb_misses.walk_completed over instructions`,
    },
    {
      numerator: (source) => source.walks,
      denominator: (source) => source.instructions,
      scale: PER_THOUSAND,
    },
  ),
  ratio(
    'per_kinst',
    {
      name: 'itlb.stlb_hits_per_kinst',
      label: 'itlb stlb_hit/kinst',
      better: 'low',
      meaning: 'first-level misses served by the second level, per 1000 instructions',
      counterpart: `${PERF}: itlb_misses.stlb_hit over instructions`,
    },
    {
      numerator: (source) => source.stlbHits,
      denominator: (source) => source.instructions,
      scale: PER_THOUSAND,
    },
  ),
  counter(
    'count',
    {
      name: 'itlb_misses.walk_completed',
      label: 'itlb walks',
      better: 'low',
      meaning: 'completed page walks for instruction fetch',
      counterpart: PERF,
    },
    (source) => source.walks,
  ),
  counter(
    'count',
    {
      name: 'itlb_misses.walk_completed_4k',
      label: 'itlb walks 4K',
      better: 'low',
      meaning: 'completed page walks that ended at a 4K leaf',
      counterpart: PERF,
    },
    (source) => source.walks4K,
  ),
  counter(
    'count',
    {
      name: 'itlb_misses.walk_completed_2m_4m',
      label: 'itlb walks 2M',
      better: 'low',
      meaning: 'completed page walks that ended at a 2M leaf',
      counterpart: PERF,
    },
    (source) => source.walks2M,
  ),
  counter(
    'count',
    {
      name: 'itlb_misses.stlb_hit',
      label: 'itlb stlb_hit',
      better: 'low',
      meaning: 'first-level misses that the second level served',
      counterpart: PERF,
    },
    (source) => source.stlbHits,
  ),
  counter(
    'cycles',
    {
      name: 'itlb_misses.walk_active',
      label: 'itlb walk cycles',
      better: 'low',
      meaning: 'cycles in which a page walk for instruction fetch went on',
      counterpart: PERF,
    },
    (source) => source.walkCycles,
  ),
  counter(
    'count',
    {
      name: 'instructions',
      better: '-',
      meaning: 'instructions that the fetch stream stands for',
      counterpart: PERF,
    },
    (source) => source.instructions,
  ),
  counter(
    'count',
    {
      name: 'itlb.references',
      label: 'itlb references',
      better: '-',
      meaning: 'references to instruction pages, one per change of page',
    },
    (source) => source.references,
  ),
];
