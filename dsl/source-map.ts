/** Offsets to lines and columns and back, by binary search over the starts of lines. */
export interface LineColumn {
  /** From 1. */
  readonly line: number;
  /** UTF-16 units from the start of the line, from 1. */
  readonly column: number;
}

export class LineIndex {
  private readonly starts: number[] = [0];

  constructor(readonly text: string) {
    const end = text.includes('\r') ? /\r\n|\n|\r/g : /\n/g;
    while (end.exec(text) !== null) this.starts.push(end.lastIndex);
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** Line and column of an offset; offsets outside the text are moved to its ends. */
  position(offset: number): LineColumn {
    const wanted = Math.min(Math.max(0, offset), this.text.length);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.starts[middle] ?? 0) <= wanted) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: wanted - (this.starts[low] ?? 0) + 1 };
  }

  /** Offset at which a line starts. */
  startOf(line: number): number {
    return this.starts[line - 1] ?? this.text.length;
  }

  /** Text of a line without its end. */
  lineText(line: number): string {
    const end = this.starts[line] ?? this.text.length;
    return this.text.slice(this.startOf(line), end).replace(/[\r\n]+$/, '');
  }
}
