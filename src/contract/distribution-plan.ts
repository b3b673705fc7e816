/**
 * Distributions and values drawn from them, in base units: what stands where a scenario writes a number or
 * `~ distribution`.
 */

export type DistributionPlan =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | ({ readonly kind: 'normal'; readonly mean: number; readonly sd: number } & Cut)
  | ({ readonly kind: 'lognormal'; readonly median: number; readonly p99: number } & Cut)
  | ({ readonly kind: 'exp'; readonly mean: number } & Cut)
  | { readonly kind: 'pareto'; readonly min: number; readonly shape: number; readonly max?: number }
  /** Ranks 1..count. `count` is at least 1. */
  | { readonly kind: 'zipf'; readonly skew: number; readonly count: number }
  /** Weights add up to 1. */
  | {
      readonly kind: 'choice';
      readonly options: readonly { readonly weight: number; readonly value: DistributionPlan }[];
    }
  /** Points rise in both; the first share is 0, the last 1. */
  | {
      readonly kind: 'quantiles';
      readonly points: readonly { readonly share: number; readonly value: number }[];
      readonly scale: 'linear' | 'log';
    }
  | { readonly kind: 'empirical'; readonly values: readonly number[] };

interface Cut {
  readonly min?: number;
  readonly max?: number;
}

/** A fixed value, or one drawn each time from the stream named `stream` (see base/prng.ts). */
export type ValuePlan =
  | { readonly kind: 'fixed'; readonly value: number }
  | { readonly kind: 'draw'; readonly distribution: DistributionPlan; readonly stream: string };
