/** The language service for windows: a question about a text, answered with everything the lab knows. */
import {
  addDesign,
  completionsAt,
  definitionAt,
  designChoices,
  formatEdits,
  hoverAt,
  LanguageDocument,
  outlineOf,
  phaseFacts,
  renameAt,
  requestCounts,
} from '../../dsl/service/index.js';
import type { LanguageAnswer, LanguageQuestion, UnreadLines } from '../contract/language-data.js';
import { labCatalog } from './catalog.js';
import { createLanguageHost, type RememberingHost } from './language-host.js';

export interface LanguageText {
  readonly text: string;
  readonly file: string;
  /** Absolute. */
  readonly folder: string;
  /** Design plugins that the user has named: real paths. */
  readonly plugins?: readonly string[];
}

/** A text with what it takes from other files. */
interface KnownText {
  readonly input: LanguageText;
  readonly document: LanguageDocument;
  readonly host: RememberingHost;
}

/** The text asked about last: an editor asks several questions about one text. */
let last: KnownText | undefined;

function knownText(input: LanguageText): KnownText {
  const { text, file, folder, plugins } = input;
  if (
    last?.input.text === text &&
    last.input.file === file &&
    last.input.folder === folder &&
    last.input.plugins === plugins
  ) {
    return last;
  }
  const host = createLanguageHost(folder, plugins);
  const document = new LanguageDocument({ text, file, catalog: labCatalog(), host });
  last = { input, document, host };
  return last;
}

/** Never throws on any text. */
export function answerLanguage(input: LanguageText, question: LanguageQuestion): LanguageAnswer {
  const { document, host } = knownText(input);
  switch (question.kind) {
    case 'complete': {
      const { replace, items } = completionsAt(document, question.offset);
      return { kind: 'complete', replace, items };
    }
    case 'hover': {
      const hover = hoverAt(document, question.offset);
      return hover === undefined
        ? { kind: 'none', reason: 'nothing is known about this place' }
        : { kind: 'hover', ...hover };
    }
    case 'definition': {
      const found = definitionAt(document, question.offset);
      return found === undefined
        ? { kind: 'none', reason: 'there is no declared name here' }
        : { kind: 'definition', ...found };
    }
    case 'rename': {
      const renamed = renameAt(document, question.offset, question.newName);
      return renamed.edits === undefined
        ? { kind: 'none', reason: renamed.problem }
        : { kind: 'edits', edits: renamed.edits };
    }
    case 'format':
      return { kind: 'edits', edits: formatEdits(document) };
    case 'outline':
      return { kind: 'outline', entries: outlineOf(document) };
    case 'size':
      return sizeOf(document);
    case 'designs':
      return { kind: 'designs', designs: designChoices(document) };
    case 'add-design': {
      const added = addDesign(document, question.added);
      return added.edits === undefined
        ? { kind: 'none', reason: added.problem }
        : { kind: 'edits', edits: added.edits };
    }
    case 'counts':
      return { kind: 'counts', lines: requestCounts(document) };
    case 'unread':
      return { kind: 'unread', ...unreadIn(document, host, question.path) };
  }
}

/** Imports are read when the text is worked out; one that was not understood leaves a finding. */
function unreadIn(document: LanguageDocument, host: RememberingHost, path: string): UnreadLines {
  const { diagnostics } = document.elaboration;
  return diagnostics.length === 0 ? { total: 0, lines: [] } : host.unreadLines(path);
}

function sizeOf(document: LanguageDocument): LanguageAnswer {
  const { plan } = document.elaboration;
  if (plan === undefined) return { kind: 'none', reason: 'the scenario has mistakes' };
  const phases = phaseFacts(document);
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return {
    kind: 'size',
    runs: sum(plan.points.map(({ designs }) => designs.length * plan.seeds.length)),
    durationNs: sum(phases.map(({ durationNs }) => durationNs)),
    requests: sum(phases.map(({ requests }) => requests)),
  };
}
