/** What a request stream could not do as the scenario says. It ends the run (status `overran`). */
export type StreamTrouble =
  /** X0507: foreground statements were still going on at the end of their phase. */
  | {
      readonly kind: 'phase_overran';
      readonly phase: number;
      /** Length that the statements needed; Infinity when it was not found out. */
      readonly neededNs: number;
      readonly durationNs: number;
    }
  /** X0509: an `at` stands behind statements that ended after its time. */
  | {
      readonly kind: 'at_late';
      readonly phase: number;
      readonly site: number;
      readonly wantedNs: number;
      readonly reachedNs: number;
    }
  /** X0508: more than 1% of a churn's arrivals were not made. */
  | {
      readonly kind: 'held_back';
      readonly site: number;
      readonly heldBack: number;
      readonly arrivals: number;
    };

/** Share of arrivals that a churn may hold back without `hold_back allow`. */
export const HELD_BACK_SHARE_MAX = 0.01;
