/** Walks the syntax tree in the order of the text. Every kind of node has one place here. */
import type {
  Argument,
  Block,
  Body,
  CreateNode,
  Declaration,
  Expr,
  Prop,
  Selector,
  Statement,
  SyntaxTree,
  Value,
} from './ast.js';

/** Called before the insides of a node. */
export interface TreeVisitor {
  declaration?(node: Declaration): void;
  statement?(node: Statement): void;
  /** The creation of a statement, of `let` or of `churn`. */
  creation?(node: CreateNode): void;
  expr?(node: Expr): void;
  value?(node: Value): void;
  prop?(node: Prop): void;
  block?(node: Block): void;
  body?(node: Body): void;
}

export function visitTree(tree: SyntaxTree, visitor: TreeVisitor): void {
  const walk = new Walk(visitor);
  for (const declaration of tree.declarations) walk.declaration(declaration);
}

export function visitExpr(expr: Expr, visitor: TreeVisitor): void {
  new Walk(visitor).expr(expr);
}

class Walk {
  constructor(private readonly to: TreeVisitor) {}

  declaration(node: Declaration): void {
    this.to.declaration?.(node);
    switch (node.kind) {
      case 'param':
        this.exprs(node.value, node.low, node.high);
        return;
      case 'dist':
      case 'limit':
        this.expr(node.value);
        return;
      case 'module':
      case 'machine':
      case 'allocator':
      case 'import':
        if (node.block !== undefined) this.block(node.block);
        return;
      case 'sweep':
        this.exprs(...node.values);
        return;
      case 'seeds':
        for (const { low, high } of node.seeds) this.exprs(low, high);
        return;
      case 'workload':
        for (const { value } of node.args) this.exprs(value);
        this.body(node.body);
        return;
      case 'phase':
        this.exprs(node.duration);
        this.body(node.body);
        return;
      case 'probe':
        if (node.when.kind === 'every') this.expr(node.when.interval);
        return;
      case 'expect':
      case 'warn':
        if (node.claim.kind !== 'no') this.exprs(node.claim.left, node.claim.right);
        this.exprs(node.with?.value);
        return;
      case 'title':
      case 'question':
      case 'use':
      case 'compare':
      case 'pool':
        return;
    }
  }

  private body(node: Body): void {
    this.to.body?.(node);
    for (const statement of node.statements) this.statement(statement);
  }

  private statement(node: Statement): void {
    this.to.statement?.(node);
    switch (node.kind) {
      case 'create':
        this.creation(node);
        return;
      case 'let':
        this.creation(node.creation);
        return;
      case 'release':
      case 'poke':
        this.selector(node.selector);
        return;
      case 'repeat':
        this.expr(node.count);
        this.body(node.body);
        return;
      case 'for':
        this.exprs(node.low, node.high);
        this.body(node.body);
        return;
      case 'every':
      case 'arrive':
      case 'at':
        this.expr(node.when);
        this.body(node.body);
        return;
      case 'wait':
        this.value(node.value);
        return;
      case 'parallel':
        this.exprs(node.count);
        if (node.body !== undefined) this.body(node.body);
        for (const branch of node.branches) this.body(branch.body);
        return;
      case 'mix':
        for (const { weight, statement } of node.options) {
          this.expr(weight);
          this.statement(statement);
        }
        return;
      case 'churn':
        for (const prop of node.props) {
          prop.values.forEach((value) => {
            this.value(value);
          });
          if (prop.item !== undefined) this.creation(prop.item);
        }
        return;
      case 'execute':
        this.exprs(node.rate, node.cpus?.low, node.cpus?.high);
        this.block(node.block);
        return;
      case 'run':
        this.args(node.args);
        return;
      case 'replay':
        this.exprs(node.speed, node.from, node.to);
        return;
      case 'if':
        this.exprs(node.left, node.right);
        this.body(node.body);
        if (node.otherwise !== undefined) this.body(node.otherwise);
        return;
      case 'start':
      case 'mark':
        return;
    }
  }

  private creation(node: CreateNode): void {
    this.to.creation?.(node);
    if (node.block !== undefined) this.block(node.block);
    for (const option of node.options) this.value(option.value);
  }

  private selector(node: Selector): void {
    this.exprs(node.what);
  }

  private block(node: Block): void {
    this.to.block?.(node);
    for (const prop of node.props) {
      this.to.prop?.(prop);
      for (const group of prop.groups) {
        for (const value of group.values) this.value(value);
      }
      if (prop.block !== undefined) this.block(prop.block);
    }
  }

  private value(node: Value): void {
    this.to.value?.(node);
    this.expr(node.expr);
  }

  private exprs(...nodes: readonly (Expr | undefined)[]): void {
    for (const node of nodes) if (node !== undefined) this.expr(node);
  }

  private args(nodes: readonly Argument[]): void {
    for (const { share, value } of nodes) this.exprs(share, value);
  }

  expr(node: Expr): void {
    this.to.expr?.(node);
    switch (node.kind) {
      case 'call':
        this.args(node.args);
        return;
      case 'tuple':
        this.exprs(...node.items);
        return;
      case 'range':
        this.exprs(node.low, node.high);
        return;
      case 'binary':
        this.exprs(node.left, node.right);
        return;
      case 'quantity':
      case 'text':
      case 'ref':
      case 'of_design':
        return;
    }
  }
}
