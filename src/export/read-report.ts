/**
 * Reads what a mail report says about itself, quoted or not: hash, model, seeds, settings, machine. The
 * text comes from strangers; nothing but these facts is taken from it.
 */
import type { ScenarioFacts } from '../analysis/scenario-differences.js';

/** Longest text that is looked at, characters. */
const REPORT_CHARS_MAX = 200_000;

const STAMP = /^(?:scenario|xlab) ([0-9a-f]{12})\b/m;

/** Undefined for a text in which no report stands. */
export function factsOfReport(text: string): ScenarioFacts | undefined {
  const plain = unquoted(text.slice(0, REPORT_CHARS_MAX));
  const stamp = STAMP.exec(plain)?.[1];
  const command = commandIn(plain);
  const expected = /--expect-hash ([0-9a-f]{8,64})/.exec(command)?.[1]?.slice(0, 12);
  const scenarioHash = stamp ?? expected;
  if (scenarioHash === undefined || !plain.includes('xlab')) return undefined;
  const model = /\bmodel (\d{1,6})\b/.exec(plain)?.[1];
  const seedsText = /--seeds ([\d.,]+)/.exec(command)?.[1];
  const phase = /--phase (\S+)/.exec(command)?.[1];
  const machine = paragraphIn(plain, 'Machine:');
  const load = paragraphIn(plain, 'Load:');
  const file = /xlab run (\S+)/.exec(command)?.[1]?.split('/').pop();
  return {
    scenarioHash,
    settings: settingsIn(command),
    ...(model === undefined ? {} : { model: Number(model) }),
    ...(seedsText === undefined ? {} : { seedsText }),
    ...(phase === undefined ? {} : { phase }),
    ...(machine === '' ? {} : { machine }),
    ...(load === '' ? {} : { load }),
    ...(file === undefined ? {} : { file }),
  };
}

/** Without quote marks; the text of a report never starts with one. */
const unquoted = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.replace(/^(?:> ?)+/, ''))
    .join('\n');

/** The last command of the text on one line. */
function commandIn(text: string): string {
  const joined = text.replace(/ *\\\n */g, ' ');
  const found = joined.match(/^ *xlab run .*$/gm) ?? [];
  return found[found.length - 1]?.trim() ?? '';
}

function settingsIn(command: string): ScenarioFacts['settings'] {
  const words = command.matchAll(/--set (?:'([\w.]+)=([^']*)'|([\w.]+)=(\S+))/g);
  return [...words].map((match) => ({
    name: match[1] ?? match[3] ?? '',
    text: match[2] ?? match[4] ?? '',
  }));
}

/** The lines of a labelled paragraph as one. */
function paragraphIn(text: string, label: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(label));
  if (start < 0) return '';
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => !line.startsWith('          '));
  return [lines[start]?.slice(label.length) ?? '', ...rest.slice(0, end < 0 ? rest.length : end)]
    .map((line) => line.trim())
    .join(' ');
}
