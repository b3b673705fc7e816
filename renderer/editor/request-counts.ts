/** In the margin: how many requests each line is expected to make, and a bar for its share. */
import { RangeSet, StateEffect, StateField } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, gutter, GutterMarker } from '@codemirror/view';

export interface LineRequests {
  readonly line: number;
  readonly requests: number;
}

export const setRequestCounts = StateEffect.define<readonly LineRequests[]>();

class CountMarker extends GutterMarker {
  constructor(
    private readonly text: string,
    /** 0..1 of the line with most requests. */
    private readonly share: number,
  ) {
    super();
  }

  override eq(other: CountMarker): boolean {
    return other.text === this.text && other.share === this.share;
  }

  override toDOM(): Node {
    const element = document.createElement('span');
    element.className = 'cm-request-count';
    element.title = `about ${this.text} requests in a run`;
    element.textContent = this.text;
    element.style.setProperty('--share', `${String(Math.round(this.share * 100))}%`);
    return element;
  }
}

/** `41`, `2.4k`, `1.2M`. */
export function countText(requests: number): string {
  if (requests >= 999_500) return `${String(Number((requests / 1e6).toPrecision(2)))}M`;
  if (requests >= 999.5) return `${String(Number((requests / 1e3).toPrecision(2)))}k`;
  return String(Math.round(requests));
}

const markers = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setRequestCounts)) continue;
      const most = Math.max(1, ...effect.value.map(({ requests }) => requests));
      const { doc } = transaction.state;
      next = RangeSet.of(
        effect.value
          .filter(({ line, requests }) => line >= 1 && line <= doc.lines && requests > 0)
          .map(({ line, requests }) =>
            new CountMarker(countText(requests), requests / most).range(doc.line(line).from),
          ),
        true,
      );
    }
    return next;
  },
});

export const requestCountGutter: Extension = [
  markers,
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
  }),
];
