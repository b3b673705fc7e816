/** Handles: X0301 to X0304. */
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import { make, replace, shortName } from './make.js';

export const usedAfterRelease = (at: {
  name: string;
  verb: string;
  span: Span;
  released: Span;
  releasedLine: number;
}): Diagnostic => {
  const name = shortName(at.name);
  if (at.span.start === at.released.start) return releasedInLoop(at.name, at.span);
  const related = [{ span: at.released, label: 'released here' }];
  return at.verb === 'poke'
    ? make('X0301', at.span, `'${name}' is used after it was released`, {
        related,
        help: `move the poke before line ${at.releasedLine}`,
      })
    : make('X0301', at.span, `'${name}' is released twice`, {
        related,
        help: `remove this ${at.verb}, or the one in line ${at.releasedLine}`,
      });
};

export const releasedInLoop = (name: string, span: Span): Diagnostic =>
  make('X0301', span, `'${shortName(name)}' is released again in each repetition`, {
    help: 'release it behind the loop, or create it inside',
  });

export const wrongVerb = (at: {
  verb: string;
  /** `a module`. */
  takes: string;
  name: string;
  /** `a trampoline`. */
  found: string;
  span: Span;
  created: Span;
  /** `free`, and where to write it. */
  better: string;
  verbSpan: Span;
}): Diagnostic => {
  const name = shortName(at.name);
  const message = `'${at.verb}' takes ${at.takes}, '${name}' is ${at.found}`;
  return make('X0302', at.span, message, {
    related: [{ span: at.created, label: 'created here' }],
    help: `write '${at.better} ${name}'`,
    ...replace(at.verbSpan, at.better, `Write '${at.better}'`),
  });
};

export const verbOnPool = (verb: string, takes: string, span: Span): Diagnostic =>
  make('X0302', span, `'${verb}' takes ${takes}, not members of a pool`, {
    help: "write 'free' to release members of a pool",
  });

export const neverReleased = (span: Span, what: string): Diagnostic =>
  make('X0303', span, `nothing can ever release this ${what === 'bpf' ? 'bpf program' : what}`, {
    help: "add 'into POOL' or 'lifetime D', or release its name",
  });

export const outsideBlock = (name: string, span: Span, declared: Span): Diagnostic =>
  make('X0304', span, `'${shortName(name)}' is known only inside its block`, {
    related: [{ span: declared, label: 'named here' }],
    help: 'move the statement into that block, or use a pool',
  });
