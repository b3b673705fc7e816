/** Limits of the model, anchors, and the command that gives the same numbers. */
import type { ComparisonTable } from '../analysis/comparison.js';
import { STAR_SEED_COUNT_MIN } from '../analysis/statistics.js';
import type { AnchorResult, ExperimentResult } from '../contract/run-result.js';
import { asciiLine, paragraph, REPORT_WIDTH } from './mail-text.js';
import { hash12, type ReportContext } from './mail-context.js';

/** Not modelled, what the intervals cover, assumed profile entries, anchors. */
export function limitLines({ result, table }: ReportContext): readonly string[] {
  const { notModelled, assumedProfileEntries } = result.scenario;
  const intervals = ` ${intervalText(table)}`;
  const missing = notModelled.length === 0 ? 'nothing listed.' : `${notModelled.join(', ')}.`;
  const assumed =
    assumedProfileEntries.length === 0
      ? []
      : paragraph('Assumed CPU profile entries: ', `${assumedText(assumedProfileEntries)}.`, 2);
  return [
    ...paragraph('Not modelled: ', missing + intervals, 2),
    ...assumed,
    ...anchorLines(result.anchors),
  ];
}

/** What the intervals of a table cover, or why there are none. */
export function intervalText(table: ComparisonTable): string {
  if (table.designs.length < 2) return 'Medians over seeds carry no interval.';
  return table.starsPossible
    ? 'CIs cover workload sampling over seeds, not model error.'
    : `Fewer than ${String(STAR_SEED_COUNT_MIN)} seeds in common give no interval.`;
}

/** Entries by CPU profile, whose name is their first word; what several share is said once. */
export function assumedText(entries: readonly string[]): string {
  const profilesOf = new Map<string, string[]>();
  for (const entry of entries) {
    const end = Math.max(0, entry.indexOf(' '));
    const name = entry.slice(end).trim();
    profilesOf.set(name, [...(profilesOf.get(name) ?? []), entry.slice(0, end)]);
  }
  const namesOf = new Map<string, string[]>();
  for (const [name, profiles] of profilesOf) {
    const key = profiles.join(' and ');
    namesOf.set(key, [...(namesOf.get(key) ?? []), name]);
  }
  return [...namesOf]
    .map(([profiles, names]) => `${profiles} ${names.join(', ')}`.trim())
    .join('; ');
}

function anchorLines(anchors: readonly AnchorResult[]): readonly string[] {
  if (anchors.length === 0) {
    return paragraph('Checked against: ', 'no published figure applies to this scenario.', 2);
  }
  const met = anchors.filter((anchor) => anchor.met).map((anchor) => anchor.id);
  const missed = anchors.filter((anchor) => !anchor.met);
  const good = met.length === 0 ? 'no published figure met' : `anchors ${met.join(', ')} met`;
  return [
    ...paragraph('Checked against: ', `${good}.`, 2),
    ...missed.flatMap((anchor) => paragraph(`  ${anchor.id} NOT MET: `, anchorText(anchor), 4)),
  ];
}

const anchorText = (anchor: AnchorResult): string =>
  `${anchor.claim}; wanted ${anchor.wanted}, found ${anchor.found}`;

/** A word as a shell reads it; signs outside ASCII as escapes, so that a mail cannot spoil them. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replace(/'/g, "'\\''")}'`;
  const escaped = [...new TextEncoder().encode(text)].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  return `$'${escaped.join('')}'`;
}

const PLUGIN = 'plugin:';

/** The file of a design that is a plugin. */
const pluginFile = (design: string): readonly string[] =>
  design.startsWith(PLUGIN) ? [design.slice(PLUGIN.length)] : [];

