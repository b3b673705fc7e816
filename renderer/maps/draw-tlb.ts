/** Draws one array of a TLB: a cell for each set and way, filled by owner; a bar marks large pages. */
import type { TlbViewArray, TlbViewMoment } from '../../src/contract/tlb-view-data.js';
import { THEME_COLORS, type ChartTheme } from '../../src/export/chart-palette.js';
import { arrayShape, cellAt, ownerColor, slotAt } from './tlb-cells.js';

/** Size class from which an entry covers 2 MiB or more. */
const LARGE = 2;

export interface TlbDrawing {
  readonly context: CanvasRenderingContext2D;
  readonly theme: ChartTheme;
  readonly widthPx: number;
  readonly heightPx: number;
}

export function drawTlbArray(
  drawing: TlbDrawing,
  array: TlbViewArray,
  moment: TlbViewMoment,
): void {
  const { context, theme, widthPx, heightPx } = drawing;
  const { columns, rows } = arrayShape(array);
  const cellWidth = widthPx / columns;
  const cellHeight = heightPx / rows;
  const gap = cellWidth > 4 ? 1 : 0;
  const colors = THEME_COLORS[theme];
  context.clearRect(0, 0, widthPx, heightPx);
  for (let column = 0; column < columns; column += 1) {
    for (let row = 0; row < rows; row += 1) {
      const { owner, sizeClass } = cellAt(moment, slotAt(array, column, row));
      const x = column * cellWidth;
      const y = row * cellHeight;
      context.fillStyle = owner < 0 ? colors.phase : ownerColor(owner, theme);
      context.fillRect(x, y, cellWidth - gap, cellHeight - 1);
      if (owner >= 0 && sizeClass >= LARGE) {
        context.fillStyle = colors.background;
        context.fillRect(x + cellWidth / 4, y + cellHeight / 2 - 1, cellWidth / 2 - gap, 1.5);
      }
    }
  }
}
