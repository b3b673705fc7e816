/**
 * Runs that did not come to an end and inputs that could not be read, in words: what happened, where,
 * and what can be done. Reads the findings of the engine by their codes; a finding of another form is
 * said as it stands. Pure.
 */
import type { Diagnostic } from '../../src/contract/diagnostic.js';
import type { ExperimentResult, RunResult } from '../../src/contract/run-result.js';
import { recordCommandOf } from '../../src/contract/record-commands.js';
import { exactTimeText } from './time-text.js';
import type { Notice, NoticeAction } from './result-notices.js';

const PHASE_OVERRAN = /^phase '(.+)' needed (\S+)( longer)? but ends at (\S+)$/;
const SHARED_BYTES = /objects (\d+) and (\d+) share (\d+) bytes at byte (\d+)$/;
const THROWN = /^(?:.*?: )?stopped with: (.*)$/s;
const FOR_DURATION = /\bfor\s+\d[\d.]*\s*(?:ns|us|ms|s|min|h)\b/;

/** One notice for each kind of trouble; the first run of it stands for the others. */
export function troubleNotices(result: ExperimentResult, text: string): readonly Notice[] {
  return (['misbehaved', 'overran'] as const).flatMap((status) => {
    const runs = result.runs.filter((run) => run.status === status);
    const [first] = runs;
    if (first === undefined) return [];
    const more = moreText(runs.length - 1);
    if (status === 'overran') return [overranNotice(result, first, { more, text })];
    return [misbehavedNotice(result, first, more)];
  });
}

const moreText = (count: number): string =>
  count === 0 ? '' : ` ${String(count)} more run${count > 1 ? 's' : ''} likewise.`;

/** `21.4s` as `21.4 s`. */
const spaced = (duration: string): string => duration.replace(/(\d)([a-z]+)$/, '$1 $2');

const lineOfNotes = (diagnostic: Diagnostic | undefined): number =>
  Number(
    /^line (\d+):/.exec(diagnostic?.notes?.find((note) => note.startsWith('line ')) ?? '')?.[1],
  );

function overranNotice(
  result: ExperimentResult,
  run: RunResult,
  { more, text }: { readonly more: string; readonly text: string },
): Notice {
  const diagnostic = run.diagnostics[0];
  const message = diagnostic?.message ?? 'no message';
  const [, phase, needed, longer = '', ends = ''] = PHASE_OVERRAN.exec(message) ?? [];
  const stated =
    phase === undefined || needed === undefined
      ? `${run.design} could not do what the scenario says in seed ${String(run.seed)}: ${message}.`
      : `Phase ${phase} needed ${spaced(needed)}${longer} but ends at ${spaced(ends)}, in seed ${String(run.seed)}.`;
  const line = lineOfNotes(diagnostic);
  const what = phase === undefined ? 'Go to line' : 'Go to phase';
  const actions: NoticeAction[] = [];
  if (line > 0) actions.push({ kind: 'line', title: what, line });
  const wanted = / for (\S+)$/.exec(diagnostic?.help ?? '')?.[1];
  const longerPhase = wanted === undefined ? undefined : withDuration(text, line, wanted);
  if (wanted !== undefined && longerPhase !== undefined) {
    actions.push({ kind: 'edit', title: `Set to ${spaced(wanted)}`, text: longerPhase });
  }
  return {
    id: 'overran',
    tone: 'problem',
    text: stated + more,
    ...split(actions, detailsOf(result, run)),
  };
}

/** The text with another duration in a line; undefined where the line has none written out. */
function withDuration(text: string, line: number, wanted: string): string | undefined {
  const lines = text.split('\n');
  const own = lines[line - 1];
  if (own === undefined || !FOR_DURATION.test(own)) return undefined;
  lines[line - 1] = own.replace(FOR_DURATION, `for ${wanted}`);
  return lines.join('\n');
}

function misbehavedNotice(result: ExperimentResult, run: RunResult, more: string): Notice {
  const diagnostic = run.diagnostics[0];
  const message = diagnostic?.message ?? 'no message';
  const { point, seed, design } = run;
  const hasState = run.requestCount > 0;
  const at = { point, seed, design } as const;
  const [, , , bytes, byte] = SHARED_BYTES.exec(message) ?? [];
  if (diagnostic?.code === 'X0901' && bytes !== undefined) {
    const when = exactTimeText(run.durationNs);
    const text =
      `${design} handed out the same ${bytes} B twice at ${when}, in seed ${String(seed)}. ` +
      `This design's results are void.${more}`;
    const actions: NoticeAction[] = [
      { kind: 'state', title: 'Show both owners', ...at, byte: Number(byte) },
    ];
    return { id: 'misbehaved', tone: 'problem', text, ...split(actions, detailsOf(result, run)) };
  }
  const thrown = THROWN.exec(message)?.[1];
  const said = thrown === undefined ? message : `"${thrown}"`;
  const others = result.runs.some((other) => other.design !== design && other.status === 'ok');
  const text =
    `${design} failed in seed ${String(seed)} at event ${grouped(run.requestCount)}: ${said}. ` +
    `This design's results are void.${others ? ' Others finished.' : ''}${more}`;
  const actions: NoticeAction[] = hasState
    ? [{ kind: 'state', title: 'Open state before it', ...at, byte: -1 }]
    : [];
  return { id: 'misbehaved', tone: 'problem', text, ...split(actions, detailsOf(result, run)) };
}

