/** How a window of address space is laid out in rows of cells. */
import { cellSizeFor } from './map-cells.js';
import type { CellWindow } from './map-cells.js';

export interface MapGeometry extends CellWindow {
  readonly rows: number;
  readonly cellsPerRow: number;
  readonly cellWidthPx: number;
  readonly rowHeightPx: number;
}

/** A row is at least this high: cells carry a height of their own. */
const ROW_PX_MIN = 26;
const ROWS_MAX = 16;

export function mapGeometry(place: {
  readonly startByte: number;
  readonly spanBytes: number;
  readonly widthPx: number;
  readonly heightPx: number;
}): MapGeometry {
  const { startByte, spanBytes } = place;
  const widthPx = Math.max(1, place.widthPx);
  const heightPx = Math.max(1, place.heightPx);
  const rows = Math.min(ROWS_MAX, Math.max(1, Math.floor(heightPx / ROW_PX_MIN)));
  const cellBytes = cellSizeFor(spanBytes / rows, widthPx);
  const cellsPerRow = Math.max(1, Math.ceil(spanBytes / rows / cellBytes));
  const usedRows = Math.max(1, Math.ceil(spanBytes / cellBytes / cellsPerRow));
  return {
    startByte: Math.floor(startByte / cellBytes) * cellBytes,
    cellBytes,
    cellCount: cellsPerRow * usedRows,
    rows: usedRows,
    cellsPerRow,
    cellWidthPx: widthPx / cellsPerRow,
    rowHeightPx: Math.min(64, heightPx / usedRows),
  };
}
