/** A reference stream through a TLB hierarchy: `xlab tlb`. */
import { SizeClass, type TlbConfig } from '../contract/tlb-config.js';
import { Tlb, type MappingClass } from '../machine/tlb.js';
import { TlbTraceReader, type TlbTraceTarget } from './tlb-trace.js';

/** Counts of one page size. l1_hit + stlb_hit + walk = fetch. */
export interface TlbSizeCounts {
  readonly fetch: number;
  readonly l1_hit: number;
  readonly stlb_hit: number;
  readonly walk: number;
}

/** As printed: sizes that occur, and the entries read by walks when walk caches are set. */
export interface TlbRunResult {
  readonly '4K'?: TlbSizeCounts;
  readonly '2M'?: TlbSizeCounts;
  readonly '1G'?: TlbSizeCounts;
  readonly walk_loads?: number;
}

const MAPPINGS: Readonly<Record<'4K' | '2M' | '1G', MappingClass>> = {
  '4K': SizeClass['4K'],
  '2M': SizeClass['2M'],
  '1G': SizeClass['1G'],
};
/** Known translations after which those that no level holds are forgotten. */
const TRANSLATIONS_MAX = 1 << 21;

class TraceTlb implements TlbTraceTarget {
  readonly tlb: Tlb;

  constructor(config: TlbConfig) {
    this.tlb = new Tlb(config);
  }

  fetch(page: number, size: '4K' | '2M' | '1G', isGlobal: boolean, isCoalescible: boolean): void {
    const { tlb } = this;
    if (tlb.translationCount >= TRANSLATIONS_MAX) tlb.forgetAbsent();
    tlb.fetch(tlb.translation({ page, mapping: MAPPINGS[size], isGlobal, isCoalescible }));
  }

  switchSpace(space: number): void {
    this.tlb.switchSpace(space);
  }

  switchSpaceAndDrop(space: number): void {
    this.tlb.switchSpaceAndDrop(space);
  }

  invalidatePage(page: number): void {
    this.tlb.invalidatePage(page);
  }

  dropSpace(): void {
    this.tlb.dropSpace();
  }

  dropAll(): void {
    this.tlb.dropAll();
  }
}

function sizeCounts(tlb: Tlb, mapping: MappingClass): TlbSizeCounts | undefined {
  const fetch = tlb.fetches[mapping] ?? 0;
  if (fetch === 0) return undefined;
  const misses = tlb.l1Misses[mapping] ?? 0;
  const walk = tlb.walks[mapping] ?? 0;
  return { fetch, l1_hit: fetch - misses, stlb_hit: misses - walk, walk };
}

/** Runs the whole stream. Throws TlbTraceError at the first malformed line: nothing is counted. */
export async function runTlb(
  config: TlbConfig,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<TlbRunResult> {
  const target = new TraceTlb(config);
  const reader = new TlbTraceReader(target);
  for await (const chunk of chunks) reader.read(chunk);
  reader.finish();
  const { tlb } = target;
  const small = sizeCounts(tlb, MAPPINGS['4K']);
  const large = sizeCounts(tlb, MAPPINGS['2M']);
  const huge = sizeCounts(tlb, MAPPINGS['1G']);
  return {
    ...(small && { '4K': small }),
    ...(large && { '2M': large }),
    ...(huge && { '1G': huge }),
    ...(config.pwc && { walk_loads: tlb.walkLoads }),
  };
}

const COLUMNS = ['fetch', 'l1_hit', 'stlb_hit', 'walk'] as const;
const COLUMN_WIDTH = 14;

/** The result as a table of plain text. */
export function formatTlbRun(result: TlbRunResult): string {
  const cell = (text: string): string => text.padStart(COLUMN_WIDTH);
  const rows = (['4K', '2M', '1G'] as const).flatMap((size) => {
    const counts = result[size];
    return counts === undefined
      ? []
      : [size + COLUMNS.map((column) => cell(String(counts[column]))).join('')];
  });
  const loads = result.walk_loads;
  const last = loads === undefined ? [] : [`walk loads ${String(loads)}`];
  return `${['  ' + COLUMNS.map(cell).join(''), ...rows, ...last].join('\n')}\n`;
}
