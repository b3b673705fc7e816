/** Imports point one way. The rules are data; every import statement of the tree is read. */
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './source-files.js';

interface LayerRule {
  /** Folder, its files and those below. The first rule that fits a file applies. */
  readonly from: string;
  /** Folders of the project that it may import, itself included without being named. */
  readonly folders: readonly string[];
  /** Packages; `node:` stands for all of Node's modules. */
  readonly packages: readonly string[];
}

const ENGINE = ['src/base', 'src/contract', 'src/machine', 'src/workload', 'src/mm'];

const RULES: readonly LayerRule[] = [
  { from: 'src/base', folders: [], packages: [] },
  { from: 'src/contract', folders: ['src/base'], packages: [] },
  { from: 'dsl', folders: ['src/base', 'src/contract'], packages: ['chevrotain', '@noble/hashes'] },
  { from: 'src/machine', folders: ['src/base', 'src/contract'], packages: [] },
  { from: 'src/workload', folders: ['src/base', 'src/contract', 'src/machine'], packages: [] },
  { from: 'src/mm', folders: ['src/base', 'src/contract', 'src/machine'], packages: [] },
  { from: 'src/metrics', folders: ENGINE, packages: [] },
  { from: 'src/engine', folders: ENGINE, packages: [] },
  { from: 'src/analysis', folders: ['src/base', 'src/contract'], packages: [] },
  {
    from: 'src/recording',
    folders: ['src/base', 'src/contract', 'src/mm'],
    packages: ['valibot', '@noble/hashes'],
  },
  {
    from: 'src/export',
    folders: ['src/base', 'src/contract', 'src/analysis'],
    packages: ['echarts', '@resvg/resvg-js', 'csv-stringify', 'dejavu-fonts-ttf', 'node:'],
  },
  {
    from: 'src/app',
    folders: [
      ...ENGINE,
      'dsl',
      'src/engine',
      'src/metrics',
      'src/analysis',
      'src/export',
      'src/recording',
    ],
    packages: ['piscina', '@noble/hashes', 'valibot', 'typescript', 'node:'],
  },
  { from: 'scenarios', folders: [], packages: ['xlab/plugin'] },
  {
    from: 'src/host',
    folders: ['src/base', 'src/contract', 'src/app'],
    packages: ['valibot', 'ws', 'node:'],
  },
  {
    from: 'src/lsp',
    folders: ['src/base', 'src/contract', 'dsl', 'src/app'],
    packages: ['vscode-languageserver', 'vscode-languageserver-textdocument', 'node:'],
  },
  {
    from: 'src/bench',
    folders: [...ENGINE, 'dsl', 'src/engine', 'src/metrics', 'src/app'],
    packages: ['node:'],
  },
  {
    from: 'src/cli',
    folders: [
      'src/base',
      'src/contract',
      'dsl',
      'src/app',
      'src/export',
      'src/analysis',
      'src/recording',
      'src/machine',
      'src/host',
      'src/lsp',
      'src/bench',
    ],
    packages: ['commander', 'log-update', 'node:'],
  },
  {
    from: 'electron',
    folders: ['src/base', 'src/contract', 'src/app', 'src/host'],
    packages: ['electron', 'electron-builder', 'valibot', 'node:'],
  },
  {
    from: 'renderer',
    folders: ['src/base', 'src/contract', 'src/analysis', 'src/export', 'src/host', 'dsl'],
    packages: [
      'vue',
      'pinia',
      'echarts',
      '@vueuse/core',
      'reka-ui',
      'splitpanes',
      '@codemirror/autocomplete',
      '@codemirror/commands',
      '@codemirror/language',
      '@codemirror/lint',
      '@codemirror/search',
      '@codemirror/state',
      '@codemirror/view',
      '@lezer/highlight',
    ],
  },
];

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g;

function importsOf(text: string): readonly string[] {
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? '');
}

const inFolder = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

function problemOf(rule: LayerRule, file: string, target: string): string | undefined {
  if (target.startsWith('.')) {
    const path = normalize(join(dirname(file), target));
    const allowed = [rule.from, ...rule.folders].some((folder) => inFolder(path, folder));
    return allowed ? undefined : `${file} imports ${path}; ${rule.from} may not`;
  }
  const allowed = rule.packages.some(
    (name) => target === name || target.startsWith(name.endsWith(':') ? name : `${name}/`),
  );
  return allowed ? undefined : `${file} imports package ${target}; ${rule.from} may not`;
}

describe('imports', () => {
  it('point one way, in every file', () => {
    const problems = sourceFiles().flatMap((file) => {
      if (file.startsWith('test/')) return [];
      const rule = RULES.find(({ from }) => inFolder(file, from));
      if (!rule) return [];
      return importsOf(readFileSync(file, 'utf8')).flatMap(
        (target) => problemOf(rule, file, target) ?? [],
      );
    });
    expect(problems).toEqual([]);
  });

  it('are found by the reader of this test', () => {
    const text =
      "import a from './a.js';\nexport { b } from '../b.js';\nimport './c.css';\nawait import('d');";
    expect(importsOf(text)).toEqual(['./a.js', '../b.js', './c.css', 'd']);
  });

  it('against a rule are named', () => {
    const base = RULES[0];
    expect(base && problemOf(base, 'src/base/a.ts', '../mm/b.js')).toBe(
      'src/base/a.ts imports src/mm/b.js; src/base may not',
    );
    expect(base && problemOf(base, 'src/base/a.ts', 'vue')).toContain('package vue');
  });
});
