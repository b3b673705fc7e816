/** What an editor asks about a scenario's text, and the answers. Offsets are UTF-16 units. */
import type { Span } from './diagnostic.js';

export type LanguageQuestion =
  | { readonly kind: 'complete'; readonly offset: number }
  | { readonly kind: 'hover'; readonly offset: number }
  | { readonly kind: 'definition'; readonly offset: number }
  | { readonly kind: 'rename'; readonly offset: number; readonly newName: string }
  | { readonly kind: 'format' }
  | { readonly kind: 'outline' }
  /** Requests that each line is expected to make. */
  | { readonly kind: 'counts' }
  /** How much a run of the scenario is. */
  | { readonly kind: 'size' }
  /** Designs that can be compared, with their options. */
  | { readonly kind: 'designs' }
  /** Lines of an imported file that were not understood; `path` as the scenario writes it. */
  | { readonly kind: 'unread'; readonly path: string }
  /** Edits that add one to the comparison. */
  | { readonly kind: 'add-design'; readonly added: AddedDesign };

export interface AddedDesign {
  /** Built-in design. */
  readonly design: string;
  /** Its name in the comparison; empty for that of the design. */
  readonly name: string;
  /** Options as they are written; only those that differ from the usual ones. */
  readonly options: Readonly<Record<string, string>>;
}

export interface DesignChoice {
  readonly name: string;
  readonly origin: string;
  readonly summary: string;
  readonly options: readonly {
    readonly name: string;
    readonly help: string;
    /** What it takes, in words. */
    readonly takes: string;
    /** Its value unless the scenario says another. */
    readonly usual: string;
    /** Values to choose one of; empty where it takes any. */
    readonly values: readonly string[];
  }[];
}

/** A line of an imported file, counted from 1, its text cut where it is long. */
export interface UnreadLine {
  readonly line: number;
  readonly text: string;
}

export interface UnreadLines {
  /** How many there are; `lines` holds the first ones. */
  readonly total: number;
  readonly lines: readonly UnreadLine[];
}

export interface LanguageRequest {
  readonly id: string;
  readonly text: string;
  readonly question: LanguageQuestion;
}

export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

export interface OutlineItem {
  readonly name: string;
  /** Word of the declaration or statement. */
  readonly kind: string;
  readonly detail: string;
  readonly selection: Span;
  readonly children: readonly OutlineItem[];
}

export type LanguageAnswer =
  | {
      readonly kind: 'complete';
      /** Range that an item replaces. */
      readonly replace: Span;
      readonly items: readonly {
        readonly label: string;
        readonly kind: string;
        readonly detail: string;
        readonly documentation: string;
      }[];
    }
  /** Markdown. */
  | { readonly kind: 'hover'; readonly text: string; readonly span: Span }
  /** `source` is a used file; absent: the text itself. */
  | { readonly kind: 'definition'; readonly source?: string; readonly span: Span }
  | { readonly kind: 'edits'; readonly edits: readonly TextEdit[] }
  | { readonly kind: 'outline'; readonly entries: readonly OutlineItem[] }
  | {
      readonly kind: 'counts';
      readonly lines: readonly { readonly line: number; readonly requests: number }[];
    }
  | {
      readonly kind: 'size';
      readonly runs: number;
      /** Simulated time of one run of the first sweep point. */
      readonly durationNs: number;
      /** Expected requests of it. */
      readonly requests: number;
    }
  | { readonly kind: 'designs'; readonly designs: readonly DesignChoice[] }
  | ({ readonly kind: 'unread' } & UnreadLines)
  /** There is no answer; why, for the user. */
  | { readonly kind: 'none'; readonly reason: string };
