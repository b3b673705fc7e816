/** The editor component, set up once: colours, brackets, folding, search, marks, key bindings. */
import { autocompletion, closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, foldGutter, foldKeymap, indentUnit } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from '@codemirror/view';
import type { Diagnostic } from '../../src/contract/diagnostic.js';
import { completionSource } from './complete.js';
import { wordAtCaret } from './edit-actions.js';
import { hoverSource } from './hover.js';
import type { AskLanguage } from './language-client.js';
import { requestCountGutter, setLineMarks } from './request-counts.js';
import type { LineMark } from './line-mark.js';
import { selectedLine, setSelectedLine } from './selected-line.js';
import { braceFold } from './brace-fold.js';
import { editorMarks } from './editor-diagnostics.js';
import { editorTheme } from './editor-theme.js';
import { highlight } from './highlight.js';
import { tabKey } from './tab-key.js';

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly onChange: (text: string) => void;
  /** Line of the caret, and the word around it; empty for none. */
  readonly onCaret: (line: number, word: string) => void;
  readonly ask: AskLanguage;
}

export interface ScenarioEditorHandle {
  readonly view: EditorView;
  /** Replaces the whole text; the history starts anew. */
  setText(text: string): void;
  /** Replaces what differs; caret and history stay. */
  replaceText(text: string): void;
  /** `text`: what they were found in; the editor has the same with its own ends of lines. */
  setDiagnostics(list: readonly Diagnostic[], text: string): void;
  /** What stands in the margin. */
  setMarks(marks: readonly LineMark[]): void;
  /** Shows the line of what is selected elsewhere, from 1; 0 for none. */
  setSelectedLine(line: number): void;
  setReadOnly(on: boolean): void;
  /** Puts the caret at the start of a line (1-based) and scrolls to it. */
  goToLine(line: number): void;
  destroy(): void;
}

export function createEditor(options: EditorOptions): ScenarioEditorHandle {
  const writing = new Compartment();
  const extensions: Extension = [
    writing.of([]),
    lineNumbers(),
    highlightActiveLineGutter(),
    lintGutter(),
    foldGutter(),
    braceFold,
    history(),
    drawSelection(),
    rectangularSelection(),
    EditorState.allowMultipleSelections.of(true),
    EditorState.tabSize.of(2),
    indentUnit.of('  '),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    // Texts come from mails: a sign that cannot be seen, or that turns the others round, is shown as a dot.
    highlightSpecialChars(),
    highlightSelectionMatches(),
    autocompletion({ override: [completionSource(options.ask)] }),
    hoverSource(options.ask),
    requestCountGutter,
    selectedLine,
    highlight,
    editorTheme,
    EditorView.contentAttributes.of({ 'aria-label': 'Scenario text', tabindex: '0' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.onChange(update.state.doc.toString());
      if (update.selectionSet || update.docChanged) {
        const { doc, selection } = update.state;
        options.onCaret(doc.lineAt(selection.main.head).number, wordAtCaret(update.view));
      }
    }),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'),
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...lintKeymap,
    ]),
    tabKey,
  ];
  const stateOf = (text: string): EditorState => EditorState.create({ doc: text, extensions });
  const view = new EditorView({ state: stateOf(options.text), parent: options.parent });
  return {
    view,
    setText: (text) => view.setState(stateOf(text)),
    setDiagnostics: (list, text) => {
      const { length } = view.state.doc;
      const marks = editorMarks(list, text).map((mark) => ({
        ...mark,
        from: Math.min(mark.from, length),
        to: Math.min(mark.to, length),
      }));
      view.dispatch(setDiagnostics(view.state, marks));
    },
    replaceText: (text) => {
      const before = view.state.doc.toString();
      const shorter = Math.min(before.length, text.length);
      let start = 0;
      while (start < shorter && before[start] === text[start]) start += 1;
      let behind = 0;
      while (behind < shorter - start && before.at(-1 - behind) === text.at(-1 - behind)) {
        behind += 1;
      }
      const insert = text.slice(start, text.length - behind);
      view.dispatch({ changes: { from: start, to: before.length - behind, insert } });
    },
    setReadOnly: (on) =>
      view.dispatch({ effects: writing.reconfigure(on ? EditorState.readOnly.of(true) : []) }),
    setMarks: (marks) => view.dispatch({ effects: setLineMarks.of(marks) }),
    setSelectedLine: (line) => view.dispatch({ effects: setSelectedLine.of(line) }),
    goToLine: (line) => {
      const place = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      view.dispatch({
        selection: { anchor: place.from },
        effects: EditorView.scrollIntoView(place.from, { y: 'center' }),
      });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
