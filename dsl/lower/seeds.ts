/** Seeds of the scenario, or of `--seeds`. */
import type { SeedsDecl } from '../ast.js';
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import { givenTwice } from '../diagnostics/names.js';
import { tooManySeeds } from '../diagnostics/limits.js';
import { wrongNumber } from '../diagnostics/values.js';
import type { FileSymbols } from '../names/file-symbols.js';
import { Scope } from '../values/scope.js';
import type { PointValues } from '../values/scope.js';
import { parseScenario } from '../parse.js';
import { fixedNumber } from './values.js';
import { pseudoFile } from './sweep.js';

/** Seeds that one scenario may have. */
export const SEEDS_MAX = 100_000;

const SEED_MAX = 2 ** 53 - 1;

export function lowerSeeds(decl: SeedsDecl | undefined, scope: Scope): readonly number[] {
  if (decl === undefined) return [1];
  const seeds = new Map<number, Span>();
  const wanted = { unit: 'count', what: 'seeds' } as const;
  for (const { low, high, span } of decl.seeds) {
    const first = fixedNumber(low, wanted, scope);
    const last = high === undefined ? first : fixedNumber(high, wanted, scope);
    if (last < first) {
      scope.file.report(wrongNumber(span, 'the range of seeds is empty', 'swap its ends'));
    }
    if (last - first >= SEEDS_MAX || last > SEED_MAX) {
      scope.file.report(tooManySeeds(span, SEEDS_MAX));
      return [1];
    }
    for (let seed = first; seed <= last; seed += 1) {
      const given = seeds.get(seed);
      if (given === undefined) seeds.set(seed, span);
      else if (high === undefined) scope.file.report(givenTwice(String(seed), span, given));
    }
  }
  return seeds.size === 0 ? [1] : [...seeds.keys()];
}

/** `1..5` or `3, 7` of the command line; the scenario's own when empty. */
export function seedsFromText(
  text: string,
  main: FileSymbols,
  values: PointValues,
  at: { readonly sink: (diagnostic: Diagnostic) => void; readonly texts: Map<string, string> },
): readonly number[] {
  const source = '--seeds';
  at.texts.set(source, text);
  const head = 'xlab 1\nseeds ';
  const parsed = parseScenario(`${head}${text}`);
  const file = pseudoFile(source, text, main, at.sink);
  const [decl, extra] = parsed.tree.declarations;
  if (parsed.diagnostics.length > 0 || decl?.kind !== 'seeds' || extra !== undefined) {
    const span = { start: 0, end: text.length };
    file.report(wrongNumber(span, 'these are not seeds', 'write 1..5 or 3, 7, 11'));
    return [1];
  }
  // Spans of the wrapped text are off by its head.
  const shown = pseudoFile(source, `${head}${text}`, main, (diagnostic) => {
    const shift = (offset: number): number => Math.max(0, offset - head.length);
    const { span } = diagnostic;
    at.sink(
      span === undefined
        ? diagnostic
        : { ...diagnostic, span: { start: shift(span.start), end: shift(span.end) } },
    );
  });
  return lowerSeeds(decl, new Scope(shown, values));
}
