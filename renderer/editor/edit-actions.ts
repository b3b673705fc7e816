/** Format, go to definition and rename, over the language service. */
import type { EditorView } from '@codemirror/view';
import type { TextEdit } from '../../src/contract/language-data.js';
import type { AskLanguage } from './language-client.js';

function applyEdits(view: EditorView, edits: readonly TextEdit[], event: string): void {
  const length = view.state.doc.length;
  if (edits.length === 0 || edits.some(({ span }) => span.end > length)) return;
  view.dispatch({
    changes: edits.map(({ span, newText }) => ({
      from: span.start,
      to: span.end,
      insert: newText,
    })),
    userEvent: event,
  });
}

/** Formats the text; leaves it alone when it changed meanwhile or has mistakes of grammar. */
export async function formatText(view: EditorView, ask: AskLanguage): Promise<void> {
  const text = view.state.doc.toString();
  const answer = await ask(text, { kind: 'format' });
  if (answer?.kind !== 'edits' || view.state.doc.toString() !== text) return;
  applyEdits(view, answer.edits, 'input.format');
}

/** Puts the caret on the declaration of the name at the caret; says why not otherwise. */
export async function goToDefinition(view: EditorView, ask: AskLanguage): Promise<string> {
  const offset = view.state.selection.main.head;
  const answer = await ask(view.state.doc.toString(), { kind: 'definition', offset });
  if (answer?.kind === 'none') return answer.reason;
  if (answer?.kind !== 'definition') return '';
  if (answer.source !== undefined) return `declared in ${answer.source}`;
  view.dispatch({
    selection: { anchor: answer.span.start, head: answer.span.end },
    scrollIntoView: true,
  });
  return '';
}

/** Renames the name at the caret everywhere; says why not otherwise. */
export async function renameAtCaret(
  view: EditorView,
  ask: AskLanguage,
  newName: string,
): Promise<string> {
  const text = view.state.doc.toString();
  const offset = view.state.selection.main.head;
  const answer = await ask(text, { kind: 'rename', offset, newName });
  if (answer?.kind === 'none') return answer.reason;
  if (answer?.kind !== 'edits' || view.state.doc.toString() !== text) return '';
  applyEdits(view, answer.edits, 'input.rename');
  return '';
}

/** The word around the caret, to start a rename from. */
export function wordAtCaret(view: EditorView): string {
  const { state } = view;
  const range = state.wordAt(state.selection.main.head);
  return range === null ? '' : state.sliceDoc(range.from, range.to);
}
