/** Quantities and kinds: X0101, X0103 to X0105, and ranges: X0411. */
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import {
  KIND_TEXT,
  UNIT_NAMES,
  UNIT_REPAIRS,
  UNITS_OF_KIND,
  type QuantityParts,
  type UnitKind,
} from '../values/units.js';
import { make, replace, shortName, suggestion } from './make.js';

/** Texts that give a bare number the unit it lacks, most likely first. */
function withUnits(digits: string, kind: UnitKind): readonly string[] {
  switch (kind) {
    case 'time':
      return [`${digits}ms`, `${digits}us`, `${digits}s`];
    case 'size':
      return [`${digits}B`, `${digits}KiB`, `${digits}MiB`];
    case 'rate':
      return [`${digits}/s`, `${digits}/ms`, `${digits}/min`];
    case 'share':
      return [`${digits}%`];
    case 'factor':
      return [`${digits}x`];
    case 'count':
      return [digits];
  }
}

const orList = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1) ?? ''}`;

/** `digits` is the bare number as written, or absent when it was computed. */
export function missingUnit(span: Span, kind: UnitKind, digits: string | undefined): Diagnostic {
  const message = `${KIND_TEXT[kind]} needs a unit`;
  if (digits === undefined) {
    return make('X0101', span, message, { help: `give its parts a unit: ${UNITS_OF_KIND[kind]}` });
  }
  const choices = withUnits(digits, kind);
  const [first] = choices;
  const only = choices.length === 1 && first !== undefined;
  return make('X0101', span, message, {
    help: `write ${orList(choices)}`,
    ...(only ? replace(span, first, `Write ${first}`) : {}),
  });
}

export function unknownUnit(span: Span, parts: QuantityParts): Diagnostic {
  const { digits, unit } = parts;
  const rate = unit.startsWith('/');
  const name = rate ? unit.slice(1) : unit;
  const repair = UNIT_REPAIRS.get(name) ?? UNIT_REPAIRS.get(name.toLowerCase());
  const better = repair?.unit ?? suggestion(name, UNIT_NAMES);
  const message = `unknown unit '${shortName(name)}'`;
  if (better === undefined) {
    return make('X0103', span, message, {
      notes: ['sizes: B KiB MiB GiB TiB, times: ns us ms s min h, shares: %'],
    });
  }
  const text = `${digits}${rate ? '/' : ''}${better}`;
  return make('X0103', span, message, {
    ...(repair?.note === undefined ? {} : { notes: [repair.note] }),
    help: `write ${text}`,
    ...replace(span, text, `Write ${text}`),
  });
}

export const wrongKind = (at: {
  span: Span;
  wanted: UnitKind | 'text';
  /** `a time`. */
  found: string;
  /** The property or parameter that wants it; adds a note about its units. */
  what?: string;
}): Diagnostic => {
  const wanted = at.wanted === 'text' ? 'a word' : KIND_TEXT[at.wanted];
  const note =
    at.what === undefined || at.wanted === 'text'
      ? {}
      : { notes: [`'${shortName(at.what)}' takes ${UNITS_OF_KIND[at.wanted]}`] };
  return make('X0104', at.span, `expected ${wanted}, found ${at.found}`, note);
};

export const badArithmetic = (span: Span, op: string, left: string, right: string): Diagnostic =>
  make('X0104', span, `'${op}' cannot join ${left} and ${right}`, {
    notes: ['units never convert between kinds'],
  });

export const noValueHere = (span: Span, found: string): Diagnostic =>
  make('X0104', span, `${found} cannot stand here`);

/** `sweep (a, b) over 1, 2`: a value of an axis has one part for each target. */
export const wrongTuple = (span: Span, wanted: number, found: number): Diagnostic =>
  make('X0104', span, `expected ${wanted} value${wanted === 1 ? '' : 's'}, found ${found}`, {
    help:
      wanted === 1
        ? 'write one value, without parentheses'
        : `write (${'abcdefgh'.slice(0, wanted).split('').join(', ')}): one value for each target`,
  });

/** `arrive 200/s`: how requests arrive is part of it. */
export const arrivalNeeded = (span: Span, found: string, rate: string | undefined): Diagnostic =>
  make('X0104', span, `expected an arrival, found ${found}`, {
    notes: ['possible: poisson(RATE) uniform(RATE) burst(N, RATE)'],
    ...(rate === undefined
      ? {}
      : {
          help: `write poisson(${rate})`,
          ...replace(span, `poisson(${rate})`, `Write poisson(${rate})`),
        }),
  });

/** `ram 8GiB, cpu skl` on one line. */
export const secondValue = (span: Span, name: string): Diagnostic =>
  make('X0104', span, `a second value of '${shortName(name)}' cannot stand here`, {
    help: "put the next property on a line of its own, or behind ';'",
  });

export const partByte = (span: Span, text: string, bytes: number): Diagnostic =>
  make('X0105', span, `${shortName(text)} is not a whole number of bytes`, {
    notes: [`it is ${Number(bytes.toFixed(3))} bytes`],
    help: `write ${Math.floor(bytes)}B or ${Math.ceil(bytes)}B`,
  });

export const outsideRange = (at: {
  span: Span;
  name: string;
  value: string;
  low: string;
  high: string;
}): Diagnostic =>
  make('X0411', at.span, `${at.value} lies outside the range of '${shortName(at.name)}'`, {
    notes: [`the range is ${at.low}..${at.high}`],
    help: 'choose a value inside it, or widen the range',
  });

export const wrongNumber = (span: Span, message: string, help: string): Diagnostic =>
  make('X0411', span, message, { help });
