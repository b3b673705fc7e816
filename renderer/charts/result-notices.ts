/**
 * What the window has to say about the state of its result: each says what is missing, why, and the
 * one next step. A pure function of the stores, so that every state can be drawn in a test.
 */
import { hasErrors } from '../../src/contract/diagnostic.js';
import type { Diagnostic } from '../../src/contract/diagnostic.js';
import type { CheckReply } from '../../src/contract/lab-api.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import type { LineState } from '../bridge/connection.js';
import { inputNotices, troubleNotices } from './trouble-notices.js';
import { waitText, workersText } from './progress-text.js';
import { expectedWords } from './scenario-size.js';
import { changedLines } from '../editor/line-of.js';
import { firstError, problemPlace } from './problem-place.js';
import type { RunProgress, RunState } from '../stores/experiment.js';
import type { ExpectedTime } from '../stores/run-speed.js';

export type NoticeAction =
  | {
      readonly kind: 'run' | 'continue' | 'take-over' | 'keep-long' | 'open-file';
      readonly title: string;
    }
  | { readonly kind: 'line'; readonly title: string; readonly line: number }
  | { readonly kind: 'first-problem' | 'difference' | 'keep-partial'; readonly title: string }
  /** The scenario gets this text. */
  | { readonly kind: 'edit'; readonly title: string; readonly text: string }
  /** Another path is written over this range of the text. */
  | {
      readonly kind: 'locate';
      readonly title: string;
      readonly start: number;
      readonly end: number;
    }
  /** Lines of an imported file that were not understood. */
  | { readonly kind: 'unread'; readonly title: string; readonly path: string }
  /** The map of a run as it was before its last request; `byte`: place to look at, -1 for none. */
  | {
      readonly kind: 'state';
      readonly title: string;
      readonly point: number;
      readonly seed: number;
      readonly design: string;
      readonly byte: number;
    }
  | { readonly kind: 'copy'; readonly title: string; readonly text: string };

export interface Notice {
  readonly id: string;
  readonly text: string;
  readonly tone: 'plain' | 'problem';
  readonly action?: NoticeAction;
  /** Further actions, beside the one next step. */
  readonly more?: readonly NoticeAction[];
}

export interface NoticeSource {
  readonly line: LineState;
  readonly wasOpen: boolean;
  readonly isOpen: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
  readonly summary: NonNullable<CheckReply['summary']> | null;
  readonly state: RunState;
  readonly message: string;
  readonly progress: RunProgress;
  readonly result: ExperimentResult | null;
  readonly ranText: string | null;
  readonly stale: boolean;
  /** Name of the bundle that is shown; empty for none. */
  readonly fromFile: string;
  /** File of the scenario whose text did not come with the result; empty: it is there. */
  readonly missingText: string;
  /** The scenario came in a bundle with its inputs and was not taken over. */
  readonly bundled: boolean;
  readonly startedAt: Date | null;
  /** Name of the only phase that was run; empty for the whole scenario. */
  readonly phase: string;
  /** Of a run of the scenario; null when nothing is known of it. */
  readonly expected: ExpectedTime | null;
  /** Runs that the lab simulates at a time. */
  readonly workers: number;
  /** The user keeps a run that takes long. */
  readonly keepsLong: boolean;
  /** The user goes on with imports that were read in part. */
  readonly keepsPartial: boolean;
  /** Model of the lab behind the window. */
  readonly model: number | null;
}

const RUN: NoticeAction = { kind: 'run', title: 'Run' };
const CONTINUE: NoticeAction = { kind: 'continue', title: 'Continue' };
const RUN_AGAIN: NoticeAction = { kind: 'run', title: 'Run again' };
const TAKE_OVER: NoticeAction = { kind: 'take-over', title: 'Take over' };
const DIFFERENCE: NoticeAction = { kind: 'difference', title: 'Show difference' };

export function resultNotices(source: NoticeSource): readonly Notice[] {
  return [
    ...lineNotices(source),
    ...scenarioNotices(source),
    ...inputNotices(source.diagnostics, source.text, source.keepsPartial),
    ...runNotices(source),
    ...resultStateNotices(source),
  ];
}

function lineNotices({ line, wasOpen }: NoticeSource): readonly Notice[] {
  if (line === 'refused') {
    const text =
      'The lab does not answer. Start `xlab serve` and open the address that it prints; an address ' +
      'of an earlier start is no longer valid.';
    return [{ id: 'refused', tone: 'problem', text }];
  }
  if (line !== 'lost') return [];
  const text = wasOpen
    ? 'The connection to the lab is lost and is being opened again. What is on screen stays. Where ' +
      '`xlab serve` has ended, start it again and open the address that it prints.'
    : 'The lab does not answer yet; trying again.';
  return [{ id: 'lost', tone: 'problem', text }];
}

