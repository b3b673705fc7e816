/**
 * How long a run is expected to take, to say so before it starts. A scenario that has run here tells by
 * itself; one that has not is guessed from its size, corrected by how far such guesses were off for what
 * has run here; before anything has, for what was simulated here to draw its map, as that of the result that
 * comes with the program is. Nothing of it reaches a result.
 */
import { ref } from 'vue';

const KEY = 'xlab.speed';
const MAPS_KEY = 'xlab.speed.maps';
const MAPS_MAX = 5;
const SCENARIOS_MAX = 50;
/** Longer than any run; what is stored may be of anybody. */
const MS_MAX = 1e9;
const FACTOR_MAX = 1e4;
/**
 * Processor time of a run on the machine that the lab was written on, as the shipped scenarios have it:
 * most of them are within a factor of three of it.
 */
const MS_PER_SIMULATED_SECOND = 2;
const MS_PER_REQUEST = 0.01;
/** Workers start with the first run. */
const START_MS = 400;

/** What one run of a scenario is expected to do, mean over its sweep points. */
export interface RunSize {
  /** Simulated time. */
  readonly durationNs: number;
  readonly requests: number;
}

export interface ExpectedTime {
  readonly ms: number;
  /**
   * What it rests on: runs of this scenario here, runs of others here, single runs simulated here for their
   * maps, its size alone.
   */
  readonly basis: 'itself' | 'others' | 'maps' | 'size';
  /** Runs at a time. */
  readonly workers: number;
}

interface Measured {
  readonly id: string;
  readonly msPerRun: number;
  /** How much longer than guessed; null where nothing could be guessed. */
  readonly factor: number | null;
}

/** Rises with whatever is remembered: what was expected before is asked for again. */
const remembered = ref(0);

/** A list that the window has kept; empty where there is none. */
function kept(key: string): readonly unknown[] {
  if (remembered.value < 0) return [];
  try {
    const list: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

function keep(key: string, list: readonly unknown[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(list));
  } catch {
    // A window without storage works, it only estimates by size alone.
  }
  remembered.value += 1;
}

/** Newest last. */
const stored = (): readonly Measured[] => kept(KEY).flatMap(measuredOf);

/** How much longer than guessed runs for maps took; newest last. */
const mapFactors = (): readonly number[] =>
  kept(MAPS_KEY).flatMap((factor) => (isWithin(factor, FACTOR_MAX) ? factor : []));

function measuredOf(entry: unknown): readonly Measured[] {
  if (!Array.isArray(entry)) return [];
  const [id, msPerRun, factor] = entry as readonly unknown[];
  if (typeof id !== 'string' || !isWithin(msPerRun, MS_MAX)) return [];
  return [{ id, msPerRun, factor: isWithin(factor, FACTOR_MAX) ? factor : null }];
}

const isWithin = (value: unknown, max: number): value is number =>
  typeof value === 'number' && value > 0 && value < max;

/** Processor time of one run, ms; 0 for an unknown size. */
const guessedMs = (size: RunSize | null): number =>
  size === null
    ? 0
    : (size.durationNs / 1e9) * MS_PER_SIMULATED_SECOND + size.requests * MS_PER_REQUEST;

/** `msPerRun`: on the clock, with all workers at work. */
export function rememberSpeed(
  id: string,
  msPerRun: number,
  about: { readonly size: RunSize | null; readonly workers: number },
): void {
  const guess = guessedMs(about.size);
  const factor = guess > 0 ? (msPerRun * about.workers) / guess : null;
  const others = stored().filter((known) => known.id !== id);
  const list = [...others.slice(1 - SCENARIOS_MAX), { id, msPerRun, factor }];
  keep(
    KEY,
    list.map((known) => [known.id, known.msPerRun, known.factor]),
  );
}

/** One run of this size was simulated for its map, on one worker that had done so before. */
export function rememberMapSpeed(size: RunSize, ms: number): void {
  const guess = guessedMs(size);
  if (guess > 0) keep(MAPS_KEY, [...mapFactors().slice(1 - MAPS_MAX), ms / guess]);
}

/** Null where neither the scenario has run here nor its size is known. */
export function expectedTime(
  id: string,
  what: { readonly runs: number; readonly size: RunSize | null; readonly workers: number },
): ExpectedTime | null {
  const { runs, size } = what;
  const workers = Math.max(1, Math.min(what.workers, runs));
  const measured = stored();
  const guess = (guessedMs(size) * runs) / workers;
  const own = measured.find((known) => known.id === id);
  if (own !== undefined) {
    const ms = own.factor === null || guess === 0 ? own.msPerRun * runs : guess * own.factor;
    return { ms, basis: 'itself', workers };
  }
  if (guess === 0) return null;
  const others = median(measured.flatMap((known) => known.factor ?? []));
  if (others !== null) return { ms: guess * others, basis: 'others', workers };
  const maps = median(mapFactors());
  return maps === null
    ? { ms: guess + START_MS, basis: 'size', workers }
    : { ms: guess * maps + START_MS, basis: 'maps', workers };
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
