/** Size, theme and margins of a chart's picture, in CSS pixels. */
import type { ChartTheme } from './chart-palette.js';
import type { ValueScale } from './chart-scale.js';

/** Grid margins in pixels. */
export interface ChartMargins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface ChartFormat {
  readonly theme: ChartTheme;
  readonly widthPx: number;
  /** Of a framed picture the least: it grows with the texts around the plot. */
  readonly heightPx: number;
  /** Title, subtitle, names of phases and stamp inside the picture; the window shows them itself. */
  readonly framed: boolean;
  /** Scale of the value axis, where several charts share one. */
  readonly scale?: ValueScale;
  /** Margins, where several charts share one time axis; a framed picture finds its own. */
  readonly margins?: ChartMargins;
}

export const EXPORT_FORMAT: ChartFormat = {
  theme: 'light',
  widthPx: 960,
  heightPx: 540,
  framed: true,
};

/** The generic font of a picture's texts. */
export const CHART_FONT = 'sans-serif';
