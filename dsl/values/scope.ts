/**
 * Names in sight of an expression: loop variables and workload arguments around the statement, then
 * the file it stands in. Values that the command line or a sweep sets are held per sweep point.
 */
import type { Expr, ParamDecl, Path, DistDecl } from '../ast.js';
import type { FileSymbol, FileSymbols, SymbolKind } from '../names/file-symbols.js';
import { VISIBLE_KINDS } from '../names/file-symbols.js';
import type { Distribution } from './distributions.js';
import type { UnitKind } from './units.js';

export type CallExpr = Extract<Expr, { kind: 'call' }>;

/** What an expression gives. */
export type Scalar =
  | { readonly kind: 'number'; readonly unit: UnitKind; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** A name that stands for itself, such as `fresh`. */
  | { readonly kind: 'word'; readonly value: string }
  /** A word with arguments, such as `scattered(35%)` or a distribution. */
  | { readonly kind: 'form'; readonly call: CallExpr; readonly scope: Scope }
  | { readonly kind: 'dist'; readonly decl: DistDecl; readonly file: FileSymbols }
  /** A mistake that has been reported, or a value that is not known yet. */
  | { readonly kind: 'broken' };

export const BROKEN: Scalar = { kind: 'broken' };

export const count = (value: number): Scalar => ({ kind: 'number', unit: 'count', value });

export type Binding =
  | { readonly kind: 'expr'; readonly expr: Expr; readonly scope: Scope }
  | { readonly kind: 'scalar'; readonly scalar: Scalar };

/** Values that one sweep point gives to params, and what has been computed from them. */
export class PointValues {
  readonly overrides = new Map<ParamDecl, Binding>();
  readonly cache = new Map<ParamDecl, Scalar>();
  /** Values of loop variables and workload arguments, each computed once. */
  readonly bindings = new WeakMap<Binding, Scalar>();
  readonly evaluating = new Set<ParamDecl>();
  /** Params and arguments being computed, one inside the other. */
  chain = 0;
  /** Distributions behind their names; undefined after a report. */
  readonly distributions = new Map<DistDecl, Distribution | undefined>();
  /** Named distributions being read, outermost first. */
  readonly drawing = new Set<DistDecl>();
}

export interface Found {
  readonly symbol: FileSymbol;
  readonly file: FileSymbols;
}

export class Scope {
  constructor(
    readonly file: FileSymbols,
    readonly values: PointValues,
    private readonly locals: ReadonlyMap<string, Binding> = new Map(),
  ) {}

  /** This scope with further local names. */
  with(names: readonly (readonly [string, Binding])[]): Scope {
    return new Scope(this.file, this.values, new Map([...this.locals, ...names]));
  }

  local(name: string): Binding | undefined {
    return this.locals.get(name);
  }

  get localNames(): string[] {
    return [...this.locals.keys()];
  }

  /** The declaration behind a path, marked as used; undefined when there is none of these kinds. */
  find(path: Path, kinds: readonly SymbolKind[]): Found | undefined {
    const [first, ...rest] = path.names;
    if (first === undefined) return undefined;
    let file = this.file;
    let symbol = file.names.get(first.text);
    for (const name of rest) {
      if (symbol?.kind !== 'use') return undefined;
      file.used.add(symbol);
      if (symbol.file === undefined) return undefined;
      file = symbol.file;
      symbol = file.names.get(name.text);
      if (symbol !== undefined && !VISIBLE_KINDS.has(symbol.kind) && symbol.kind !== 'use') {
        return undefined;
      }
    }
    if (symbol === undefined || !kinds.includes(symbol.kind)) return undefined;
    file.used.add(symbol);
    return { symbol, file };
  }

  /** Is a mistake around this name known already, so that it need not be reported again? */
  isBroken(path: Path): boolean {
    const [first] = path.names;
    if (first === undefined || this.file.tree.brokenNames.has(first.text)) return true;
    const symbol = this.file.names.get(first.text);
    if (symbol?.kind !== 'use' || path.names.length === 1) return false;
    if (symbol.file === undefined) return true;
    return symbol.file.tree.brokenNames.has(path.names[1]?.text ?? '');
  }

  /** Names of these kinds that a path could have meant. */
  candidates(path: Path, kinds: readonly SymbolKind[]): string[] {
    const [first] = path.names;
    const symbol = first === undefined ? undefined : this.file.names.get(first.text);
    if (path.names.length > 1 && symbol?.kind === 'use' && symbol.file !== undefined) {
      return symbol.file.namesOf(kinds).map((name) => `${symbol.name.text}.${name}`);
    }
    return this.file.namesOf(kinds);
  }
}
