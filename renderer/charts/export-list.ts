/** What can leave the window, in the order of the copy menu. */

export type ExportId =
  | 'mail'
  | 'preview'
  | 'short'
  | 'md'
  | 'command'
  | 'shards'
  | 'link'
  | 'csv'
  | 'json'
  | 'svg'
  | 'png'
  | 'text'
  | 'bundle';

export interface ExportEntry {
  readonly id: ExportId;
  readonly title: string;
  /** Command that does the same; empty for none. */
  readonly command: string;
  readonly separated: boolean;
}

export const exportList: readonly ExportEntry[] = [
  { id: 'mail', title: 'Copy mail report', command: '', separated: false },
  {
    id: 'preview',
    title: 'Preview and check mail report',
    command: 'preview-report',
    separated: false,
  },
  { id: 'short', title: 'Copy short form', command: 'copy-short', separated: false },
  { id: 'md', title: 'Copy Markdown table', command: '', separated: false },
  { id: 'command', title: 'Copy command line', command: '', separated: false },
  { id: 'shards', title: 'Copy command for another machine', command: 'shards', separated: false },
  { id: 'link', title: 'Copy link to this view', command: 'copy-link', separated: false },
  { id: 'svg', title: 'Save chart as SVG', command: '', separated: true },
  { id: 'png', title: 'Save chart as PNG', command: '', separated: false },
  { id: 'csv', title: 'Save data as CSV', command: '', separated: false },
  { id: 'json', title: 'Save result as JSON', command: '', separated: false },
  { id: 'text', title: 'Save mail report', command: '', separated: false },
  { id: 'bundle', title: 'Save bundle', command: 'save-bundle', separated: true },
];

const ONCE: readonly ExportId[] = ['preview', 'shards', 'bundle'];

/** True for what can be asked for again by one key: neither a dialog nor a file of everything. */
export const repeatable = (id: ExportId): boolean => !ONCE.includes(id);

/** The title of an export; empty for an unknown one. */
export const exportTitle = (id: ExportId): string =>
  exportList.find((entry) => entry.id === id)?.title ?? '';
