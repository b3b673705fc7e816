/** Values at the pins as a piece of text for a report: all charted metrics of every design. */
import { designLetter, orderedDesigns } from '../../src/analysis/run-index.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { defaultPinName } from '../stores/view.js';
import type { Pin } from '../stores/view.js';
import { momentTable } from './table-rows.js';
import type { TableChoice } from './table-rows.js';
import { exactTimeText } from './time-text.js';

/** What a pin is called on the screen: the number of its flag, then its name where it has one of its own. */
export const pinTitle = ({ id, name }: Pick<Pin, 'id' | 'name'>): string =>
  name === defaultPinName(id) ? name : `${id} ${name}`;

const LABEL_CHARS = 26;
const VALUE_CHARS = 10;
/** Designs in one row of columns, so that a row keeps to 72 characters. */
const COLUMNS_MAX = 4;

/** Empty without pins. */
export function pinsText(
  result: ExperimentResult,
  pins: readonly Pin[],
  choice: TableChoice & { readonly metrics: readonly string[] },
): string {
  if (pins.length === 0) return '';
  const names = orderedDesigns(result);
  const seeds =
    choice.seed === null
      ? `median of ${result.scenario.seeds.length} seeds`
      : `seed ${choice.seed}`;
  const lines = [`Values at pins (${seeds})`];
  for (const pin of pins) {
    const { rows } = momentTable(result, pin.timeNs, choice);
    const wanted = rows.filter(({ metric }) => choice.metrics.includes(metric));
    for (let start = 0; start < names.length; start += COLUMNS_MAX) {
      const columns = names.slice(start, start + COLUMNS_MAX);
      const head = start === 0 ? `${asciiName(pin.name)}, ${exactTimeText(pin.timeNs)}` : '';
      lines.push(
        '',
        row(
          head,
          columns.map((_, i) => designLetter(start + i)),
          LABEL_CHARS + 2,
        ),
      );
      for (const { label, cells } of wanted) {
        const values = cells.slice(start, start + COLUMNS_MAX).map(({ value }) => value);
        lines.push(`  ${row(label, values, LABEL_CHARS)}`);
      }
    }
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Names are typed by people; a mail is plain text. */
const asciiName = (name: string): string =>
  name.replace(/[^\x20-\x7e]/g, '?').slice(0, LABEL_CHARS);

const row = (label: string, values: readonly string[], width: number): string =>
  label.padEnd(width) + values.map((value) => ` ${value.padStart(VALUE_CHARS)}`).join('');
