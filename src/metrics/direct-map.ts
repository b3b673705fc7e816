/** The direct map: memory by leaf size, splits and collapses. */
import type { MetricDefinition } from '../contract/metric-source.js';
import { EffectKind } from '../contract/sim-event.js';
import { counter, gauge } from './metric.js';

const MEMINFO = '/proc/meminfo';
const VMSTAT = '/proc/vmstat';

export const DIRECT_MAP_METRICS: readonly MetricDefinition[] = [
  gauge(
    'bytes',
    {
      name: 'DirectMap4k',
      better: 'low',
      meaning: 'direct map that 4K entries map',
      counterpart: MEMINFO,
    },
    (source) => source.directMapBytes(1),
  ),
  gauge(
    'bytes',
    {
      name: 'DirectMap2M',
      better: 'high',
      meaning: 'direct map that 2M entries map',
      counterpart: MEMINFO,
    },
    (source) => source.directMapBytes(2),
  ),
  gauge(
    'bytes',
    {
      name: 'DirectMap1G',
      better: 'high',
      meaning: 'direct map that 1G entries map',
      counterpart: MEMINFO,
    },
    (source) => source.directMapBytes(3),
  ),
  counter(
    'count',
    {
      name: 'direct_map_level2_splits',
      label: 'level2_splits',
      better: 'low',
      meaning: '2M leaves of the direct map that became 512 x 4K',
      counterpart: VMSTAT,
    },
    (source) => source.effectCount(EffectKind.directMapSplit2M),
  ),
  counter(
    'count',
    {
      name: 'direct_map_level3_splits',
      label: 'level3_splits',
      better: 'low',
      meaning: '1G leaves of the direct map that became 512 x 2M',
      counterpart: VMSTAT,
    },
    (source) => source.effectCount(EffectKind.directMapSplit1G),
  ),
  counter(
    'count',
    {
      name: 'direct_map_level2_collapses',
      label: 'level2_collapses',
      better: '-',
      meaning: '512 x 4K of the direct map that became one 2M leaf',
      counterpart: `${VMSTAT}, from 6.15`,
    },
    (source) => source.effectCount(EffectKind.directMapCollapse2M),
  ),
  counter(
    'count',
    {
      name: 'direct_map_level3_collapses',
      label: 'level3_collapses',
      better: '-',
      meaning: '512 x 2M of the direct map that became one 1G leaf',
      counterpart: `${VMSTAT}, from 6.15`,
    },
    (source) => source.effectCount(EffectKind.directMapCollapse1G),
  ),
];
