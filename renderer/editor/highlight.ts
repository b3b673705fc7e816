/**
 * Colouring by the language's own lexer: the visible lines are lexed and marked, the rest of the file
 * is never looked at. No second grammar to keep in step.
 */
import { Decoration, EditorView, ViewPlugin } from '@codemirror/view';
import type { DecorationSet, ViewUpdate } from '@codemirror/view';
import { RangeSetBuilder } from '@codemirror/state';
import { classifyTokens } from '../../dsl/classify-tokens.js';
import type { TokenKind } from '../../dsl/classify-tokens.js';

/** Characters of one lexed piece; longer lines stay plain behind it. */
const PIECE_CHARS_MAX = 20_000;

const marks: Readonly<Record<TokenKind, Decoration | null>> = {
  keyword: Decoration.mark({ class: 'tok-keyword' }),
  number: Decoration.mark({ class: 'tok-number' }),
  text: Decoration.mark({ class: 'tok-text' }),
  comment: Decoration.mark({ class: 'tok-comment' }),
  name: null,
  sign: null,
};

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const visible of view.visibleRanges) {
    const { from } = view.state.doc.lineAt(visible.from);
    const to = Math.min(view.state.doc.lineAt(visible.to).to, from + PIECE_CHARS_MAX);
    for (const token of classifyTokens(view.state.sliceDoc(from, to))) {
      const mark = marks[token.kind];
      if (mark !== null) builder.add(from + token.start, from + token.end, mark);
    }
  }
  return builder.finish();
}

export const highlight = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = decorate(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
