/**
 * Which charts a scenario is looked at with: part of the view, never of the scenario, and kept between
 * starts by the scenario's name. Stored text is checked: it may be of another version.
 */

const KEY = 'xlab.charts';
const SCENARIOS_MAX = 50;
const METRICS_MAX = 40;

export interface ChartChoice {
  /** Metrics from top to bottom; empty for the usual ones. */
  readonly metrics: readonly string[];
  /** Metrics whose small charts have a scale each. */
  readonly freeScales: readonly string[];
}

export type StoredCharts = readonly (readonly [id: string, choice: ChartChoice])[];

const NONE: ChartChoice = { metrics: [], freeScales: [] };

const names = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? value.filter((name): name is string => typeof name === 'string').slice(0, METRICS_MAX)
    : [];

/** Newest last; anything that is no choice of charts is left out. */
export function parseCharts(text: string | null): StoredCharts {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(list)) return [];
    return list.flatMap((entry: unknown) => {
      if (!Array.isArray(entry)) return [];
      const [id, choice] = entry as readonly unknown[];
      if (typeof id !== 'string' || typeof choice !== 'object' || choice === null) return [];
      const { metrics, freeScales } = choice as Readonly<Record<string, unknown>>;
      return [[id, { metrics: names(metrics), freeScales: names(freeScales) }] as const];
    });
  } catch {
    return [];
  }
}

/** With the choice of a scenario as the newest one. */
export const withCharts = (stored: StoredCharts, id: string, choice: ChartChoice): StoredCharts => [
  ...stored.filter(([known]) => known !== id).slice(1 - SCENARIOS_MAX),
  [id, choice],
];

function stored(): StoredCharts {
  try {
    return parseCharts(localStorage.getItem(KEY));
  } catch {
    return [];
  }
}

export function rememberCharts(id: string, choice: ChartChoice): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(withCharts(stored(), id, choice)));
  } catch {
    // A window without storage works, it only forgets.
  }
}

export const rememberedCharts = (id: string): ChartChoice =>
  stored().find(([known]) => known === id)?.[1] ?? NONE;
