/**
 * What became of every line of an imported text: used, guessed, dropped, or not about executable
 * memory. Lines that cannot be read are counted and the first of them is shown, never skipped in
 * silence.
 */
import type { ImportedData } from '../../contract/catalog.js';
import type { Diagnostic } from '../../contract/diagnostic.js';
import type { UnreadLine, UnreadLines } from '../../contract/language-data.js';
import type { ImportAccount } from '../../contract/scenario-plan.js';
import type { ImportReply } from './import-format.js';

/** Reasons of single lines that are listed; the others are counted together. */
const LINES_SHOWN = 5;
const TEXT_SHOWN = 60;
/** Lines that are kept to be shown; of a file of another kind no more is needed. */
export const UNREAD_LINES_MAX = 10_000;

/** 4120 as `4,120`. */
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

export const shownText = (text: string): string =>
  text.length <= TEXT_SHOWN ? text : `${text.slice(0, TEXT_SHOWN - 3)}...`;

export class LineAccount {
  private usedCount = 0;
  private guessedCount = 0;
  private droppedCount = 0;
  private besideCount = 0;
  private unreadCount = 0;
  private lostCount = 0;
  private readonly lines: UnreadLine[] = [];
  private readonly reasons = new Map<string, number>();

  use(): void {
    this.usedCount += 1;
  }

  /** Taken, with something assumed that the source does not tell. */
  guess(reason: string): void {
    this.guessedCount += 1;
    this.addReason(reason, 1);
  }

  drop(reason: string): void {
    this.droppedCount += 1;
    this.addReason(reason, 1);
  }

  /** Records that the recorder says it lost; they have no lines. */
  lose(reason: string, count: number): void {
    this.lostCount += count;
    this.droppedCount += count;
    this.addReason(reason, count);
  }

  /** Understood, and not about executable memory. */
  leave(reason: string): void {
    this.besideCount += 1;
    this.addReason(reason, 1);
  }

  /** A line that cannot be read; `line` counts from 1. */
  unread(line: number, text: string): void {
    this.unreadCount += 1;
    if (this.lines.length < UNREAD_LINES_MAX) {
      this.lines.push({ line, text: shownText(text.trim()) });
    }
    this.drop(
      this.unreadCount <= LINES_SHOWN
        ? `line ${String(line)}: cannot be read`
        : 'further lines that cannot be read',
    );
  }

  /** True when there were lines and none could be read. */
  get isForeign(): boolean {
    return this.unreadCount > 0 && this.unreadCount === this.records - this.lostCount;
  }

  get firstUnread(): UnreadLine | undefined {
    return this.lines[0];
  }

  /** Lines that could not be read, by number, at most UNREAD_LINES_MAX, and how many there were. */
  get unreadLines(): UnreadLines {
    return { total: this.unreadCount, lines: this.lines };
  }

  private get records(): number {
    return this.usedCount + this.guessedCount + this.droppedCount + this.besideCount;
  }

  finish(): ImportAccount {
    const { records, usedCount: used, droppedCount: dropped, guessedCount: guessed } = this;
    const beside = this.besideCount;
    const reasons = [...this.reasons].map(([reason, count]) => ({ reason, count }));
    return {
      records,
      used,
      dropped,
      guessed,
      ...(beside === 0 ? {} : { beside }),
      reasons,
    };
  }

  /** Says how many lines were not understood, if there were any. */
  findings(path: string): readonly Diagnostic[] {
    const [first] = this.lines;
    if (first === undefined) return [];
    const { line, text } = first;
    const counts = `${grouped(this.unreadCount)} of ${grouped(this.records - this.lostCount)}`;
    return [
      {
        code: 'X0703',
        severity: 'warning',
        message: `${counts} lines of '${path}' were not understood`,
        notes: [`first: line ${String(line)}: '${text}'`],
      },
    ];
  }

  /** What an import has read, with what it could not read. */
  reply(path: string, data: ImportedData): ImportReply {
    const diagnostics = this.findings(path);
    const unread = this.unreadCount === 0 ? {} : { unread: this.unreadLines };
    return { data, diagnostics, ...unread };
  }

  private addReason(reason: string, count: number): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + count);
  }
}
