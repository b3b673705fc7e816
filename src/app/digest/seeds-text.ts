/** Seeds as `--seeds` takes them: runs of neighbours as ranges. */
export function seedsText(seeds: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < seeds.length;) {
    const first = seeds[i] ?? 0;
    let last = first;
    let next = i + 1;
    while (next < seeds.length && seeds[next] === last + 1) {
      last += 1;
      next += 1;
    }
    parts.push(last === first ? String(first) : `${String(first)}..${String(last)}`);
    i = next;
  }
  return parts.join(',');
}
