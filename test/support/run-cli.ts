/** Runs one command line in this process, with an engine in this process, and collects what it says. */
import { vi } from 'vitest';
import { Workbench } from '../../src/app/lab-engine.js';
import type { RunExecutor } from '../../src/app/run-jobs.js';
import { runCommandLine } from '../../src/cli/program.js';

export interface CliOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Runs that were simulated. */
  readonly simulated: number;
}

/** Not reentrant: the standard streams are taken over while it runs. */
export async function runCli(...words: readonly string[]): Promise<CliOutcome> {
  const texts = { out: '', err: '' };
  const capture = (stream: NodeJS.WriteStream, key: 'out' | 'err') =>
    vi.spyOn(stream, 'write').mockImplementation((chunk: string | Uint8Array) => {
      texts[key] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return true;
    });
  const spies = [capture(process.stdout, 'out'), capture(process.stderr, 'err')];
  const before = process.exitCode;
  process.exitCode = 0;
  let simulated = 0;
  try {
    await runCommandLine(words, {
      createWorkbench: async () => {
        const { inProcessExecutor } = await import('./in-process-executor.js');
        return new Workbench({
          executorOf: (plan, options) => {
            const executor = inProcessExecutor(plan, options);
            const start: RunExecutor['start'] = (job, signal) => {
              simulated += 1;
              return executor.start(job, signal);
            };
            return { ...executor, start };
          },
        });
      },
    });
    const code = typeof process.exitCode === 'number' ? process.exitCode : 0;
    return { code, ...texts, simulated };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}
