/**
 * Colours of memory states per theme. Colour is never the only sign: patterns and letters repeat it
 * where a cell has room for them.
 */
import type { ChartTheme } from '../../src/export/chart-palette.js';

export const CellKind = {
  free: 0,
  text2M: 1,
  text4K: 2,
  data: 3,
  guard: 4,
  lazy: 5,
  writableExecutable: 6,
} as const;
export type CellKind = (typeof CellKind)[keyof typeof CellKind];

export interface CellLook {
  readonly name: string;
  /** For the legend. */
  readonly short: string;
  /** Written into the cell when there is room. */
  readonly text: string;
  readonly pattern: 'solid' | 'dots' | 'diagonal' | 'cross' | 'hatch' | 'border' | 'none';
  readonly light: string;
  readonly dark: string;
}

/** By CellKind. */
export const CELL_LOOKS: readonly CellLook[] = [
  { name: 'free', short: '', text: '', pattern: 'none', light: '', dark: '' },
  {
    name: 'text, one 2M entry',
    short: 'text 2M',
    text: '2M',
    pattern: 'solid',
    light: '#0B6E99',
    dark: '#4DB8E8',
  },
  {
    name: 'text, 4K entries',
    short: 'text 4K',
    text: '4K',
    pattern: 'dots',
    light: '#7FB3CC',
    dark: '#2B6C8A',
  },
  {
    name: 'data or rodata',
    short: 'data',
    text: 'D',
    pattern: 'diagonal',
    light: '#C9B79C',
    dark: '#7A6A4F',
  },
  {
    name: 'guard page',
    short: 'guard',
    text: 'g',
    pattern: 'cross',
    light: '#9AA1A9',
    dark: '#5C646D',
  },
  {
    name: 'freed, waits for purge',
    short: 'freed, not purged',
    text: 'z',
    pattern: 'hatch',
    light: '#5F6873',
    dark: '#98A2AD',
  },
  {
    name: 'writable and executable',
    short: 'writable and executable',
    text: '!',
    pattern: 'border',
    light: '#B00020',
    dark: '#FF5A6E',
  },
];

/** Lines of the colour on the background: nothing is there any more, and it is not free yet. */
const hatchSwatch = (color: string): string =>
  `repeating-linear-gradient(45deg, ${color} 0 1.2px, var(--bg) 1.2px 4px)`;

/** Patterns of a legend's swatches, as the cells have them. */
const SWATCH_PATTERNS: Readonly<Record<Exclude<CellLook['pattern'], 'hatch'>, string>> = {
  solid: 'none',
  none: 'none',
  border: 'none',
  dots: 'radial-gradient(circle at 2px 2px, var(--bg) 1px, transparent 1.2px) 0 0 / 4px 4px',
  diagonal: 'repeating-linear-gradient(135deg, transparent 0 3px, var(--bg) 3px 4px)',
  cross:
    'linear-gradient(45deg, transparent 45%, var(--bg) 45% 55%, transparent 55%), ' +
    'linear-gradient(135deg, transparent 45%, var(--bg) 45% 55%, transparent 55%)',
};

/** CSS background of a swatch. */
export function swatchBackground(color: string, pattern: CellLook['pattern']): string {
  if (pattern === 'hatch') return hatchSwatch(color);
  const picture = SWATCH_PATTERNS[pattern];
  return picture === 'none' ? color : `${picture}, ${color}`;
}

/** Reserved and not live: the upper part of a cell that is only partly used. */
const RESERVED = { light: '#E3E6EA', dark: '#2A2F36' } as const;

export const cellColor = (kind: CellKind, theme: ChartTheme): string => {
  const look = CELL_LOOKS[kind];
  return (theme === 'light' ? look?.light : look?.dark) ?? '';
};

export const reservedColor = (theme: ChartTheme): string =>
  theme === 'light' ? RESERVED.light : theme === 'dark' ? RESERVED.dark : '#4A5058';

/** Difference to the baseline's map, by DiffKind. */
export const DiffKind = { same: 0, gained2M: 1, lost2M: 2, held: 3, freed: 4 } as const;
export type DiffKind = (typeof DiffKind)[keyof typeof DiffKind];

export interface DiffLook {
  readonly name: string;
  readonly text: string;
  readonly light: string;
  readonly dark: string;
}

export const DIFF_LOOKS: readonly DiffLook[] = [
  { name: 'as in A', text: '', light: '#E3E6EA', dark: '#2A2F36' },
  { name: 'gained 2M', text: '+2M', light: '#0B6E99', dark: '#4DB8E8' },
  { name: 'lost 2M', text: '-2M', light: '#EA6702', dark: '#E8583A' },
  { name: 'held, not in A', text: '+', light: '#C9B79C', dark: '#7A6A4F' },
  { name: 'freed, held in A', text: '-', light: '#9AA1A9', dark: '#5C646D' },
];

export const diffColor = (kind: DiffKind, theme: ChartTheme): string => {
  const look = DIFF_LOOKS[kind];
  return (theme === 'light' ? look?.light : look?.dark) ?? '';
};
