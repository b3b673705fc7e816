/** What every benchmark shares: clocks from outside, medians, and the row that a table shows. */

/** Clocks and memory of the process; tests pass their own. */
export interface BenchClocks {
  /** Processor time of this process, nanoseconds: another program's work does not count. */
  readonly cpuNs: () => number;
  /** Time of the wall, nanoseconds: for what several threads or a whole process do. */
  readonly wallNs: () => number;
  /** Resident memory of the process, bytes. */
  readonly residentBytes: () => number;
}

/** One measured quantity beside its reference, measured in the same run. */
export interface BenchRow {
  readonly group: string;
  readonly what: string;
  readonly value: number;
  /** `ns`, `ms`, `MiB`, `M/s`: of value and reference. */
  readonly unit: string;
  /** What the value is held against, in the same unit; absent where there is nothing to hold it to. */
  readonly reference?: number;
  /** What the reference is. */
  readonly against: string;
}

/** value / reference; undefined without a reference or when it is 0. */
export const ratioOf = ({ value, reference }: BenchRow): number | undefined =>
  reference === undefined || reference === 0 ? undefined : value / reference;

/** The middle value; of an even number the upper one of the two in the middle. 0 for none. */
export const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Median nanoseconds of `runs` calls by one clock. */
export function medianTimeNs(clock: () => number, runs: number, work: () => void): number {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const start = clock();
    work();
    times.push(clock() - start);
  }
  return medianOf(times);
}
