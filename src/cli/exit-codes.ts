/** Exit codes of the command line; scripts depend on them. */
export const ExitCode = {
  /** All expectations hold. */
  ok: 0,
  /** At least one expectation failed; two results differ. */
  expectationFailed: 1,
  /** Scenario, input or command line is wrong; nothing ran and nothing was written. */
  wrongInput: 2,
  /** A run could not do what the scenario says. */
  overran: 3,
  /** A design misbehaved, or a worker was lost. */
  misbehaved: 4,
  /** `--expect-hash` does not match. */
  hashDiffers: 5,
  /** A defect of this program. */
  internal: 70,
  /** Cancelled; finished runs are kept. */
  cancelled: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
