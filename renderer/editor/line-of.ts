/** Line number, from 1, of an offset in a text. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1))
    line += 1;
  return line;
}

/** Lines, from 1, that differ between two texts of a scenario; at most `most` of them. */
export function changedLines(before: string, after: string, most = 4): readonly number[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let start = 0;
  while (start < b.length && start < a.length && a[start] === b[start]) start += 1;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const found: number[] = [];
  for (let line = start; line < Math.max(endB, start + 1) && found.length < most; line += 1) {
    if (endA - start !== endB - start || a[line] !== b[line]) found.push(line + 1);
  }
  return found;
}
