/** What must stay 0, watched at every event. */
import type { MetricDefinition } from '../contract/metric-source.js';
import { gauge } from './metric.js';

export const INVARIANT_METRICS: readonly MetricDefinition[] = [
  gauge(
    'bytes',
    {
      name: 'text.overlap',
      better: 'low',
      meaning: 'bytes that were handed out twice',
    },
    (source) => source.overlapBytes,
  ),
  gauge(
    'bytes',
    {
      name: 'text.writable_and_executable',
      label: 'text.w_and_x',
      better: 'low',
      meaning: 'bytes of the module area that are writable and executable',
      counterpart: '/sys/kernel/debug/page_tables/kernel',
    },
    (source) => source.writableExecutableBytes,
  ),
  gauge(
    'count',
    {
      name: 'stale_text_fetches',
      better: 'low',
      meaning: 'fetches from text that is gone or replaced without a flush',
    },
    (source) => source.staleFetches,
  ),
];
