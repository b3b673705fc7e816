/**
 * One statement or declaration of the language in one place: its words, its grammar rule, its checks
 * with its lowering, and its help. `statements/index.ts` and `declarations/index.ts` list them; the
 * grammar, the checks and the reference read those lists.
 */
import type { TokenType } from 'chevrotain';
import type { StatementPlan } from '../src/contract/scenario-plan.js';
import type { Declaration, Statement } from './ast.js';
import type { Rule, RuleKit } from './grammar/rule-kit.js';
import type { LowerContext } from './lower/context.js';

/** How the parser goes on after a mistake in a statement: what stands in its braces. */
export type BraceContent = 'statements' | 'properties' | 'nothing';

interface ModuleCommon {
  /** Unique in its list; the word that the reference files it under. */
  readonly keyword: string;
  /** Words that start it. */
  readonly starts: readonly TokenType[];
  /** Further words that belong to it alone. */
  readonly words: readonly TokenType[];
  readonly braces: BraceContent;
  /** Form, as in the language page; one line per form. */
  readonly syntax: readonly string[];
  /** One or two sentences for hover and reference. */
  readonly help: string;
}

export interface StatementModule<N extends Statement = Statement> extends ModuleCommon {
  readonly kinds: readonly N['kind'][];
  readonly rule: (kit: RuleKit) => Rule<N>;
  /** Checks the node in its context and gives what the engine runs; nothing for a pure check. */
  lower(node: N, context: LowerContext): readonly StatementPlan[];
}

export interface DeclarationModule<N extends Declaration = Declaration> extends ModuleCommon {
  readonly kinds: readonly N['kind'][];
  /** May stand once only. */
  readonly once: boolean;
  readonly rule: (kit: RuleKit) => Rule<N>;
}

/** Fixes the node type of a module and hides it, so that modules of all kinds stand in one list. */
export const defineStatement = <N extends Statement>(module: StatementModule<N>): StatementModule =>
  module;

export const defineDeclaration = <N extends Declaration>(
  module: DeclarationModule<N>,
): DeclarationModule => module;
