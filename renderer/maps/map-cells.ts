/**
 * Cells of a window of the module area: what most of each cell is, and how much of it is live. Linear
 * in the runs of pages and in the cells; nothing depends on the size of the area.
 */
import { EXTENT_NUMBERS, PAGE_RUN_NUMBERS, PageStateBit } from '../../src/contract/map-data.js';
import type { MapMoment } from '../../src/contract/map-data.js';
import { CellKind, DiffKind } from './map-palette.js';

const PAGE_BYTES = 4096;

export interface CellWindow {
  /** Byte offset in the module area of the first cell. */
  readonly startByte: number;
  readonly cellBytes: number;
  readonly cellCount: number;
}

export interface MapCells {
  /** CellKind of each cell. */
  readonly kind: Uint8Array;
  /** Share of the cell that live extents cover, 0..1. */
  readonly live: Float32Array;
}

/** Columns counted per cell: bytes of text2M, text4K, data, guard, lazy. */
const COLUMNS = 5;

export function mapCells(
  moment: Pick<MapMoment, 'pages' | 'extents'>,
  window: CellWindow,
): MapCells {
  const { cellCount } = window;
  const bytes = new Float64Array(cellCount * COLUMNS);
  const broken = new Uint8Array(cellCount);
  const { pages } = moment;
  for (let i = 0; i < pages.length; i += PAGE_RUN_NUMBERS) {
    const from = (pages[i] ?? 0) * PAGE_BYTES;
    const to = from + (pages[i + 1] ?? 0) * PAGE_BYTES;
    const state = pages[i + 2] ?? 0;
    const kind = kindOfState(state);
    forCells(window, from, to, (cell, covered) => {
      if (kind === CellKind.writableExecutable) {
        broken[cell] = 1;
        add(bytes, cell, (state & PageStateBit.huge) !== 0 ? 0 : 1, covered);
      } else add(bytes, cell, kind - 1, covered);
    });
  }
  const live = new Float32Array(cellCount);
  const { extents } = moment;
  for (let i = 0; i < extents.length; i += EXTENT_NUMBERS) {
    const from = extents[i + 1] ?? 0;
    forCells(window, from, from + (extents[i + 2] ?? 0), (cell, covered) => {
      live[cell] = Math.min(1, (live[cell] ?? 0) + covered / window.cellBytes);
    });
  }
  const kind = new Uint8Array(cellCount);
  for (let cell = 0; cell < cellCount; cell += 1) {
    kind[cell] = broken[cell] === 1 ? CellKind.writableExecutable : largest(bytes, cell);
  }
  return { kind, live };
}

const add = (bytes: Float64Array, cell: number, column: number, covered: number): void => {
  const at = cell * COLUMNS + column;
  bytes[at] = (bytes[at] ?? 0) + covered;
};

/** The mapped kind with most bytes; guard and lazy only where nothing is mapped. */
function largest(bytes: Float64Array, cell: number): CellKind {
  const at = cell * COLUMNS;
  const text2M = bytes[at] ?? 0;
  const text4K = bytes[at + 1] ?? 0;
  const data = bytes[at + 2] ?? 0;
  const most = Math.max(text2M, text4K, data);
  if (most > 0) {
    if (text2M === most) return CellKind.text2M;
    return text4K === most ? CellKind.text4K : CellKind.data;
  }
  const guard = bytes[at + 3] ?? 0;
  const lazy = bytes[at + 4] ?? 0;
  if (guard === 0 && lazy === 0) return CellKind.free;
  return guard >= lazy ? CellKind.guard : CellKind.lazy;
}

/** What a page in this state is. */
export function kindOfState(state: number): CellKind {
  if ((state & PageStateBit.mapped) !== 0) {
    const executable = (state & PageStateBit.executable) !== 0;
    if (executable && (state & PageStateBit.writable) !== 0) return CellKind.writableExecutable;
    if (!executable) return CellKind.data;
    return (state & PageStateBit.huge) !== 0 ? CellKind.text2M : CellKind.text4K;
  }
  if ((state & PageStateBit.guard) !== 0) return CellKind.guard;
  return (state & PageStateBit.lazy) !== 0 ? CellKind.lazy : CellKind.free;
}

/** Calls `visit` for every cell that [from, to) touches, with the bytes covered. */
function forCells(
  window: CellWindow,
  from: number,
  to: number,
  visit: (cell: number, covered: number) => void,
): void {
  const { startByte, cellBytes, cellCount } = window;
  const first = Math.max(0, Math.floor((from - startByte) / cellBytes));
  const last = Math.min(cellCount - 1, Math.ceil((to - startByte) / cellBytes) - 1);
  for (let cell = first; cell <= last; cell += 1) {
    const cellStart = startByte + cell * cellBytes;
    const covered = Math.min(to, cellStart + cellBytes) - Math.max(from, cellStart);
    if (covered > 0) visit(cell, covered);
  }
}

/** What a design's cells have and the baseline's have not. */
export function diffCells(base: MapCells, other: MapCells): Uint8Array {
  return other.kind.map((kind, cell) => {
    const before = base.kind[cell] ?? CellKind.free;
    if (kind === before) return DiffKind.same;
    if (kind === CellKind.text2M) return DiffKind.gained2M;
    if (before === CellKind.text2M) return DiffKind.lost2M;
    if (isMapped(kind) === isMapped(before)) return DiffKind.same;
    return isMapped(kind) ? DiffKind.held : DiffKind.freed;
  });
}

const isMapped = (kind: number): boolean =>
  kind !== CellKind.free && kind !== CellKind.guard && kind !== CellKind.lazy;

/** End of the used part of the area, bytes; at least `least`. */
export function usedBytes(moments: readonly MapMoment[], least: number): number {
  let end = least;
  for (const { pages } of moments) {
    const last = pages.length - PAGE_RUN_NUMBERS;
    if (last >= 0) end = Math.max(end, ((pages[last] ?? 0) + (pages[last + 1] ?? 0)) * PAGE_BYTES);
  }
  return end;
}

const SLOT_BYTES = 2_097_152;

/** The part of the area that a design uses, from the 2 MiB slot of its first page on. */
export function usedRange({ pages }: Pick<MapMoment, 'pages'>): {
  readonly startByte: number;
  readonly spanBytes: number;
} {
  const last = pages.length - PAGE_RUN_NUMBERS;
  if (last < 0) return { startByte: 0, spanBytes: 0 };
  const first = Math.floor(((pages[0] ?? 0) * PAGE_BYTES) / SLOT_BYTES) * SLOT_BYTES;
  const end = ((pages[last] ?? 0) + (pages[last + 1] ?? 0)) * PAGE_BYTES;
  return { startByte: first, spanBytes: end - first };
}

/** Sizes of cells, smallest first: chunks, pages, leaves, and binned steps between and beyond. */
const CELL_SIZES: readonly number[] = [
  64,
  512,
  PAGE_BYTES,
  65_536,
  524_288,
  2_097_152,
  8_388_608,
  33_554_432,
];
/** Narrowest cell that still reads as a cell. */
const CELL_PX_MIN = 5;

/** The smallest cell that is wide enough when `bytesPerRow` take `widthPx`. */
export function cellSizeFor(bytesPerRow: number, widthPx: number): number {
  const fits = CELL_SIZES.find((size) => (size / bytesPerRow) * widthPx >= CELL_PX_MIN);
  return fits ?? CELL_SIZES[CELL_SIZES.length - 1] ?? PAGE_BYTES;
}
