/**
 * Quantities of the language: a number and its unit, read into base units (bytes, nanoseconds, events
 * per second, fractions 0..1). Kinds never convert into each other.
 */

export type UnitKind = 'size' | 'time' | 'rate' | 'share' | 'factor' | 'count';

interface UnitInfo {
  readonly kind: UnitKind;
  /** Base units in one of this unit. */
  readonly scale: number;
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1048576,
  GiB: 1073741824,
  TiB: 1099511627776,
  K: 1024,
  M: 1048576,
  G: 1073741824,
  T: 1099511627776,
};

const TIME_UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
  h: 3600e9,
};

const UNITS: ReadonlyMap<string, UnitInfo> = new Map<string, UnitInfo>([
  ...Object.entries(SIZE_UNITS).map(([name, scale]) => [name, { kind: 'size', scale }] as const),
  ...Object.entries(TIME_UNITS).map(([name, scale]) => [name, { kind: 'time', scale }] as const),
  ...Object.entries(TIME_UNITS).map(
    ([name, nanoseconds]) => [`/${name}`, { kind: 'rate', scale: 1e9 / nanoseconds }] as const,
  ),
  ['%', { kind: 'share', scale: 0.01 }],
  ['x', { kind: 'factor', scale: 1 }],
  ['', { kind: 'count', scale: 1 }],
]);

export const UNIT_NAMES: readonly string[] = [
  ...Object.keys(SIZE_UNITS),
  ...Object.keys(TIME_UNITS),
  '%',
  'x',
];

/** Units by kind, for the reference. */
export const UNIT_ROWS: readonly {
  readonly kind: string;
  readonly units: string;
  readonly base: string;
}[] = [
  { kind: 'size', units: Object.keys(SIZE_UNITS).join(' '), base: 'bytes, in powers of 1024' },
  { kind: 'time', units: Object.keys(TIME_UNITS).join(' '), base: 'nanoseconds' },
  {
    kind: 'rate',
    units: Object.keys(TIME_UNITS)
      .map((name) => `N/${name}`)
      .join(' '),
    base: 'events per second',
  },
  { kind: 'share', units: '%', base: 'of the thing named next to it' },
  { kind: 'factor', units: 'x', base: 'for speed' },
  { kind: 'count', units: 'none', base: '' },
];

/** The units a message lists for a kind: short ones that are never refused. */
export const UNITS_OF_KIND: Readonly<Record<UnitKind, string>> = {
  size: 'B, KiB, MiB or GiB',
  time: 'ns, us, ms, s, min or h',
  rate: 'N/s, N/ms, N/min or N/h',
  share: 'a percentage such as 30%',
  factor: 'a factor such as 10x',
  count: 'a number without a unit',
};

/** `a size`, `a time`: for messages. */
export const KIND_TEXT: Readonly<Record<UnitKind, string>> = {
  size: 'a size',
  time: 'a time',
  rate: 'a rate',
  share: 'a share',
  factor: 'a factor',
  count: 'a count',
};

export interface QuantityParts {
  /** Digits as written. */
  readonly digits: string;
  /** Unit as written, `/` included for rates; empty for a count. */
  readonly unit: string;
  /** Blanks stood between digits and unit. */
  readonly torn: boolean;
}

const QUANTITY = /^([0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?(?:[eE][+-]?[0-9]+)?)([ \t]*)(.*)$/s;

/** Takes the image of a quantity token apart. */
export function quantityParts(image: string): QuantityParts {
  const match = QUANTITY.exec(image);
  return {
    digits: match?.[1] ?? '0',
    unit: match?.[3] ?? '',
    torn: (match?.[2] ?? '') !== '',
  };
}

export interface QuantityValue {
  readonly kind: UnitKind;
  /** In base units. */
  readonly value: number;
}

/** Value in base units, or undefined for an unknown unit. */
export function quantityValue(parts: QuantityParts): QuantityValue | undefined {
  const unit = UNITS.get(parts.unit);
  if (unit === undefined) return undefined;
  const digits = Number(parts.digits.replaceAll('_', ''));
  if (unit.kind === 'share') return { kind: 'share', value: digits / 100 };
  if (unit.kind === 'size' || unit.kind === 'time') {
    const raw = digits * unit.scale;
    const whole = Math.round(raw);
    // 0.1 KiB and 0.7 ms carry a last-digit error that is not the author's.
    const near = Math.abs(raw - whole) <= Math.abs(raw) * 1e-12;
    return { kind: unit.kind, value: near || unit.kind === 'time' ? whole : raw };
  }
  return { kind: unit.kind, value: digits * unit.scale };
}

/** Repairs for units that are refused: `kB` becomes `KiB`. */
export const UNIT_REPAIRS: ReadonlyMap<string, { readonly unit: string; readonly note?: string }> =
  new Map([
    ['kB', { unit: 'KiB', note: '/proc prints kB but counts in units of 1024 bytes' }],
    ['KB', { unit: 'KiB', note: 'KB means 1000 bytes in some tools and 1024 in others' }],
    ['MB', { unit: 'MiB', note: 'MB means 10^6 bytes on disks and 2^20 in the kernel' }],
    ['GB', { unit: 'GiB', note: 'GB means 10^9 bytes on disks and 2^30 in the kernel' }],
    ['TB', { unit: 'TiB', note: 'TB means 10^12 bytes on disks and 2^40 in the kernel' }],
    ['b', { unit: 'B' }],
    ['kb', { unit: 'KiB' }],
    ['kib', { unit: 'KiB' }],
    ['mib', { unit: 'MiB' }],
    ['gib', { unit: 'GiB' }],
    ['k', { unit: 'KiB' }],
    ['g', { unit: 'GiB' }],
    ['sec', { unit: 's' }],
    ['secs', { unit: 's' }],
    ['second', { unit: 's' }],
    ['seconds', { unit: 's' }],
    ['m', { unit: 'min', note: "'m' may be read as minutes, milli or mega" }],
    ['minute', { unit: 'min' }],
    ['minutes', { unit: 'min' }],
    ['mins', { unit: 'min' }],
    ['hour', { unit: 'h' }],
    ['hours', { unit: 'h' }],
    ['hr', { unit: 'h' }],
    ['msec', { unit: 'ms' }],
    ['usec', { unit: 'us' }],
    ['nsec', { unit: 'ns' }],
    ['\u00b5s', { unit: 'us' }],
  ]);

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** Whole number with commas: `64,800`. */
export const groupedNumber = (value: number): string => grouped(String(Math.round(value)));

/** Shortest text of a duration in nanoseconds: `20s`, `500ms`, `2min`. */
export function timeText(nanoseconds: number): string {
  for (const unit of ['h', 'min', 's', 'ms', 'us'] as const) {
    const scale = TIME_UNITS[unit] ?? 1;
    if (nanoseconds >= scale && Number.isInteger(nanoseconds / scale)) {
      return `${nanoseconds / scale}${unit}`;
    }
  }
  return `${nanoseconds}ns`;
}

/** Shortest text of a size: `2MiB`, `24B`. */
export function sizeText(bytes: number): string {
  for (const unit of ['TiB', 'GiB', 'MiB', 'KiB'] as const) {
    const scale = SIZE_UNITS[unit] ?? 1;
    if (bytes >= scale && Number.isInteger(bytes / scale)) return `${bytes / scale}${unit}`;
  }
  return `${bytes}B`;
}

/** `60%`, with at most three digits after the point. */
export const shareText = (share: number): string => `${Number((share * 100).toFixed(3))}%`;
