/** From a result to the exit code, the worst trouble first. */
import type { ExperimentResult } from '../contract/run-result.js';
import { ExitCode } from './exit-codes.js';

export function verdictCode(result: ExperimentResult): ExitCode {
  const { runs, verdicts } = result;
  if (!result.complete || runs.some((run) => run.status === 'misbehaved')) {
    return ExitCode.misbehaved;
  }
  if (runs.some((run) => run.status === 'overran')) return ExitCode.overran;
  const claims = verdicts.filter((verdict) => verdict.severity === 'expect');
  if (claims.some((verdict) => verdict.state === 'fail')) return ExitCode.expectationFailed;
  return claims.some((verdict) => verdict.state === 'unknown') ? ExitCode.overran : ExitCode.ok;
}
