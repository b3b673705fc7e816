/** Duration and size of a scenario in words. */
import type { ExpectedTime } from '../stores/run-speed.js';
import { waitText, workersText } from './progress-text.js';

export interface ScenarioSize {
  readonly runs: number;
  /** Simulated time of one run. */
  readonly durationNs: number;
  /** Expected requests of one run. */
  readonly requests: number;
}

/** `90 runs of 5 min, 24 k requests each; about 40 s here`. */
export function sizeWords(size: ScenarioSize, expected: ExpectedTime | null): string {
  const { runs, durationNs, requests } = size;
  const each = runs === 1 ? '' : ' each';
  const here =
    expected === null ? '' : `; about ${waitText(expected.ms)}${IN_LIST[expected.basis]}`;
  return (
    `${counted(runs, 'run')} of ${spanWords(durationNs)}, ` +
    `${countWords(requests)} requests${each}${here}`
  );
}

/** `2 designs, 10 seeds, 6 sweep points: 120 runs, about 3 s here, on 2 workers`. */
export function runSizeText(
  run: {
    readonly designs: readonly string[];
    readonly seeds: number;
    readonly points: readonly string[];
    readonly runs: number;
  },
  expected: ExpectedTime | null,
): string {
  const parts = [counted(run.designs.length, 'design'), counted(run.seeds, 'seed')];
  if (run.points.length > 1) parts.push(counted(run.points.length, 'sweep point'));
  const here = expected === null ? '' : `, ${expectedWords(expected)}`;
  return `${parts.join(', ')}: ${counted(run.runs, 'run')}${here}`;
}

const BASIS: Readonly<Record<ExpectedTime['basis'], readonly [string, string]>> = {
  itself: [' here, ', ''],
  others: [' here, ', ', going by other scenarios'],
  maps: [' here, ', ', going by the runs behind the maps'],
  size: [' ', ', guessed from its size'],
};

/** What a time in a list rests on; the workers are the same for all. */
const IN_LIST: Readonly<Record<ExpectedTime['basis'], string>> = {
  itself: ' here',
  others: ' here, going by others',
  maps: ' here, going by maps',
  size: ', guessed',
};

/** `about 3 s here, on 2 workers`, and what it rests on where that is not the scenario itself. */
export function expectedWords({ ms, basis, workers }: ExpectedTime): string {
  const [before, behind] = BASIS[basis];
  return `about ${waitText(ms)}${before}${workersText(workers)}${behind}`;
}

const counted = (count: number, word: string): string =>
  `${String(count)} ${word}${count === 1 ? '' : 's'}`;

/** `350 ms`, `6 s`, `5 min`, `2.5 h`. */
export function spanWords(ns: number): string {
  if (ns < 1e9) return `${round(ns / 1e6)} ms`;
  if (ns < 120e9) return `${round(ns / 1e9)} s`;
  return ns < 7200e9 ? `${round(ns / 60e9)} min` : `${round(ns / 3600e9)} h`;
}

const round = (value: number): string => String(Number(value.toPrecision(2)));

function countWords(count: number): string {
  if (count < 10_000) return String(Math.round(count));
  return count < 1e6 ? `${round(count / 1e3)} k` : `${round(count / 1e6)} M`;
}
