/** The list of metrics: names, labels, units, and what they read. */
import { describe, expect, it } from 'vitest';
import { isRatio, type MetricSource } from '../../../src/contract/metric-source.js';
import { EffectKind } from '../../../src/contract/sim-event.js';
import { metricInfos, metricRegistry } from '../../../src/metrics/index.js';

/** The metrics that the language page names. */
const LANGUAGE_METRICS = [
  'DirectMap4k',
  'DirectMap2M',
  'DirectMap1G',
  'direct_map_level2_splits',
  'direct_map_level3_splits',
  'direct_map_level2_collapses',
  'direct_map_level3_collapses',
  'itlb_misses.stlb_hit',
  'itlb_misses.walk_completed',
  'itlb_misses.walk_completed_4k',
  'itlb_misses.walk_completed_2m_4m',
  'itlb.walks_per_kinst',
  'text.pte_4k',
  'text.pmd_2m',
  'text.live_bytes',
  'text.reserved_bytes',
  'text.waste_pct',
  'vmap.holes',
  'vmap.largest_hole',
  'vmap.areas',
  'tlb.remote_flush',
  'tlb.flush_pages',
  'cpa.calls',
  'alloc.failed',
  'alloc.fallback',
  'pool.underflow',
  'churn.held_back',
  'text.overlap',
  'text.writable_and_executable',
  'stale_text_fetches',
];

/** A source in which every number is different, so that no two metrics can be mixed up. */
const source: MetricSource = {
  effectCount: (kind) => 100 + kind,
  effectAmount: (kind) => 1000 + kind,
  directMapBytes: (level) => level * 4096,
  text4KLeaves: 10,
  text2MLeaves: 2,
  liveTextBytes: 3_000_100,
  tailTextBytes: 100,
  liveDataBytes: 5,
  liveRodataBytes: 6,
  overlapBytes: 7,
  writableExecutableBytes: 8,
  vmapAreas: 9,
  vmapHoles: 11,
  largestHoleBytes: 12,
  lazyBytes: 13,
  freeMemoryBytes: 14,
  instructions: 48_000,
  references: 2000,
  stlbHits: 96,
  walks: 24,
  walks4K: 20,
  walks2M: 4,
  walkCycles: 700,
  staleFetches: 15,
  poolUnderflows: 16,
  heldBack: 17,
  liveObjects: 18,
  chargedNs: 19,
  designGauge: (name) => (name === 'rox_blocks' ? 21 : undefined),
};

function valueOf(name: string): number | undefined {
  const metric = metricRegistry.get(name);
  if (!isRatio(metric)) return metric.read(source);
  return (metric.scale * metric.numerator(source)) / metric.denominator(source);
}

describe('metrics', () => {
  it('hold everything that the language names', () => {
    for (const name of LANGUAGE_METRICS) expect(metricRegistry.names).toContain(name);
  });

  it.each(metricInfos.map((info) => [info.name, info] as const))(
    '%s has a label for a table row, one line of meaning and a name of the language',
    (name, info) => {
      expect(info.label.length).toBeLessThanOrEqual(22);
      expect(info.meaning).toMatch(/^\S.{8,88}$/);
      expect(info.meaning.endsWith('.')).toBe(false);
      expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]*(\.[a-z][a-z0-9_]*)*$/);
    },
  );

  it('have labels that tell them apart', () => {
    const labels = metricInfos.map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it.each([
    ['itlb.walks_per_kinst', 0.5],
    ['itlb.stlb_hits_per_kinst', 2],
    ['itlb_misses.walk_active', 700],
    ['text.reserved_bytes', 10 * 4096 + 2 * 2097152],
    ['text.waste_bytes', 10 * 4096 + 2 * 2097152 - 3_000_000],
    ['DirectMap4k', 4096],
    ['DirectMap2M', 8192],
    ['DirectMap1G', 12288],
    ['direct_map_level2_splits', 100 + EffectKind.directMapSplit2M],
    ['direct_map_level3_splits', 100 + EffectKind.directMapSplit1G],
    ['direct_map_level2_collapses', 100 + EffectKind.directMapCollapse2M],
    ['direct_map_level3_collapses', 100 + EffectKind.directMapCollapse1G],
    ['tlb.remote_flush', 200 + EffectKind.flushAll + EffectKind.flushRange],
    ['tlb.flush_pages', 1000 + EffectKind.flushRange],
    ['order9.requests', 200 + EffectKind.order9Alloc + EffectKind.order9Failed],
    ['pgtable.bytes', -4096],
    ['alloc.failed', 100 + EffectKind.allocFailed],
    ['text.poke_bytes', 1000 + EffectKind.textPoke],
    ['data.live_bytes', 11],
    ['text.overlap', 7],
    ['text.writable_and_executable', 8],
    ['stale_text_fetches', 15],
    ['design.rox_blocks', 21],
    ['design.bpf_packs', undefined],
  ] as const)('%s reads what it says', (name, value) => {
    expect(valueOf(name)).toBe(value);
  });

  it('waste is the share of reserved text that is not live, and 0 of nothing', () => {
    const reserved = 10 * 4096 + 2 * 2097152;
    expect(valueOf('text.waste_pct')).toBeCloseTo(((reserved - 3_000_000) / reserved) * 100, 10);
    const waste = metricRegistry.get('text.waste_pct');
    const empty = { ...source, text4KLeaves: 0, text2MLeaves: 0, liveTextBytes: 0 };
    expect(isRatio(waste) ? undefined : waste.read(empty)).toBe(0);
  });
});
