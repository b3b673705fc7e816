/**
 * What the panes ask of each other: show a line of the scenario, focus a pane, open a dialog. Requests
 * carry a number so that the same one can be asked twice.
 */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { ProblemPlace } from '../charts/problem-place.js';
import { useViewStore } from './view.js';

export type DialogName =
  | 'scenarios'
  | 'palette'
  | 'keys'
  | 'metrics'
  | 'rename'
  | 'find'
  | 'add-design'
  | 'new'
  | 'shards'
  | 'report'
  | 'none';

export interface LineRequest {
  readonly line: number;
  readonly number: number;
}

export interface EditorAction {
  readonly kind: 'format' | 'definition' | 'rename';
  /** The new name of a rename. */
  readonly text: string;
  readonly number: number;
}

export const useFocusStore = defineStore('focus', () => {
  const view = useViewStore();
  const caretLine = ref(1);
  /** The word around the caret, which a rename starts from. */
  const caretWord = ref('');
  const lineRequest = shallowRef<LineRequest | null>(null);
  /** The parameter of the bar that is asked for. */
  const paramRequest = shallowRef<{ readonly name: string; readonly number: number } | null>(null);
  const editorRequest = ref(0);
  const chartsRequest = ref(0);
  /** Rises when the copy menu is asked for. */
  const menuRequest = ref(0);
  const openCopyMenu = (): void => {
    menuRequest.value += 1;
  };
  const dialog = ref<DialogName>('none');
  /** Said aloud by screen readers; never more than the last sentence. */
  const announcement = ref('');

  const caretAt = (line: number, word: string): void => {
    caretLine.value = line;
    caretWord.value = word;
  };
  /** Shows a line of the scenario, whatever stands on the left side. */
  const goToLine = (line: number): void => {
    view.editorShown = true;
    view.leftTab = 'editor';
    lineRequest.value = { line, number: (lineRequest.value?.number ?? 0) + 1 };
  };
  /** Shows where a finding is; nothing where that is not in the window. */
  const goToProblem = ({ line, param }: Pick<ProblemPlace, 'line' | 'param'>): void => {
    if (line !== null) goToLine(line);
    else if (param !== null) {
      paramRequest.value = { name: param, number: (paramRequest.value?.number ?? 0) + 1 };
    }
  };
  const focusEditor = (): void => {
    editorRequest.value += 1;
  };
  const focusCharts = (): void => {
    chartsRequest.value += 1;
  };
  /** Asks the editor for something: format, definition. */
  const editorAction = shallowRef<EditorAction | null>(null);
  const askEditor = (kind: EditorAction['kind'], text = ''): void => {
    editorAction.value = { kind, text, number: (editorAction.value?.number ?? 0) + 1 };
  };
  /** Dialogs on screen, those of panes too: the keys of the window wait for them. */
  const openFrames = ref(0);
  const frames = (change: 1 | -1): void => {
    openFrames.value += change;
  };
  const open = (name: DialogName): void => {
    dialog.value = name;
  };
  const announce = (text: string): void => {
    announcement.value = text;
  };

  return {
    caretLine,
    caretWord,
    lineRequest,
    editorRequest,
    chartsRequest,
    menuRequest,
    openCopyMenu,
    dialog,
    openFrames,
    frames,
    announcement,
    editorAction,
    askEditor,
    caretAt,
    goToLine,
    goToProblem,
    paramRequest,
    focusEditor,
    focusCharts,
    open,
    announce,
  };
});
