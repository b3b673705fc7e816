/** Names: X0201 to X0205. */
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import { make, replace, shortName, suggestion } from './make.js';

const LIST_MAX = 20;

export interface UnknownName {
  readonly span: Span;
  /** `pool`, `metric`, `design`. */
  readonly what: string;
  readonly name: string;
  readonly candidates: readonly string[];
  /** Lists the candidates after the nearest, under this title, e.g. `keys`. */
  readonly listAs?: string;
  /** Where the name was looked up: `in 'machine'`. */
  readonly where?: string;
  /** The help when no name is near. */
  readonly otherwise?: string;
  /** The name stands in quotes, which a replacement keeps. */
  readonly quoted?: boolean;
}

/** How a name of a scenario is declared. */
const DECLARED_AS: Readonly<Record<string, string>> = {
  module: 'module NAME { text 16KiB }',
  pool: 'pool NAME',
  workload: 'workload NAME() { ... }',
  param: 'param NAME = VALUE',
  recording: 'import NAME from "FILE" format FORMAT',
};

/** What declares the unknown name, when it could be one of the scenario's own. */
function declaring({ what, name, where }: UnknownName): string | undefined {
  const form = DECLARED_AS[what];
  if (form === undefined || where !== undefined || !/^[A-Za-z_]\w*$/.test(name)) return undefined;
  return `declare it: ${form.replace('NAME', shortName(name))}`;
}

export function unknownName(at: UnknownName): Diagnostic {
  const where = at.where === undefined ? '' : ` ${at.where}`;
  const message = `unknown ${at.what} '${shortName(at.name)}'${where}`;
  const nearest = suggestion(at.name, at.candidates);
  const parts: string[] = [];
  if (nearest !== undefined) parts.push(`did you mean '${nearest}'?`);
  const listed = at.candidates.length > 0 && at.candidates.length <= LIST_MAX;
  if (at.listAs !== undefined && listed) parts.push(`${at.listAs}: ${at.candidates.join(' ')}`);
  const otherwise = at.otherwise ?? declaring(at);
  if (parts.length === 0 && otherwise !== undefined) parts.push(otherwise);
  return make('X0201', at.span, message, {
    ...(parts.length === 0 ? {} : { help: parts.join(' ') }),
    ...(nearest === undefined
      ? {}
      : replace(
          at.span,
          at.quoted === true ? JSON.stringify(nearest) : nearest,
          `Change to '${nearest}'`,
        )),
  });
}

export const wrongSymbol = (at: {
  span: Span;
  name: string;
  found: string;
  wanted: string;
  candidates: readonly string[];
}): Diagnostic => {
  const nearest = suggestion(at.name, at.candidates);
  return make('X0201', at.span, `'${shortName(at.name)}' is ${at.found}, not ${at.wanted}`, {
    ...(nearest === undefined
      ? {}
      : {
          help: `did you mean '${nearest}'?`,
          ...replace(at.span, nearest, `Change to '${nearest}'`),
        }),
  });
};

export const declaredTwice = (name: string, span: Span, first: Span): Diagnostic =>
  make('X0202', span, `'${shortName(name)}' is declared twice`, {
    related: [{ span: first, label: 'first declared here' }],
    help: 'rename one of the two',
  });

export const givenTwice = (what: string, span: Span, first: Span): Diagnostic =>
  make('X0202', span, `'${shortName(what)}' is given twice`, {
    related: [{ span: first, label: 'first given here' }],
    help: 'keep one of the two',
  });

export const neverUsed = (what: string, name: string, span: Span): Diagnostic =>
  make('X0203', span, `${what} '${shortName(name)}' is declared and never used`, {
    help: 'use it, or remove the declaration',
  });

export const workloadCycle = (name: string, span: Span, chain: readonly string[]): Diagnostic =>
  make('X0204', span, `workload '${shortName(name)}' runs itself`, {
    notes: [`the chain is ${chain.join(' -> ')}`],
    help: 'write a repetition with repeat or for',
  });

export const paramCycle = (name: string, span: Span): Diagnostic =>
  make('X0204', span, `the value of '${shortName(name)}' depends on itself`, {
    help: 'give one of the params in the circle a fixed value',
  });

export const distCycle = (name: string, span: Span): Diagnostic =>
  make('X0204', span, `distribution '${shortName(name)}' draws from itself`, {
    help: 'give one of the distributions in the circle fixed values',
  });

export const useCycle = (path: string, span: Span): Diagnostic =>
  make('X0204', span, `'${shortName(path)}' uses this file again`, {
    help: 'move what both need into a third file',
  });

export const fileMissing = (path: string, span: Span): Diagnostic =>
  make('X0205', span, `cannot read '${shortName(path)}'`, {
    notes: ['paths are relative to the file that names them'],
    help: 'check the path, or use a library file: std/sizes.xlab',
  });

export const tooManyFiles = (span: Span, max: number): Diagnostic =>
  make('X0205', span, `a scenario may use ${max} files, its own included`, {
    help: 'put what belongs together into one file',
  });

export const fileOutside = (path: string, span: Span): Diagnostic =>
  make('X0205', span, `'${shortName(path)}' leaves the folder of the scenario`, {
    help: 'copy the file into that folder',
  });
