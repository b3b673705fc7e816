/** A run as text for golden traces: every event, then causes, then the end values of each phase. */
import { REQUEST_KIND_NAMES } from '../../src/contract/request.js';
import type { RunResult } from '../../src/contract/run-result.js';
import { EFFECT_KIND_NAMES } from '../../src/contract/sim-event.js';
import type { SimEvent } from '../../src/engine/event-ledger.js';

const column = (text: string | number, width: number): string => String(text).padEnd(width);

function eventLine(event: SimEvent): string {
  const time = String(event.timeNs / 1000).padStart(8);
  if (event.event === 'request') {
    const object = event.object < 0 ? '-' : String(event.object);
    return `${time}us ${column(REQUEST_KIND_NAMES[event.kind] ?? '', 18)}${column(object, 4)}${event.text}`;
  }
  const name = EFFECT_KIND_NAMES[event.kind] ?? '';
  const what = `page=${String(event.page)} amount=${String(event.amount)}`;
  return `${' '.repeat(12)}${column(name, 21)}${column(what, 24)}${event.path}`;
}

const wholeOr3 = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(3);

export function traceText(events: readonly SimEvent[], result: RunResult): string {
  const lines = events.map(eventLine);
  lines.push('', 'causes');
  for (const { effect, phase, line, label, path, count, amount } of result.causes) {
    const numbers = `${String(count)} x ${String(amount)}`;
    lines.push(
      `  ${column(effect, 28)}${column(phase, 8)}${column(`${String(line)} ${label}`, 18)}${column(numbers, 12)}${path}`,
    );
  }
  for (const { name, startNs, endNs, metrics, strip } of result.phases) {
    lines.push('', `phase ${name} ${String(startNs / 1000)}us..${String(endNs / 1000)}us`);
    for (const [metric, { first, last }] of Object.entries(metrics)) {
      if (first === 0 && last === 0) continue;
      lines.push(`  ${column(metric, 30)}${wholeOr3(first)} -> ${wholeOr3(last)}`);
    }
    lines.push(`  ${strip.replace(/\.+$/, '')}`);
  }
  lines.push('', `log ${result.logHash}`);
  return lines.map((line) => line.trimEnd()).join('\n');
}
