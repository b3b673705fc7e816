/**
 * The folder that one run of a plan, or of a share of it, writes to: what it holds of earlier commands,
 * the runs kept on the way, and the results at the end. The same command goes on where a killed one
 * stopped and leaves the same bytes.
 */
import type { ExperimentResult, RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import { earlierRuns } from './earlier-runs.js';
import { eventLogName } from './event-log-file.js';
import { KeptRuns } from './kept-runs.js';
import { copyLogs, writeOutput } from './output-folder.js';
import type { Shard } from './run-job.js';
import { saveShard } from './shard-file.js';
import { linesText, statementLines } from './statement-lines.js';

export interface RunFolderOptions {
  /** Absent: the whole plan. */
  readonly shard?: Shard;
  /** True when the event log of every run is wanted. */
  readonly withEvents: boolean;
}

export class RunFolder {
  private readonly kept: KeptRuns;

  /** `folder` is absolute. Nothing is written before the first run is kept. */
  constructor(
    private readonly folder: string,
    private readonly plan: ScenarioPlan,
    private readonly options: RunFolderOptions,
  ) {
    this.kept = new KeptRuns(folder, plan, options.shard);
  }

  /** Where runs write their event logs; undefined when none are wanted. */
  get eventsFolder(): string | undefined {
    return this.options.withEvents ? this.kept.eventsFolder : undefined;
  }

  /** Runs that need not be done again. */
  earlier(): readonly RunResult[] {
    const { folder, plan, kept, options } = this;
    return earlierRuns({ outFolder: folder, plan, kept, ...options });
  }

  keep(run: RunResult): void {
    this.kept.save(run);
  }

  /** Writes the results, or the share; what was kept on the way is gone then. */
  async finish(result: ExperimentResult, report: string): Promise<void> {
    const { folder, plan, kept, eventsFolder } = this;
    const { shard } = this.options;
    const names = result.runs.map((run) => eventLogName(plan, run));
    const events = eventsFolder === undefined ? undefined : { from: [eventsFolder], names };
    if (shard === undefined) {
      const lines = linesText(statementLines(plan));
      const logs = events === undefined ? {} : { events };
      await writeOutput(folder, result, { report, lines, ...logs });
    } else {
      if (events !== undefined) copyLogs(folder, events);
      saveShard(folder, { shard, plan, runs: result.runs });
    }
    kept.clear();
  }
}
