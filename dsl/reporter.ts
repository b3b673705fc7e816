/** Collects diagnostics: each once, bounded, in the order of the text. */
import type { Diagnostic } from '../src/contract/diagnostic.js';
import { make } from './diagnostics/make.js';

/** Findings of one severity that are kept. */
export const REPORTED_MAX = 100;
/** Errors of which most are repetitions, after which nothing new is looked for. */
const ADDED_MAX = 1000;

export class Reporter {
  private readonly seen = new Set<string>();
  private readonly list: Diagnostic[] = [];
  private readonly counts = { error: 0, warning: 0 };
  /** Names that messages about unknown names suggest: somebody meant to use them. */
  readonly suggested = new Set<string>();
  private added = 0;
  private cut: Diagnostic | undefined;

  readonly add = (diagnostic: Diagnostic): void => {
    const { code, source, span, message, severity } = diagnostic;
    const key = `${code} ${source ?? ''} ${span?.start ?? -1} ${span?.end ?? -1} ${message}`;
    if (severity === 'error') this.added += 1;
    if (this.seen.has(key)) return;
    this.counts[severity] += 1;
    if (this.counts[severity] > REPORTED_MAX) {
      this.cut ??= diagnostic;
      return;
    }
    this.seen.add(key);
    this.list.push(diagnostic);
    for (const edit of code === 'X0201' ? (diagnostic.fix?.edits ?? []) : []) {
      this.suggested.add(edit.newText);
    }
  };

  /** More errors than are shown, or the same ones over and over. */
  get halted(): boolean {
    return this.counts.error > REPORTED_MAX || this.added > ADDED_MAX;
  }

  get hasErrors(): boolean {
    return this.counts.error > 0;
  }

  /** The scenario first, then its other sources; each in the order of its text. */
  finish(): readonly Diagnostic[] {
    const order = (diagnostic: Diagnostic): number => diagnostic.span?.start ?? 0;
    const sorted = this.list
      .map((diagnostic, index) => ({ diagnostic, index }))
      .sort((a, b) => {
        const [left, right] = [a.diagnostic.source ?? '', b.diagnostic.source ?? ''];
        if (left !== right) return left < right ? -1 : 1;
        return order(a.diagnostic) - order(b.diagnostic) || a.index - b.index;
      })
      .map((entry) => entry.diagnostic);
    if (this.cut === undefined) return sorted;
    const { severity } = this.cut;
    const kind = severity === 'error' ? 'mistakes' : 'warnings';
    const { span = { start: 0, end: 0 }, source } = this.cut;
    const last = make('X0006', span, `more than ${REPORTED_MAX} ${kind}`, {
      notes: ['the rest is not shown'],
    });
    const shown: Diagnostic = { ...last, severity };
    return [...sorted, source === undefined ? shown : { ...shown, source }];
  }
}
