/** What the window remembers between starts. Stored text is checked: it may be of another version. */
import type { CompareMode, CursorStyle, Layout, PaneName, ThemeChoice } from './view.js';

export interface RememberedView {
  readonly theme: ThemeChoice;
  readonly mode: CompareMode;
  readonly cursorStyle: CursorStyle;
  readonly band: boolean;
  readonly layout: Layout;
  readonly editorShown: boolean;
  readonly hiddenPanes: readonly PaneName[];
}

export const DEFAULT_VIEW: RememberedView = {
  theme: 'system',
  mode: 'over',
  cursorStyle: 'values',
  band: true,
  layout: 'compare',
  editorShown: true,
  hiddenPanes: [],
};

export const HIDEABLE_PANES: readonly PaneName[] = ['charts', 'map', 'table', 'verdicts'];

const KEY = 'xlab.view';

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  theme: ['system', 'light', 'dark', 'contrast'],
  mode: ['side', 'over', 'diff'],
  cursorStyle: ['off', 'line', 'values'],
  layout: ['author', 'compare', 'explain'],
};

/** The stored view; every field that is missing or unknown has its default. */
export function parseView(text: string | null): RememberedView {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '{}') as unknown;
  } catch {
    return DEFAULT_VIEW;
  }
  if (typeof stored !== 'object' || stored === null) return DEFAULT_VIEW;
  const view: Record<string, unknown> = { ...DEFAULT_VIEW };
  for (const [key, value] of Object.entries(stored)) {
    if (ALLOWED[key]?.includes(String(value)) === true) view[key] = value;
    if ((key === 'band' || key === 'editorShown') && typeof value === 'boolean') view[key] = value;
  }
  const { hiddenPanes } = stored as { readonly hiddenPanes?: unknown };
  if (Array.isArray(hiddenPanes)) {
    view['hiddenPanes'] = HIDEABLE_PANES.filter((pane) => hiddenPanes.includes(pane));
  }
  return view as unknown as RememberedView;
}

export function loadView(): RememberedView {
  try {
    return parseView(localStorage.getItem(KEY));
  } catch {
    return DEFAULT_VIEW;
  }
}

export function saveView(view: RememberedView): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(view));
  } catch {
    // A window without storage works, it only forgets.
  }
}

const STARTED_KEY = 'xlab.started';

/** True until the first result has been shown. A window without storage starts with the scenarios. */
export function isFirstStart(): boolean {
  try {
    return localStorage.getItem(STARTED_KEY) === null;
  } catch {
    return false;
  }
}

export function rememberStart(): void {
  try {
    localStorage.setItem(STARTED_KEY, '1');
  } catch {
    // Without storage no start is the first.
  }
}
