/**
 * What the users of a proposed design (modules, BPF, ftrace, kprobes) ask for and get: pieces of
 * executable memory from a text source, pieces of data from a data source. Bytes count from page
 * index 0 of the module area. A source that cannot serve returns undefined and has taken nothing.
 */

/** Who asks for executable memory. */
export type TextUse = 'module' | 'init' | 'bpf' | 'bpf_trampoline' | 'ftrace' | 'kprobes' | 'raw';

/** What data is for. `lump`: an area with sections of several kinds in it. */
export type DataUse = 'lump' | 'data' | 'rodata' | 'ro_after_init' | 'init_data' | 'init_rodata';

export interface Piece {
  readonly byte: number;
  /** What the piece occupies, rounded up to the granularity of its source. */
  readonly sizeBytes: number;
}

export interface TextSource {
  alloc(use: TextUse, sizeBytes: number): Piece | undefined;
  /** The first `codeBytes` get their content; then the piece is read-only and executable. */
  finish(piece: Piece, codeBytes: number): void;
  /** Frees a finished piece. */
  free(piece: Piece): void;
  /** Gives back a piece that was never finished. */
  abandon(piece: Piece): void;
  /** Bytes that a BPF program with this much code asks for. */
  imageBytes(codeBytes: number): number;
  verify(): void;
}

export interface DataSource {
  /** Writable, not executable. Page aligned unless the source says otherwise. */
  alloc(use: DataUse, sizeBytes: number): Piece | undefined;
  setRo(page: number, pages: number): void;
  free(piece: Piece): void;
  verify(): void;
}

export const PAGE_BYTES = 4096;
export const BLOCK_PAGES = 512;
export const BLOCK_BYTES = 2097152;

/** Header of a BPF program and the room for its random start, in pages of its own. */
const OWN_PAGES_ROOM_BYTES = 8 + 128;
/** The same in shared memory: header and the least room. */
const SHARED_ROOM_BYTES = 8 + 16;
const CODE_ALIGN_BYTES = 4;

/** bpf_jit_binary_alloc: a program in pages of its own. */
export const ownPagesImageBytes = (codeBytes: number): number => codeBytes + OWN_PAGES_ROOM_BYTES;

/** bpf_jit_binary_pack_alloc before it is rounded up to chunks. */
export const sharedImageBytes = (codeBytes: number): number =>
  Math.ceil(codeBytes / CODE_ALIGN_BYTES) * CODE_ALIGN_BYTES + SHARED_ROOM_BYTES;

/** First page of a piece. */
export const firstPageOf = (piece: Piece): number => Math.floor(piece.byte / PAGE_BYTES);

/** Pages that a piece touches. */
export const pagesOf = (piece: Piece): number =>
  Math.ceil((piece.byte + piece.sizeBytes) / PAGE_BYTES) - firstPageOf(piece);
