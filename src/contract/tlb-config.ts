/**
 * Geometry of a TLB hierarchy as data, and the strict reader of its JSON form. Every profile can be
 * printed in this form and every configuration file becomes the same value, so there is one model.
 *
 * JSON: {"l1": [array...], "l1_as": {"1G": "2M"}, "l2": [array...], "l2_as": {}, "coalesce": false,
 * "pwc": {"pml4": 4, "pdpt": 4, "pd": 32}, "levels": 4}; an array is {"sizes": ["4K"], "sets": 16,
 * "ways": 8, "policy": "lru", "index": "linear", "ways_for": {"2M": [0, 8]}}.
 */

/** Sizes under which an array can hold a translation. 16K is four coalesced 4K pages. */
export const HELD_SIZES = ['4K', '16K', '2M', '1G'] as const;
export type HeldSize = (typeof HELD_SIZES)[number];

/** Index of a size in HELD_SIZES. */
export const SizeClass = { '4K': 0, '16K': 1, '2M': 2, '1G': 3 } as const;
export type SizeClass = (typeof SizeClass)[HeldSize];

/** log2 of the 4 KiB pages that a size class covers. */
export const SIZE_CLASS_SHIFT: readonly number[] = [0, 2, 9, 18];

export const TLB_POLICIES = ['lru', 'fifo', 'plru', 'mru3plru4'] as const;
export type TlbPolicy = (typeof TLB_POLICIES)[number];

export const TLB_INDEXES = ['linear', 'xor7'] as const;
export type TlbIndex = (typeof TLB_INDEXES)[number];

/** Half-open range of ways. */
export type WayRange = readonly [number, number];

export interface TlbArrayConfig {
  readonly sizes: readonly HeldSize[];
  /** Power of two; 1 is fully associative. */
  readonly sets: number;
  readonly ways: number;
  readonly policy: TlbPolicy;
  readonly index: TlbIndex;
  /** Sizes that may use only some ways. */
  readonly waysFor: Readonly<Partial<Record<HeldSize, WayRange>>>;
}

/** A size held as smaller pieces in one level. */
export type HeldAs = Readonly<Partial<Record<HeldSize, HeldSize>>>;

/** Entries of the fully associative paging-structure caches; 0 means there is none. */
export interface PagingCacheConfig {
  readonly pml4: number;
  readonly pdpt: number;
  readonly pd: number;
}

export interface TlbConfig {
  readonly l1: readonly TlbArrayConfig[];
  readonly l1As: HeldAs;
  readonly l2: readonly TlbArrayConfig[];
  readonly l2As: HeldAs;
  /** 4K pages that the stream marks as coalescible are held as 16K entries. */
  readonly coalesce: boolean;
  /** Absent: walks are counted, their loads are not. */
  readonly pwc?: PagingCacheConfig;
  /** Page-table levels. */
  readonly levels: 4 | 5;
}

/** A configuration that cannot be used. The message names the place and what was expected. */
export class TlbConfigError extends Error {
  override readonly name = 'TlbConfigError';
}

/** Bounds that keep a configuration from a mail from exhausting memory. */
const SETS_MAX = 65536;
const WAYS_MAX = 4096;
const ENTRIES_MAX = 1048576;
const PAGING_CACHE_ENTRIES_MAX = 65536;

type JsonObject = Readonly<Record<string, unknown>>;

const fail = (place: string, message: string): never => {
  throw new TlbConfigError(`${place}: ${message}`);
};

const show = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

function readObject(value: unknown, place: string, keys: readonly string[]): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail(place, `expected an object, found ${show(value)}`);
  }
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) fail(place, `unknown key '${key}'; keys: ${keys.join(' ')}`);
  }
  return value as JsonObject;
}

function readWhole(value: unknown, place: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    return fail(place, `expected a whole number from ${min} to ${max}, found ${show(value)}`);
  }
  return value;
}

function readName<T extends string>(value: unknown, place: string, names: readonly T[]): T {
  const found = names.find((name) => name === value);
  return found ?? fail(place, `expected one of ${names.join(' ')}, found ${show(value)}`);
}

function readList(value: unknown, place: string): readonly unknown[] {
  return Array.isArray(value) ? value : fail(place, `expected a list, found ${show(value)}`);
}

function readSizes(value: unknown, place: string): readonly HeldSize[] {
  const sizes = readList(value, place).map((entry, i) =>
    readName(entry, `${place}[${i}]`, HELD_SIZES),
  );
  if (sizes.length === 0) fail(place, 'an array holds at least one size');
  if (new Set(sizes).size !== sizes.length) fail(place, 'a size is named twice');
  return sizes;
}

function readWaysFor(
  value: unknown,
  place: string,
  sizes: readonly HeldSize[],
  ways: number,
): Partial<Record<HeldSize, WayRange>> {
  const result: Partial<Record<HeldSize, WayRange>> = {};
  if (value === undefined) return result;
  for (const [key, range] of Object.entries(readObject(value, place, HELD_SIZES))) {
    const here = `${place}.${key}`;
    const size = readName(key, here, HELD_SIZES);
    if (!sizes.includes(size)) fail(here, `the array does not hold ${size}`);
    const list = readList(range, here);
    if (list.length !== 2) fail(here, `expected [first way, way after the last]`);
    const low = readWhole(list[0], here, 0, ways - 1);
    result[size] = [low, readWhole(list[1], here, low + 1, ways)];
  }
  return result;
}

const ARRAY_KEYS = ['sizes', 'sets', 'ways', 'policy', 'index', 'ways_for'];

const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));

