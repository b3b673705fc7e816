/**
 * Who lives where in the module area. Designs report every extent they hand out; the ledger checks
 * range and overlap, and keeps live bytes and per-slot occupancy incrementally. Byte offsets count
 * from page index 0 of the module area; those of the tail of kernel text are negative.
 */
import { assert } from '../base/assert.js';
import { IdMap } from '../base/id-map.js';

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
const PAGE_BYTES = 4096;
const FIRST_CAPACITY = 256;
const NONE = -1;

/** Pages below the module area that may hold text; indexes are negative. */
export interface KernelTail {
  readonly page: number;
  readonly pages: number;
}

/**
 * Extents live in the rows of typed arrays, rows are reused. Each row is linked to the other extents
 * of its object, and to those that touch its first and its last page; pages strictly inside an extent
 * are marked one by one. So placing and removing cost a few links, and allocate nothing.
 */
export class Placements {
  /** First row of an object. */
  private readonly byObject = new IdMap();
  /** First row that begins or ends in a page, NONE for none. */
  private readonly byPage: Int32Array;
  /** 1 where a page lies strictly inside an extent (neither its first nor its last page). */
  private readonly interior: Uint8Array;
  private readonly slotText: Float64Array;
  private objects = new Float64Array(FIRST_CAPACITY);
  private starts = new Float64Array(FIRST_CAPACITY);
  private sizes = new Float64Array(FIRST_CAPACITY);
  private kinds = new Uint8Array(FIRST_CAPACITY);
  private inits = new Uint8Array(FIRST_CAPACITY);
  /** Number of the placement, over all so far. */
  private serials = new Float64Array(FIRST_CAPACITY);
  private nextSerial = 0;
  private nextOfObject = new Int32Array(FIRST_CAPACITY);
  private nextOnFirst = new Int32Array(FIRST_CAPACITY);
  private nextOnLast = new Int32Array(FIRST_CAPACITY);
  /** Rows in use or freed; freed ones are chained through nextOfObject. */
  private rows = 0;
  private freeRow = NONE;
  /** Live bytes of text, data and rodata. */
  readonly liveBytes = new Float64Array(3);
  /** Live text in the tail of kernel text, part of `liveBytes`. */
  tailTextBytes = 0;
  /** Bytes handed out twice so far (invariant, stays 0). */
  overlapBytes = 0;
  /** Called after an extent appeared or went, for maps and fetch streams. */
  onChange: ((extent: Extent, live: boolean) => void) | undefined;

  constructor(
    private readonly areaPages: number,
    private readonly tail: KernelTail = { page: 0, pages: 0 },
  ) {
    const pages = areaPages + tail.pages;
    this.byPage = new Int32Array(pages).fill(NONE);
    this.interior = new Uint8Array(pages);
    this.slotText = new Float64Array(Math.ceil((areaPages * PAGE_BYTES) / SLOT_BYTES));
  }

  place(object: number, kind: PlacementKind, byte: number, sizeBytes: number, init = false): void {
    assert(sizeBytes > 0, 'an extent holds at least one byte');
    assert(object >= 0, 'an extent belongs to an object');
    if (!this.isInside(byte, byte + sizeBytes)) {
      throw new OverlapError(
        `object ${String(object)} placed outside the module area at byte ${String(byte)}`,
      );
    }
    const first = this.rowOfPage(byte);
    const last = this.rowOfPage(byte + sizeBytes - 1);
    this.checkFree(object, byte, sizeBytes, first, last);
    const row = this.takeRow();
    this.objects[row] = object;
    this.starts[row] = byte;
    this.sizes[row] = sizeBytes;
    this.kinds[row] = kind;
    this.inits[row] = init ? 1 : 0;
    this.serials[row] = this.nextSerial;
    this.nextSerial += 1;
    this.linkPages(row, first, last);
    this.linkObject(row, object);
    this.account(row, 1);
    this.onChange?.(this.extent(row), true);
  }

