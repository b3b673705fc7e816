/** The designs of `compare`: built-in names, allocators with options, plugins. */
import type { DesignInfo, LabCatalog, OptionSpec } from '../../src/contract/catalog.js';
import type { Span } from '../../src/contract/diagnostic.js';
import type { DesignPlan, OptionValue } from '../../src/contract/scenario-plan.js';
import type { AllocatorDecl, Block, CompareDecl, Expr, Name, Path, Value } from '../ast.js';
import { pluginRefused, unknownOption } from '../diagnostics/designs.js';
import { fileOutside, givenTwice, unknownName } from '../diagnostics/names.js';
import type { FileSymbols } from '../names/file-symbols.js';
import { Scope, type Binding } from '../values/scope.js';
import { lowerOption } from './design-options.js';

export interface DesignInput {
  readonly compare: CompareDecl;
  readonly scope: Scope;
  readonly catalog: LabCatalog;
  /** Values of `allocator.option` from outside, by that path. */
  readonly overrides: ReadonlyMap<string, Binding>;
}

export interface DesignSource {
  readonly info: DesignInfo;
  /** The allocator's name, or the built-in's. */
  readonly name: string;
  readonly decl?: AllocatorDecl;
  readonly file?: FileSymbols;
}

/** The design that a name of `compare` stands for; undefined after a report. */
export function designSource(
  path: Path,
  scope: Scope,
  catalog: LabCatalog,
): DesignSource | undefined {
  const found = scope.find(path, ['allocator']);
  if (found?.symbol.kind !== 'allocator') {
    const info = catalog.designs.find((design) => design.name === path.text);
    if (info !== undefined) return { info, name: path.text };
    if (scope.isBroken(path)) return undefined;
    const designs = catalog.designs.map((design) => design.name);
    const candidates = [...scope.file.namesOf(['allocator']), ...designs];
    scope.file.report(
      unknownName({ span: path.span, what: 'design', name: path.text, candidates }),
    );
    return undefined;
  }
  const { symbol: decl, file } = found;
  const info = designOfAllocator(decl, file, catalog);
  return info === undefined ? undefined : { info, name: path.text, decl, file };
}

export function designOfAllocator(
  decl: AllocatorDecl,
  file: FileSymbols,
  catalog: LabCatalog,
): DesignInfo | undefined {
  if (decl.plugin !== undefined) {
    const { value: path, span } = decl.plugin;
    const reply = file.pluginOf(path);
    if (reply?.kind === 'loaded') return reply.plugin.info;
    file.report(reply === undefined ? fileOutside(path, span) : pluginRefused(span, reply));
    return undefined;
  }
  const name = decl.design?.text ?? '';
  const info = catalog.designs.find((design) => design.name === name);
  if (info === undefined && decl.design !== undefined) {
    const candidates = catalog.designs.map((design) => design.name);
    const { span } = decl.design;
    file.report(unknownName({ span, what: 'design', name, candidates }));
  }
  return info;
}

interface GivenOption {
  readonly key: Name;
  readonly values: Value[];
}

/** Options in the order of the block; a comma starts a new key or adds a value. */
function givenOptions(block: Block): GivenOption[] {
  const list: GivenOption[] = [];
  const name = (path: Path): Name => ({ text: path.text, span: path.span });
  for (const prop of block.props) {
    let current: GivenOption = { key: name(prop.path), values: [] };
    list.push(current);
    for (const group of prop.groups) {
      if (group.key !== undefined) {
        current = { key: name(group.key), values: [] };
        list.push(current);
      }
      current.values.push(...group.values);
    }
  }
  return list;
}

/** Options of an allocator, checked against the design's. */
export function allocatorOptions(
  source: DesignSource,
  scope: Scope,
  overrides: ReadonlyMap<string, Binding>,
): Readonly<Record<string, OptionValue>> {
  const options: Record<string, OptionValue> = {};
  const { info, decl, file, name } = source;
  const inner = file === undefined ? scope : new Scope(file, scope.values);
  const seen = new Map<string, Span>();
  for (const { key, values } of decl?.block === undefined ? [] : givenOptions(decl.block)) {
    const spec = findOption(info, key, inner);
    const first = seen.get(key.text);
    if (first !== undefined) inner.file.report(givenTwice(key.text, key.span, first));
    seen.set(key.text, key.span);
    if (spec === undefined || overrides.has(`${name}.${key.text}`)) continue;
    const exprs = values.map((value) => value.expr);
    set(options, spec, { exprs, at: key.span, scope: inner });
  }
  for (const [path, binding] of overrides) {
    const key = path.startsWith(`${name}.`) ? path.slice(name.length + 1) : '';
    const spec = info.options.find((option) => option.name === key);
    if (spec === undefined || binding.kind !== 'expr') continue;
    const { expr } = binding;
    set(options, spec, { exprs: listOf(expr), at: expr.span, scope: binding.scope });
  }
  return options;
}

/** A set from outside is a tuple: `(bpf, modules)`. */
const listOf = (expr: Expr): readonly Expr[] => (expr.kind === 'tuple' ? expr.items : [expr]);

function set(
  options: Record<string, OptionValue>,
  spec: OptionSpec,
  given: { readonly exprs: readonly Expr[]; readonly at: Span; readonly scope: Scope },
): void {
  const value = lowerOption(spec, given);
  if (value !== undefined) options[spec.name] = value;
}

export function findOption(info: DesignInfo, key: Name, scope: Scope): OptionSpec | undefined {
  const spec = info.options.find((option) => option.name === key.text);
  if (spec === undefined) {
    const options = info.options.map((option) => option.name);
    const { span, text: name } = key;
    scope.file.report(unknownOption({ span, name, design: info.name, options }));
  }
  return spec;
}

/** Plans of the compared designs, in the order of `compare`. */
export function lowerDesigns(input: DesignInput): readonly DesignPlan[] {
  const { compare, scope, catalog, overrides } = input;
  const plans: DesignPlan[] = [];
  const seen = new Map<string, Path>();
  for (const path of compare.designs) {
    const first = seen.get(path.text);
    if (first !== undefined) {
      scope.file.report(givenTwice(path.text, path.span, first.span));
      continue;
    }
    seen.set(path.text, path);
    const source = designSource(path, scope, catalog);
    if (source === undefined) continue;
    const options = allocatorOptions(source, scope, overrides);
    plans.push({ name: path.text, design: source.info.name, options });
  }
  return plans;
}
