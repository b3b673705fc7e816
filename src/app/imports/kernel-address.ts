/**
 * Kernel addresses in texts of /proc and of traces: whether the kernel hid them, and the page that they
 * lie on. Page numbers pair lines with each other and never reach a design.
 */
import type { Diagnostic } from '../../contract/diagnostic.js';
import type { ImportReply } from './import-format.js';

/** Everything from here on is kernel image and module area (x86-64). */
const TEXT_FIRST_PAGE = 0xffffffff80000;
const PAGE_SHIFT = 12n;
/** Real kernel addresses of x86-64 have their upper bits set; what %p makes of them has not. */
const HASHED_MAX = 0xffffffffn;

export type KernelPointer =
  { readonly kind: 'page'; readonly page: number } | { readonly kind: 'hidden' | 'hashed' };

/** Reads hexadecimal digits, without 0x. */
export function kernelPointer(digits: string): KernelPointer {
  const address = BigInt(`0x${digits}`);
  if (address === 0n) return { kind: 'hidden' };
  if (address <= HASHED_MAX) return { kind: 'hashed' };
  return { kind: 'page', page: Number(address >> PAGE_SHIFT) };
}

/** The page of an address that an event prints in decimal. */
export const pageOfDecimal = (digits: string): number => Number(BigInt(digits) >> PAGE_SHIFT);

export const isTextPage = (page: number): boolean => page >= TEXT_FIRST_PAGE;

/** The reply for a file without addresses; `command` records it with them. */
export function pointersHidden(
  path: string,
  kind: 'hidden' | 'hashed',
  command: string,
): ImportReply {
  const diagnostic: Diagnostic = {
    code: 'X0702',
    severity: 'error',
    message: `kernel pointers are ${kind} in '${path}'`,
    help: `record it as root: sysctl -w kernel.kptr_restrict=1; ${command}`,
  };
  return { diagnostics: [diagnostic] };
}
