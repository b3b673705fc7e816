/**
 * Values that stand for a distribution: its quantiles at equal steps. For summaries in hover and
 * reference only, with about five digits; runs draw with the engine's own functions.
 */
import { unreachable } from '../../src/base/assert.js';
import { exp, log, pow } from '../../src/base/math.js';
import type { DistributionPlan } from '../../src/contract/scenario-plan.js';

/** z of the 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;

/** Share of a standard normal distribution below z (Abramowitz and Stegun 26.2.17). */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const density = 0.3989422804014327 * exp((-z * z) / 2);
  const poly = 1.330274429 * t - 1.821255978;
  const tail = density * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * poly)));
  return z > 0 ? 1 - tail : tail;
}

/** Inverse of `normalShare`, by bisection. */
function normalQuantile(share: number): number {
  let low = -9;
  let high = 9;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

interface Cut {
  readonly min?: number;
  readonly max?: number;
}

/** Quantile function of a form within its cut, from its own quantile and share functions. */
function withinCut(
  cut: Cut,
  shareOf: (value: number) => number,
  valueOf: (share: number) => number,
): (share: number) => number {
  const low = cut.min === undefined ? 0 : shareOf(cut.min);
  const high = cut.max === undefined ? 1 : shareOf(cut.max);
  return (share) => {
    const value = valueOf(low + share * (high - low));
    return Math.min(Math.max(value, cut.min ?? value), cut.max ?? Infinity);
  };
}

/** Quantile function; undefined for mixtures and tables, which have their own way. */
function quantileOf(plan: DistributionPlan): ((share: number) => number) | undefined {
  switch (plan.kind) {
    case 'constant':
      return () => plan.value;
    case 'uniform':
      return (share) => plan.low + share * (plan.high - plan.low);
    case 'normal': {
      const { mean, sd } = plan;
      if (sd === 0) return () => mean;
      const shareOf = (value: number): number => normalShare((value - mean) / sd);
      return withinCut(plan, shareOf, (share) => mean + sd * normalQuantile(share));
    }
    case 'lognormal': {
      const sigma = log(plan.p99 / plan.median) / Z99;
      const shareOf = (value: number): number =>
        value <= 0 ? 0 : normalShare(log(value / plan.median) / sigma);
      return withinCut(plan, shareOf, (share) => plan.median * exp(sigma * normalQuantile(share)));
    }
    case 'exp': {
      const shareOf = (value: number): number => 1 - exp(-Math.max(0, value) / plan.mean);
      return withinCut(plan, shareOf, (share) => -plan.mean * log(1 - share));
    }
    case 'pareto': {
      const shareOf = (value: number): number => 1 - pow(plan.min / value, plan.shape);
      const cut = plan.max === undefined ? {} : { max: plan.max };
      return withinCut(cut, shareOf, (share) => plan.min * pow(1 - share, -1 / plan.shape));
    }
    case 'quantiles':
      return (share) => lineValue(plan, share);
    case 'zipf':
    case 'choice':
    case 'empirical':
      return undefined;
    default:
      return unreachable(plan);
  }
}

function lineValue(plan: Extract<DistributionPlan, { kind: 'quantiles' }>, share: number): number {
  const index = plan.points.findIndex((point) => point.share >= share);
  const upper = plan.points[index];
  const lower = plan.points[index - 1];
  if (upper === undefined || lower === undefined) return upper?.value ?? 0;
  const part = (share - lower.share) / (upper.share - lower.share);
  if (plan.scale === 'linear') return lower.value + part * (upper.value - lower.value);
  return lower.value * exp(part * log(upper.value / lower.value));
}

/** Cumulative shares of the ranks of a Zipf distribution, then the rank at each step. */
function zipfValues(skew: number, count: number, steps: number): number[] {
  const ranks = Math.min(Math.max(1, Math.floor(count)), 10_000);
  const weights = Array.from({ length: ranks }, (_, rank) => pow(rank + 1, -skew));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const values: number[] = [];
  let rank = 0;
  let reached = (weights[0] ?? 0) / total;
  for (let step = 0; step < steps; step += 1) {
    while ((step + 0.5) / steps > reached && rank < ranks - 1) {
      rank += 1;
      reached += (weights[rank] ?? 0) / total;
    }
    values.push(rank + 1);
  }
  return values;
}

/** `steps` values in ascending order, each standing for an equal share. */
export function representativeValues(plan: DistributionPlan, steps: number): readonly number[] {
  const quantile = quantileOf(plan);
  if (quantile !== undefined) {
    return Array.from({ length: steps }, (_, step) => quantile((step + 0.5) / steps));
  }
  if (plan.kind === 'zipf') return zipfValues(plan.skew, plan.count, steps);
  if (plan.kind === 'empirical') {
    const sorted = [...plan.values].sort((a, b) => a - b);
    return Array.from(
      { length: steps },
      (_, step) => sorted[Math.floor(((step + 0.5) / steps) * sorted.length)] ?? 0,
    );
  }
  if (plan.kind !== 'choice') return [];
  const parts = plan.options.flatMap(({ weight, value }) => [
    ...representativeValues(value, Math.max(1, Math.round(weight * steps))),
  ]);
  return parts.sort((a, b) => a - b);
}
