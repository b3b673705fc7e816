/**
 * Every place of a file where a name stands, with what it stands for: declarations of the file and of
 * used files, loop variables, arguments, handles, branches and marks, and the names that the catalog
 * brings. Definition, references, rename and hover read this list.
 */
import type { LabCatalog } from '../../src/contract/catalog.js';
import type { Span } from '../../src/contract/diagnostic.js';
import type { Body, CreateNode, Expr, Name, Path, Prop, Selector, Statement } from '../ast.js';
import type { Declaration, Value } from '../ast.js';
import { visitTree } from '../visit-tree.js';
import type { FileSymbol, FileSymbols } from '../names/file-symbols.js';

export type SymbolRole =
  | FileSymbol['kind']
  | 'handle'
  | 'variable'
  | 'argument'
  | 'branch'
  | 'mark'
  | 'metric'
  | 'design'
  | 'function';

/** What a name stands for. One object per declaration: occurrences share it. */
export interface NamedThing {
  readonly role: SymbolRole;
  readonly name: string;
  /** Place of the name in its declaration; absent for names of the catalog. */
  readonly declaration?: Span;
  /** File of the declaration when it is another one. */
  readonly source?: string;
  /** Declaration of a file-level name. */
  readonly symbol?: FileSymbol;
  /** File of the declaration. */
  readonly file?: FileSymbols;
  /** The creation behind a handle. */
  readonly creation?: CreateNode;
  /** Where a handle, variable or argument is known. */
  readonly scope?: Span;
}

export interface Occurrence {
  readonly span: Span;
  readonly thing: NamedThing;
  readonly isDeclaration: boolean;
}

type Locals = ReadonlyMap<string, NamedThing>;

const NO_LOCALS: Locals = new Map();

/** The place between the quotes: what a rename replaces. */
const insideQuotes = ({ start, end }: Span): Span => ({
  start: start + 1,
  end: Math.max(start + 1, end - 1),
});

