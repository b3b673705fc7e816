/** Damages a text as people and transports do: cut, doubled, swapped, misspelt, torn, mixed up. */
import type { Draws } from './draws.js';

const PIECES = [
  '{',
  '}',
  '(',
  ')',
  ',',
  ':',
  ';',
  '..',
  '.',
  '@',
  '~',
  '+',
  '-',
  '*',
  '/',
  '=',
  '==',
  '<',
  '>=',
  '"',
  '\n',
  ' ',
  '#',
  '%',
  '5',
  '0',
  '1e9',
  '40/s',
  '8 GiB',
  '87kB',
  '5min',
  '3.5',
  '1_0',
  'phase',
  'in',
  'random',
  'load',
  'bpf',
  'repeat',
  'into',
  'oldest',
  'xlab 1',
  'é',
  '\u0000',
  '\ud800',
  '日',
  '\t',
  '\r',
] as const;

const WORDS = /[A-Za-z_][A-Za-z0-9_.]*|[0-9][0-9A-Za-z_.%/]*/g;

/** One damage. */
function damage(text: string, draws: Draws): string {
  const at = draws.below(text.length + 1);
  const length = draws.pick([1, 1, 2, 5, 20, 200]);
  const words = [...text.matchAll(WORDS)];
  const word = words[draws.below(Math.max(1, words.length))];
  const other = words[draws.below(Math.max(1, words.length))];
  const replaced = (found: RegExpMatchArray | undefined, by: string): string =>
    found?.index === undefined
      ? text + by
      : text.slice(0, found.index) + by + text.slice(found.index + found[0].length);
  return draws.pick([
    () => text.slice(0, at) + text.slice(at + length),
    () => text.slice(0, at) + draws.pick(PIECES) + text.slice(at),
    () => text.slice(0, at) + text.slice(at, at + length) + text.slice(at),
    () => text.slice(0, at),
    () => replaced(word, other?.[0] ?? ''),
    () => replaced(word, `${word?.[0] ?? ''}x`),
    () => replaced(word, (word?.[0] ?? 'ab').slice(1)),
    () => replaced(word, draws.pick(PIECES)),
    () => text.replace('\n', draws.pick([' ', ';', ''])),
  ])();
}

/** The text after a few damages. */
export function mutateText(text: string, draws: Draws): string {
  let damaged = text;
  for (let count = draws.pick([1, 1, 1, 2, 3, 8]); count > 0; count -= 1) {
    damaged = damage(damaged, draws);
  }
  return damaged;
}
