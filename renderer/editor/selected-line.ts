/** The line of what is selected in another pane. */
import { StateEffect, StateField } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import type { DecorationSet } from '@codemirror/view';

/** Line from 1; 0 for none. */
export const setSelectedLine = StateEffect.define<number>();

const LINE = Decoration.line({ class: 'cm-selected-object' });

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setSelectedLine)) continue;
      const { doc } = transaction.state;
      const isThere = effect.value >= 1 && effect.value <= doc.lines;
      next = isThere ? Decoration.set(LINE.range(doc.line(effect.value).from)) : Decoration.none;
    }
    return next;
  },
  provide: (own) => EditorView.decorations.from(own),
});

export const selectedLine: Extension = [
  field,
  EditorView.baseTheme({
    '.cm-selected-object': {
      backgroundColor: 'var(--select)',
      boxShadow: 'inset 3px 0 0 var(--accent)',
    },
  }),
];