export function collectOccurrences(file: FileSymbols, catalog: LabCatalog): readonly Occurrence[] {
  const collector = new Collector(file, catalog);
  for (const declaration of file.tree.declarations) collector.declaration(declaration);
  return collector.list.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

class Collector {
  readonly list: Occurrence[] = [];
  private readonly things = new Map<FileSymbol, NamedThing>();
  private readonly marks = new Map<string, NamedThing>();
  private readonly metrics: ReadonlySet<string>;
  private readonly designs: ReadonlySet<string>;
  /** Arguments of the workloads of this file. */
  private readonly workloadArgs = new Map<FileSymbol, Map<string, NamedThing>>();

  constructor(
    private readonly file: FileSymbols,
    catalog: LabCatalog,
  ) {
    this.metrics = new Set(catalog.metrics.map((metric) => metric.name));
    this.designs = new Set(catalog.designs.map((design) => design.name));
    const { marks } = this;
    visitTree(file.tree, {
      statement(node) {
        if (node.kind !== 'mark' || marks.has(node.text.value)) return;
        const declaration = insideQuotes(node.text.span);
        marks.set(node.text.value, { role: 'mark', name: node.text.value, declaration });
      },
    });
  }

  private add(span: Span, thing: NamedThing, isDeclaration = false): void {
    this.list.push({ span, thing, isDeclaration });
  }

  private thingOf(symbol: FileSymbol, file: FileSymbols): NamedThing {
    const known = this.things.get(symbol);
    if (known !== undefined) return known;
    const { text, span } = symbol.name;
    const { source } = file;
    const implicit = symbol.kind === 'use' && symbol.decl.span.end === 0;
    const thing: NamedThing = {
      role: symbol.kind,
      name: text,
      ...(implicit ? {} : { declaration: span }),
      ...(source === undefined ? {} : { source }),
      symbol,
      file,
    };
    this.things.set(symbol, thing);
    return thing;
  }

  private declare(name: Name): void {
    const symbol = this.file.names.get(name.text);
    if (symbol !== undefined) this.add(name.span, this.thingOf(symbol, this.file), true);
  }

  /** A path of file-level names; true when its first name is known. */
  private path(path: Path): boolean {
    let file = this.file;
    for (const [index, name] of path.names.entries()) {
      const symbol = file.names.get(name.text);
      if (symbol === undefined) return index > 0;
      this.add(name.span, this.thingOf(symbol, file));
      if (symbol.kind !== 'use' || symbol.file === undefined) return true;
      file = symbol.file;
    }
    return true;
  }

  declaration(node: Declaration): void {
    switch (node.kind) {
      case 'param':
        this.declare(node.name);
        this.exprs(NO_LOCALS, node.value, node.low, node.high);
        return;
      case 'dist':
        this.declare(node.name);
        this.expr(node.value, NO_LOCALS);
        return;
      case 'module':
        this.declare(node.name);
        this.props(node.block.props, NO_LOCALS);
        return;
      case 'import':
        this.declare(node.name);
        return;
      case 'machine':
        this.props(node.block?.props ?? [], NO_LOCALS);
        return;
      case 'allocator':
        this.declare(node.name);
        if (node.design !== undefined) this.design(node.design);
        this.props(node.block?.props ?? [], NO_LOCALS);
        return;
      case 'compare':
        node.designs.forEach((path) => {
          this.design(path);
        });
        if (node.baseline !== undefined) this.design(node.baseline);
        return;
      case 'sweep':
        node.targets.forEach((path) => this.path(path));
        this.exprs(NO_LOCALS, ...node.values);
        return;
      case 'seeds':
        for (const { low, high } of node.seeds) this.exprs(NO_LOCALS, low, high);
        return;
      case 'pool':
        node.names.forEach((name) => {
          this.declare(name);
        });
        return;
      case 'workload':
        this.workload(node);
        return;
      case 'phase':
        this.declare(node.name);
        this.exprs(NO_LOCALS, node.duration);
        this.body(node.body, NO_LOCALS);
        return;
      case 'probe':
        this.probe(node);
        return;
      case 'expect':
      case 'warn':
        this.expectation(node);
        return;
      case 'use':
        if (node.alias !== undefined) this.declare(node.alias);
        return;
      case 'limit':
        this.expr(node.value, NO_LOCALS);
        return;
      case 'title':
      case 'question':
        return;
    }
  }

  private workload(node: Extract<Declaration, { kind: 'workload' }>): void {
    this.declare(node.name);
    const locals = new Map<string, NamedThing>();
    for (const [name, thing] of this.argumentsOf(node)) locals.set(name, thing);
    for (const { name, value } of node.args) {
      const thing = locals.get(name.text);
      if (thing !== undefined) this.add(name.span, thing, true);
      this.exprs(NO_LOCALS, value);
    }
    this.body(node.body, locals);
  }

  private argumentsOf(node: Extract<Declaration, { kind: 'workload' }>): Map<string, NamedThing> {
    const known = this.workloadArgs.get(node);
    if (known !== undefined) return known;
    const made = new Map<string, NamedThing>();
    for (const { name } of node.args) {
      const scope = node.body.span;
      made.set(name.text, { role: 'argument', name: name.text, declaration: name.span, scope });
    }
    this.workloadArgs.set(node, made);
    return made;
  }

  /** A name of `compare` or of an allocator: an allocator of the file, or a built-in design. */
  private design(path: Path): void {
    if (this.file.names.has(path.names[0]?.text ?? '')) this.path(path);
    else if (this.designs.has(path.text)) {
      this.add(path.span, { role: 'design', name: path.text });
    }
  }

  private metric(path: Path): void {
    if (this.metrics.has(path.text)) this.add(path.span, { role: 'metric', name: path.text });
    else this.path(path);
  }

  private probe(node: Extract<Declaration, { kind: 'probe' }>): void {
    const { when } = node;
    if (when.kind === 'every') this.expr(when.interval, NO_LOCALS);
    else if (when.kind === 'mark') this.mark(when.text.value, when.text.span, false);
    else if (when.phase !== undefined) this.phaseName(when.phase);
    node.metrics.forEach((path) => {
      this.metric(path);
    });
  }

  private phaseName(name: Name): void {
    this.path({ text: name.text, names: [name], span: name.span });
  }

  private expectation(node: Extract<Declaration, { kind: 'expect' | 'warn' }>): void {
    const { claim } = node;
    if (claim.kind === 'no') this.metric(claim.metric);
    else {
      this.claim(claim.left);
      this.claim(claim.right);
    }
    if (node.phase !== undefined) this.phaseName(node.phase);
    node.designs.forEach((path) => {
      this.design(path);
    });
    this.exprs(NO_LOCALS, node.with?.value);
  }

  /** An expression over metrics. */
  private claim(expr: Expr): void {
    switch (expr.kind) {
      case 'ref':
        this.metric(expr.path);
        return;
      case 'of_design':
        this.metric(expr.path);
        this.design(expr.design);
        return;
      case 'call':
        this.add(expr.path.span, { role: 'function', name: expr.path.text });
        for (const { value } of expr.args) this.claim(value);
        return;
      case 'binary':
        this.claim(expr.left);
        this.claim(expr.right);
        return;
      case 'tuple':
        expr.items.forEach((item) => {
          this.claim(item);
        });
        return;
      default:
        return;
    }
  }

  private mark(text: string, span: Span, isDeclaration: boolean): void {
    const thing = this.marks.get(text) ?? { role: 'mark', name: text };
    this.add(insideQuotes(span), thing, isDeclaration);
  }

  private body(node: Body, outer: Locals): void {
    let locals = outer;
    for (const statement of node.statements) {
      if (statement.kind === 'let') {
        this.creation(statement.creation, locals);
        const { name, creation } = statement;
        const scope = { start: statement.span.end, end: node.span.end };
        const declaration = name.span;
        const thing = { role: 'handle', name: name.text, declaration, creation, scope } as const;
        this.add(name.span, thing, true);
        locals = new Map([...locals, [name.text, thing]]);
      } else this.statement(statement, locals);
    }
  }

  private statement(node: Exclude<Statement, { kind: 'let' }>, locals: Locals): void {
    switch (node.kind) {
      case 'create':
        this.creation(node, locals);
        return;
      case 'release':
      case 'poke':
        this.selector(node.selector, locals);
        return;
      case 'repeat':
        this.expr(node.count, locals);
        this.body(node.body, locals);
        return;
      case 'for':
        this.loop(node, locals);
        return;
      case 'every':
      case 'arrive':
      case 'at':
        this.expr(node.when, locals);
        this.body(node.body, locals);
        return;
      case 'wait':
        this.value(node.value, locals);
        return;
      case 'parallel':
        this.parallel(node, locals);
        return;
      case 'mix':
        for (const { weight, statement } of node.options) {
          this.expr(weight, locals);
          if (statement.kind === 'let') this.creation(statement.creation, locals);
          else this.statement(statement, locals);
        }
        return;
      case 'churn':
        this.churn(node, locals);
        return;
      case 'execute':
        this.exprs(locals, node.rate, node.cpus?.low, node.cpus?.high);
        node.block.props.forEach((prop) => this.path(prop.path));
        this.props(node.block.props, locals);
        return;
      case 'run':
        this.run(node, locals);
        return;
      case 'replay':
        this.path(node.name);
        this.exprs(locals, node.speed, node.from, node.to);
        return;
      case 'start':
        this.path(node.path);
        return;
      case 'mark':
        this.mark(node.text.value, node.text.span, true);
        return;
      case 'if':
        this.exprs(locals, node.left, node.right);
        this.body(node.body, locals);
        if (node.otherwise !== undefined) this.body(node.otherwise, locals);
        return;
    }
  }

  private loop(node: Extract<Statement, { kind: 'for' }>, locals: Locals): void {
    this.exprs(locals, node.low, node.high);
    const { text, span } = node.name;
    const scope = node.body.span;
    const thing = { role: 'variable', name: text, declaration: span, scope } as const;
    this.add(span, thing, true);
    this.body(node.body, new Map([...locals, [text, thing]]));
  }

  private parallel(node: Extract<Statement, { kind: 'parallel' }>, locals: Locals): void {
    this.exprs(locals, node.count);
    if (node.body !== undefined) this.body(node.body, locals);
    for (const { name, body } of node.branches) {
      const thing = { role: 'branch', name: name.text, declaration: name.span } as const;
      this.add(name.span, thing, true);
      this.body(body, locals);
    }
  }

  private churn(node: Extract<Statement, { kind: 'churn' }>, locals: Locals): void {
    this.path(node.pool);
    for (const prop of node.props) {
      prop.values.forEach((value) => {
        this.value(value, locals);
      });
      if (prop.item !== undefined) this.creation(prop.item, locals);
    }
  }

  private run(node: Extract<Statement, { kind: 'run' }>, locals: Locals): void {
    this.path(node.path);
    const [first] = node.path.names;
    const symbol =
      node.path.names.length === 1 ? this.file.names.get(first?.text ?? '') : undefined;
    const known = symbol?.kind === 'workload' ? this.argumentsOf(symbol) : undefined;
    for (const { name, value } of node.args) {
      const thing = name === undefined ? undefined : known?.get(name.text);
      if (name !== undefined && thing !== undefined) this.add(name.span, thing);
      this.expr(value, locals);
    }
  }

  private creation(node: CreateNode, locals: Locals): void {
    const isShape = node.what === 'module' && node.block === undefined;
    if (isShape && node.shape !== undefined) this.path(node.shape);
    this.props(node.block?.props ?? [], locals);
    for (const option of node.options) {
      const { expr } = option.value;
      if (option.key === 'into' && expr.kind === 'ref') this.path(expr.path);
      else this.value(option.value, locals);
    }
  }

  private selector(node: Selector, locals: Locals): void {
    if (node.what !== undefined) this.expr(node.what, locals);
    if (node.pool !== undefined) this.path(node.pool);
  }

  private props(props: readonly Prop[], locals: Locals): void {
    for (const prop of props) {
      for (const group of prop.groups) {
        group.values.forEach((value) => {
          this.value(value, locals);
        });
      }
      if (prop.block !== undefined) this.props(prop.block.props, locals);
    }
  }

  private value(value: Value, locals: Locals): void {
    this.expr(value.expr, locals);
  }

  private exprs(locals: Locals, ...nodes: readonly (Expr | undefined)[]): void {
    for (const node of nodes) if (node !== undefined) this.expr(node, locals);
  }

  private expr(node: Expr, locals: Locals): void {
    switch (node.kind) {
      case 'ref': {
        const local = node.path.names.length === 1 ? locals.get(node.path.text) : undefined;
        if (local !== undefined) this.add(node.span, local);
        else this.path(node.path);
        return;
      }
      case 'call':
        this.add(node.path.span, { role: 'function', name: node.path.text });
        for (const { share, value } of node.args) this.exprs(locals, share, value);
        return;
      case 'binary':
        this.exprs(locals, node.left, node.right);
        return;
      case 'tuple':
        this.exprs(locals, ...node.items);
        return;
      case 'range':
        this.exprs(locals, node.low, node.high);
        return;
      case 'of_design':
      case 'quantity':
      case 'text':
        return;
    }
  }
}