function scenarioNotices(source: NoticeSource): readonly Notice[] {
  const { isOpen, diagnostics, text, result, summary, state } = source;
  if (!isOpen || source.missingText !== '') return [];
  if (hasErrors(diagnostics)) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const first = firstError(diagnostics);
    const place = first === undefined ? null : problemPlace(first, text);
    const where = place === null || place.words === '' ? '' : ` in ${place.words}`;
    const count =
      errors.length === 1 ? `1 problem${where}.` : `${errors.length} problems, first${where}.`;
    const rest = result === null ? ' Nothing has run yet.' : ' The last good run is shown.';
    const notice = { id: 'error', tone: 'problem', text: count + rest } as const;
    if (place === null || (place.line === null && place.param === null)) return [notice];
    const title = place.param === null ? 'Go to line' : `Go to ${place.param}`;
    return [{ ...notice, action: { kind: 'first-problem', title } }];
  }
  if (result === null && state === 'idle' && summary !== null) {
    const runs = `${summary.runs} run${summary.runs === 1 ? '' : 's'}`;
    const time = source.expected === null ? '' : `, ${expectedWords(source.expected)}`;
    return [{ id: 'not-run', tone: 'plain', text: `Not run. ${runs}${time}.`, action: RUN }];
  }
  return [];
}

function runNotices(source: NoticeSource): readonly Notice[] {
  const { fromFile, missingText } = source;
  if (fromFile !== '' && missingText !== '') {
    const text =
      `${fromFile} came without the text of ${missingText}. Its figures can be read and compared; a map, ` +
      'another run and a mail report need the text.';
    const action = { kind: 'open-file', title: 'Open the text' } as const;
    return [{ id: 'no-text', tone: 'plain', text, action }];
  }
  if (fromFile !== '') {
    const text = `Opened from ${fromFile}. The text is read only until you take it over.`;
    return [{ id: 'from-file', tone: 'plain', text, action: TAKE_OVER }];
  }
  return [...bundledNotices(source), ...ownRunNotices(source)];
}

/** A run of one's own does not make somebody else's text one's own. */
function bundledNotices({ bundled }: NoticeSource): readonly Notice[] {
  if (!bundled) return [];
  const text =
    'The text and the files that it reads came in a bundle. They are read only until you take them over.';
  return [{ id: 'bundled', tone: 'plain', text, action: TAKE_OVER }];
}

function ownRunNotices(source: NoticeSource): readonly Notice[] {
  const { state, message, progress, result, stale } = source;
  if (state === 'stopped') {
    const text = `Stopped after ${progress.done} of ${progress.total} runs. Finished runs are shown.`;
    const action = stale ? RUN_AGAIN : CONTINUE;
    return [{ id: 'stopped', tone: 'plain', text, action }];
  }
  if (state === 'failed') {
    const action = { kind: 'copy', title: 'Copy details', text: message } as const;
    return [{ id: 'failed', tone: 'problem', text: `The run failed: ${message}`, action }];
  }
  if (state === 'starting' || state === 'running') return runningNotices(source);
  if (source.phase !== '' && result !== null) {
    const text = `Only phase ${source.phase} was run, from the state before it.`;
    const action = { kind: 'run', title: 'Run the whole scenario' } as const;
    return [{ id: 'phase', tone: 'plain', text, action }];
  }
  return [];
}

/** Runs that take longer are asked about. */
const LONG_MS = 600_000;

function runningNotices({ progress, result, keepsLong, workers }: NoticeSource): readonly Notice[] {
  const { done, total, elapsedMs } = progress;
  const made = done - (progress.kept ?? 0);
  const wholeMs = made <= 0 ? 0 : (elapsedMs / made) * (total - done + made);
  if (wholeMs > LONG_MS && !keepsLong) {
    const time = `about ${waitText(wholeMs)} ${workersText(Math.min(workers, total))}`;
    const text = `${total} runs, ${time}. Results appear run by run.`;
    const action = { kind: 'keep-long', title: 'Keep running' } as const;
    return [{ id: 'long', tone: 'plain', text, action }];
  }
  if (result === null || result.runs.length === 0) {
    const text = `Running. The first of ${total} runs has not finished yet.`;
    return [{ id: 'running', tone: 'plain', text }];
  }
  const seedsDone = new Set(result.runs.map(({ seed }) => seed)).size;
  const seeds = result.scenario.seeds.length;
  const text = `Running: ${done} of ${total} runs, ${seedsDone} of ${seeds} seeds so far.`;
  return [{ id: 'partial', tone: 'plain', text }];
}

function resultStateNotices(source: NoticeSource): readonly Notice[] {
  const { result, stale, ranText, text, startedAt, model, state } = source;
  if (result === null) return [];
  const notices: Notice[] = [];
  if (stale && state !== 'running') {
    const lines = changedLines(ranText ?? '', text);
    const what =
      ranText === text
        ? 'the parameters changed'
        : `line${lines.length === 1 ? '' : 's'} ${lines.join(', ')} changed`;
    const when = startedAt === null ? 'an earlier run' : `the file as of ${clockText(startedAt)}`;
    const stated = `Results belong to ${when}; ${what}.`;
    notices.push({
      id: 'stale',
      tone: 'plain',
      text: stated,
      action: RUN_AGAIN,
      more: [DIFFERENCE],
    });
  }
  if (model !== null && result.model !== model) {
    const stated = `Results of model ${result.model}, this is model ${model}.`;
    notices.push({ id: 'old-model', tone: 'plain', text: stated, action: RUN_AGAIN });
  }
  return [...notices, ...troubleNotices(result, text)];
}

/** `14:02`, of the machine in front of the user. */
function clockText(moment: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(moment.getHours())}:${two(moment.getMinutes())}`;
}
