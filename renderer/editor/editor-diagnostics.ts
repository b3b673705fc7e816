/** The language's findings as the editor component shows them, with their fixes as buttons. */
import type { Diagnostic as Mark } from '@codemirror/lint';
import type { EditorView } from '@codemirror/view';
import type { Diagnostic, Fix } from '../../src/contract/diagnostic.js';

/** Findings of the scenario itself; those of used files have no place in this text. */
export function editorMarks(list: readonly Diagnostic[], length: number): Mark[] {
  return list
    .filter((diagnostic) => diagnostic.source === undefined)
    .map((diagnostic) => {
      const from = Math.min(diagnostic.span?.start ?? 0, length);
      const to = Math.min(Math.max(from, diagnostic.span?.end ?? from), length);
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
            : [{ name: fix.title, apply: (view: EditorView) => applyFix(view, fix) }],
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
