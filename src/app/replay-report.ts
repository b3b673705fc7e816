/** A replay as text: what the design predicts, with what the kernel did beside it where recorded. */
import type { Recording } from '../recording/recording.js';
import type { ReplayResult } from './replay.js';
import type { PredictedSnapshot } from './replay-lines.js';

export interface ReplaySummaryRow {
  readonly label: string;
  readonly areas: number;
  readonly text4K: number;
  readonly text2M: number;
  readonly split2M: readonly [number, number, number];
  /** What the kernel showed; undefined where it was not recorded. */
  readonly recorded?: {
    readonly areas?: number;
    readonly text4K?: number;
    readonly text2M?: number;
    readonly split2M?: number;
  };
}

export interface ReplaySummary {
  readonly recording: string;
  readonly design: string;
  readonly events: number;
  /** Areas that appeared and went, over all events. */
  readonly areasAdded: number;
  readonly areasRemoved: number;
  readonly unserved: readonly number[];
  readonly rows: readonly ReplaySummaryRow[];
}

function recordedState(
  recording: Recording,
  index: number,
): ReplaySummaryRow['recorded'] | undefined {
  const snapshot = recording.snapshots[index];
  if (!snapshot || (recording.blind && index > 0)) return undefined;
  const modules = snapshot.pageTables?.get('modules');
  const start = recording.snapshots[0]?.level2Splits;
  return {
    ...(snapshot.areas
      ? { areas: snapshot.areas.filter((area) => area.caller !== 'unpurged').length }
      : {}),
    ...(modules
      ? {
          text4K: modules.leaves4K.roX + modules.leaves4K.rwX,
          text2M: modules.leaves2M.roX + modules.leaves2M.rwX,
        }
      : {}),
    ...(start === undefined || snapshot.level2Splits === undefined
      ? {}
      : { split2M: snapshot.level2Splits - start }),
  };
}

export function summarizeReplay(
  recording: Recording,
  design: string,
  result: ReplayResult,
): ReplaySummary {
  let areasAdded = 0;
  let areasRemoved = 0;
  let events = 0;
  const snapshots: PredictedSnapshot[] = [];
  for (const line of result.lines) {
    if (line.type === 'snapshot') {
      snapshots.push(line);
      continue;
    }
    events += 1;
    areasAdded += line.vadd.length;
    areasRemoved += line.vdel.length;
  }
  const rows = snapshots.map((line, index): ReplaySummaryRow => {
    const recorded = recordedState(recording, index);
    return {
      label: line.label,
      areas: line.areas.length,
      text4K: line.text_4k,
      text2M: line.text_2m,
      split2M: line.split_2m,
      ...(recorded ? { recorded } : {}),
    };
  });
  const { unserved } = result;
  const name = recording.meta.name;
  return { recording: name, design, events, areasAdded, areasRemoved, unserved, rows };
}

const LABEL_WIDTH = 24;

const pair = (model: number, recorded: number | undefined): string =>
  recorded === undefined ? `${String(model)} / -` : `${String(model)} / ${String(recorded)}`;

export function formatReplay(summary: ReplaySummary): string {
  const cell = (text: string, width: number): string => ` ${text.padStart(width)}`;
  const lines = [
    `Replay of ${summary.recording} under ${summary.design}`,
    `${String(summary.events)} events, ${String(summary.areasAdded)} areas appeared, ` +
      `${String(summary.areasRemoved)} went, ${String(summary.unserved.length)} not served`,
    '',
    'model / what the kernel really did',
    '',
    'snapshot'.padEnd(LABEL_WIDTH) +
      cell('areas', 11) +
      cell('text 4K', 13) +
      cell('text 2M', 9) +
      cell('splits', 9),
    ...summary.rows.map(
      (row) =>
        row.label.slice(0, LABEL_WIDTH).padEnd(LABEL_WIDTH) +
        cell(pair(row.areas, row.recorded?.areas), 11) +
        cell(pair(row.text4K, row.recorded?.text4K), 13) +
        cell(pair(row.text2M, row.recorded?.text2M), 9) +
        cell(pair(row.split2M[1], row.recorded?.split2M), 9),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
