/** A name for a variant of a design that does not stand in a text yet: `mine_2`, `mine_3` and so on. */
export function freeName(wanted: string, text: string): string {
  const words = new Set(text.match(/[A-Za-z_]\w*/g) ?? []);
  let number = 2;
  while (words.has(`${wanted}_${String(number)}`)) number += 1;
  return `${wanted}_${String(number)}`;
}
