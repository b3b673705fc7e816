/** Runs jobs in the calling thread, one at a time: what workers do, without workers. */
import { EventLogFile, eventLogName } from '../../src/app/event-log-file.js';
import type { RunExecutor } from '../../src/app/run-jobs.js';
import { runOne } from '../../src/app/run-one.js';
import type { ExecutorOptions } from '../../src/app/run-pool.js';
import type { ScenarioPlan } from '../../src/contract/scenario-plan.js';

export function inProcessExecutor(plan: ScenarioPlan, options: ExecutorOptions = {}): RunExecutor {
  const { eventsFolder } = options;
  return {
    concurrency: 1,
    start: (job) => ({
      requests: () => 0,
      outcome: new Promise((done) => {
        if (eventsFolder === undefined) {
          done({ kind: 'finished', run: runOne(plan, job, {}) });
          return;
        }
        const log = new EventLogFile(eventsFolder, eventLogName(plan, job));
        const run = runOne(plan, job, { onEvent: log.add });
        log.finish();
        done({ kind: 'finished', run });
      }),
    }),
  };
}
