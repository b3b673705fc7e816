/**
 * How long a run is expected to take, to say so before it starts. A scenario that has run here tells by
 * itself; one that has not is guessed from its size, corrected by how far such guesses were off for what
 * has run here. Nothing of it reaches a result.
 */

const KEY = 'xlab.speed';
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
  /** What it rests on: runs of this scenario here, runs of others here, its size alone. */
  readonly basis: 'itself' | 'others' | 'size';
  /** Runs at a time. */
  readonly workers: number;
}

interface Measured {
  readonly id: string;
  readonly msPerRun: number;
  /** How much longer than guessed; null where nothing could be guessed. */
  readonly factor: number | null;
}

/** Newest last. */
function stored(): readonly Measured[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(list) ? list.flatMap(measuredOf) : [];
  } catch {
    return [];
  }
}

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
  try {
    const others = stored().filter((known) => known.id !== id);
    const kept = [...others.slice(1 - SCENARIOS_MAX), { id, msPerRun, factor }];
    localStorage.setItem(
      KEY,
      JSON.stringify(kept.map((known) => [known.id, known.msPerRun, known.factor])),
    );
  } catch {
    // A window without storage works, it only estimates by size alone.
  }
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
  const factor = median(measured.flatMap((known) => known.factor ?? []));
  return factor === null
    ? { ms: guess + START_MS, basis: 'size', workers }
    : { ms: guess * factor, basis: 'others', workers };
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
