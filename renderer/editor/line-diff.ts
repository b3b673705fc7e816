/**
 * The difference of two texts, line by line, with some lines around each change: a longest common
 * subsequence between what the texts share at both ends. Bounded: beyond the bound all lines in between
 * count as replaced.
 */

export interface DiffLine {
  readonly sign: ' ' | '-' | '+' | '~';
  /** Number of the line in the text that it is of, from 1; 0 where lines are left out. */
  readonly line: number;
  readonly text: string;
}

const CELLS_MAX = 4_000_000;
const CONTEXT_LINES = 2;

export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const same = (from: number, to: number): DiffLine[] =>
    b.slice(from, to).map((text, i) => ({ sign: ' ', line: from + i + 1, text }));
  const whole = [
    ...same(0, start),
    ...middle({ a, b, start, endA, endB }),
    ...same(endB, b.length),
  ];
  return withoutFarLines(whole);
}

interface Middle {
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly start: number;
  readonly endA: number;
  readonly endB: number;
}

function middle({ a, b, start, endA, endB }: Middle): DiffLine[] {
  const rows = endA - start;
  const columns = endB - start;
  const lengths = new Uint32Array(rows * columns > CELLS_MAX ? 0 : (rows + 1) * (columns + 1));
  if (lengths.length > 0) {
    for (let i = rows - 1; i >= 0; i -= 1) {
      for (let j = columns - 1; j >= 0; j -= 1) {
        const at = i * (columns + 1) + j;
        lengths[at] =
          a[start + i] === b[start + j]
            ? (lengths[at + columns + 2] ?? 0) + 1
            : Math.max(lengths[at + columns + 1] ?? 0, lengths[at + 1] ?? 0);
      }
    }
  }
  const found: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < rows || j < columns) {
    const own = a[start + i];
    const other = b[start + j];
    if (i < rows && j < columns && own === other && lengths.length > 0) {
      found.push({ sign: ' ', line: start + j + 1, text: other ?? '' });
      i += 1;
      j += 1;
      continue;
    }
    const down = lengths[(i + 1) * (columns + 1) + j] ?? 0;
    const right = lengths[i * (columns + 1) + j + 1] ?? 0;
    if (i < rows && (j >= columns || down >= right)) {
      found.push({ sign: '-', line: start + i + 1, text: own ?? '' });
      i += 1;
    } else {
      found.push({ sign: '+', line: start + j + 1, text: other ?? '' });
      j += 1;
    }
  }
  return found;
}

/** Leaves out lines that are far from every change. */
function withoutFarLines(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Set<number>();
  lines.forEach(({ sign }, at) => {
    if (sign === ' ') return;
    for (let i = at - CONTEXT_LINES; i <= at + CONTEXT_LINES; i += 1) near.add(i);
  });
  return lines.flatMap((line, at): DiffLine[] => {
    if (near.has(at)) return [line];
    return near.has(at - 1) && at < lines.length - 1 ? [{ sign: '~', line: 0, text: '' }] : [];
  });
}
