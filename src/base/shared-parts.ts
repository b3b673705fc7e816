/**
 * Plain JSON in which equal parts stand once: results of many seeds repeat the same lists and statistics
 * hundreds of times. `{ "$shared": [...], "$in": value }`, where `{ "$ref": n }` stands for entry n; an entry
 * refers to earlier ones only, so that there is no circle. Joined again, equal parts are one object: for
 * values that nobody changes. A few hundred bytes can stand for an endless value, so nothing that a
 * stranger sent may be joined.
 */
import { assert } from './assert.js';

const SHARED = '$shared';
const IN = '$in';
const REF = '$ref';
/** Shorter parts are no longer than what would stand for them. */
const PART_CHARS_MIN = 40;

type JsonNode = Record<string, unknown> | unknown[];

const isNode = (value: unknown): value is JsonNode => typeof value === 'object' && value !== null;

/** `value` is plain JSON without keys that begin with `$`. */
export function shareParts(value: unknown): unknown {
  const counts = new Map<string, number>();
  countParts(value, counts);
  const shared: unknown[] = [];
  const numbers = new Map<string, number>();
  const place = (part: unknown): unknown => {
    if (!isNode(part)) return part;
    const text = JSON.stringify(part);
    if (text.length < PART_CHARS_MIN || (counts.get(text) ?? 0) < 2) return mapNode(part, place);
    const known = numbers.get(text);
    if (known !== undefined) return { [REF]: known };
    const inner = mapNode(part, place);
    numbers.set(text, shared.length);
    return { [REF]: shared.push(inner) - 1 };
  };
  const placed = place(value);
  return { [SHARED]: shared, [IN]: placed };
}

function countParts(part: unknown, counts: Map<string, number>): void {
  if (!isNode(part)) return;
  const text = JSON.stringify(part);
  counts.set(text, (counts.get(text) ?? 0) + 1);
  assert(
    Array.isArray(part) || !Object.keys(part).some((key) => key.startsWith('$')),
    'keys that begin with $ stand for parts',
  );
  for (const entry of Object.values(part)) countParts(entry, counts);
}

const mapNode = (part: JsonNode, change: (entry: unknown) => unknown): unknown =>
  Array.isArray(part)
    ? part.map(change)
    : Object.fromEntries(Object.entries(part).map(([key, entry]) => [key, change(entry)]));

/** What `shareParts` makes, and nothing else. */
export function isShared(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 2 && keys.includes(IN) && Array.isArray(Reflect.get(value, SHARED));
}

/** The inverse of `shareParts`; changes what it is given. A reference to nothing stays what it is. */
export function joinParts(value: object): unknown {
  const parts: unknown[] = [];
  const shared: unknown = Reflect.get(value, SHARED);
  if (Array.isArray(shared)) for (const part of shared) parts.push(joined(part, parts));
  return joined(Reflect.get(value, IN), parts);
}

function joined(value: unknown, parts: readonly unknown[]): unknown {
  if (!isNode(value)) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) {
      const entry = value[i];
      if (isNode(entry)) value[i] = joined(entry, parts);
    }
    return value;
  }
  const ref = value[REF];
  if (typeof ref === 'number') return parts[ref] ?? value;
  for (const key in value) {
    const entry = value[key];
    if (isNode(entry)) value[key] = joined(entry, parts);
  }
  return value;
}
