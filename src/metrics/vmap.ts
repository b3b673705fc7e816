/** Address space of the module area. */
import type { MetricDefinition } from '../contract/metric-source.js';
import { EffectKind } from '../contract/sim-event.js';
import { counter, gauge } from './metric.js';

const VMALLOCINFO = '/proc/vmallocinfo';

export const VMAP_METRICS: readonly MetricDefinition[] = [
  gauge(
    'count',
    {
      name: 'vmap.areas',
      better: 'low',
      meaning: 'vmap areas in the module area, lazily freed ones left out',
      counterpart: VMALLOCINFO,
    },
    (source) => source.vmapAreas,
  ),
  gauge(
    'count',
    {
      name: 'vmap.holes',
      better: 'low',
      meaning: 'free stretches between the lowest and the highest area',
      counterpart: VMALLOCINFO,
    },
    (source) => source.vmapHoles,
  ),
  gauge(
    'bytes',
    {
      name: 'vmap.largest_hole',
      better: 'high',
      meaning: 'largest free stretch between the lowest and the highest area',
      counterpart: VMALLOCINFO,
    },
    (source) => source.largestHoleBytes,
  ),
  gauge(
    'bytes',
    {
      name: 'vmap.lazy_bytes',
      label: 'vmap.lazy',
      better: 'low',
      meaning: 'address space that is unmapped but not purged yet',
      counterpart: `${VMALLOCINFO}: unpurged vm_area`,
    },
    (source) => source.lazyBytes,
  ),
  counter(
    'count',
    {
      name: 'vmap.purges',
      better: 'low',
      meaning: 'times that lazily freed addresses were returned, with one flush for all',
    },
    (source) => source.effectCount(EffectKind.purge),
  ),
];
