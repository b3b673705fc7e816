/** The formatter: standard layout, comments in their places. */
import { describe, expect, it } from 'vitest';
import { formatScenario } from '../../../dsl/format.js';
import { EXAMPLES, example } from './lab-double.js';

const formatted = (text: string): string => {
  const { text: result, diagnostics } = formatScenario(text);
  expect(diagnostics).toEqual([]);
  expect(formatScenario(result).text).toBe(result);
  return result;
};

/** Formats lines behind the first one. */
const body = (text: string): string => formatted(`xlab 1\n${text}`).replace(/^xlab 1\n+/, '');

const CASES: readonly (readonly [name: string, before: string, after: string])[] = [
  ['title and question aligned', 'title "x"\nquestion "y"\n', 'title    "x"\nquestion "y"\n'],
  [
    'comments behind neighbouring lines in one column',
    'pool p # first\npool long_name # second\npool q\npool r # alone\n',
    'pool p          # first\npool long_name  # second\npool q\npool r  # alone\n',
  ],
  [
    'two spaces per level and single blanks',
    'phase   a  for 1s {\n\t\tevery   2ms{\nwait   ~exp( mean = 1ms )\n}\n}\n',
    'phase a for 1s {\n  every 2ms {\n    wait ~ exp(mean=1ms)\n  }\n}\n',
  ],
  [
    'keys of neighbouring properties aligned',
    'machine {\nram 8GiB\ncpus 8\nfree_memory fresh\n\ncpu skl\n}\n',
    'machine {\n  ram         8GiB\n  cpus        8\n  free_memory fresh\n\n  cpu skl\n}\n',
  ],
  [
    'rows of execute and keys of churn aligned',
    'phase a for 1s {\n  churn p {\n arrive poisson(1/s)\n lifetime 1s\n item load bpf size 1B\n }\n}\n',
    'phase a for 1s {\n  churn p {\n    arrive   poisson(1/s)\n    lifetime 1s\n    item     load bpf size 1B\n  }\n}\n',
  ],
  [
    'short units of sizes written out, page sizes kept',
    'machine { ram 8G; direct_map 1G; kernel_text 24M; hot 2M; x 4K; y 2K; z 1.5T }\n',
    'machine {\n  ram         8GiB\n  direct_map  1G\n  kernel_text 24MiB\n  hot         2M\n  x           4K\n  y           2KiB\n  z           1.5TiB\n}\n',
  ],
  [
    'a block on one line while it fits in 72 columns',
    'phase a for 1s {wait 1ms;wait 2ms;}\n',
    'phase a for 1s { wait 1ms; wait 2ms }\n',
  ],
  [
    'a block on several lines once it does not fit',
    'phase a for 1s { load bpf first_name size 1KiB lifetime 1s; load bpf second_name size 1KiB lifetime 1s }\n',
    'phase a for 1s {\n  load bpf first_name size 1KiB lifetime 1s\n  load bpf second_name size 1KiB lifetime 1s\n}\n',
  ],
  [
    'a block on several lines where its author wrote it so',
    'phase a for 1s {\nwait 1ms }\n',
    'phase a for 1s {\n  wait 1ms\n}\n',
  ],
  ['empty blocks', 'phase a for 1s {\n}\nphase b {}\n', 'phase a for 1s { }\nphase b { }\n'],
  [
    'blank lines between groups, never two',
    'title "x"\nparam n = 1\nseeds 1\npool p\n\n\n\npool q\nphase a { wait 1s }\n\n\n',
    'title "x"\n\nparam n = 1\nseeds 1\n\npool p\n\npool q\n\nphase a { wait 1s }\n',
  ],
  [
    'no blank lines at the ends of a block',
    'phase a {\n\n  wait 1s\n\n\n  wait 2s\n\n}\n',
    'phase a {\n  wait 1s\n\n  wait 2s\n}\n',
  ],
  [
    'breaks of the author, aligned',
    'compare module_alloc,\n execmem_rox\n    baseline module_alloc\ndist d = quantiles(0%: 1s,\n 100%: 2s)\nprobe every 1s: a,\nb\n',
    'compare module_alloc,\n        execmem_rox\n        baseline module_alloc\n\ndist d = quantiles(0%: 1s,\n                   100%: 2s)\n\nprobe every 1s: a,\n                b\n',
  ],
  [
    'operators, ranges, calls and tuples',
    'param a=1+2 *( 3-1 )in 1 .. 9\nsweep( a,b )over( 1,2 ),(3 , 4)\nexpect mean( m@d )<0.7*x\n',
    'param a = 1 + 2 * (3 - 1) in 1..9\nsweep (a, b) over (1, 2), (3, 4)\n\nexpect mean(m @ d) < 0.7 * x\n',
  ],
  [
    'blanks around the default of a workload argument, none around a named one',
    'workload w(a,b=2s) { wait b }\nphase p { run w( a = 1,b=3s ) }\n',
    'workload w(a, b = 2s) { wait b }\n\nphase p { run w(a=1, b=3s) }\n',
  ],
  [
    'else behind its brace',
    'phase p { if n==1 {\nwait 1s\n}\nelse {\nwait 2s\n} }\n',
    'phase p {\n  if n == 1 {\n    wait 1s\n  } else {\n    wait 2s\n  }\n}\n',
  ],
  [
    'branches on one line with a semicolon between them',
    'phase p { parallel { branch a { wait 1s } branch b { wait 2s } } }\n',
    'phase p { parallel { branch a { wait 1s }; branch b { wait 2s } } }\n',
  ],
  [
    'each branch on a line of its own where one is tall',
    'phase p { parallel { branch a {\nwait 1s } branch b { wait 2s } } }\n',
    'phase p {\n  parallel {\n    branch a {\n      wait 1s\n    }\n    branch b { wait 2s }\n  }\n}\n',
  ],
  [
    'comments above, behind, inside and at the end',
    '# top\n\n  # near\nphase p {# open\n # first\nwait 1s# behind\n\n  # last\n}# after\n#end\n',
    '# top\n\n# near\nphase p {  # open\n  # first\n  wait 1s  # behind\n\n  # last\n}  # after\n#end\n',
  ],
  [
    'comments inside a statement',
    'compare a, # one\n# two\nb\n',
    'compare a,  # one\n        # two\n        b\n',
  ],
  [
    'a comment that keeps its block open',
    'machine { ram 8GiB # big\n}\n',
    'machine {\n  ram 8GiB  # big\n}\n',
  ],
  ['a number sign in a text', 'title "a # b"   # c\n', 'title "a # b"  # c\n'],
];

