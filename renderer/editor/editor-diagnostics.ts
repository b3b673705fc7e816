/** The language's findings as the editor component shows them, with their fixes as buttons. */
import type { Diagnostic as Mark } from '@codemirror/lint';
import type { EditorView } from '@codemirror/view';
import type { Diagnostic, Fix } from '../../src/contract/diagnostic.js';

/**
 * Places of a text in the editor, which has one letter for each end of a line: texts of other systems have
 * two.
 */
export function editorPlaces(text: string): (offset: number) => number {
  const ends = [...text.matchAll(/\r\n/g)].map(({ index }) => index);
  if (ends.length === 0) return (offset) => offset;
  return (offset) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? Infinity) < offset) low = middle + 1;
      else high = middle;
    }
    return offset - low;
  };
}

/** Findings of the scenario itself; those of used files have no place in this text. */
export function editorMarks(list: readonly Diagnostic[], text: string): Mark[] {
  const place = editorPlaces(text);
  const placed = (fix: Fix): Fix => ({
    ...fix,
    edits: fix.edits.map(({ span, newText }) => ({
      span: { start: place(span.start), end: place(span.end) },
      newText,
    })),
  });
  return list
    .filter((diagnostic) => diagnostic.source === undefined)
    .map((diagnostic) => {
      const from = place(Math.min(diagnostic.span?.start ?? 0, text.length));
      const to = Math.max(from, place(Math.min(diagnostic.span?.end ?? 0, text.length)));
      const { fix } = diagnostic;
      return {
        from,
        to,
        severity: diagnostic.severity,
        message: diagnosticText(diagnostic),
        source: diagnostic.code,
        actions:
          fix === undefined
            ? []
            : [{ name: fix.title, apply: (view: EditorView) => applyFix(view, placed(fix)) }],
      };
    })
    .sort((a, b) => a.from - b.from);
}

/** Message, facts and advice as lines. */
export function diagnosticText(diagnostic: Diagnostic): string {
  const { message, notes, help } = diagnostic;
  return [
    message,
    ...(notes ?? []).map((note) => `note: ${note}`),
    ...(help === undefined ? [] : [`help: ${help}`]),
  ].join('\n');
}

export function applyFix(view: EditorView, fix: Fix): void {
  const length = view.state.doc.length;
  if (fix.edits.some(({ span }) => span.end > length)) return;
  view.dispatch({
    changes: fix.edits.map(({ span, newText }) => ({
      from: span.start,
      to: span.end,
      insert: newText,
    })),
    userEvent: 'input.fix',
  });
}
