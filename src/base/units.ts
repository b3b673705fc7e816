/**
 * Quantities of the lab, branded so that bytes, pages, page numbers and times cannot be mixed.
 *
 * Virtual page numbers are the unsigned 64-bit address divided by 4096. They need 52 bits, which a
 * double holds exactly; a kernel byte address does not fit, so full addresses exist as bigint only
 * where text is read or printed (see adr/0001-address-representation.md).
 */

declare const unit: unique symbol;

/** A number that carries the name of its unit. */
export type Quantity<U extends string> = number & { readonly [unit]: U };

/** Memory in bytes, whole, 0..2^53. */
export type Bytes = Quantity<'bytes'>;
/** Number of 4 KiB pages, whole. */
export type PageCount = Quantity<'pages'>;
/** Virtual page number: unsigned 64-bit address / 4096, 0..2^52. */
export type Vpn = Quantity<'vpn'>;
/** Physical frame number: physical address / 4096, 0..2^40. */
export type Pfn = Quantity<'pfn'>;
/** Simulated time in whole nanoseconds from the start of the run. */
export type Nanoseconds = Quantity<'ns'>;
/** Core clock cycles. */
export type Cycles = Quantity<'cycles'>;

export const PAGE_SHIFT = 12;
export const PAGE_SIZE_BYTES = 4096;
/** Pages in one PMD leaf (2 MiB). */
export const PTRS_PER_PMD_PAGES = 512;
/** Pages in one PUD leaf (1 GiB). */
export const PTRS_PER_PUD_PAGES = 262144;
export const KIB = 1024;
export const MIB = 1048576;
export const GIB = 1073741824;
export const PMD_SIZE_BYTES = 2 * MIB;
export const PUD_SIZE_BYTES = GIB;

export const bytes = (value: number): Bytes => value as Bytes;
export const pageCount = (value: number): PageCount => value as PageCount;
export const vpn = (value: number): Vpn => value as Vpn;
export const pfn = (value: number): Pfn => value as Pfn;
export const nanoseconds = (value: number): Nanoseconds => value as Nanoseconds;
export const cycles = (value: number): Cycles => value as Cycles;

/** Whole pages that hold `sizeBytes`; 0 for 0. */
export const pagesFor = (sizeBytes: number): PageCount =>
  Math.ceil(sizeBytes / PAGE_SIZE_BYTES) as PageCount;

/** `value` rounded up to a multiple of `step`. Both whole and not negative, step at least 1. */
export const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

/** `value` rounded down to a multiple of `step`. */
export const roundDown = (value: number, step: number): number => Math.floor(value / step) * step;

/** Full 64-bit address of a page, for printing. */
export const addressOfVpn = (page: number): bigint => BigInt(page) * 4096n;

/** Page number of a 64-bit address. */
export const vpnOfAddress = (address: bigint): Vpn =>
  Number(BigInt.asUintN(64, address) >> 12n) as Vpn;

/** `0x` and 16 hex digits. */
export const formatAddress = (address: bigint): string =>
  `0x${BigInt.asUintN(64, address).toString(16).padStart(16, '0')}`;

/** Size of a leaf mapping. The numeric value is the page-table level (1 PTE, 2 PMD, 3 PUD). */
export const LeafLevel = { none: 0, pte4K: 1, pmd2M: 2, pud1G: 3 } as const;
export type LeafLevel = (typeof LeafLevel)[keyof typeof LeafLevel];

/** Pages covered by a leaf of each level, indexed by LeafLevel. */
export const LEAF_PAGES: readonly number[] = [0, 1, 512, 262144];
