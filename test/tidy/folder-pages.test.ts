/** Every folder's page names every file of the folder, and nothing else. */
import { describe, expect, it } from 'vitest';
import { foldersWithPage, namesOnPage, pageProblems } from './folder-pages.js';

describe('the page of a folder', () => {
  it.each(foldersWithPage())('%s has a line for each file (npm run pages)', (folder) => {
    expect(pageProblems(folder)).toEqual({ missing: [], stale: [] });
  });

  it('is read by the first column of its tables', () => {
    const page = '| file | what |\n|---|---|\n| `a.ts`, `b-*.ts` | `c.ts` |\n| `d/` | |\n`e.ts`\n';
    expect(namesOnPage(page)).toEqual(['a.ts', 'b-*.ts', 'd/']);
  });
});
