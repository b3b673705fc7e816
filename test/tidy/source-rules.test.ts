/** House rules that a text search can check. Each message names the file, the line and the remedy. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './source-files.js';

interface SourceRule {
  readonly name: string;
  readonly applies: (file: string) => boolean;
  readonly pattern: RegExp;
  readonly instead: string;
}

const isEngine = (file: string): boolean =>
  /^(?:dsl|src)\//.test(file) && !/^src\/(?:cli|bench|host|lsp)\//.test(file);
const isShipped = (file: string): boolean => !file.startsWith('test/');

const RULES: readonly SourceRule[] = [
  {
    name: 'no clock and no chance below the command line',
    applies: isEngine,
    pattern: /\bDate\.now\b|\bnew Date\(|\bperformance\.now\b|\bMath\.random\b/,
    instead: 'take time and chance as arguments (base/prng.ts)',
  },
  {
    name: 'no environment in language and engine',
    applies: (file) =>
      /^(?:dsl|src\/(?:base|contract|machine|workload|mm|engine|metrics|analysis))\//.test(file),
    pattern:
      /\bprocess\.(?:env|argv|cwd|exit|std|platform|arch|pid|hrtime|memoryUsage|nextTick|on|version)|\bglobalThis\.process\b|from 'node:/,
    instead: 'pass it in from the host',
  },
  {
    name: 'printing belongs to the command line',
    applies: isShipped,
    pattern: /\bconsole\.\w+\(/,
    instead: 'return text, or write to a stream in src/cli',
  },
  {
    name: 'no locale in anything that is compared',
    applies: isShipped,
    pattern: /\.localeCompare\(|\.toLocale(?:String|UpperCase|LowerCase)\(|\bIntl\./,
    instead: 'compare code units; print plain digits',
  },
  {
    name: 'types stay on',
    applies: () => true,
    pattern: /:\s*any\b|\bas any\b|@ts-(?:ignore|nocheck)|eslint-disable/,
    instead: 'give the value its type',
  },
  {
    name: 'tests run',
    applies: (file) => file.startsWith('test/'),
    pattern: /\b(?:it|test|describe)\.(?:only|todo|fails)\(/,
    instead: 'delete it or make it run',
  },
];

/** Longest file, lines. */
const LINES_MAX = 500;

describe('source rules', () => {
  const files = sourceFiles().filter((file) => !file.startsWith('test/tidy/'));

  it.each(RULES)('$name', ({ applies, pattern, instead }) => {
    const found = files.filter(applies).flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, index) => {
          const code = line.replace(/^\s*(?:\*|\/\/|\/\*).*$/, '');
          return pattern.test(code) ? [`${file}:${String(index + 1)}: ${instead}`] : [];
        }),
    );
    expect(found).toEqual([]);
  });

  it('a file has at most 500 lines', () => {
    const long = files.flatMap((file) => {
      const lines = readFileSync(file, 'utf8').split('\n').length - 1;
      return lines > LINES_MAX ? [`${file}: ${String(lines)} lines`] : [];
    });
    expect(long).toEqual([]);
  });

  it('every file begins with what it is', () => {
    const bare = files
      .filter((file) => isShipped(file) && file.endsWith('.ts'))
      .filter((file) => !/^(?:#!.*\n)?\s*\/\*\*/.test(readFileSync(file, 'utf8')));
    expect(bare).toEqual([]);
  });
});
