/** What a search in the window can lead to: a metric's chart, a pool's line, an address in the maps. */
import type { MapInfo } from '../../src/contract/map-data.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';

export type FoundPlace =
  | { readonly kind: 'metric'; readonly title: string; readonly note: string }
  | { readonly kind: 'pool'; readonly title: string; readonly note: string; readonly line: number }
  | {
      readonly kind: 'address';
      readonly title: string;
      readonly note: string;
      /** Byte of the module area. */
      readonly byte: number;
    };

export interface FindSource {
  readonly result: ExperimentResult | null;
  /** Text of the scenario. */
  readonly text: string;
  /** A recorded map, for addresses; null while none is open. */
  readonly map: Pick<MapInfo, 'areaAddress' | 'areaPages'> | null;
}

const PAGE_BYTES = 4096;
const POOL_LINE = /^\s*pool\s+([\w$]+)/;

/** Addresses first, then pools, then metrics; all that can be found for an empty search. */
export function findPlaces(search: string, source: FindSource): readonly FoundPlace[] {
  const wanted = search.trim().toLowerCase();
  return [
    ...addressPlace(wanted, source.map),
    ...poolPlaces(wanted, source.text),
    ...metricPlaces(wanted, source.result),
  ];
}

function addressPlace(wanted: string, map: FindSource['map']): readonly FoundPlace[] {
  if (map === null || !/^(?:0x)?[0-9a-f_]{9,18}$/.test(wanted)) return [];
  const digits = wanted.replace(/^0x/, '').replace(/_/g, '');
  const byte = Number(BigInt(`0x${digits}`) - BigInt(map.areaAddress));
  if (byte < 0 || byte >= map.areaPages * PAGE_BYTES) {
    return [];
  }
  return [{ kind: 'address', title: `0x${digits}`, note: 'in the module area', byte }];
}

/** Line of the text that declares a pool, 0 for none. */
export const poolLine = (text: string, pool: string): number =>
  1 + text.split('\n').findIndex((line) => POOL_LINE.exec(line)?.[1] === pool);

function poolPlaces(wanted: string, text: string): readonly FoundPlace[] {
  return text.split('\n').flatMap((line, i): readonly FoundPlace[] => {
    const name = POOL_LINE.exec(line)?.[1];
    return name === undefined || !name.toLowerCase().includes(wanted)
      ? []
      : [{ kind: 'pool', title: name, note: `line ${i + 1}`, line: i + 1 }];
  });
}

function metricPlaces(wanted: string, result: ExperimentResult | null): readonly FoundPlace[] {
  if (result === null) return [];
  const recorded = new Set(result.runs[0]?.series.map(({ metric }) => metric) ?? []);
  const found = result.metrics.filter(({ name, label }) =>
    `${name} ${label}`.toLowerCase().includes(wanted),
  );
  const place = (name: string, note: string): FoundPlace => ({ kind: 'metric', title: name, note });
  return [
    ...found.filter(({ name }) => recorded.has(name)).map((one) => place(one.name, one.meaning)),
    ...found
      .filter(({ name }) => !recorded.has(name))
      .map((one) => place(one.name, `not probed; ${one.meaning}`)),
  ];
}
