/** `match size within 1 page`: how far areas of a module's later load may differ from its first. */

const PAGES_MAX = 1024;
const LINE = /^size within (\d+) pages?$/;

export const MATCH_HELP = "write 'match size within 1 page'";

/** Pages; 1 without a line, undefined when a line is wrong. */
export function matchTolerance(lines: readonly string[] = []): number | undefined {
  let pages = 1;
  for (const line of lines) {
    const given = LINE.exec(line.trim().replace(/\s+/g, ' '))?.[1];
    if (given === undefined || Number(given) > PAGES_MAX) return undefined;
    pages = Number(given);
  }
  return pages;
}
