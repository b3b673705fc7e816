/** Mean of a distribution, for estimates before a run. Cuts are left out except where they are hard. */
import type { DistributionPlan, ValuePlan } from '../../src/contract/scenario-plan.js';
import { unreachable } from '../../src/base/assert.js';
import { exp, log } from '../../src/base/math.js';

/** z of the 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;

export function meanOf(plan: DistributionPlan): number {
  switch (plan.kind) {
    case 'constant':
      return plan.value;
    case 'uniform':
      return (plan.low + plan.high) / 2;
    case 'normal':
      return plan.mean;
    case 'lognormal': {
      const sigma = log(plan.p99 / plan.median) / Z99;
      const mean = plan.median * exp((sigma * sigma) / 2);
      return Math.min(mean, plan.max ?? mean);
    }
    case 'exp':
      return plan.mean;
    case 'pareto': {
      const mean = plan.shape > 1 ? (plan.shape * plan.min) / (plan.shape - 1) : plan.min * 10;
      return Math.min(mean, plan.max ?? mean);
    }
    case 'zipf':
      return 1;
    case 'choice':
      return plan.options.reduce((sum, { weight, value }) => sum + weight * meanOf(value), 0);
    case 'quantiles':
      return plan.points.slice(1).reduce((sum, point, index) => {
        const before = plan.points[index] ?? point;
        return sum + (point.share - before.share) * ((point.value + before.value) / 2);
      }, 0);
    case 'empirical':
      return plan.values.reduce((sum, value) => sum + value, 0) / Math.max(1, plan.values.length);
    default:
      return unreachable(plan);
  }
}

export const meanOfValue = (value: ValuePlan): number =>
  value.kind === 'fixed' ? value.value : meanOf(value.distribution);
