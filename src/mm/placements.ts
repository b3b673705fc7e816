/**
 * Who lives where in the module area. Designs report every extent they hand out; the ledger checks
 * range and overlap, and keeps live bytes and per-slot occupancy incrementally. Byte offsets count
 * from page index 0 of the module area.
 */
import { assert } from '../base/assert.js';

export const PlacementKind = { text: 0, data: 1, rodata: 2 } as const;
export type PlacementKind = (typeof PlacementKind)[keyof typeof PlacementKind];

export interface Extent {
  readonly object: number;
  readonly byte: number;
  readonly sizeBytes: number;
  readonly kind: PlacementKind;
  /** Init memory goes before its module. */
  readonly init: boolean;
}

export class OverlapError extends Error {
  override readonly name = 'OverlapError';
}

/** Two megabytes: the slot of the address strip. */
const SLOT_BYTES = 2097152;

export class Placements {
  /** Live extents of an object, in order of placement. */
  private readonly byObject = new Map<number, Extent[]>();
  /** Live extents by start page bucket, to find overlaps in constant time. */
  private readonly byPage = new Map<number, Extent[]>();
  /** 1 where a page lies strictly inside an extent (neither its first nor its last page). */
  private readonly interior: Uint8Array;
  private readonly slotText: Float64Array;
  /** Live bytes of text, data and rodata. */
  readonly liveBytes = new Float64Array(3);
  /** Bytes handed out twice so far (invariant, stays 0). */
  overlapBytes = 0;
  /** Called after an extent appeared or went, for maps and fetch streams. */
  onChange: ((extent: Extent, live: boolean) => void) | undefined;

  constructor(private readonly areaPages: number) {
    this.interior = new Uint8Array(areaPages);
    this.slotText = new Float64Array(Math.ceil((areaPages * 4096) / SLOT_BYTES));
  }

  place(object: number, kind: PlacementKind, byte: number, sizeBytes: number, init = false): void {
    assert(sizeBytes > 0, 'an extent holds at least one byte');
    if (byte < 0 || byte + sizeBytes > this.areaPages * 4096) {
      throw new OverlapError(
        `object ${String(object)} placed outside the module area at byte ${String(byte)}`,
      );
    }
    const extent: Extent = { object, byte, sizeBytes, kind, init };
    this.index(extent);
    const own = this.byObject.get(object);
    if (own) own.push(extent);
    else this.byObject.set(object, [extent]);
    this.account(extent, 1);
    this.onChange?.(extent, true);
  }

  /** Removes the object's extents; with `initOnly` those of its init memory. */
  remove(object: number, initOnly = false): void {
    const own = this.byObject.get(object);
    if (!own) return;
    const kept: Extent[] = [];
    for (const extent of own) {
      if (initOnly && !extent.init) kept.push(extent);
      else this.drop(extent);
    }
    if (kept.length > 0) this.byObject.set(object, kept);
    else this.byObject.delete(object);
  }

  extentsOf(object: number): readonly Extent[] {
    return this.byObject.get(object) ?? [];
  }

  /** All live extents, by object in order of first placement. */
  *extents(): Generator<Extent> {
    for (const own of this.byObject.values()) yield* own;
  }

  /** Live text bytes in the 2 MiB slot. */
  textBytesInSlot(slot: number): number {
    return this.slotText[slot] ?? 0;
  }

  private drop(extent: Extent): void {
    const first = Math.floor(extent.byte / 4096);
    const last = Math.floor((extent.byte + extent.sizeBytes - 1) / 4096);
    if (last - first > 1) this.interior.fill(0, first + 1, last);
    for (const page of [first, last]) {
      const bucket = this.byPage.get(page);
      const position = bucket?.indexOf(extent) ?? -1;
      if (!bucket || position < 0) continue;
      bucket.splice(position, 1);
      if (bucket.length === 0) this.byPage.delete(page);
    }
    this.account(extent, -1);
    this.onChange?.(extent, false);
  }

  private index(extent: Extent): void {
    const first = Math.floor(extent.byte / 4096);
    const last = Math.floor((extent.byte + extent.sizeBytes - 1) / 4096);
    for (let page = first; page <= last; page += 1) {
      if (this.interior[page] === 1 || (page > first && page < last && this.byPage.has(page))) {
        this.overlapBytes += 4096;
        throw new OverlapError(
          `object ${String(extent.object)} placed over a live page at page ${String(page)}`,
        );
      }
      for (const other of this.byPage.get(page) ?? []) {
        const overlap =
          Math.min(extent.byte + extent.sizeBytes, other.byte + other.sizeBytes) -
          Math.max(extent.byte, other.byte);
        if (overlap > 0) {
          this.overlapBytes += overlap;
          throw new OverlapError(
            `objects ${String(extent.object)} and ${String(other.object)} share ${String(overlap)} bytes at byte ${String(Math.max(extent.byte, other.byte))}`,
          );
        }
      }
    }
    if (last - first > 1) this.interior.fill(1, first + 1, last);
    for (const page of first === last ? [first] : [first, last]) {
      const bucket = this.byPage.get(page);
      if (bucket) bucket.push(extent);
      else this.byPage.set(page, [extent]);
    }
  }

  private account(extent: Extent, sign: number): void {
    this.liveBytes[extent.kind] = (this.liveBytes[extent.kind] ?? 0) + sign * extent.sizeBytes;
    if (extent.kind !== PlacementKind.text) return;
    let byte = extent.byte;
    const end = extent.byte + extent.sizeBytes;
    while (byte < end) {
      const slot = Math.floor(byte / SLOT_BYTES);
      const step = Math.min(end, (slot + 1) * SLOT_BYTES) - byte;
      this.slotText[slot] = (this.slotText[slot] ?? 0) + sign * step;
      byte += step;
    }
  }
}
