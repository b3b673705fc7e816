/** Text mappings of the module area: leaves, bytes, what is written into them. */
import { PAGE_SIZE_BYTES, PMD_SIZE_BYTES } from '../base/units.js';
import type { MetricDefinition, MetricSource } from '../contract/metric-source.js';
import { EffectKind } from '../contract/sim-event.js';
import { counter, gauge } from './metric.js';

const DUMP = '/sys/kernel/debug/page_tables/kernel';

/** Bytes that executable leaves cover. */
const reservedBytes = (source: MetricSource): number =>
  source.text4KLeaves * PAGE_SIZE_BYTES + source.text2MLeaves * PMD_SIZE_BYTES;

/** Reserved text that is not live. Text in the tail of kernel text takes none of it. */
const wasteBytes = (source: MetricSource): number =>
  reservedBytes(source) - (source.liveTextBytes - source.tailTextBytes);

/** Share of the reserved text that holds nothing; 0 when nothing is reserved. */
function wastePercent(source: MetricSource): number {
  const reserved = reservedBytes(source);
  return reserved === 0 ? 0 : (wasteBytes(source) / reserved) * 100;
}

export const TEXT_METRICS: readonly MetricDefinition[] = [
  gauge(
    'count',
    {
      name: 'text.pte_4k',
      better: 'low',
      meaning: 'executable 4K entries in the module area',
      counterpart: DUMP,
    },
    (source) => source.text4KLeaves,
  ),
  gauge(
    'count',
    {
      name: 'text.pmd_2m',
      better: 'high',
      meaning: 'executable 2M entries in the module area',
      counterpart: DUMP,
    },
    (source) => source.text2MLeaves,
  ),
  gauge(
    'bytes',
    {
      name: 'text.live_bytes',
      label: 'text.live',
      better: '-',
      meaning: 'bytes of text that somebody asked for and holds',
    },
    (source) => source.liveTextBytes,
  ),
  gauge(
    'bytes',
    {
      name: 'text.reserved_bytes',
      label: 'text.reserved',
      better: 'low',
      meaning: 'bytes that executable entries map, live or not',
      counterpart: DUMP,
    },
    reservedBytes,
  ),
  gauge(
    'percent',
    {
      name: 'text.waste_pct',
      better: 'low',
      meaning: 'share of the reserved text that is not live',
    },
    wastePercent,
  ),
  gauge(
    'bytes',
    {
      name: 'text.waste_bytes',
      label: 'text.waste',
      better: 'low',
      meaning: 'reserved text that is not live',
    },
    wasteBytes,
  ),
  gauge(
    'bytes',
    {
      name: 'data.live_bytes',
      label: 'data.live',
      better: '-',
      meaning: 'bytes of data and rodata in the module area that somebody holds',
    },
    (source) => source.liveDataBytes + source.liveRodataBytes,
  ),
  counter(
    'count',
    {
      name: 'text.splits',
      better: 'low',
      meaning: '2M leaves of the module area that became 512 x 4K',
    },
    (source) => source.effectCount(EffectKind.textSplit2M),
  ),
  counter(
    'count',
    {
      name: 'text.collapses',
      better: '-',
      meaning: '512 x 4K of the module area that became one 2M leaf',
    },
    (source) => source.effectCount(EffectKind.textCollapse2M),
  ),
  counter(
    'count',
    {
      name: 'text.pokes',
      better: 'low',
      meaning: 'writes to text through a temporary mapping',
    },
    (source) => source.effectCount(EffectKind.textPoke),
  ),
  counter(
    'bytes',
    {
      name: 'text.poke_bytes',
      better: 'low',
      meaning: 'bytes written to text through a temporary mapping',
    },
    (source) => source.effectAmount(EffectKind.textPoke),
  ),
  counter(
    'count',
    {
      name: 'boundary.collisions',
      better: 'low',
      meaning: 'times that text and data growing towards each other met',
    },
    (source) => source.effectCount(EffectKind.boundaryCollision),
  ),
];
