/** What the printer needs from the syntax tree: calls, keys of properties, kinds of declarations. */
import type { Declaration, SyntaxTree } from '../ast.js';
import { visitTree } from '../visit-tree.js';

export interface LayoutFacts {
  /** Ends of names that a `(` follows without a blank. */
  readonly calls: ReadonlySet<number>;
  /** Starts of workload parameters, where `=` has blanks around it. */
  readonly workloadArgs: ReadonlySet<number>;
  /** Ends of the keys of properties that have values, and of `title` and `question`, by their start. */
  readonly keys: ReadonlyMap<number, number>;
  /** Kinds of declarations by their start. */
  readonly declarations: ReadonlyMap<number, Declaration['kind']>;
}

export function layoutFacts(tree: SyntaxTree): LayoutFacts {
  const calls = new Set<number>();
  const workloadArgs = new Set<number>();
  const keys = new Map<number, number>();
  const declarations = new Map<number, Declaration['kind']>();
  for (const declaration of tree.declarations) {
    const { kind, span } = declaration;
    declarations.set(span.start, kind);
    if (kind === 'title' || kind === 'question') keys.set(span.start, declaration.keyword.end);
  }
  visitTree(tree, {
    declaration(node) {
      if (node.kind !== 'workload') return;
      calls.add(node.name.span.end);
      for (const argument of node.args) workloadArgs.add(argument.span.start);
    },
    statement(node) {
      if (node.kind === 'run') calls.add(node.path.span.end);
      if (node.kind !== 'churn') return;
      for (const { key } of node.props) keys.set(key.span.start, key.span.end);
    },
    expr(node) {
      if (node.kind === 'call') calls.add(node.path.span.end);
    },
    prop(node) {
      if (node.groups.length > 0) keys.set(node.path.span.start, node.path.span.end);
    },
  });
  return { calls, workloadArgs, keys, declarations };
}
