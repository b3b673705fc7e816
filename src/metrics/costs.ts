/** What it costs: TLB flushes, attribute changes, memory, time. */
import { PAGE_SIZE_BYTES } from '../base/units.js';
import type { MetricDefinition } from '../contract/metric-source.js';
import { EffectKind } from '../contract/sim-event.js';
import { counter, gauge } from './metric.js';

export const COST_METRICS: readonly MetricDefinition[] = [
  counter(
    'count',
    {
      name: 'tlb.remote_flush',
      better: 'low',
      meaning: 'flushes that reach every CPU, of everything or of single pages',
      counterpart: '/proc/vmstat: nr_tlb_remote_flush',
    },
    (source) => source.effectCount(EffectKind.flushAll) + source.effectCount(EffectKind.flushRange),
  ),
  counter(
    'count',
    {
      name: 'tlb.flush_all',
      better: 'low',
      meaning: 'flushes of everything on every CPU',
      counterpart: 'tracepoint tlb:tlb_flush',
    },
    (source) => source.effectCount(EffectKind.flushAll),
  ),
  counter(
    'count',
    {
      name: 'tlb.flush_pages',
      better: 'low',
      meaning: 'pages that were invalidated one by one on every CPU',
      counterpart: 'tracepoint tlb:tlb_flush',
    },
    (source) => source.effectAmount(EffectKind.flushRange),
  ),
  counter(
    'count',
    {
      name: 'tlb.local_flush',
      better: 'low',
      meaning: 'flushes of one CPU after a write to text',
      counterpart: '/proc/vmstat: nr_tlb_local_flush_one',
    },
    (source) => source.effectCount(EffectKind.flushLocal),
  ),
  counter(
    'count',
    {
      name: 'cpa.calls',
      better: 'low',
      meaning: 'set_memory_* calls',
      counterpart: 'function profile of change_page_attr_set_clr',
    },
    (source) => source.effectCount(EffectKind.changePageAttr),
  ),
  counter(
    'count',
    {
      name: 'order9.requests',
      better: '-',
      meaning: 'requests for a physically contiguous 2M page',
      counterpart: 'tracepoint kmem:mm_page_alloc',
    },
    (source) =>
      source.effectCount(EffectKind.order9Alloc) + source.effectCount(EffectKind.order9Failed),
  ),
  counter(
    'count',
    {
      name: 'order9.failed',
      better: 'low',
      meaning: 'requests for a 2M page that found none',
    },
    (source) => source.effectCount(EffectKind.order9Failed),
  ),
  gauge(
    'bytes',
    {
      name: 'pgtable.bytes',
      better: 'low',
      meaning: 'page-table pages in use beyond those at boot',
    },
    (source) =>
      (source.effectCount(EffectKind.pageTableAlloc) -
        source.effectCount(EffectKind.pageTableFree)) *
      PAGE_SIZE_BYTES,
  ),
  gauge(
    'bytes',
    {
      name: 'MemFree',
      better: 'high',
      meaning: 'free physical memory',
      counterpart: '/proc/meminfo',
    },
    (source) => source.freeMemoryBytes,
  ),
  counter(
    'ns',
    {
      name: 'cost.time',
      better: 'low',
      meaning: 'time charged for shootdowns, page walks and attribute changes (costs on)',
    },
    (source) => source.chargedNs,
  ),
];
