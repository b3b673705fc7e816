/** Expectations: claims over metrics in base units, the phases and designs they cover, their confidence. */
import type { Comparison } from './comparison.js';

export const METRIC_FUNCTIONS = [
  'mean',
  'max',
  'min',
  'last',
  'first',
  'p50',
  'p90',
  'p99',
  'rate',
  'delta',
  'integral',
] as const;
export type MetricFunction = (typeof METRIC_FUNCTIONS)[number];

/** Arithmetic over metrics, in base units. */
export type ExpectExpr =
  | { readonly kind: 'number'; readonly value: number }
  /** `fn` absent: increase in the phase for counters, last value for gauges and ratios. */
  | {
      readonly kind: 'metric';
      readonly metric: string;
      readonly fn?: MetricFunction;
      readonly design?: string;
    }
  | {
      readonly kind: 'recorded';
      readonly series: string;
      readonly metric: string;
      readonly fn?: MetricFunction;
    }
  | { readonly kind: 'matched'; readonly name: string }
  | { readonly kind: 'abs'; readonly operand: ExpectExpr }
  | {
      readonly kind: 'binary';
      readonly op: '+' | '-' | '*' | '/';
      readonly left: ExpectExpr;
      readonly right: ExpectExpr;
    };

export interface ExpectationPlan {
  /** As written, one line, for reports. */
  readonly text: string;
  readonly line: number;
  readonly severity: 'expect' | 'warn';
  readonly claim:
    | { readonly kind: 'no'; readonly metric: string }
    | {
        readonly kind: 'never' | 'holds';
        readonly left: ExpectExpr;
        readonly cmp: Comparison;
        readonly right: ExpectExpr;
      };
  /** Phases it covers; empty: every phase that is not `discard`. */
  readonly phase?: string;
  /** `at end of PHASE`: values at that instant. */
  readonly atEnd: boolean;
  /** Design names; empty: all. */
  readonly designs: readonly string[];
  /** Confidence level 0..1. */
  readonly confidence?: number;
}