/** The command line that repeats the run and checks its hash, one raw word each. */
export function reproduceWords(result: ExperimentResult): readonly string[] {
  const { joined } = result.scenario;
  if (joined !== undefined) return joined.sources[0]?.command ?? [];
  const { file, seedsText, settings, only, phase, designs } = result.scenario;
  const plugins = new Set(designs.flatMap(({ design }) => pluginFile(design)));
  return [
    'xlab',
    'run',
    file.startsWith('-') ? `./${file}` : file,
    '--seeds',
    seedsText,
    ...settings.flatMap(({ name, text }) => ['--set', `${name}=${text}`]),
    ...(only === undefined ? [] : ['--only', only.join(',')]),
    ...(phase === undefined ? [] : ['--phase', phase]),
    ...[...plugins].flatMap((path) => ['--plugin', path]),
    '--expect-hash',
    hash12(result),
  ];
}

/** The commands that repeat a result: one, or one for each of two that are shown as one. */
export function reproduceCommands(result: ExperimentResult): readonly (readonly string[])[] {
  const { joined } = result.scenario;
  if (joined === undefined) return [reproduceWords(result)];
  const texts = new Map(joined.sources.map(({ command }) => [command.join('\n'), command]));
  return [...texts.values()];
}

export function reproduceLines({ result, options }: ReportContext): readonly string[] {
  const { inputs } = result.scenario;
  const inputEntries = inputs.map(
    (input) => `${asciiLine(input.path)}  sha256 ${input.sha256.slice(0, 12)}`,
  );
  return [
    'Reproduce',
    ...reproduceCommands(result).flatMap((words) => commandLines([...words, '--report', 'mail'])),
    ...listLines('  inputs   ', inputEntries),
    ...(options.resultsLink === undefined ? [] : paragraph('  results  ', options.resultsLink)),
  ];
}

/**
 * Shell words in lines joined with a backslash at the end. An option stays with its value. A word
 * longer than a line goes on in the first column of the next, which a shell reads as one word.
 */
export function commandLines(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = ' ';
  const room = REPORT_WIDTH - 2;
  for (const [first, ...rest] of optionGroups(words)) {
    const group = [first, ...rest].map((word) => shellWord(word)).join(' ');
    if (line.trim() !== '' && line.length + 1 + group.length > room) {
      lines.push(`${line} \\`);
      line = '      ';
    }
    if (line.length + 1 + group.length <= room) {
      line += ` ${group}`;
      continue;
    }
    for (const word of rest.length === 0 ? [] : [first]) line += ` ${word}`;
    const chunks = wordChunks(rest[0] ?? first);
    lines.push(`${line} \\`, ...chunks.slice(0, -1).map((chunk) => `${chunk}\\`));
    line = chunks[chunks.length - 1] ?? '';
  }
  return [...lines, line];
}

const OPTION_PATTERN = /^--[a-z-]+$/;

/** Options with the value behind them; everything else alone. */
function optionGroups(words: readonly string[]): readonly (readonly [string, ...string[]])[] {
  const groups: [string, ...string[]][] = [];
  for (const word of words) {
    const previous = groups[groups.length - 1];
    if (previous?.length === 1 && OPTION_PATTERN.test(previous[0])) previous.push(word);
    else groups.push([word]);
  }
  return groups;
}

/** A long word in quoted pieces that fit a line; characters are never cut in two. */
function wordChunks(word: string): readonly string[] {
  const chunks: string[] = [];
  let chunk = '';
  for (const character of word) {
    if (quoted(chunk + character).length > REPORT_WIDTH - 4 && chunk !== '') {
      chunks.push(quoted(chunk));
      chunk = '';
    }
    chunk += character;
  }
  return [...chunks, quoted(chunk)];
}

const quoted = (text: string): string => {
  const word = shellWord(text);
  return /^[$']/.test(word) ? word : `'${word}'`;
};

function listLines(lead: string, entries: readonly string[]): readonly string[] {
  const lines: string[] = [];
  const room = REPORT_WIDTH - lead.length;
  for (const entry of entries) {
    const previous = lines[lines.length - 1];
    const joined = previous === undefined ? entry : `${previous}   ${entry}`;
    if (previous !== undefined && joined.length <= room) lines[lines.length - 1] = joined;
    else lines.push(entry);
  }
  return lines.flatMap((text, i) => {
    const start = i === 0 ? lead : ' '.repeat(lead.length);
    return text.length <= room ? [start + text] : paragraph(start, text);
  });
}
