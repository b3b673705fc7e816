/** Draws cells of a map on a canvas: fill for how it is mapped, height for how much is live. */
import type { ChartTheme } from '../../src/export/chart-palette.js';
import type { MapCells } from './map-cells.js';
import {
  CELL_LOOKS,
  cellColor,
  CellKind,
  DIFF_LOOKS,
  diffColor,
  DiffKind,
  reservedColor,
} from './map-palette.js';

export interface MapDrawing {
  readonly context: CanvasRenderingContext2D;
  readonly theme: ChartTheme;
  readonly cellsPerRow: number;
  readonly cellWidthPx: number;
  readonly rowHeightPx: number;
  readonly text: string;
  readonly background: string;
}

const ROW_GAP_PX = 3;
const TEXT_PX_MIN = 26;
const PATTERN_PX_MIN = 7;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function boxOf(drawing: MapDrawing, cell: number): Box {
  const { cellsPerRow, cellWidthPx, rowHeightPx } = drawing;
  const column = cell % cellsPerRow;
  const left = Math.round(column * cellWidthPx);
  const right = Math.round((column + 1) * cellWidthPx);
  const gap = cellWidthPx >= 4 ? 1 : 0;
  return {
    x: left,
    y: Math.floor(cell / cellsPerRow) * rowHeightPx,
    width: Math.max(1, right - left - gap),
    height: rowHeightPx - ROW_GAP_PX,
  };
}

export function drawCells(drawing: MapDrawing, cells: MapCells): void {
  const { context, theme } = drawing;
  for (let cell = 0; cell < cells.kind.length; cell += 1) {
    const kind = (cells.kind[cell] ?? 0) as CellKind;
    if (kind === CellKind.free) continue;
    const box = boxOf(drawing, cell);
    const isWhole = kind === CellKind.guard || kind === CellKind.lazy;
    const live = isWhole ? 1 : (cells.live[cell] ?? 0);
    context.fillStyle = reservedColor(theme);
    context.fillRect(box.x, box.y, box.width, box.height);
    // A strip of the fill stays visible where nothing is live: it says how the memory is mapped.
    const filled = Math.max(3, Math.round(box.height * live));
    const fill = { ...box, y: box.y + box.height - filled, height: filled };
    if (kind === CellKind.lazy && fill.width >= PATTERN_PX_MIN) drawHatch(drawing, fill);
    else {
      context.fillStyle = cellColor(kind, theme);
      context.fillRect(fill.x, fill.y, fill.width, fill.height);
      drawPattern(drawing, kind, fill);
    }
    drawText(drawing, CELL_LOOKS[kind]?.text ?? '', box);
  }
}

export function drawDifferences(drawing: MapDrawing, kinds: Uint8Array): void {
  const { context, theme } = drawing;
  for (let cell = 0; cell < kinds.length; cell += 1) {
    const kind = (kinds[cell] ?? 0) as DiffKind;
    if (kind === DiffKind.same) continue;
    const box = boxOf(drawing, cell);
    context.fillStyle = diffColor(kind, theme);
    context.fillRect(box.x, box.y, box.width, box.height);
    drawText(drawing, DIFF_LOOKS[kind]?.text ?? '', box);
  }
}

/** A frame around one cell: the chosen one. */
export function drawFrame(drawing: MapDrawing, cell: number, color: string): void {
  const { context } = drawing;
  const box = boxOf(drawing, cell);
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.strokeRect(box.x - 1, box.y - 1, box.width + 2, box.height + 2);
}

/** Lines of the state's colour on the background. */
function drawHatch(drawing: MapDrawing, box: Box): void {
  const { context, theme } = drawing;
  context.fillStyle = drawing.background;
  context.fillRect(box.x, box.y, box.width, box.height);
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
  context.strokeStyle = cellColor(CellKind.lazy, theme);
  context.lineWidth = 1.2;
  diagonals(context, box);
  context.restore();
}

function drawPattern(drawing: MapDrawing, kind: CellKind, box: Box): void {
  const { context, background } = drawing;
  const pattern = CELL_LOOKS[kind]?.pattern ?? 'none';
  if (pattern === 'border') {
    context.strokeStyle = drawing.text;
    context.lineWidth = 2;
    context.strokeRect(
      box.x + 1,
      box.y + 1,
      Math.max(1, box.width - 2),
      Math.max(1, box.height - 2),
    );
    return;
  }
  if (box.width < PATTERN_PX_MIN || box.height < PATTERN_PX_MIN) return;
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
  context.fillStyle = background;
  context.strokeStyle = background;
  context.lineWidth = 1;
  context.globalAlpha = 0.55;
  if (pattern === 'dots') dots(context, box);
  else if (pattern === 'diagonal') diagonals(context, box);
  else if (pattern === 'cross') cross(context, box);
  context.restore();
}

function dots(context: CanvasRenderingContext2D, box: Box): void {
  for (let y = box.y + 2; y < box.y + box.height; y += 5) {
    for (let x = box.x + 2; x < box.x + box.width; x += 5) context.fillRect(x, y, 1, 1);
  }
}

function diagonals(context: CanvasRenderingContext2D, box: Box): void {
  context.beginPath();
  for (let x = box.x - box.height; x < box.x + box.width; x += 6) {
    context.moveTo(x, box.y + box.height);
    context.lineTo(x + box.height, box.y);
  }
  context.stroke();
}

function cross(context: CanvasRenderingContext2D, box: Box): void {
  context.beginPath();
  context.moveTo(box.x, box.y);
  context.lineTo(box.x + box.width, box.y + box.height);
  context.moveTo(box.x + box.width, box.y);
  context.lineTo(box.x, box.y + box.height);
  context.stroke();
}

function drawText(drawing: MapDrawing, text: string, box: Box): void {
  if (text === '' || box.width < TEXT_PX_MIN || box.height < 16) return;
  const { context } = drawing;
  context.font = '11px sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'top';
  const width = context.measureText(text).width + 4;
  context.fillStyle = drawing.background;
  context.fillRect(box.x + (box.width - width) / 2, box.y + 1, width, 13);
  context.fillStyle = drawing.text;
  context.fillText(text, box.x + box.width / 2, box.y + 2);
}
