/**
 * Which part of the comparison a metric speaks about and where its row stands. The three parts are
 * never added up: text mappings (instruction TLB), direct map, and what it all costs.
 */
import type { MetricInfo } from '../contract/metric-table.js';

export type MetricRole = 'itlb' | 'text' | 'direct_map' | 'cost';

interface RoleEntry {
  readonly name: string;
  readonly role: MetricRole;
  /** A counter that is read per second of its phase. */
  readonly perSecond: boolean;
  /** Part of every table where the result has it. */
  readonly core: boolean;
  /** Heading of at most nine characters for tables with designs as rows. */
  readonly heading: string;
}

const entry = (
  name: string,
  role: MetricRole,
  heading: string,
  flags: { readonly perSecond?: boolean; readonly core?: boolean } = {},
): RoleEntry => ({
  name,
  role,
  heading,
  perSecond: flags.perSecond ?? false,
  core: flags.core ?? false,
});

/** In order of rows: comparison first, costs last. */
const ROLE_TABLE: readonly RoleEntry[] = [
  entry('itlb.walks_per_kinst', 'itlb', 'walks/kinst', { core: true }),
  entry('itlb_misses.walk_completed', 'itlb', 'walks', { perSecond: true }),
  entry('itlb_misses.walk_completed_4k', 'itlb', 'walks4k', { perSecond: true }),
  entry('itlb_misses.walk_completed_2m_4m', 'itlb', 'walks2m', { perSecond: true }),
  entry('itlb_misses.stlb_hit', 'itlb', 'stlbhit', { perSecond: true, core: true }),
  entry('text.pte_4k', 'text', 'pte_4k', { core: true }),
  entry('text.pmd_2m', 'text', 'pmd_2m', { core: true }),
  entry('DirectMap4k', 'direct_map', 'DMap4k', { core: true }),
  entry('DirectMap2M', 'direct_map', 'DMap2M'),
  entry('DirectMap1G', 'direct_map', 'DMap1G'),
  entry('direct_map_level2_splits', 'direct_map', 'level2', { core: true }),
  entry('direct_map_level3_splits', 'direct_map', 'level3', { core: true }),
  entry('direct_map_level2_collapses', 'direct_map', 'coll2'),
  entry('direct_map_level3_collapses', 'direct_map', 'coll3'),
  entry('text.live_bytes', 'text', 'live'),
  entry('text.reserved_bytes', 'cost', 'reserved', { core: true }),
  entry('text.waste_pct', 'cost', 'waste', { core: true }),
  entry('vmap.areas', 'cost', 'areas'),
  entry('vmap.holes', 'cost', 'holes'),
  entry('vmap.largest_hole', 'cost', 'maxhole'),
  entry('tlb.remote_flush', 'cost', 'flush', { perSecond: true, core: true }),
  entry('tlb.flush_pages', 'cost', 'flushpg', { perSecond: true }),
  entry('cpa.calls', 'cost', 'cpa', { perSecond: true }),
  entry('alloc.failed', 'cost', 'failed', { core: true }),
  entry('alloc.fallback', 'cost', 'fallback'),
  entry('pool.underflow', 'cost', 'underfl'),
  entry('churn.held_back', 'cost', 'heldback'),
  entry('text.overlap', 'cost', 'overlap'),
  entry('text.writable_and_executable', 'cost', 'w+x'),
  entry('stale_text_fetches', 'cost', 'stale'),
];

const roleByName = new Map(ROLE_TABLE.map((row, index) => [row.name, { ...row, index }]));

/** Position of the row; metrics without a place of their own follow in the catalogue's order. */
export const rowRank = (name: string): number => roleByName.get(name)?.index ?? ROLE_TABLE.length;

/** Part of the comparison; metrics without an entry count as costs. */
export const metricRole = (name: string): MetricRole => roleByName.get(name)?.role ?? 'cost';

/** True for counters that a table shows per second of the phase. */
export const isPerSecond = (metric: MetricInfo): boolean =>
  metric.kind === 'counter' && (roleByName.get(metric.name)?.perSecond ?? false);

/** True when every table of a comparison shows this metric. */
export const isCoreMetric = (name: string): boolean => roleByName.get(name)?.core ?? false;

/** At most eleven characters for a column heading. */
export function shortHeading(metric: MetricInfo): string {
  const known = roleByName.get(metric.name)?.heading;
  if (known !== undefined) return known;
  const tail = metric.name.split(/[./]/).pop() ?? metric.name;
  return tail.slice(0, 11);
}
