/** Definition, references and rename. */
import { describe, expect, it } from 'vitest';
import { checkScenario } from '../../../dsl/compile.js';
import { definitionAt, referencesAt, renameAt, renameTarget } from '../../../dsl/service/index.js';
import { CATALOG, EXAMPLES, example, hostOf } from './lab-double.js';
import { documentOf, withCaret } from './service-caret.js';

const FILES = { 'lib.xlab': 'xlab 1\npool shared\nmodule tiny { text 4KiB }\n' };

const TEXT = `xlab 1
use "lib.xlab" as lib
param n = 4 in 1..8
sweep n over 2, n_ok
machine { ram 8GiB; cpu skl }
allocator big = execmem_rox { cache 8MiB }
compare module_alloc, big baseline big
pool progs
workload reload(count, gap = 1ms) { repeat count { load module lib.tiny into lib.shared; wait gap } }
phase boot for 10s {
  let n_handle = load bpf size 1KiB
  for i in 1..n { run reload(i, gap=2ms); poke n of progs }
  free n_handle
  mark "up"
}
probe on mark "up": layout_snapshot
expect no alloc.failed in boot for big
`;

/** Puts the caret on the nth place of a word. */
function at(word: string, nth = 0, inside = 0) {
  let place = -1;
  for (let count = 0; count <= nth; count += 1) place = TEXT.indexOf(word, place + 1);
  return withCaret(`${TEXT.slice(0, place + inside)}^${TEXT.slice(place + inside)}`, FILES);
}

function definition(word: string, nth = 0, inside = 0): string {
  const { document, offset } = at(word, nth, inside);
  const found = definitionAt(document, offset);
  if (found === undefined) return 'none';
  const text = found.source === undefined ? document.text : FILES['lib.xlab'];
  const line = text.slice(0, found.span.start).split('\n').length;
  return `${found.source ?? ''}:${line} ${text.slice(found.span.start, found.span.end)}`;
}

describe('definition', () => {
  it.each([
    ['n of progs', 0, 0, ':3 n'],
    ['of progs', 0, 3, ':8 progs'],
    ['free n_handle', 0, 5, ':11 n_handle'],
    ['reload(i', 0, 2, ':9 reload'],
    ['reload(i', 0, 7, ':12 i'],
    ['gap=2ms', 0, 1, ':9 gap'],
    ['repeat count', 0, 8, ':9 count'],
    ['lib.tiny', 0, 0, ':2 lib'],
    ['lib.tiny', 0, 5, 'lib.xlab:3 tiny'],
    ['lib.shared', 0, 5, 'lib.xlab:2 shared'],
    ['"lib.xlab"', 0, 3, 'lib.xlab:1 '],
    ['mark "up":', 0, 7, ':14 up'],
    ['in boot', 0, 4, ':10 boot'],
    ['for big', 0, 5, ':6 big'],
    ['module_alloc', 0, 3, 'none'],
    ['machine', 0, 3, 'none'],
  ])('of %s', (word, nth, inside, expected) => {
    expect(definition(word, nth, inside)).toBe(expected);
  });
});

describe('references', () => {
  const places = (word: string, nth = 0, inside = 0, withDeclaration = true): string[] => {
    const { document, offset } = at(word, nth, inside);
    return referencesAt(document, offset, withDeclaration).map((span) => {
      const line = document.text.slice(0, span.start).split('\n').length;
      return `${line}:${document.text.slice(span.start, span.end)}`;
    });
  };

  it('are all places of one name, with its declaration or without', () => {
    expect(places('big')).toEqual(['6:big', '7:big', '7:big', '17:big']);
    expect(places('big', 2, 0, false)).toEqual(['7:big', '7:big', '17:big']);
    expect(places('n =')).toEqual(['3:n', '4:n', '12:n', '12:n']);
  });

  it('keep apart what has the same name in another place', () => {
    expect(places('count,')).toEqual(['9:count', '9:count']);
    expect(places('i in 1..n')).toEqual(['12:i', '12:i']);
  });

  it('of marks are the mark and its probes', () => {
    expect(places('"up"', 0, 2)).toEqual(['14:up', '16:up']);
  });

  it('of built-in names are their uses', () => {
    expect(places('module_alloc')).toEqual(['7:module_alloc']);
  });
});

describe('rename', () => {
  it('changes every place and keeps the scenario whole', () => {
    for (const [word, inside, to] of [
      ['big', 0, 'large'],
      ['progs', 0, 'programs'],
      ['boot', 0, 'start_up'],
      ['reload', 0, 'again'],
      ['gap', 0, 'pause'],
      ['n_handle', 0, 'handle'],
      ['"up"', 2, 'all is up'],
      ['lib\n', 1, 'library'],
    ] as const) {
      const { document, offset } = at(word, 0, inside);
      const result = renameAt(document, offset, to);
      expect(result.problem, word).toBeUndefined();
      const edits = [...(result.edits ?? [])].sort((a, b) => b.span.start - a.span.start);
      const renamed = edits.reduce(
        (text, { span, newText }) => text.slice(0, span.start) + newText + text.slice(span.end),
        document.text,
      );
      expect(renamed, word).not.toBe(document.text);
      const check = (text: string) =>
        checkScenario({ text, file: 'a' }, CATALOG, hostOf(FILES)).diagnostics.map(
          (found) => found.code,
        );
      expect(check(renamed), word).toEqual(check(document.text));
    }
  });

  it.each([
    ['big', 'two words', "'two words' is not a name"],
    ['big', 'random', "'random' is a reserved word"],
    ['big', 'progs', "'progs' is declared already"],
    ['big', 'n_handle', "'n_handle' is declared already"],
    ['module_alloc', 'x', "'module_alloc' is part of the language or of the lab"],
    ['tiny', 'x', "'tiny' is declared in lib.xlab"],
    ['machine', 'x', 'there is no name here'],
  ])('of %s to %s says why not', (word, to, problem) => {
    const { document, offset } = at(word, 0, 1);
    expect(renameAt(document, offset, to)).toEqual({ problem });
  });

  it('selects the name that it would change', () => {
    const { document, offset } = at('progs', 1, 2);
    const target = renameTarget(document, offset);
    expect(target).toMatchObject({ name: 'progs' });
  });

  it('of every declared name of the examples leaves a scenario without errors', () => {
    for (const name of EXAMPLES) {
      const document = documentOf(example(name));
      const names = document.occurrences.filter(
        ({ isDeclaration, thing }) => isDeclaration && thing.role !== 'mark',
      );
      expect(names.length).toBeGreaterThan(2);
      for (const { span } of names) {
        const result = renameAt(document, span.start, 'renamed_here');
        const edits = [...(result.edits ?? [])].sort((a, b) => b.span.start - a.span.start);
        const text = edits.reduce(
          (now, edit) => now.slice(0, edit.span.start) + edit.newText + now.slice(edit.span.end),
          document.text,
        );
        const { diagnostics } = checkScenario({ text, file: 'a' }, CATALOG, hostOf());
        expect(diagnostics, `${name} ${span.start}`).toEqual([]);
      }
    }
  });
});
