/** What the margin says of a line: a text and a share. Pure: results say it too, without the editor. */

export interface LineRequests {
  readonly line: number;
  readonly requests: number;
}

export interface LineMark {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** 0..1, length of the bar. */
  readonly share: number;
  readonly title: string;
  /** The statements of the line never ran. */
  readonly unused: boolean;
}

/** Marks of what lines are expected to do: the bar is the share of the line with most requests. */
export function expectedMarks(lines: readonly LineRequests[]): readonly LineMark[] {
  const most = Math.max(1, ...lines.map(({ requests }) => requests));
  return lines
    .filter(({ requests }) => requests > 0)
    .map(({ line, requests }) => {
      const text = countText(requests);
      const title = `about ${text} requests expected in a run`;
      return { line, text, share: requests / most, title, unused: false };
    });
}

/** `41`, `2.4k`, `1.2M`. */
export function countText(requests: number): string {
  if (requests >= 999_500) return `${String(Number((requests / 1e6).toPrecision(2)))}M`;
  if (requests >= 999.5) return `${String(Number((requests / 1e3).toPrecision(2)))}k`;
  return String(Math.round(requests));
}
