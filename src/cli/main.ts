#!/usr/bin/env node
/** Entry point of the command line. */
import { runCommandLine } from './program.js';

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
await runCommandLine(process.argv.slice(2), {
  createWorkbench: async (threads) => {
    const { Workbench } = await import('../app/lab-engine.js');
    return new Workbench(threads === undefined ? {} : { threads });
  },
});
