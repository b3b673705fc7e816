/**
 * How metrics are defined. A metric has a name, a unit, a kind and a better direction; those that a
 * real machine shows carry its name and the place where it shows it. A metric reads a MetricSource
 * and keeps nothing.
 */
import type { MetricInfo, MetricUnit } from '../contract/metric-table.js';
import type { MetricSource, RatioMetric, ReadMetric } from '../contract/metric-source.js';

type Better = MetricInfo['better'];

/** Fields that most metrics share a default of. */
export interface MetricText {
  readonly name: string;
  /** At most 22 characters, without the unit; absent: the name. */
  readonly label?: string;
  readonly better: Better;
  /** One line. */
  readonly meaning: string;
  /** Where a real machine shows it. */
  readonly counterpart?: string;
}

const infoOf = (text: MetricText, kind: MetricInfo['kind'], unit: MetricUnit): MetricInfo => ({
  name: text.name,
  label: text.label ?? text.name,
  kind,
  unit,
  better: text.better,
  meaning: text.meaning,
  counterpart: text.counterpart ?? '',
});

/** A value at an instant. */
export const gauge = (
  unit: MetricUnit,
  text: MetricText,
  read: (source: MetricSource) => number | undefined,
): ReadMetric => ({ info: infoOf(text, 'gauge', unit), read });

/** A total since the start of the run. */
export const counter = (
  unit: MetricUnit,
  text: MetricText,
  read: (source: MetricSource) => number | undefined,
): ReadMetric => ({ info: infoOf(text, 'counter', unit), read });

/** `scale` times the quotient of two totals. */
export const ratio = (
  unit: MetricUnit,
  text: MetricText,
  parts: Omit<RatioMetric, 'info'>,
): RatioMetric => ({ info: infoOf(text, 'ratio', unit), ...parts });
