/**
 * What Tab does in the editor: whoever comes to it with Tab goes on with Tab, so that the text is neither
 * changed nor a trap on the way through the window. It indents once something was typed or clicked, and in
 * an editor that was chosen by its key or by a click; Escape and then Tab leaves it then.
 */
import { indentWithTab } from '@codemirror/commands';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap, ViewPlugin } from '@codemirror/view';
import type { ViewUpdate } from '@codemirror/view';

const HELP =
  'Tab goes on to what follows until something is typed; then it indents, and Escape before it goes on.';

class TabWatch {
  /** The focus is on its way by Tab. */
  isTabbing = false;

  constructor() {
    document.addEventListener('keydown', this.watch, { capture: true });
    document.addEventListener('keyup', this.watch, { capture: true });
  }

  update({ docChanged, view }: ViewUpdate): void {
    if (docChanged && view.hasFocus) view.setTabFocusMode(false);
  }

  destroy(): void {
    document.removeEventListener('keydown', this.watch, { capture: true });
    document.removeEventListener('keyup', this.watch, { capture: true });
  }

  private readonly watch = (event: KeyboardEvent): void => {
    this.isTabbing = event.type === 'keydown' && event.key === 'Tab';
  };
}

const tabWatch = ViewPlugin.fromClass(TabWatch, {
  eventHandlers: {
    focus(_event, view) {
      view.setTabFocusMode(this.isTabbing);
    },
    pointerdown(_event, view) {
      view.setTabFocusMode(false);
    },
  },
});

export const tabKey: Extension = [
  keymap.of([indentWithTab]),
  tabWatch,
  EditorView.contentAttributes.of({ 'aria-description': HELP }),
];
