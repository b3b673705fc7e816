/** Expected simulated time of foreground statements, from the means of their waits. */
import type { RecordedStreamPlan, StatementPlan } from '../../src/contract/scenario-plan.js';
import { meanOfValue } from '../values/means.js';

type Recordings = readonly RecordedStreamPlan[];

/** Nanoseconds; background statements count nothing. */
export function foregroundDuration(body: readonly StatementPlan[], recordings: Recordings): number {
  return body.reduce((sum, plan) => sum + statementDuration(plan, recordings), 0);
}

function statementDuration(plan: StatementPlan, recordings: Recordings): number {
  switch (plan.kind) {
    case 'wait':
      return meanOfValue(plan.duration);
    case 'repeat':
      return plan.count * foregroundDuration(plan.body, recordings);
    case 'parallel':
      return plan.branches.reduce(
        (longest, branch) => Math.max(longest, foregroundDuration(branch.body, recordings)),
        0,
      );
    case 'mix':
      return plan.options.reduce(
        (sum, option) => sum + option.weight * foregroundDuration(option.body, recordings),
        0,
      );
    case 'replay': {
      const last = recordings[plan.recording]?.events.at(-1)?.timeNs ?? 0;
      return Math.max(0, Math.min(plan.toNs, last) - plan.fromNs) / plan.speed;
    }
    default:
      return 0;
  }
}
