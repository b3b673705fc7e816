/**
 * Checks that do not need a run: declarations that may stand once, required parts, declarations that
 * nothing uses, and the insides of declarations whether or not something uses them.
 */
import type { LabCatalog } from '../src/contract/catalog.js';
import type { Block, Declaration, Statement } from './ast.js';
import { givenTwice, neverUsed } from './diagnostics/names.js';
import { missingPart } from './diagnostics/syntax.js';
import { allocatorOptions, designOfAllocator } from './lower/designs.js';
import { HandleScope } from './lower/handles.js';
import { lowerBody } from './lower/context.js';
import { lowerShape } from './lower/module-shape.js';
import { rootContext, type PhaseInput } from './lower/phases.js';
import { checkParam } from './lower/targets.js';
import { DECLARATIONS } from './declarations/index.js';
import type { FileSymbols, SymbolKind } from './names/file-symbols.js';
import { distributionOf } from './values/distributions.js';
import { BROKEN, type Binding, type Scope } from './values/scope.js';
import { visitExpr } from './visit-tree.js';

const ONCE: ReadonlySet<Declaration['kind']> = new Set(
  DECLARATIONS.entries.filter((module) => module.once).flatMap((module) => [...module.kinds]),
);

/** The declarations of a kind, in the order of the text. */
export const declarationsOf = <K extends Declaration['kind']>(
  file: FileSymbols,
  ...kinds: readonly K[]
): Extract<Declaration, { kind: K }>[] =>
  file.tree.declarations.filter((declaration): declaration is Extract<Declaration, { kind: K }> =>
    (kinds as readonly string[]).includes(declaration.kind),
  );

/** A file of shapes and distributions for others to use: nothing of a run stands in it. */
export const isLibrary = (file: FileSymbols): boolean =>
  declarationsOf(file, 'phase', 'compare', 'machine').length === 0 &&
  file.tree.declarations.length > 0;

export function checkOnce(file: FileSymbols): void {
  const seen = new Map<string, Declaration>();
  for (const declaration of file.tree.declarations) {
    const { kind } = declaration;
    const key = kind === 'limit' ? `limit ${declaration.what.text}` : kind;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, declaration);
    else if (ONCE.has(kind) || kind === 'limit') {
      file.report(givenTwice(key, declaration.keyword, first.keyword));
    }
  }
}

/** What a scenario that runs must have. */
export function checkRequired(file: FileSymbols): void {
  const first = file.tree.declarations[0]?.keyword;
  const start = first ?? { start: 0, end: 0 };
  const missing = (kind: Declaration['kind'], message: string, help: string): void => {
    if (declarationsOf(file, kind).length === 0) file.report(missingPart(start, message, help));
  };
  missing('machine', 'the scenario has no machine', "add 'machine { ram 8GiB; cpu skl }'");
  missing('compare', 'the scenario compares no designs', "add 'compare module_alloc, execmem_rox'");
  missing('phase', 'the scenario has no phase', "add 'phase steady for 10s { ... }'");
}

const NOUN: Readonly<Partial<Record<SymbolKind, string>>> = {
  param: 'param',
  dist: 'dist',
  module: 'module',
  allocator: 'allocator',
  workload: 'workload',
  import: 'import',
  pool: 'pool',
  use: 'used file',
};

/** Warns of names that nothing refers to, nor seems to mean. */
export function checkUsed(file: FileSymbols, meant: ReadonlySet<string>): void {
  for (const [name, symbol] of file.names) {
    const noun = NOUN[symbol.kind];
    if (noun === undefined || file.used.has(symbol) || meant.has(name)) continue;
    const standard = symbol.kind === 'use' && symbol.decl.span.end === 0;
    if (!standard) file.report(neverUsed(noun, name, symbol.name.span));
  }
}

/** Does `free all` without a pool stand anywhere? It releases everything. */
export function hasFreeAll(file: FileSymbols): boolean {
  const inBody = (statements: readonly Statement[]): boolean =>
    statements.some((statement) => {
      switch (statement.kind) {
        case 'release':
          return statement.selector.all && statement.selector.pool === undefined;
        case 'mix':
          return inBody(statement.options.map((option) => option.statement));
        case 'parallel':
          return (
            inBody(statement.body?.statements ?? []) ||
            statement.branches.some((branch) => inBody(branch.body.statements))
          );
        case 'if':
          return inBody(statement.body.statements) || inBody(statement.otherwise?.statements ?? []);
        case 'repeat':
        case 'for':
        case 'every':
        case 'arrive':
        case 'at':
          return inBody(statement.body.statements);
        default:
          return false;
      }
    });
  return declarationsOf(file, 'phase', 'workload').some((node) => inBody(node.body.statements));
}

/** Options of a design that is not there cannot be checked; the params in them are in use all the same. */
function useNames(block: Block, scope: Scope): void {
  const exprs = block.props.flatMap((prop) => prop.groups.flatMap((group) => group.values));
  for (const { expr } of exprs) {
    visitExpr(expr, {
      expr(node) {
        if (node.kind === 'ref') scope.find(node.path, ['param']);
      },
    });
  }
}

/** Checks the inside of every declaration of the file. */
export function checkInsides(file: FileSymbols, input: PhaseInput, catalog: LabCatalog): void {
  const { scope, point } = input;
  for (const declaration of file.tree.declarations) {
    switch (declaration.kind) {
      case 'param':
        checkParam(declaration, scope);
        break;
      case 'dist':
        distributionOf(declaration.value, scope, point.sources.readData);
        break;
      case 'module': {
        const context = aloneContext(input, declaration.name.text);
        lowerShape(declaration.name.text, declaration.block, declaration.name.text, context);
        break;
      }
      case 'allocator': {
        const info = designOfAllocator(declaration, file, catalog);
        const name = declaration.name.text;
        if (info === undefined) {
          if (declaration.block !== undefined) useNames(declaration.block, scope);
          break;
        }
        allocatorOptions({ info, name, decl: declaration, file }, scope, new Map());
        break;
      }
      case 'workload':
        checkWorkload(declaration, input);
        break;
      case 'import':
        point.sources.importOf(declaration);
        break;
      default:
        break;
    }
  }
}

/** A context that has all the time it wants: only what is wrong in itself is reported. */
const aloneContext = (input: PhaseInput, name: string) =>
  rootContext(input, name, {
    name: `'${name}'`,
    nameSpan: { start: 0, end: 0 },
    durationNs: Number.MAX_SAFE_INTEGER,
  });

function checkWorkload(node: Extract<Declaration, { kind: 'workload' }>, input: PhaseInput): void {
  const { scope } = input;
  const seen = new Map<string, Declaration['span']>();
  const bindings = node.args.map(({ name, value }): [string, Binding] => {
    const first = seen.get(name.text);
    if (first !== undefined) scope.file.report(givenTwice(name.text, name.span, first));
    seen.set(name.text, name.span);
    // An argument without a default may be anything: nothing is said about what it gives.
    return value === undefined
      ? [name.text, { kind: 'scalar', scalar: BROKEN }]
      : [name.text, { kind: 'expr', expr: value, scope }];
  });
  const inner: Scope = scope.with(bindings);
  const context = aloneContext(input, node.name.text);
  lowerBody(node.body, {
    ...context,
    scope: inner,
    handles: HandleScope.root(input.freeAll),
    calls: [`${scope.file.source ?? ''}:${node.name.text}`],
  });
}
