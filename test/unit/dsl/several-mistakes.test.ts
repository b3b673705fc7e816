/** Recovery: every independent mistake of a file shows at once, and the rest of it is read. */
import { describe, expect, it } from 'vitest';
import { checkScenario } from '../../../dsl/compile.js';
import { canonicalTree } from '../../../dsl/canonical.js';
import { parseScenario } from '../../../dsl/parse.js';
import { RESERVED_WORDS } from '../../../dsl/tokens.js';
import { CATALOG, hostOf } from './lab-double.js';

/** Findings as `line:code text`, where the text is what the span covers. */
const found = (text: string): string[] =>
  checkScenario({ text, file: 'a' }, CATALOG, hostOf()).diagnostics.map(({ code, span }) => {
    const { start, end } = span ?? { start: 0, end: 0 };
    return `${text.slice(0, start).split('\n').length}:${code} ${text.slice(start, end)}`;
  });

describe('several mistakes in one file', () => {
  it('show in one pass, each with its exact place', () => {
    const text = `xlab 1
machine { ram 8GB; cpu slk }
compare module_alloc
pool random
dist d = uniform(2s, 1s)
phase steady for 10s {
  every 500 { load bpf size 1KiB into progs }
  lod bpf size 1KiB lifetime 1s
  let t = create trampoline size 128B
  unload t
  repeat 3 { wait ~ d
  }
}
expect alloc.failed = 0
`;
    expect(found(text)).toEqual([
      '2:X0103 8GB',
      '2:X0201 slk',
      '4:X0003 random',
      '5:X0401 uniform(2s, 1s)',
      '7:X0101 500',
      '7:X0201 progs',
      '8:X0004 lod',
      '10:X0302 t',
      '14:X0601 =',
    ]);
  });

  it('do not hide statements inside the braces of a broken one', () => {
    const text = `xlab 1
machine { ram 8GiB; cpu skl }
compare module_alloc
phase steady fro 10s {
  every 500ms { load bpf sise 1KiB lifetime 1s }
  poke zzz
}
`;
    expect(found(text).map((line) => line.slice(0, 7))).toEqual(['4:X0004', '5:X0004']);
  });

  it('stay one each: a broken declaration does not make its uses unknown', () => {
    const text = `xlab 1
machine { ram 8GiB; cpu skl }
compare module_alloc
pool progs, , mods
param n = = 4
phase steady for 10s { repeat n { load bpf size 1KiB into progs } }
`;
    expect(found(text).map((line) => line.slice(0, 7))).toEqual(['4:X0004', '5:X0004']);
  });

  it('behind a missing brace are found again at the next declaration', () => {
    const text = `xlab 1
machine { ram 8GiB; cpu skl }
phase steady for 10s {
  repeat 3 {
    load bpf size 1KiB lifetime 1s
compare module_aloc
expect no alloc.faild
`;
    expect(found(text)).toEqual(['4:X0004 {', '6:X0201 module_aloc', '7:X0201 alloc.faild']);
  });

  it('are shown up to a bound, with a word about the rest', () => {
    const names = Array.from({ length: 300 }, (_, i) => `load bpf size 1KiB into p${i}zz`);
    const text = `xlab 1
machine { ram 8GiB; cpu skl }
compare module_alloc
phase a {
${names.join('\n')}
}
`;
    const codes = found(text).map((line) => line.split(' ')[0]?.split(':')[1]);
    expect(codes.filter((code) => code === 'X0201')).toHaveLength(100);
    expect(codes.at(-1)).toBe('X0006');
  });
});

/** Two texts that the newline rule reads alike, and two that it does not. */
const tree = (text: string): string => {
  const { tree: read, diagnostics } = parseScenario(`xlab 1\n${text}\n`);
  expect(diagnostics, text).toEqual([]);
  return canonicalTree(read);
};

