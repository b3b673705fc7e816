/** Reads options of a design; values were checked against its specs before. */
import { assert } from '../../../base/assert.js';
import { GIB, KIB, MIB } from '../../../base/units.js';
import type { DesignOptions } from '../../allocator-design.js';
import type { KernelMm } from '../../kernel-mm.js';

export function numberOption(options: DesignOptions, name: string): number {
  const value = options[name];
  assert(typeof value === 'number', () => `option '${name}' is a number`);
  return value;
}

export function switchOption(options: DesignOptions, name: string): boolean {
  const value = options[name];
  assert(typeof value === 'boolean', () => `option '${name}' is on or off`);
  return value;
}

/** One of `values`. */
export function choiceOption<T extends string>(
  options: DesignOptions,
  name: string,
  values: readonly T[],
): T {
  const given = options[name];
  const value = values.find((entry) => entry === given);
  assert(value !== undefined, () => `option '${name}' is one of ${values.join(', ')}`);
  return value;
}

export function setOption(options: DesignOptions, name: string): ReadonlySet<string> {
  const value = options[name];
  assert(Array.isArray(value), () => `option '${name}' is a list`);
  return new Set(value);
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: KIB, M: MIB, G: GIB };
const PACK = /^(per_node\()?(\d+)([KMG]?)(?:i?B)?\)?$/;

/** Bytes of a pack: `2M`, or `per_node(2M)` times the possible nodes. Whole pages. */
export function packOption(options: DesignOptions, name: string, mm: KernelMm): number {
  const text = options[name];
  const match = typeof text === 'string' ? PACK.exec(text) : null;
  assert(match !== null, () => `option '${name}' is a size or per_node(size)`);
  const sizeBytes = Number(match[2]) * (UNITS[match[3] ?? ''] ?? 1);
  assert(sizeBytes > 0 && sizeBytes % 4096 === 0, () => `option '${name}' is whole pages`);
  return match[1] ? sizeBytes * mm.possibleNodes : sizeBytes;
}