/** `18,204`. */
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** The first action and the others; the details can always be copied. */
function split(actions: readonly NoticeAction[], details: string): Pick<Notice, 'action' | 'more'> {
  const copy = { kind: 'copy', title: 'Copy report', text: details } as const;
  const [first, ...rest] = actions;
  return first === undefined ? { action: copy } : { action: first, more: [...rest, copy] };
}

function detailsOf(result: ExperimentResult, run: RunResult): string {
  const { tool, toolVersion, model, scenario, scenarioHash } = result;
  const hash = scenarioHash.slice(0, 12);
  return [
    `${tool} ${toolVersion}, model ${String(model)}, ${scenario.file}, scenario ${hash}`,
    `${run.design}, seed ${String(run.seed)}, event log ${run.logHash}`,
    ...run.diagnostics.flatMap(({ code, message, notes, help }) => [
      `${code}: ${message}`,
      ...(notes ?? []),
      ...(help === undefined ? [] : [`help: ${help}`]),
    ]),
  ].join('\n');
}

const MISSING_FILE = /^(?:there is no|cannot read) '(.+?)'/;
const NOT_UNDERSTOOD = /^([\d,]+) of ([\d,]+) lines of '(.+)' were not understood$/;
const HIDDEN_POINTERS = /^kernel pointers are (?:hidden|hashed) in '(.+)'$/;
const SHOW_POINTERS = 'sysctl -w kernel.kptr_restrict=1';

/** Files that a scenario names and that are not what they should be. `lineAt`: line of an offset. */
export function inputNotices(
  diagnostics: readonly Diagnostic[],
  text: string,
  keepsPartial: boolean,
): readonly Notice[] {
  return diagnostics.flatMap((diagnostic) => {
    const { message, span, source } = diagnostic;
    if (source !== undefined || span === undefined) return [];
    const hidden = HIDDEN_POINTERS.exec(message)?.[1];
    if (hidden !== undefined) return [pointersNotice(hidden, text.slice(span.end))];
    const partial = NOT_UNDERSTOOD.exec(message);
    if (partial !== null) return keepsPartial ? [] : [partialNotice(diagnostic, partial)];
    const path = MISSING_FILE.exec(message)?.[1];
    const isFile = path !== undefined && text.slice(span.start, span.end).includes(path);
    return isFile ? [movedNotice(path, diagnostic, text)] : [];
  });
}

/** `behind`: the text behind the file's name, where its format stands. */
function pointersNotice(path: string, behind: string): Notice {
  const format = /^\s*format\s+(\w+)/.exec(behind)?.[1] ?? '';
  const record = recordCommandOf(format);
  const commands =
    record === undefined
      ? [SHOW_POINTERS]
      : [SHOW_POINTERS, record.command.replaceAll(record.file, path)];
  return {
    id: 'pointers',
    tone: 'problem',
    text: `All addresses in ${path} are 0. Record it as root.`,
    action: { kind: 'copy', title: 'Copy command', text: `sudo sh -c '${commands.join('; ')}'\n` },
  };
}

function partialNotice(diagnostic: Diagnostic, match: RegExpExecArray): Notice {
  const [, count = '', total = '', path = ''] = match;
  const lines = (diagnostic.notes ?? []).join('\n');
  const first = /^first: (line \d+)/m.exec(lines)?.[1];
  const where = first === undefined ? '' : `; first: ${first}`;
  return {
    id: 'partial-input',
    tone: 'problem',
    text: `${count} of ${total} lines of ${path} were not understood${where}.`,
    action: { kind: 'unread', title: 'Show lines', path },
    more: [{ kind: 'keep-partial', title: 'Continue' }],
  };
}

function movedNotice(path: string, { span }: Diagnostic, text: string): Notice {
  const start = span === undefined ? 0 : text.indexOf(path, span.start);
  return {
    id: 'file-moved',
    tone: 'problem',
    text: `${path} is not where it was.`,
    action: { kind: 'locate', title: 'Locate', start, end: start + path.length },
    more: [{ kind: 'edit', title: 'Remove', text: withoutStatement(text, start) }],
  };
}

/** Without the lines of the statement at an offset: up to the closing brace of its block, if any. */
function withoutStatement(text: string, offset: number): string {
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', offset);
  let end = lineEnd < 0 ? text.length : lineEnd + 1;
  if (/\{\s*(?:#.*)?$/.test(text.slice(from, end))) {
    const close = text.indexOf('}', end);
    const after = close < 0 ? -1 : text.indexOf('\n', close);
    end = after < 0 ? text.length : after + 1;
  }
  return text.slice(0, from) + text.slice(end);
}
