/** Lines of a prediction file, exactly as written: addresses are `0x` and 16 hex digits. */

export type AddressRange = readonly [string, string];

export interface PredictedEvent {
  readonly type: 'event';
  readonly seq: number;
  readonly op: string;
  /** Areas that appeared, guard page included, ascending. */
  readonly vadd: readonly AddressRange[];
  readonly vdel: readonly AddressRange[];
  /** Chunk run of a program; its own area, guard included, when it is larger than a pack. */
  readonly slot?: AddressRange;
  readonly module?: {
    readonly name: string;
    /** Mapped pages by region name. */
    readonly regions: Readonly<Record<string, AddressRange>>;
  };
}

export interface PredictedSnapshot {
  readonly type: 'snapshot';
  readonly label: string;
  readonly after_events: number;
  /** All live areas of the module area, ascending. */
  readonly areas: readonly AddressRange[];
  /** Executable leaf entries of the module area. */
  readonly text_4k: number;
  readonly text_2m: number;
  /** Low, default, high over physical placements, since the initial state. */
  readonly split_2m: readonly [number, number, number];
  readonly split_1g: readonly [number, number, number];
  /** DirectMap4k, 2M, 1G under the default placement. */
  readonly direct_map_kb: readonly [number, number, number];
  readonly module_pte_tables: number;
}

export type PredictionLine = PredictedEvent | PredictedSnapshot;

export const formatPrediction = (lines: readonly PredictionLine[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('');