  /** Removes the object's extents; with `initOnly` those of its init memory. */
  remove(object: number, initOnly = false): void {
    let row = this.byObject.get(object);
    let firstKept = NONE;
    let lastKept = NONE;
    while (row !== NONE) {
      const next = this.nextOfObject[row] ?? NONE;
      if (initOnly && this.inits[row] === 0) {
        if (lastKept === NONE) firstKept = row;
        else this.nextOfObject[lastKept] = row;
        lastKept = row;
      } else this.drop(row);
      row = next;
    }
    if (lastKept === NONE) this.byObject.take(object);
    else {
      this.nextOfObject[lastKept] = NONE;
      this.byObject.set(object, firstKept);
    }
  }

  /** Live extents of an object, in order of placement. */
  extentsOf(object: number): readonly Extent[] {
    const extents: Extent[] = [];
    let row = this.byObject.get(object);
    while (row !== NONE) {
      extents.push(this.extent(row));
      row = this.nextOfObject[row] ?? NONE;
    }
    return extents;
  }

  /** All live extents, by object in order of first placement. */
  *extents(): Generator<Extent> {
    const heads: number[] = [];
    for (let row = 0; row < this.rows; row += 1) {
      if (this.byObject.get(this.objects[row] ?? NONE) === row) heads.push(row);
    }
    heads.sort((a, b) => (this.serials[a] ?? 0) - (this.serials[b] ?? 0));
    for (const head of heads) yield* this.extentsOf(this.objects[head] ?? NONE);
  }

  /** Live text bytes in the 2 MiB slot. */
  textBytesInSlot(slot: number): number {
    return this.slotText[slot] ?? 0;
  }

  private isInside(byte: number, endByte: number): boolean {
    if (byte >= 0) return endByte <= this.areaPages * PAGE_BYTES;
    const { page, pages } = this.tail;
    return byte >= page * PAGE_BYTES && endByte <= (page + pages) * PAGE_BYTES;
  }

  /** Index of the byte's page: pages of the module area, then those of the tail. */
  private rowOfPage(byte: number): number {
    const page = Math.floor(byte / PAGE_BYTES);
    return page >= 0 ? page : this.areaPages + page - this.tail.page;
  }

  private extent(row: number): Extent {
    return {
      object: this.objects[row] ?? 0,
      byte: this.starts[row] ?? 0,
      sizeBytes: this.sizes[row] ?? 0,
      kind: (this.kinds[row] ?? 0) as PlacementKind,
      init: this.inits[row] === 1,
    };
  }

  private checkFree(
    object: number,
    byte: number,
    sizeBytes: number,
    first: number,
    last: number,
  ): void {
    for (let page = first; page <= last; page += 1) {
      const row = this.byPage[page] ?? NONE;
      if (this.interior[page] === 1 || (row !== NONE && page > first && page < last)) {
        this.overlapBytes += PAGE_BYTES;
        throw new OverlapError(
          `object ${String(object)} placed over a live page at byte ${String(byte + (page - first) * PAGE_BYTES)}`,
        );
      }
      if (row !== NONE) this.checkApart(object, byte, byte + sizeBytes, page);
    }
  }

  /** Checks against every extent that begins or ends in the page. */
  private checkApart(object: number, byte: number, endByte: number, page: number): void {
    let row = this.byPage[page] ?? NONE;
    while (row !== NONE) {
      const start = this.starts[row] ?? 0;
      const end = start + (this.sizes[row] ?? 0);
      if (byte < end && start < endByte) {
        const overlap = Math.min(endByte, end) - Math.max(byte, start);
        this.overlapBytes += overlap;
        throw new OverlapError(
          `objects ${String(object)} and ${String(this.objects[row] ?? 0)} share ` +
            `${String(overlap)} bytes at byte ${String(Math.max(byte, start))}`,
        );
      }
      row = this.nextInPage(row, page);
    }
  }

  /** The row behind `row` in the list of a page. */
  private nextInPage(row: number, page: number): number {
    const next =
      this.rowOfPage(this.starts[row] ?? 0) === page ? this.nextOnFirst : this.nextOnLast;
    return next[row] ?? NONE;
  }

