/** A name of a design cut to the room beside its line; whole it stands in a tip or under the picture. */

/** What a shortened name keeps beside where its result comes from, with the sign that it is cut. */
const SHORT_NAME_LENGTH_MIN = 7;

/** At most `max` characters; what tells two results apart, at the end, stays. */
export function shortName(name: string, max: number): string {
  if (name.length <= max) return name;
  const origin = / \[[^\]]*\]$/.exec(name)?.[0] ?? '';
  const tail = origin.length + SHORT_NAME_LENGTH_MIN <= max ? origin : '';
  return `${name.slice(0, max - 2 - tail.length)}..${tail}`;
}
