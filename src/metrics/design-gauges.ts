/** Gauges of single designs: absent from the runs of all others. */
import type { MetricUnit } from '../contract/metric-table.js';
import type { MetricDefinition } from '../contract/metric-source.js';
import { counter, gauge } from './metric.js';

/** A design's own gauge as the metric `design.NAME`. */
const own = (unit: MetricUnit, name: string, meaning: string): MetricDefinition =>
  gauge(unit, { name: `design.${name}`, label: name, better: '-', meaning }, (source) =>
    source.designGauge(name),
  );

/** The same for what only rises. */
const ownTotal = (unit: MetricUnit, name: string, meaning: string): MetricDefinition =>
  counter(unit, { name: `design.${name}`, label: name, better: 'low', meaning }, (source) =>
    source.designGauge(name),
  );

export const DESIGN_METRICS: readonly MetricDefinition[] = [
  own('bytes', 'x_end', 'end of the text region that grows from below, from the start of the area'),
  own('bytes', 'data_start', 'start of the data region that grows from above'),
  ownTotal('count', 'collisions', 'times that the text and the data region met'),
  own('bytes', 'text_free_bytes', 'free bytes inside the memory that the design holds for text'),
  own('count', 'text_gaps', 'free stretches inside the memory held for text'),
  own('bytes', 'text_largest_gap', 'largest free stretch inside the memory held for text'),
  own('count', 'text_free_blocks', '2M blocks of the text region that hold nothing'),
  ownTotal('count', 'fallback_blocks', 'blocks that were wanted with 2M backing and got 4K pages'),
  ownTotal(
    'bytes',
    'unformed_bytes',
    'bytes of code that were executable before they were complete',
  ),
  own('count', 'exec_objects', 'objects in the tree of executable memory'),
  own('count', 'exec_packs', 'packs of executable memory'),
  own('count', 'typed_blocks', 'blocks of one type of memory'),
  own('count', 'stash_idle_pages', 'pages kept aside for later requests'),
  own('count', 'rox_blocks', '2M blocks of the ROX cache'),
  own('count', 'bpf_packs', 'packs of BPF programs'),
  own('count', 'kprobe_pages', 'pages of kprobe slots'),
];
