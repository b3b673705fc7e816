/** All metrics, in the order of catalogues: comparison first, costs last. */
import { createRegistry } from '../base/registry.js';
import type { MetricInfo } from '../contract/metric-table.js';
import type { MetricDefinition } from '../contract/metric-source.js';
import { COST_METRICS } from './costs.js';
import { DESIGN_METRICS } from './design-gauges.js';
import { DIRECT_MAP_METRICS } from './direct-map.js';
import { INVARIANT_METRICS } from './invariants.js';
import { ITLB_METRICS } from './itlb.js';
import { REQUEST_METRICS } from './requests.js';
import { TEXT_METRICS } from './text.js';
import { VMAP_METRICS } from './vmap.js';

export const metricRegistry = createRegistry<MetricDefinition>(
  'metric',
  [
    ...ITLB_METRICS,
    ...TEXT_METRICS,
    ...DIRECT_MAP_METRICS,
    ...VMAP_METRICS,
    ...COST_METRICS,
    ...REQUEST_METRICS,
    ...INVARIANT_METRICS,
    ...DESIGN_METRICS,
  ],
  (metric) => metric.info.name,
);

export const metricInfos: readonly MetricInfo[] = metricRegistry.entries.map(({ info }) => info);
