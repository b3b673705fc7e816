/**
 * In the margin: how many requests each line made, or before a run is expected to make, and a bar for its
 * share. Lines whose statements never ran are dimmed.
 */
import { RangeSet, StateEffect, StateField } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { Decoration, EditorView, gutter, GutterMarker } from '@codemirror/view';
import type { DecorationSet } from '@codemirror/view';
import type { LineMark } from './line-mark.js';

export const setLineMarks = StateEffect.define<readonly LineMark[]>();

class CountMarker extends GutterMarker {
  constructor(private readonly mark: LineMark) {
    super();
  }

  override eq(other: CountMarker): boolean {
    const { text, share, title } = this.mark;
    return other.mark.text === text && other.mark.share === share && other.mark.title === title;
  }

  override toDOM(): Node {
    const { text, title, share } = this.mark;
    const element = document.createElement('span');
    element.className = 'cm-request-count';
    element.title = title;
    element.textContent = text;
    element.style.setProperty('--share', `${String(Math.round(share * 100))}%`);
    return element;
  }
}

const markers = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setLineMarks)) continue;
      const { doc } = transaction.state;
      next = RangeSet.of(
        effect.value
          .filter(({ line }) => line >= 1 && line <= doc.lines)
          .map((mark) => new CountMarker(mark).range(doc.line(mark.line).from)),
        true,
      );
    }
    return next;
  },
});

const UNUSED = Decoration.line({ class: 'cm-unused' });

const unused = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setLineMarks)) continue;
      const { doc } = transaction.state;
      next = Decoration.set(
        effect.value
          .filter((mark) => mark.unused && mark.line >= 1 && mark.line <= doc.lines)
          .map(({ line }) => UNUSED.range(doc.line(line).from)),
        true,
      );
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export const requestCountGutter: Extension = [
  markers,
  unused,
  gutter({ class: 'cm-request-gutter', markers: (view) => view.state.field(markers) }),
  EditorView.baseTheme({
    '.cm-request-gutter': { minWidth: '34px' },
    '.cm-request-count': {
      display: 'block',
      padding: '0 4px',
      textAlign: 'right',
      fontSize: '11px',
      backgroundImage:
        'linear-gradient(to right, var(--select) var(--share), transparent var(--share))',
    },
    '.cm-unused, .cm-unused span': { color: 'var(--faint) !important', fontStyle: 'italic' },
  }),
];
