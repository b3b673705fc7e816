/** Where the level-2 splits of the direct map come from: largest causes with line and call path. */
import type { ComparisonTable } from '../analysis/comparison.js';
import { formatNumber } from '../analysis/quantity-text.js';
import { topCauses } from '../analysis/top-causes.js';
import type { ExperimentResult } from '../contract/run-result.js';
import { asciiLine, REPORT_WIDTH, wrapWords } from './mail-text.js';

const CAUSE_COUNT_MAX = 2;
/** With more designs the section would be longer than the table. */
const DESIGN_COUNT_MAX = 3;

export function causeLines(result: ExperimentResult, table: ComparisonTable): readonly string[] {
  if (table.designs.length > DESIGN_COUNT_MAX) return [];
  const lines = table.designs.flatMap(({ letter, name }) => {
    const { causes } = topCauses(result, {
      design: name,
      point: table.point,
      effect: 'direct_map.split_2m',
      phase: table.phase,
      countMax: CAUSE_COUNT_MAX,
    });
    return causes.flatMap((cause, i) => {
      const lead = (i === 0 ? `  ${letter}` : '   ') + formatNumber(cause.perRun).padStart(7);
      const share = `${(cause.share * 100).toFixed(0)}%`.padStart(6);
      const line = cause.line > 0 ? `line ${String(cause.line)} ` : '';
      const text = asciiLine(`${line}${cause.label}: ${cause.path}`);
      const head = `${lead}${share}  `;
      return wrapWords(text, REPORT_WIDTH - head.length).map((part, row) =>
        row === 0 ? head + part : ' '.repeat(head.length) + part,
      );
    });
  });
  if (lines.length === 0) return [];
  return [`Level-2 splits in ${asciiLine(table.phase)}, mean per run, by cause`, ...lines];
}
