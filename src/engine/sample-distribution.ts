/**
 * Draws from the distributions of a plan by inversion: one uniform number gives one value, so draw i
 * of a stream is a function of i alone. Cuts are truncations: what lies outside is as if drawn again.
 */
import { unreachable } from '../base/assert.js';
import { exp, log, pow } from '../base/math.js';
import type { DistributionPlan } from '../contract/scenario-plan.js';
import { normalQuantile, normalShare } from './normal-quantile.js';

/** Value at a uniform number in [0, 1). */
export type Sampler = (unit: number) => number;

/** z of the 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;
/** Ranks up to here are drawn from a table, the tail beyond from its integral. */
const ZIPF_TABLE_RANKS = 4096;

export function samplerOf(plan: DistributionPlan): Sampler {
  switch (plan.kind) {
    case 'constant':
      return () => plan.value;
    case 'uniform':
      return (unit) => plan.low + unit * (plan.high - plan.low);
    case 'normal':
      return normalSampler(plan);
    case 'lognormal':
      return lognormalSampler(plan);
    case 'exp':
      return expSampler(plan);
    case 'pareto':
      return paretoSampler(plan);
    case 'zipf':
      return zipfSampler(plan.skew, plan.count);
    case 'choice':
      return choiceSampler(plan.options);
    case 'quantiles':
      return quantileSampler(plan);
    case 'empirical':
      return (unit) => plan.values[Math.floor(unit * plan.values.length)] ?? 0;
    default:
      return unreachable(plan);
  }
}

interface Cut {
  readonly min?: number;
  readonly max?: number;
}

const clampTo = (value: number, cut: Cut): number =>
  Math.min(Math.max(value, cut.min ?? -Infinity), cut.max ?? Infinity);

/** Maps a uniform number into the shares between two bounds; the middle of an open interval. */
const within = (unit: number, low: number, high: number): number => low + unit * (high - low);

/** Share inside (0, 1), for inverses that have no value at the ends. */
const openShare = (unit: number, low: number, high: number): number =>
  Math.min(Math.max(within(unit, low, high), 2 ** -54), 1 - 2 ** -53);

function normalSampler(plan: Extract<DistributionPlan, { kind: 'normal' }>): Sampler {
  const { mean, sd } = plan;
  if (sd <= 0) return () => clampTo(mean, plan);
  const low = normalShare(((plan.min ?? -Infinity) - mean) / sd);
  const high = normalShare(((plan.max ?? Infinity) - mean) / sd);
  return (unit) => {
    const value = mean + sd * normalQuantile(openShare(unit, low, high));
    return clampTo(value, plan);
  };
}

function lognormalSampler(plan: Extract<DistributionPlan, { kind: 'lognormal' }>): Sampler {
  const mu = log(plan.median);
  const sigma = log(plan.p99 / plan.median) / Z99;
  const shareOf = (value: number): number =>
    value <= 0 ? 0 : normalShare((log(value) - mu) / sigma);
  const low = plan.min === undefined ? 0 : shareOf(plan.min);
  const high = plan.max === undefined ? 1 : shareOf(plan.max);
  return (unit) => {
    const value = exp(mu + sigma * normalQuantile(openShare(unit, low, high)));
    return clampTo(value, plan);
  };
}

function expSampler(plan: Extract<DistributionPlan, { kind: 'exp' }>): Sampler {
  const { mean } = plan;
  // Share of values above a bound: e^(-bound / mean).
  const aboveMin = plan.min === undefined ? 1 : exp(-Math.max(0, plan.min) / mean);
  const aboveMax = plan.max === undefined ? 0 : exp(-Math.max(0, plan.max) / mean);
  return (unit) => clampTo(-mean * log(within(1 - unit, aboveMax, aboveMin)), plan);
}

function paretoSampler(plan: Extract<DistributionPlan, { kind: 'pareto' }>): Sampler {
  const { min, shape, max } = plan;
  const aboveMax = max === undefined ? 0 : pow(min / Math.max(min, max), shape);
  return (unit) => clampTo(min * pow(within(1 - unit, aboveMax, 1), -1 / shape), plan);
}

/** Weight of ranks a..b of a Zipf distribution as an integral, for the tail of long tables. */
const zipfIntegral = (low: number, high: number, skew: number): number =>
  skew === 1 ? log(high / low) : (pow(high, 1 - skew) - pow(low, 1 - skew)) / (1 - skew);

function zipfSampler(skew: number, count: number): Sampler {
  const ranks = Math.min(Math.max(1, Math.floor(count)), ZIPF_TABLE_RANKS);
  const cumulative = new Float64Array(ranks);
  let sum = 0;
  for (let rank = 1; rank <= ranks; rank += 1) {
    sum += pow(rank, -skew);
    cumulative[rank - 1] = sum;
  }
  const last = Math.max(1, Math.floor(count));
  const tailLow = ranks + 0.5;
  const tail = last > ranks ? zipfIntegral(tailLow, last + 0.5, skew) : 0;
  return (unit) => {
    const target = unit * (sum + tail);
    if (target < sum) return lowerBound(cumulative, target) + 1;
    const rest = target - sum;
    const value =
      skew === 1
        ? tailLow * exp(rest)
        : pow(rest * (1 - skew) + pow(tailLow, 1 - skew), 1 / (1 - skew));
    return Math.min(last, Math.max(ranks + 1, Math.round(value)));
  };
}

/** Index of the first entry above `target`. */
function lowerBound(cumulative: Float64Array, target: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] ?? 0) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

function choiceSampler(options: Extract<DistributionPlan, { kind: 'choice' }>['options']): Sampler {
  const parts = options.map(({ weight, value }) => ({ weight, sample: samplerOf(value) }));
  return (unit) => {
    let rest = unit;
    let last = parts[0];
    for (const part of parts) {
      if (part.weight <= 0) continue;
      if (rest < part.weight) return part.sample(Math.min(rest / part.weight, 1 - 2 ** -53));
      rest -= part.weight;
      last = part;
    }
    return last?.sample(1 - 2 ** -53) ?? 0;
  };
}

function quantileSampler(plan: Extract<DistributionPlan, { kind: 'quantiles' }>): Sampler {
  const { points, scale } = plan;
  return (unit) => {
    for (let i = 1; i < points.length; i += 1) {
      const lower = points[i - 1];
      const upper = points[i];
      if (lower === undefined || upper === undefined || unit >= upper.share) continue;
      const part = (unit - lower.share) / (upper.share - lower.share);
      if (scale === 'linear') return lower.value + part * (upper.value - lower.value);
      return exp(log(lower.value) + part * (log(upper.value) - log(lower.value)));
    }
    return points[points.length - 1]?.value ?? 0;
  };
}