  private linkPages(row: number, first: number, last: number): void {
    this.nextOnFirst[row] = this.byPage[first] ?? NONE;
    this.byPage[first] = row;
    if (last === first) return;
    this.nextOnLast[row] = this.byPage[last] ?? NONE;
    this.byPage[last] = row;
    if (last - first > 1) this.interior.fill(1, first + 1, last);
  }

  private linkObject(row: number, object: number): void {
    this.nextOfObject[row] = NONE;
    let at = this.byObject.get(object);
    if (at === NONE) {
      this.byObject.set(object, row);
      return;
    }
    for (;;) {
      const next = this.nextOfObject[at] ?? NONE;
      if (next === NONE) break;
      at = next;
    }
    this.nextOfObject[at] = row;
  }

  private drop(row: number): void {
    const byte = this.starts[row] ?? 0;
    const first = this.rowOfPage(byte);
    const last = this.rowOfPage(byte + (this.sizes[row] ?? 0) - 1);
    this.unlinkPage(row, first);
    if (last !== first) this.unlinkPage(row, last);
    if (last - first > 1) this.interior.fill(0, first + 1, last);
    this.account(row, -1);
    const gone = this.onChange === undefined ? undefined : this.extent(row);
    this.nextOfObject[row] = this.freeRow;
    this.freeRow = row;
    if (gone !== undefined) this.onChange?.(gone, false);
  }

  private unlinkPage(row: number, page: number): void {
    const after = this.nextInPage(row, page);
    let at = this.byPage[page] ?? NONE;
    if (at === row) {
      this.byPage[page] = after;
      return;
    }
    for (;;) {
      const next = this.nextInPage(at, page);
      if (next === row) break;
      assert(next !== NONE, 'a live extent is listed in its pages');
      at = next;
    }
    const links =
      this.rowOfPage(this.starts[at] ?? 0) === page ? this.nextOnFirst : this.nextOnLast;
    links[at] = after;
  }

  private account(row: number, sign: number): void {
    const kind = this.kinds[row] ?? 0;
    const sizeBytes = this.sizes[row] ?? 0;
    this.liveBytes[kind] = (this.liveBytes[kind] ?? 0) + sign * sizeBytes;
    if (kind !== PlacementKind.text) return;
    let byte = this.starts[row] ?? 0;
    if (byte < 0) {
      // The tail of kernel text has no slot.
      this.tailTextBytes += sign * sizeBytes;
      return;
    }
    const end = byte + sizeBytes;
    while (byte < end) {
      const slot = Math.floor(byte / SLOT_BYTES);
      const step = Math.min(end, (slot + 1) * SLOT_BYTES) - byte;
      this.slotText[slot] = (this.slotText[slot] ?? 0) + sign * step;
      byte += step;
    }
  }

  private takeRow(): number {
    if (this.freeRow !== NONE) {
      const row = this.freeRow;
      this.freeRow = this.nextOfObject[row] ?? NONE;
      return row;
    }
    const row = this.rows;
    this.rows += 1;
    if (row === this.objects.length) this.grow();
    return row;
  }

  private grow(): void {
    const length = this.objects.length * 2;
    this.objects = copied(new Float64Array(length), this.objects);
    this.starts = copied(new Float64Array(length), this.starts);
    this.sizes = copied(new Float64Array(length), this.sizes);
    this.kinds = copied(new Uint8Array(length), this.kinds);
    this.inits = copied(new Uint8Array(length), this.inits);
    this.serials = copied(new Float64Array(length), this.serials);
    this.nextOfObject = copied(new Int32Array(length), this.nextOfObject);
    this.nextOnFirst = copied(new Int32Array(length), this.nextOnFirst);
    this.nextOnLast = copied(new Int32Array(length), this.nextOnLast);
  }
}

function copied<A extends { set(array: ArrayLike<number>): void }>(
  larger: A,
  from: ArrayLike<number>,
): A {
  larger.set(from);
  return larger;
}