describe('the formatter', () => {
  for (const [name, before, after] of CASES) {
    it(`writes ${name}`, () => {
      expect(body(before)).toBe(after);
    });
  }

  it('leaves a text with mistakes of grammar alone and says why', () => {
    const text = 'xlab 1\nphase   a {\n  lod bpf\n}\n';
    const { text: same, diagnostics } = formatScenario(text);
    expect(same).toBe(text);
    expect(diagnostics.map((found) => found.code)).toEqual(['X0004']);
  });

  it('formats a text with other mistakes', () => {
    expect(body('param   a=5 min\n')).toBe('param a = 5 min\n');
  });

  it('keeps Windows line ends where the text has them', () => {
    expect(formatScenario('xlab 1\r\npool   a\r\n').text).toBe('xlab 1\r\n\r\npool a\r\n');
    expect(formatScenario('xlab 1\npool   a\r\n').text).toBe('xlab 1\n\npool a\n');
  });

  it('ends the text with one line end', () => {
    expect(formatScenario('xlab 1\n\npool a').text).toBe('xlab 1\n\npool a\n');
  });

  it('keeps every word and comment of the complete examples', () => {
    const words = (text: string): string[] =>
      text
        .replace(/[;\s]+/g, ' ')
        .trim()
        .split(' ');
    for (const name of EXAMPLES) {
      expect(words(formatted(example(name))).join(' '), name).toBe(words(example(name)).join(' '));
    }
  });
});
