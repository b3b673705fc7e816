/**
 * Reader of reference streams: text, one operation per line, bytes in chunks of any size, so that a
 * trace of any length takes bounded memory. Strict: the first line that is not exactly an operation
 * ends the reading with its number.
 *
 *   F <va> <size> [g][c]   fetch        A <n>  switch        C <n>  switch and drop
 *   I <va>                 INVLPG       X      drop space    G      drop everything
 */

/** What a stream asks for. Page numbers are unsigned addresses divided by 4096. */
export interface TlbTraceTarget {
  fetch(page: number, size: '4K' | '2M' | '1G', isGlobal: boolean, isCoalescible: boolean): void;
  switchSpace(space: number): void;
  switchSpaceAndDrop(space: number): void;
  invalidatePage(page: number): void;
  dropSpace(): void;
  dropAll(): void;
}

/** A line that is not an operation. */
export class TlbTraceError extends Error {
  override readonly name = 'TlbTraceError';

  constructor(
    readonly line: number,
    reason: string,
  ) {
    super(`line ${String(line)}: ${reason}`);
  }
}

const LINE_FEED = 10;
/** Longest operation: `F`, 16 digits, a size and two flags. */
const LINE_BYTES_MAX = 64;
const ADDRESS_DIGITS_MAX = 16;
/** Address spaces are whole numbers below 2^32. */
const SPACE_DIGITS_MAX = 8;
/** Hex digits of the offset inside a page. */
const OFFSET_DIGITS = 3;
const SPACE_BYTE = 32;

const hexDigit = (byte: number): number => {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 97 && byte <= 102) return byte - 87;
  return -1;
};

const FLAGS: Readonly<Record<string, readonly [boolean, boolean]>> = {
  '': [false, false],
  ' g': [true, false],
  ' c': [false, true],
  ' gc': [true, true],
};

const show = (text: string): string => JSON.stringify(text.slice(0, LINE_BYTES_MAX));

export class TlbTraceReader {
  private line = 0;
  /** Start of a line whose end is in a later chunk. */
  private rest = new Uint8Array(0);

  constructor(private readonly target: TlbTraceTarget) {}

  /** Takes the next bytes. Throws TlbTraceError. */
  read(chunk: Uint8Array): void {
    let bytes = chunk;
    if (this.rest.length > 0) {
      bytes = new Uint8Array(this.rest.length + chunk.length);
      bytes.set(this.rest);
      bytes.set(chunk, this.rest.length);
    }
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(LINE_FEED, start);
      if (end < 0) break;
      this.operation(bytes, start, end);
      start = end + 1;
    }
    this.rest = bytes.slice(start);
    if (this.rest.length > LINE_BYTES_MAX) this.tooLong(this.line + 1, this.rest.length);
  }

  /** The stream is over; a last line without line feed counts. */
  finish(): void {
    const { rest } = this;
    this.rest = new Uint8Array(0);
    if (rest.length > 0) this.operation(rest, 0, rest.length);
  }

  private tooLong(line: number, length: number): never {
    throw new TlbTraceError(line, `an operation has at most 64 characters, found ${length}`);
  }

  private fail(reason: string, bytes: Uint8Array, start: number, end: number): never {
    let text = '';
    for (let i = start; i < end; i += 1) text += String.fromCharCode(bytes[i] ?? 0);
    throw new TlbTraceError(this.line, `${reason}, found ${show(text)}`);
  }

  private operation(bytes: Uint8Array, start: number, end: number): void {
    this.line += 1;
    if (end - start > LINE_BYTES_MAX) this.tooLong(this.line, end - start);
    const { target } = this;
    switch (String.fromCharCode(bytes[start] ?? LINE_FEED)) {
      case 'F':
        this.fetch(bytes, start, end);
        return;
      case 'I':
        target.invalidatePage(this.page(bytes, start, end, end));
        return;
      case 'A':
        target.switchSpace(this.space(bytes, start, end));
        return;
      case 'C':
        target.switchSpaceAndDrop(this.space(bytes, start, end));
        return;
      case 'X':
      case 'G':
        if (end !== start + 1) this.fail('X and G stand alone', bytes, start, end);
        if (bytes[start] === 71) target.dropAll();
        else target.dropSpace();
        return;
      default:
        this.fail('expected an operation F A C I X or G', bytes, start, end);
    }
  }

  private fetch(bytes: Uint8Array, start: number, end: number): void {
    let stop = start + 2;
    while (stop < end && bytes[stop] !== SPACE_BYTE) stop += 1;
    const page = this.page(bytes, start, stop, end);
    let tail = '';
    for (let i = stop; i < end; i += 1) tail += String.fromCharCode(bytes[i] ?? 0);
    const size = tail.slice(1, 3);
    if (size !== '4K' && size !== '2M' && size !== '1G') {
      this.fail('expected F <va> <size>, size 4K 2M or 1G', bytes, start, end);
    }
    const flags = FLAGS[tail.slice(3)];
    if (flags === undefined) this.fail('expected flags g, c or gc', bytes, start, end);
    const [isGlobal, isCoalescible] = flags;
    if (isCoalescible && size !== '4K') {
      this.fail('flag c belongs to 4K pages', bytes, start, end);
    }
    this.target.fetch(page, size, isGlobal, isCoalescible);
  }

  /** Page number of the address from the third character of the line to `stop`. */
  private page(bytes: Uint8Array, start: number, stop: number, end: number): number {
    const first = start + 2;
    const digits = stop - first;
    if (bytes[start + 1] !== SPACE_BYTE || digits < 1 || digits > ADDRESS_DIGITS_MAX) {
      this.fail('expected an address of 1 to 16 hexadecimal digits', bytes, start, end);
    }
    let page = 0;
    for (let i = first; i < stop; i += 1) {
      const digit = hexDigit(bytes[i] ?? 0);
      if (digit < 0) this.fail('expected lower-case hexadecimal without 0x', bytes, start, end);
      if (i < stop - OFFSET_DIGITS) page = page * 16 + digit;
    }
    return page;
  }

  private space(bytes: Uint8Array, start: number, end: number): number {
    const digits = end - start - 2;
    if (bytes[start + 1] !== SPACE_BYTE || digits < 1 || digits > SPACE_DIGITS_MAX) {
      this.fail('expected an address space of 1 to 8 hexadecimal digits', bytes, start, end);
    }
    let space = 0;
    for (let i = start + 2; i < end; i += 1) {
      const digit = hexDigit(bytes[i] ?? 0);
      if (digit < 0) this.fail('expected lower-case hexadecimal without 0x', bytes, start, end);
      space = space * 16 + digit;
    }
    return space;
  }
}
