/**
 * Folder pages: the README.md of a folder has a table with a line for each file and subfolder. The page
 * may sum up several names in one line, or a family with `*`; a family's files have their own heads.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const SOURCE = /\.(?:ts|vue|mjs)$/;
const ROOTS = ['dsl', 'electron', 'renderer', 'test'];
const LANGUAGE = ['diagnostics', 'explain', 'format', 'reference', 'service'];

/** Folders that must have a page: the top ones, large parts of the language, those directly below src. */
export function foldersWithPage(): readonly string[] {
  const below = readdirSync('src', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join('src', entry.name)).length > 0)
    .map((entry) => join('src', entry.name));
  const language = LANGUAGE.map((name) => join('dsl', name));
  return [...ROOTS, ...language, ...below].sort();
}

/** What a page has to name: source files, and subfolders with a slash. */
export function namesInFolder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      if (entry.isDirectory()) return [`${entry.name}/`];
      return SOURCE.test(entry.name) ? [entry.name] : [];
    })
    .sort();
}

/** Names in the first column of the page's tables. */
export function namesOnPage(page: string): readonly string[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)])
    .map((match) => match[1] ?? '')
    .filter((name) => SOURCE.test(name) || name.endsWith('/'));
}

const fits = (pattern: string, name: string): boolean =>
  pattern === name ||
  (pattern.includes('*') &&
    new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(name));

export interface PageProblems {
  readonly missing: readonly string[];
  readonly stale: readonly string[];
}

/** Files that the page does not name, and names that no file has. */
export function pageProblems(folder: string): PageProblems {
  const path = join(folder, 'README.md');
  const present = namesInFolder(folder);
  const named = existsSync(path) ? namesOnPage(readFileSync(path, 'utf8')) : [];
  return {
    missing: present.filter((name) => !named.some((pattern) => fits(pattern, name))),
    stale: named.filter((pattern) => !present.some((name) => fits(pattern, name))),
  };
}

/** First sentence of a file's head comment, in one line; empty for a subfolder. */
export function headOf(folder: string, name: string): string {
  if (name.endsWith('/')) return '';
  const head = /\/\*\*([\s\S]*?)\*\//.exec(readFileSync(join(folder, name), 'utf8'))?.[1] ?? '';
  const text = head.replaceAll(/\s*\n\s*\*\s?/g, ' ').trim();
  const sentence = /^(.*?)(?:\.(?:\s|$)|$)/.exec(text)?.[1] ?? text;
  return sentence.replaceAll('|', '/').trim();
}

/** Title of a new page. */
export const pageTitle = (folder: string): string => basename(folder);