function readArray(value: unknown, place: string): TlbArrayConfig {
  const object = readObject(value, place, ARRAY_KEYS);
  const sizes = readSizes(object['sizes'], `${place}.sizes`);
  const sets = readWhole(object['sets'], `${place}.sets`, 1, SETS_MAX);
  const ways = readWhole(object['ways'], `${place}.ways`, 1, WAYS_MAX);
  const policy = readName(object['policy'] ?? 'lru', `${place}.policy`, TLB_POLICIES);
  const index = readName(object['index'] ?? 'linear', `${place}.index`, TLB_INDEXES);
  const waysFor = readWaysFor(object['ways_for'], `${place}.ways_for`, sizes, ways);
  return { sizes, sets, ways, policy, index, waysFor };
}

/** Checks what a configuration built in code must keep too. */
export function checkTlbArray(array: TlbArrayConfig, place: string): void {
  if (!isPowerOfTwo(array.sets)) fail(`${place}.sets`, `${array.sets} is not a power of two`);
  if (array.sets * array.ways > ENTRIES_MAX) {
    fail(place, `${array.sets * array.ways} entries; the most is ${ENTRIES_MAX}`);
  }
  if (array.index === 'xor7' && array.sets !== 128) {
    fail(`${place}.index`, `xor7 needs 128 sets, found ${array.sets}`);
  }
  if (array.policy === 'plru' && !isPowerOfTwo(array.ways)) {
    fail(`${place}.ways`, `plru needs a power of two, found ${array.ways}`);
  }
  if (array.policy === 'mru3plru4' && array.ways !== 12) {
    fail(`${place}.ways`, `mru3plru4 needs 12 ways, found ${array.ways}`);
  }
}

function readLevel(value: unknown, place: string): readonly TlbArrayConfig[] {
  const arrays = readList(value ?? [], place).map((entry, i) => readArray(entry, `${place}[${i}]`));
  checkTlbLevel(arrays, place);
  return arrays;
}

/** Checks the arrays of one level: each by itself, and that no size has two homes. */
export function checkTlbLevel(arrays: readonly TlbArrayConfig[], place: string): void {
  const home = new Map<HeldSize, number>();
  arrays.forEach((array, i) => {
    checkTlbArray(array, `${place}[${i}]`);
    for (const size of array.sizes) {
      const other = home.get(size);
      if (other !== undefined) fail(`${place}[${i}].sizes`, `${place}[${other}] holds ${size} too`);
      home.set(size, i);
    }
  });
}

function readHeldAs(value: unknown, place: string): HeldAs {
  const result: Partial<Record<HeldSize, HeldSize>> = {};
  if (value === undefined) return result;
  for (const [key, piece] of Object.entries(readObject(value, place, HELD_SIZES))) {
    const here = `${place}.${key}`;
    const size = readName(key, here, HELD_SIZES);
    const held = readName(piece, here, HELD_SIZES);
    if (SizeClass[held] >= SizeClass[size]) fail(here, `${held} is not smaller than ${size}`);
    result[size] = held;
  }
  return result;
}

function readPagingCaches(value: unknown): PagingCacheConfig {
  const object = readObject(value, 'pwc', ['pml4', 'pdpt', 'pd']);
  const entries = (key: string): number =>
    readWhole(object[key] ?? 0, `pwc.${key}`, 0, PAGING_CACHE_ENTRIES_MAX);
  return { pml4: entries('pml4'), pdpt: entries('pdpt'), pd: entries('pd') };
}

const CONFIG_KEYS = ['l1', 'l1_as', 'l2', 'l2_as', 'coalesce', 'pwc', 'levels'];

/** Reads the JSON form. Throws TlbConfigError on anything that it does not fully understand. */
export function readTlbConfig(value: unknown): TlbConfig {
  const object = readObject(value, 'configuration', CONFIG_KEYS);
  const coalesce = object['coalesce'] ?? false;
  if (typeof coalesce !== 'boolean') fail('coalesce', `expected true or false`);
  const levels = readWhole(object['levels'] ?? 4, 'levels', 4, 5);
  const config = {
    l1: readLevel(object['l1'], 'l1'),
    l1As: readHeldAs(object['l1_as'], 'l1_as'),
    l2: readLevel(object['l2'], 'l2'),
    l2As: readHeldAs(object['l2_as'], 'l2_as'),
    coalesce: coalesce === true,
    levels: levels === 5 ? 5 : 4,
  } as const;
  if (config.l1.length + config.l2.length === 0) {
    fail('configuration', 'neither l1 nor l2 has an array');
  }
  if (object['pwc'] === undefined) return config;
  return { ...config, pwc: readPagingCaches(object['pwc']) };
}

/** Reads JSON text. Throws TlbConfigError. */
export function parseTlbConfig(text: string): TlbConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return fail('configuration', `not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  return readTlbConfig(value);
}

function arrayToJson(array: TlbArrayConfig): JsonObject {
  const waysFor = Object.keys(array.waysFor).length > 0 ? { ways_for: array.waysFor } : {};
  const { sizes, sets, ways, policy, index } = array;
  return { sizes, sets, ways, policy, index, ...waysFor };
}

/** The configuration in the form that readTlbConfig takes. `levels` is written when it is 5. */
export function tlbConfigToJson(config: TlbConfig): JsonObject {
  return {
    l1: config.l1.map(arrayToJson),
    l1_as: config.l1As,
    l2: config.l2.map(arrayToJson),
    l2_as: config.l2As,
    coalesce: config.coalesce,
    ...(config.pwc ? { pwc: config.pwc } : {}),
    ...(config.levels === 5 ? { levels: 5 } : {}),
  };
}
