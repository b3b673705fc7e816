/** Runs one command line in this process, with an engine in this process, and collects what it says. */
import { vi } from 'vitest';
import { Workbench } from '../../src/app/lab-engine.js';
import { runCommandLine } from '../../src/cli/program.js';

export interface CliOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
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
  try {
    await runCommandLine(words, {
      createWorkbench: async () => {
        const { inProcessExecutor } = await import('./in-process-executor.js');
        return new Workbench({ executorOf: inProcessExecutor });
      },
    });
    return { code: typeof process.exitCode === 'number' ? process.exitCode : 0, ...texts };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}
