/**
 * Whole processes and whole experiments: a check, a small run, two designs on two threads. Times of the
 * wall, beside a process that does nothing and beside one thread.
 */
import { medianOf, type BenchClocks, type BenchRow } from './measure.js';

export interface ProcessBenchOptions {
  readonly clocks: BenchClocks;
  readonly runs: number;
  /** Runs the command line with these words to its end. */
  readonly command: (words: readonly string[]) => void;
  /** Starts and ends the runtime without doing anything. */
  readonly nothing: () => void;
}

export interface TimedCommand {
  readonly what: string;
  readonly words: readonly string[];
}

const NANOSECONDS_PER_MS = 1e6;

export function benchProcesses(
  commands: readonly TimedCommand[],
  { clocks, runs, command, nothing }: ProcessBenchOptions,
): readonly BenchRow[] {
  const time = (work: () => void): number => {
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const start = clocks.wallNs();
      work();
      times.push((clocks.wallNs() - start) / NANOSECONDS_PER_MS);
    }
    return medianOf(times);
  };
  const bare = time(nothing);
  return commands.map(({ what, words }) => ({
    group: 'whole process',
    what,
    value: time(() => command(words)),
    unit: 'ms',
    reference: bare,
    against: 'a process that does nothing',
  }));
}

/** Two designs with one worker and with two. */
export async function benchThreads(
  run: (threads: number) => Promise<void>,
  clocks: BenchClocks,
): Promise<BenchRow> {
  const timed = async (threads: number): Promise<number> => {
    const start = clocks.wallNs();
    await run(threads);
    return (clocks.wallNs() - start) / NANOSECONDS_PER_MS;
  };
  const one = await timed(1);
  const two = await timed(2);
  return {
    group: 'two designs',
    what: 'on two threads',
    value: two,
    unit: 'ms',
    reference: one,
    against: 'on one thread',
  };
}
