/** `npm run pages`: adds what folder pages lack, from the heads of the files, and drops what is gone. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldersWithPage, headOf, pageProblems, pageTitle } from './folder-pages.js';

const HEAD = '| file or folder | what |\n|---|---|\n';

function updated(folder: string): string {
  const path = join(folder, 'README.md');
  const { missing, stale } = pageProblems(folder);
  const page = existsSync(path) ? readFileSync(path, 'utf8') : `# ${pageTitle(folder)}\n\n${HEAD}`;
  const gone = new Set(stale.map((name) => `\`${name}\``));
  const lines = page.split('\n').filter((line) => {
    const names = line.startsWith('|') ? [...(line.split('|')[1] ?? '').matchAll(/`[^`]+`/g)] : [];
    return names.length === 0 || names.some((match) => !gone.has(match[0]));
  });
  const rows = missing.map((name) => `| \`${name}\` | ${headOf(folder, name)} |`);
  const last = lines.findLastIndex((line) => line.startsWith('|'));
  const at = last < 0 ? lines.length : last + 1;
  const table = last < 0 && rows.length > 0 ? [HEAD.trimEnd(), ...rows, ''] : rows;
  return [...lines.slice(0, at), ...table, ...lines.slice(at)].join('\n');
}

for (const folder of foldersWithPage()) writeFileSync(join(folder, 'README.md'), updated(folder));
