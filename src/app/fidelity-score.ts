/** Scores of one recording against its prediction, and the differences found on the way. */

/** How many of those that could be compared are right. */
export interface Score {
  exact: number;
  total: number;
}

export interface Difference {
  /** `seq 427 kpdel` or `snapshot loaded_all`. */
  readonly where: string;
  readonly kernel: string;
  readonly model: string;
  /** Why they may differ, from what both did. */
  readonly explanation: string;
}

export interface FidelityScores {
  /** Events after which the whole set of areas is right. */
  readonly events: Score;
  /** Areas that appeared, by exact address and size. */
  readonly areas: Score;
  readonly slots: Score;
  /** Sections of modules, by the region that holds them. */
  readonly regions: Score;
  /** Snapshots whose whole set of areas is right. */
  readonly snapshots: Score;
  /** Snapshots with both counts of executable leaves right. */
  readonly textLeaves: Score;
  /** Snapshots whose split count lies inside the model's range over placements. */
  readonly splitsInRange: Score;
  /** Snapshots whose default lies within the spread of their own repeats at that snapshot or 15 %. */
  readonly splitsNear: Score;
  /** The same with the largest spread between two boots of any workload that was recorded twice. */
  readonly splitsWithin: Score;
}

export const emptyScores = (): FidelityScores => ({
  events: { exact: 0, total: 0 },
  areas: { exact: 0, total: 0 },
  slots: { exact: 0, total: 0 },
  regions: { exact: 0, total: 0 },
  snapshots: { exact: 0, total: 0 },
  textLeaves: { exact: 0, total: 0 },
  splitsInRange: { exact: 0, total: 0 },
  splitsNear: { exact: 0, total: 0 },
  splitsWithin: { exact: 0, total: 0 },
});

/** Counts one comparison. Returns `right`. */
export function count(score: Score, right: boolean): boolean {
  score.total += 1;
  if (right) score.exact += 1;
  return right;
}
