/** What is loaded before the first chart: the editor is no part of it, by whatever way it is imported. */
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const STATIC_VALUE =
  /(?:^|\n)\s*(?:import|export)\s(?!type\s)(?:[^'";]*?\sfrom\s)?\s*['"]([^'"]+)['"]/g;

const targetsOf = (text: string): readonly string[] =>
  [...text.matchAll(STATIC_VALUE)].map((match) => match[1] ?? '');

/** `./a.js` is written for `a.ts`. */
const fileOf = (from: string, target: string): string =>
  normalize(join(dirname(from), target)).replace(/\.js$/, '.ts');

/** Packages that are loaded with a file, each with the file that asks for it. */
function packagesFrom(start: string): ReadonlyMap<string, string> {
  const packages = new Map<string, string>();
  const seen = new Set<string>();
  const waiting = [start];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file) || file.endsWith('.css')) continue;
    seen.add(file);
    for (const target of targetsOf(readFileSync(file, 'utf8'))) {
      if (target.startsWith('.')) waiting.push(fileOf(file, target));
      else if (!packages.has(target)) packages.set(target, file);
    }
  }
  return packages;
}

describe('the first view', () => {
  it('loads the chart library, and no part of the editor', () => {
    const packages = packagesFrom('renderer/application.ts');
    expect(packages.has('echarts/core')).toBe(true);
    const editor = [...packages].filter(([name]) => /^@(codemirror|lezer)\//.test(name));
    expect(editor).toEqual([]);
  });

  it('opens the line to the lab with a script that waits for no library of the interface', () => {
    expect([...packagesFrom('renderer/main.ts').keys()]).toEqual(['valibot']);
  });
});
