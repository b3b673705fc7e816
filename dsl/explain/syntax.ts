/** Pages on what the text itself must look like: X0001 to X0007. */
import { page, type ExplainPage } from './page.js';

export const SYNTAX_PAGES: readonly ExplainPage[] = [
  page(
    'X0001',
    'The first line says which language version the scenario is written in, so that a later ' +
      'version never reads it differently. Comments and blank lines stand behind it.',
    '# my scenario\nxlab 1',
    'xlab 1\n# my scenario',
  ),
  page(
    'X0002',
    'A line end ends a statement. Two statements on one line need a semicolon between them.',
    'phase steady for 10s { wait 1s wait 2s }',
    'phase steady for 10s { wait 1s; wait 2s }',
  ),
  page(
    'X0003',
    'About twenty words are reserved and cannot be names: all random oldest newest largest ' +
      'smallest in for of at on with from if else baseline over as no never into discard. Every ' +
      'other word, verbs included, may be a name.',
    'pool random\nphase steady for 10s { load bpf size 1KiB into random }',
    'pool random_pool\nphase steady for 10s { load bpf size 1KiB into random_pool }',
  ),
  page(
    'X0004',
    'Something stands where the grammar wants something else: a misspelt word, a missing brace, ' +
      'a value that was left out. The reader goes on behind the statement, so that every ' +
      'independent mistake of a file shows at once.',
    'phase steady for 10s { lod bpf size 1KiB lifetime 1s }',
    'phase steady for 10s { load bpf size 1KiB lifetime 1s }',
  ),
  page(
    'X0005',
    'Names are made of ASCII letters, digits and underscores. Any other character belongs into a ' +
      'text in quotes or into a comment. A text ends on its own line; inside, \\" \\\\ and \\n are ' +
      'the only escapes.',
    'title "Splits after boot',
    'title "Splits after boot"',
  ),
  page(
    'X0006',
    'Scenarios come from mails, so everything about a text is bounded before it is read: its ' +
      'length, the length of a line, the depth of blocks, the operators of an expression, the ' +
      'params that lead to each other, and the number of findings that are shown.',
    `param a = ${'1 + '.repeat(201)}1\nphase steady for 10s { repeat a { wait 1ms } }`,
    'param a = 202\nphase steady for 10s { repeat a { wait 1ms } }',
  ),
  page(
    'X0007',
    'Something that a run cannot do without is missing: the machine with its ram and cpu, the ' +
      'designs to compare, a phase, the size of a creation, the parts of a churn.',
    'machine { ram 8GiB }',
    'machine { ram 8GiB; cpu skl }',
  ),
];
