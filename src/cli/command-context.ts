/** What commands take from outside; tests put an engine in their own process behind it. */
import type { Workbench } from '../app/lab-engine.js';

export interface CommandContext {
  /** An engine with this many worker threads; all processors by default. */
  readonly createWorkbench: (threads?: number) => Promise<Workbench>;
}