describe('the newline rule', () => {
  it.each([
    ['inside parentheses', 'dist d = uniform(\n1s\n,\n2s\n)', 'dist d = uniform(1s, 2s)'],
    ['behind a comma', 'pool a,\nb', 'pool a, b'],
    ['behind a colon', 'probe every 1s:\na', 'probe every 1s: a'],
    ['behind an equal sign', 'param a =\n1', 'param a = 1'],
    ['behind an at sign', 'expect a @\nb > 1', 'expect a @ b > 1'],
    ['behind a tilde', 'phase p { wait ~\nd }', 'phase p { wait ~ d }'],
    ['behind an opening brace', 'phase p {\nwait 1s }', 'phase p { wait 1s }'],
    ['behind an arithmetic sign', 'param a = 1 +\n2', 'param a = 1 + 2'],
    ['behind a comparison', 'expect a <\n1', 'expect a < 1'],
    ['before a comparison', 'expect a\n< 1', 'expect a < 1'],
    ['before times and through', 'param a = 1\n* 2\n/ 3', 'param a = 1 * 2 / 3'],
    ['before in', 'param a = 1\nin 1..2', 'param a = 1 in 1..2'],
    ['before for', 'expect no a\nfor b', 'expect no a for b'],
    ['before with', 'expect a < 1\nwith confidence 95%', 'expect a < 1 with confidence 95%'],
    ['before baseline', 'compare a\nbaseline b', 'compare a baseline b'],
    ['before else', 'phase p { if 1 == 1 { }\nelse { } }', 'phase p { if 1 == 1 { } else { } }'],
    ['behind comments', 'pool a, # one\n# two\n\nb', 'pool a, b'],
  ])('joins lines %s', (_, broken, whole) => {
    expect(tree(broken)).toBe(tree(whole));
  });

  it('ends a statement at a semicolon as at a line end', () => {
    expect(tree('phase p { wait 1s; wait 2s;; wait 3s; }')).toBe(
      tree('phase p {\nwait 1s\nwait 2s\n\nwait 3s\n}'),
    );
  });

  it('reads branches that follow each other on one line', () => {
    expect(tree('phase p { parallel { branch a { wait 1s } branch b { wait 2s } } }')).toBe(
      tree('phase p {\nparallel {\nbranch a { wait 1s }\nbranch b { wait 2s }\n}\n}'),
    );
  });

  it('reads for at the start of a statement as a loop', () => {
    const { tree: read } = parseScenario(
      'xlab 1\nphase p {\nwait 1s\nfor i in 1..2 { wait 1s }\n}\n',
    );
    const [phase] = read.declarations;
    expect(phase?.kind === 'phase' && phase.body.statements.map(({ kind }) => kind)).toEqual([
      'wait',
      'for',
    ]);
  });

  it('does not let a forgotten parenthesis swallow the rest of the file', () => {
    const { tree: read, diagnostics } = parseScenario(
      'xlab 1\ndist d = exp(mean=1s\npool a\nphase p { wait 1s }\n',
    );
    expect(diagnostics).toHaveLength(1);
    expect(read.declarations.map(({ kind }) => kind)).toEqual(['pool', 'phase']);
  });
});

describe('words as names', () => {
  it('may not be a reserved word', () => {
    const words =
      'all random oldest newest largest smallest in for of at on with from if else baseline over ' +
      'as no never into discard';
    expect([...RESERVED_WORDS].sort()).toEqual(words.split(' ').sort());
    for (const word of RESERVED_WORDS) {
      const text = `xlab 1\nmachine { ram 8GiB; cpu skl }\ncompare module_alloc\npool ${word}\n`;
      expect(found(text)[0], word).toBe(`4:X0003 ${word}`);
    }
  });

  it('may be every word that is not reserved', () => {
    const words = [
      'load',
      'phase',
      'churn',
      'replay',
      'size',
      'every',
      'end',
      'mark',
      'xlab',
      'module',
    ];
    const text = `xlab 1
machine { ram 8GiB; cpu skl }
compare module_alloc
pool ${words.join(', ')}
phase steady for 10s {
${words.map((word) => `  load bpf ${word === 'size' ? 'x' : word} size 1KiB into ${word}`).join('\n')}
}
`;
    expect(found(text)).toEqual([]);
  });
});
