/** What became of the requests of the workload. */
import type { MetricDefinition } from '../contract/metric-source.js';
import { EffectKind } from '../contract/sim-event.js';
import { counter, gauge } from './metric.js';

export const REQUEST_METRICS: readonly MetricDefinition[] = [
  counter(
    'count',
    {
      name: 'alloc.failed',
      better: 'low',
      meaning: 'requests that could not be served',
    },
    (source) => source.effectCount(EffectKind.allocFailed),
  ),
  counter(
    'count',
    {
      name: 'alloc.fallback',
      better: 'low',
      meaning: 'requests for 2M backing that were served with 4K pages',
    },
    (source) => source.effectCount(EffectKind.allocFallback),
  ),
  counter(
    'count',
    {
      name: 'pool.underflow',
      better: 'low',
      meaning: 'members that a statement asked for and the pool did not hold',
    },
    (source) => source.poolUnderflows,
  ),
  counter(
    'count',
    {
      name: 'churn.held_back',
      better: 'low',
      meaning: 'arrivals that were not made because the pool was full',
    },
    (source) => source.heldBack,
  ),
  gauge(
    'count',
    {
      name: 'objects.live',
      better: '-',
      meaning: 'modules, programs, trampolines, probes and raw allocations that live',
    },
    (source) => source.liveObjects,
  ),
];
