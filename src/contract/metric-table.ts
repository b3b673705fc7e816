/** Metrics as the language, the report and the charts see them. */

export type MetricKind = 'gauge' | 'counter' | 'ratio';
export type MetricUnit = 'bytes' | 'count' | 'percent' | 'per_kinst' | 'cycles' | 'ns';

export interface MetricInfo {
  /** Name as /proc/meminfo, /proc/vmstat or perf prints it where one exists. */
  readonly name: string;
  /** Short label for a table row, at most 22 characters, without the unit. */
  readonly label: string;
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
  readonly better: 'low' | 'high' | '-';
  /** One line. */
  readonly meaning: string;
  /** Where a real machine shows it; empty when nowhere. */
  readonly counterpart: string;
}
