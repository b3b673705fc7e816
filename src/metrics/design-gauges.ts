/** Gauges of single designs: absent from the runs of all others. */
import type { MetricUnit } from '../contract/metric-table.js';
import type { MetricDefinition } from '../contract/metric-source.js';
import { gauge } from './metric.js';

/** A design's own gauge as the metric `design.NAME`. */
const own = (unit: MetricUnit, name: string, meaning: string): MetricDefinition =>
  gauge(unit, { name: `design.${name}`, better: '-', meaning }, (source) =>
    source.designGauge(name),
  );

export const DESIGN_METRICS: readonly MetricDefinition[] = [
  own('count', 'rox_blocks', '2M blocks of the ROX cache'),
  own('count', 'bpf_packs', 'packs of BPF programs'),
  own('count', 'kprobe_pages', 'pages of kprobe slots'),
];
