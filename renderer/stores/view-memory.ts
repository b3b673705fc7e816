/** What the window remembers between starts. Stored text is checked: it may be of another version. */
import { exportList, repeatable } from '../charts/export-list.js';
import type { ExportId } from '../charts/export-list.js';
import type { CompareMode, CursorStyle, Layout, PaneName, ThemeChoice } from './view.js';

export interface RememberedView {
  readonly theme: ThemeChoice;
  readonly mode: CompareMode;
  readonly cursorStyle: CursorStyle;
  readonly band: boolean;
  /** Charts have a lane for each design with the events of the chosen kind. */
  readonly events: boolean;
  readonly layout: Layout;
  readonly panes: LayoutPanes;
  /** What was copied last. */
  readonly lastExport: ExportId;
}

/** Which panes a layout shows, for each of the saved layouts. */
export type LayoutPanes = Readonly<Record<Layout, PanesShown>>;

export interface PanesShown {
  /** False: the editor is collapsed to a strip. */
  readonly editorShown: boolean;
  readonly hiddenPanes: readonly PaneName[];
}

const ALL_SHOWN: PanesShown = { editorShown: true, hiddenPanes: [] };

export const DEFAULT_VIEW: RememberedView = {
  theme: 'system',
  mode: 'over',
  cursorStyle: 'values',
  band: true,
  events: false,
  layout: 'compare',
  panes: { author: ALL_SHOWN, compare: ALL_SHOWN, explain: ALL_SHOWN },
  lastExport: 'mail',
};

export const HIDEABLE_PANES: readonly PaneName[] = ['charts', 'map', 'table', 'verdicts'];

const KEY = 'xlab.view';

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  theme: ['system', 'light', 'dark', 'contrast'],
  mode: ['side', 'over', 'diff'],
  cursorStyle: ['off', 'line', 'values'],
  layout: ['author', 'compare', 'explain'],
  lastExport: exportList.map(({ id }) => id).filter(repeatable),
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
    if ((key === 'band' || key === 'events') && typeof value === 'boolean') view[key] = value;
  }
  const { panes } = stored as { readonly panes?: unknown };
  const { author, compare, explain } = fieldsOf(panes);
  view['panes'] = {
    author: panesShown(author),
    compare: panesShown(compare),
    explain: panesShown(explain),
  };
  return view as unknown as RememberedView;
}

function panesShown(stored: unknown): PanesShown {
  const { editorShown, hiddenPanes } = fieldsOf(stored);
  return {
    editorShown: editorShown !== false,
    hiddenPanes: Array.isArray(hiddenPanes)
      ? HIDEABLE_PANES.filter((pane) => hiddenPanes.includes(pane))
      : [],
  };
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

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
