/**
 * Colours, line patterns and markers of designs, in the order of `compare` with the baseline first.
 * Colour is never the only sign: pattern, marker and letter repeat it. Checked for contrast (at
 * least 3.2 on light, 5.0 on dark) and for three kinds of colour blindness.
 */
export type ChartTheme = 'light' | 'dark' | 'contrast';

export interface DesignStyle {
  readonly color: string;
  /** Dash lengths in pixels; solid for the baseline. */
  readonly dash: 'solid' | readonly number[];
  /** Marker shape as the chart library names it. */
  readonly marker: string;
}

const CROSS =
  'path://M-5,-1.3 L-1.3,-1.3 L-1.3,-5 L1.3,-5 L1.3,-1.3 L5,-1.3 L5,1.3 L1.3,1.3 L1.3,5 L-1.3,5 L-1.3,1.3 L-5,1.3 Z';
const STAR =
  'path://M0,-5.5 L1.4,-1.9 L5.2,-1.7 L2.2,0.7 L3.2,4.4 L0,2.3 L-3.2,4.4 L-2.2,0.7 L-5.2,-1.7 L-1.4,-1.9 Z';

interface PaletteEntry {
  readonly light: string;
  readonly dark: string;
  readonly dash: DesignStyle['dash'];
  readonly marker: string;
}

const PALETTE: readonly PaletteEntry[] = [
  { light: '#16191D', dark: '#E6E8EB', dash: 'solid', marker: 'circle' },
  { light: '#3743D7', dark: '#6A84EA', dash: [12, 5], marker: 'rect' },
  { light: '#EA6702', dark: '#E8583A', dash: [2, 4], marker: 'triangle' },
  { light: '#11A46E', dark: '#5BF094', dash: [10, 4, 2, 4], marker: 'diamond' },
  { light: '#AE3699', dark: '#A083A8', dash: [5, 4], marker: CROSS },
  { light: '#542E02', dark: '#F7C314', dash: [14, 4, 2, 4, 2, 4], marker: STAR },
];

/** Designs with a mark of their own; those behind them are one group. */
export const DISTINCT_DESIGNS = PALETTE.length;

/** Mark of the group: quiet, without markers; letters tell its lines apart. */
const GROUPED: PaletteEntry = { light: '#6B737C', dark: '#8A929B', dash: [3, 3], marker: 'none' };

/** Style of the design at this place, baseline first; beyond six they share the mark of the group. */
export function designStyle(place: number, theme: ChartTheme): DesignStyle {
  const { light, dark, dash, marker } = PALETTE[place] ?? GROUPED;
  return { color: theme === 'light' ? light : dark, dash, marker };
}

export interface ThemeColors {
  readonly background: string;
  readonly text: string;
  readonly faintText: string;
  readonly axis: string;
  readonly grid: string;
  /** Every second phase; the others show the background. */
  readonly phase: string;
  readonly discard: string;
  /** Tint over what is better than the baseline; the word stands beside it. */
  readonly better: string;
}

export const THEME_COLORS: Readonly<Record<ChartTheme, ThemeColors>> = {
  light: {
    background: '#FFFFFF',
    text: '#16191D',
    faintText: '#545C66',
    axis: '#6B737C',
    grid: '#E3E6EA',
    phase: '#F5F6F8',
    discard: '#ECEEF1',
    better: 'rgba(55, 120, 215, 0.10)',
  },
  dark: {
    background: '#15181D',
    text: '#E6E8EB',
    faintText: '#A9B1BA',
    axis: '#8A929B',
    grid: '#2A2F36',
    phase: '#1B1F25',
    discard: '#23282F',
    better: 'rgba(106, 132, 234, 0.16)',
  },
  contrast: {
    background: '#000000',
    text: '#FFFFFF',
    faintText: '#E6E8EB',
    axis: '#FFFFFF',
    grid: '#3A3F46',
    phase: '#000000',
    discard: '#1F1F1F',
    better: 'rgba(106, 132, 234, 0.30)',
  },
};
