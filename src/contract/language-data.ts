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
  | { readonly kind: 'counts' };

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
  /** There is no answer; why, for the user. */
  | { readonly kind: 'none'; readonly reason: string };
