/** The table of acceptance checks names tests that exist, by file and title. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('test/e2e/README.md', 'utf8');
const table = page.slice(page.indexOf('## Acceptance checks'));
const named = [...table.matchAll(/`(test\/[\w/.-]+)`: "([^"]+)"/g)].map(([, file, title]) => ({
  file: file ?? '',
  title: title ?? '',
}));

describe('the acceptance checks', () => {
  it('are eight, each with a test', () => {
    const rows = table.split('\n').filter((line) => /^\| \d\. /.test(line));
    expect(rows).toHaveLength(8);
    for (const row of rows) expect(row).toMatch(/`test\/[\w/.-]+`: "/);
  });

  it.each(named)('name a test that is in $file: $title', ({ file, title }) => {
    expect(readFileSync(file, 'utf8')).toContain(`'${title}'`);
  });
});

describe('the page of the tests over the built program', () => {
  it('says of each suite which windows it runs in', () => {
    const rows = [...page.matchAll(/^\| `([\w-]+)\.e2e\.ts` .*\| (\w+)\s*\|$/gm)];
    expect(rows.length).toBeGreaterThan(12);
    for (const [, name, windows] of rows) {
      const text = readFileSync(`test/e2e/${name ?? ''}.e2e.ts`, 'utf8');
      const isBoth = /describeWindows\(|WINDOW_TARGETS/.test(text);
      const found = isBoth ? 'both' : /browserPath|describeStates/.test(text) ? 'Chromium' : 'none';
      expect([name, windows]).toEqual([name, found]);
    }
  });
});
