/** What is shipped names no machine, no registry and no unfinished work; versions agree. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TOOL_VERSION } from '../../src/app/version.js';

const TEXT = /\.(?:ts|vue|mjs|js|json|md|xlab|css|html|yml|sh)$|^\.ci\/|^\.npmrc$|^\.gitignore$/;
/** The rules themselves, and data that quotes real machines. */
const EXEMPT = /^test\/tidy\/|^package-lock\.json$|^scenarios\/recordings\//;

interface TextRule {
  readonly name: string;
  readonly pattern: RegExp;
  readonly instead: string;
}

const RULES: readonly TextRule[] = [
  {
    name: 'no path of the machine it was written on',
    pattern: /(?<![\w.])\/(?:work|root|Users|home)\/\w/,
    instead: 'use a relative path',
  },
  {
    name: 'no host of a registry or mirror',
    pattern: /https?:\/\/(?:registry\.|[\w.-]*(?:mirror|artifactory|nexus|proxy)[\w.-]*)/i,
    instead: 'leave the registry to the settings of the machine',
  },
  {
    name: 'no unfinished work',
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/,
    instead: 'do it, or write it into the list of limits',
  },
];

/** Folders that are made, fetched or belong to tools. */
const NOT_SHIPPED: ReadonlySet<string> = new Set([
  '.git',
  'coverage',
  'dist',
  'node_modules',
  'out',
  'test-results',
]);

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_SHIPPED.has(entry.name) ? [] : walk(path);
    return TEXT.test(path) && !EXEMPT.test(path) ? [path] : [];
  });
}

describe('shipped text', () => {
  const files = walk('.');

  it.each(RULES)('has $name', ({ pattern, instead }) => {
    const found = files.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          pattern.test(line) ? [`${file}:${String(index + 1)}: ${instead}`] : [],
        ),
    );
    expect(found).toEqual([]);
  });

  it('is read at all', () => {
    expect(files.length).toBeGreaterThan(200);
    expect(files).toContain('README.md');
  });
});

describe('versions', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly version: string;
    readonly bin: Readonly<Record<string, string>>;
  };

  it('of the package and of the tool are the same', () => {
    expect(TOOL_VERSION).toBe(manifest.version);
  });

  it('of the change log begin with the newest', () => {
    const newest = /^## (\S+)/m.exec(readFileSync('CHANGELOG.md', 'utf8'))?.[1];
    expect(newest).toBe(manifest.version);
  });

  it('of the lock file name no place to fetch from', () => {
    const lock = readFileSync('package-lock.json', 'utf8');
    expect(/"resolved":/.exec(lock)).toBeNull();
  });
});
