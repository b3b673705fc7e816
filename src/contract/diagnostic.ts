/**
 * A finding about a scenario, an import or a run: what is wrong, where, and what to do. The CLI, the
 * editor and the language server show the same objects. Codes are stable (`X0201`).
 */

/** Half-open range of UTF-16 offsets in one source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Severity = 'error' | 'warning';

export interface RelatedSpan {
  readonly span: Span;
  /** Short text beside the dashes under the span. */
  readonly label: string;
}

/** An edit that would repair the finding. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly newText: string }[];
}

export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  /** One line, lower case, no full stop: what is wrong. */
  readonly message: string;
  /** Absent for findings that have no place in a text (missing file, run-time trouble). */
  readonly span?: Span;
  /** Name of the source the span refers to; absent means the scenario itself. */
  readonly source?: string;
  readonly related?: readonly RelatedSpan[];
  /** Facts. */
  readonly notes?: readonly string[];
  /** Imperative, with the replacement where there is one. */
  readonly help?: string;
  readonly fix?: Fix;
  /** A plugin file, relative to the scenario's folder, that loads once the user has named it. */
  readonly plugin?: string;
}

/** True when any of the diagnostics stops the scenario from running. */
export const hasErrors = (list: readonly Diagnostic[]): boolean =>
  list.some((entry) => entry.severity === 'error');
