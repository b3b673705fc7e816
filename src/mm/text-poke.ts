/**
 * Steps of a write through a temporary mapping: at most two pages each, from the write's place in
 * its first page on (text_poke_copy and text_poke_set, arch/x86/kernel/alternative.c). Designs may
 * ask for other steps; the first one ends on a multiple of the step or of the page.
 */
import { PAGE_SIZE_BYTES } from '../base/units.js';

const POKE_BYTES = 2 * PAGE_SIZE_BYTES;

/** Calls for every step with its first byte. */
export function forEachPoke(
  byte: number,
  sizeBytes: number,
  stepBytes: number | undefined,
  visit: (byte: number) => void,
): void {
  const step = stepBytes ?? POKE_BYTES;
  const unit = Math.min(step, PAGE_SIZE_BYTES);
  const within = byte - Math.floor(byte / unit) * unit;
  const end = byte + sizeBytes;
  let next = byte + step - within;
  visit(byte);
  for (; next < end; next += step) visit(next);
}
