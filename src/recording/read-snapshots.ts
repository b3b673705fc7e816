/** snapshots.jsonl and the first line of pagetables.jsonl. */
import {
  asAddress,
  asList,
  asObject,
  asText,
  asWhole,
  FieldError,
  isObject,
  optional,
  type JsonObject,
} from './json-fields.js';
import { visitJsonLines } from './json-lines.js';
import { RECORDING_LIMITS } from './limits.js';
import { readModuleAreas } from './read-areas.js';
import type { Findings } from './findings.js';
import type {
  LeafCounts,
  LeafRange,
  RecordingSnapshot,
  RegionSummary,
  ZoneFreeBlocks,
} from './recording.js';

const COUNT_MAX = 2 ** 50;

const count = (value: unknown, what: string): number =>
  value === undefined || value === null ? 0 : asWhole(value, what, 0, COUNT_MAX);

function readLeafCounts(value: unknown, what: string): LeafCounts {
  const row = isObject(value) ? value : {};
  return {
    rwNx: count(row['rw_nx'], what),
    roNx: count(row['ro_nx'], what),
    roX: count(row['ro_x'], what),
    rwX: count(row['rw_x'], what),
    notPresent: count(row['notpresent'], what),
  };
}

function readRegions(value: unknown, what: string): ReadonlyMap<string, RegionSummary> {
  const regions = new Map<string, RegionSummary>();
  for (const [name, region] of Object.entries(asObject(value, what))) {
    const row = asObject(region, `${what}.${name}`);
    const tables = isObject(row['tables']) ? row['tables'] : {};
    regions.set(name, {
      leaves4K: readLeafCounts(row['4K'], `${what}.${name}`),
      leaves2M: readLeafCounts(row['2M'], `${what}.${name}`),
      leaves1G: readLeafCounts(row['1G'], `${what}.${name}`),
      pteTables: count(tables['pte'], `${what}.${name}`),
    });
  }
  return regions;
}

function readDirectMapKb(value: unknown, what: string): readonly [number, number, number] {
  const row = asObject(value, what);
  return [count(row['4k'], what), count(row['2M'], what), count(row['1G'], what)];
}

/** Rows as /proc/buddyinfo prints them, split at spaces. */
function readFreeBlocks(value: unknown, what: string): readonly ZoneFreeBlocks[] {
  return asList(value, what).map((entry) => {
    const row = asList(entry, what).map((cell) => asText(cell, what, 32));
    const zoneAt = row.indexOf('zone');
    const zone = row[zoneAt + 1];
    const node = /^\d{1,4}/.exec(row[1] ?? '');
    if (zoneAt < 0 || zone === undefined || !node) throw new FieldError(`${what} row unknown`);
    const counts = row.slice(zoneAt + 2).map(Number);
    if (counts.some((blocks) => !Number.isInteger(blocks) || blocks < 0)) {
      throw new FieldError(`${what} of zone ${zone} holds something else than counts`);
    }
    return { node: Number(node[0]), zone, counts };
  });
}

function readModuleRows(value: unknown, what: string): RecordingSnapshot['modules'] {
  return asList(value, what).map((entry) => {
    const row = asList(entry, what);
    return {
      name: asText(row[0], what, RECORDING_LIMITS.nameLengthMax),
      sizeBytes: asWhole(row[1], what, 0, RECORDING_LIMITS.sectionBytesMax),
      address: asAddress(row[3], what),
    };
  });
}

function readSnapshot(row: JsonObject, line: number): RecordingSnapshot {
  const snapshot: { -readonly [K in keyof RecordingSnapshot]: RecordingSnapshot[K] } = {
    label: row['label'] === undefined ? `line ${String(line)}` : asText(row['label'], 'label', 256),
    line,
    afterEvents: asWhole(row['after_events'], 'after_events', 0, RECORDING_LIMITS.eventsMax),
  };
  const directMap = optional(row['directmap_kb'], readDirectMapKb, 'directmap_kb');
  if (directMap) snapshot.directMapKb = directMap;
  const areas = optional(row['vmallocinfo'], readModuleAreas, 'vmallocinfo');
  if (areas) snapshot.areas = areas;
  const free = optional(row['buddyinfo'], readFreeBlocks, 'buddyinfo');
  if (free) snapshot.freeBlocks = free;
  const regions = optional(row['pt_summary'], readRegions, 'pt_summary');
  if (regions) snapshot.pageTables = regions;
  const modules = optional(row['modules'], readModuleRows, 'modules');
  if (modules) snapshot.modules = modules;
  if (isObject(row['vmstat'])) {
    const level2 = row['vmstat']['direct_map_level2_splits'];
    const level3 = row['vmstat']['direct_map_level3_splits'];
    if (level2 !== undefined) snapshot.level2Splits = count(level2, 'level2_splits');
    if (level3 !== undefined) snapshot.level3Splits = count(level3, 'level3_splits');
  }
  return snapshot;
}

export function readSnapshots(text: string, findings: Findings): readonly RecordingSnapshot[] {
  const file = 'snapshots.jsonl';
  const snapshots: RecordingSnapshot[] = [];
  visitJsonLines({ file, text, linesMax: RECORDING_LIMITS.snapshotsMax }, findings, (row, line) => {
    const snapshot = readSnapshot(row, line);
    const last = snapshots.at(-1);
    if (last && snapshot.afterEvents < last.afterEvents) {
      throw new FieldError(`after_events ${String(snapshot.afterEvents)} goes back`);
    }
    snapshots.push(snapshot);
  });
  return snapshots;
}

const LEVELS: ReadonlySet<string> = new Set(['4K', '2M', '1G']);

function readLeafRange(value: unknown): LeafRange {
  const row = asList(value, 'range');
  const level = asText(row[3], 'level of a range', 4);
  if (!LEVELS.has(level)) throw new FieldError(`level '${level}' of a range`);
  return {
    region: asText(row[0], 'region', 64),
    start: asAddress(row[1], 'start of a range'),
    end: asAddress(row[2], 'end of a range'),
    level: level as LeafRange['level'],
    flags: asAddress(row[4], 'flags of a range'),
    physical: row[5] === undefined || row[5] === null ? 0 : Number(asAddress(row[5], 'physical')),
  };
}

/** Leaves at the first snapshot. Later lines show observed state and are not read. */
export function readInitialLeaves(text: string, findings: Findings): readonly LeafRange[] {
  const newline = text.indexOf('\n');
  const first = newline < 0 ? text : text.slice(0, newline);
  let leaves: readonly LeafRange[] = [];
  visitJsonLines({ file: 'pagetables.jsonl', text: first, linesMax: 1 }, findings, (row) => {
    const ranges = asList(row['ranges'], 'ranges');
    if (ranges.length > RECORDING_LIMITS.rowsMax) throw new FieldError('too many ranges');
    leaves = ranges.map(readLeafRange);
  });
  return leaves;
}
