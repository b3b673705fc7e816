/**
 * Typed access to parsed JSON: each reader names the field it wanted and what it found. Missing
 * optional fields are undefined, present ones of the wrong type are an error of the line.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** A field that is not what the format says; the message names it. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const kindOf = (value: unknown): string => {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `a ${typeof value}`;
};

export function asObject(value: unknown, what: string): JsonObject {
  if (!isObject(value)) throw new FieldError(`${what} is ${kindOf(value)}, not an object`);
  return value;
}

export function asList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new FieldError(`${what} is ${kindOf(value)}, not a list`);
  return value as readonly unknown[];
}

export function asText(value: unknown, what: string, lengthMax = 1048576): string {
  if (typeof value !== 'string') throw new FieldError(`${what} is ${kindOf(value)}, not a text`);
  if (value.length > lengthMax) {
    throw new FieldError(`${what} has ${String(value.length)} characters`);
  }
  return value;
}

/** A whole number inside [min, max]. */
export function asWhole(value: unknown, what: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new FieldError(`${what} is ${kindOf(value)}, not a whole number`);
  }
  if (value < min || value > max) {
    throw new FieldError(`${what} ${String(value)} is outside ${String(min)}..${String(max)}`);
  }
  return value;
}

/** A 64-bit address written `0x...`. */
export function asAddress(value: unknown, what: string): bigint {
  const text = asText(value, what, 32);
  if (!/^0x[0-9a-f]{1,16}$/i.test(text)) {
    throw new FieldError(`${what} '${text}' is not an address`);
  }
  return BigInt(text);
}

export const optional = <T>(
  value: unknown,
  read: (value: unknown, what: string) => T,
  what: string,
): T | undefined => (value === undefined || value === null ? undefined : read(value, what));
