/**
 * The syntax tree: immutable, one span on every node. Checks, lowering, hash, formatter and the
 * language service read this tree and nothing else of the text.
 */
import type { Span } from '../src/contract/diagnostic.js';
import type { Comparison } from '../src/contract/comparison.js';

export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** Names joined by dots. */
export interface Path {
  readonly text: string;
  readonly names: readonly Name[];
  readonly span: Span;
}

export interface TextNode {
  /** Without quotes, escapes resolved. */
  readonly value: string;
  readonly span: Span;
}

export type Expr =
  /** A number with its unit as written: `5min`, `40/s`, `70%`, `512`. */
  | { readonly kind: 'quantity'; readonly text: string; readonly span: Span }
  | { readonly kind: 'text'; readonly value: string; readonly span: Span }
  | { readonly kind: 'ref'; readonly path: Path; readonly span: Span }
  | {
      readonly kind: 'call';
      readonly path: Path;
      readonly args: readonly Argument[];
      readonly span: Span;
    }
  /** `metric @ design`. */
  | { readonly kind: 'of_design'; readonly path: Path; readonly design: Path; readonly span: Span }
  | { readonly kind: 'tuple'; readonly items: readonly Expr[]; readonly span: Span }
  | { readonly kind: 'range'; readonly low: Expr; readonly high: Expr; readonly span: Span }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOp;
      readonly left: Expr;
      readonly right: Expr;
      readonly span: Span;
    };

export type BinaryOp = '+' | '-' | '*' | '/';

/** `value`, `name = value` or `share: value`. */
export interface Argument {
  readonly name?: Name;
  /** The expression before a colon. */
  readonly share?: Expr;
  readonly value: Expr;
  readonly span: Span;
}

/** A value that may be drawn: `~` before it. */
export interface Value {
  readonly tilde?: Span;
  readonly expr: Expr;
  readonly span: Span;
}

export interface Prop {
  readonly path: Path;
  readonly block?: Block;
  /** `key v v, v, key2 v`: one entry per comma; the first has no key of its own. */
  readonly groups: readonly PropGroup[];
  readonly span: Span;
}

export interface PropGroup {
  readonly key?: Path;
  readonly values: readonly Value[];
  readonly span: Span;
}

export interface Block {
  readonly props: readonly Prop[];
  readonly span: Span;
}

export interface Body {
  readonly statements: readonly Statement[];
  readonly span: Span;
}

/** Fields that every statement and declaration has. */
interface Common {
  readonly span: Span;
  /** The first word: what a message about the whole statement points at. */
  readonly keyword: Span;
}

export interface CreateOption {
  readonly key: 'size' | 'lifetime' | 'node' | 'kind' | 'into';
  readonly keySpan: Span;
  readonly value: Value;
}

export interface CreateNode extends Common {
  readonly kind: 'create';
  readonly what: 'module' | 'bpf' | 'trampoline' | 'kprobe' | 'alloc';
  /** Name of the program, trampoline or probe. */
  readonly name?: Name;
  /** `load module ~ SHAPE`. */
  readonly tilde?: Span;
  /** The module's shape, or the memory of `alloc`. */
  readonly shape?: Path;
  /** A shape given in place. */
  readonly block?: Block;
  readonly options: readonly CreateOption[];
}

export interface LetNode extends Common {
  readonly kind: 'let';
  readonly name: Name;
  readonly creation: CreateNode;
}

export type OrderWord = 'oldest' | 'newest' | 'random' | 'largest' | 'smallest';

export interface Selector {
  readonly all: boolean;
  /** Handle, count or share; absent with `all`. */
  readonly what?: Expr;
  readonly order?: OrderWord;
  readonly pool?: Path;
  readonly span: Span;
}

export type ReleaseVerb = 'free' | 'unload' | 'detach' | 'unregister';

export interface ReleaseNode extends Common {
  readonly kind: 'release';
  readonly verb: ReleaseVerb;
  readonly selector: Selector;
}

export interface PokeNode extends Common {
  readonly kind: 'poke';
  readonly selector: Selector;
}

export interface RepeatNode extends Common {
  readonly kind: 'repeat';
  readonly count: Expr;
  readonly body: Body;
}

export interface ForNode extends Common {
  readonly kind: 'for';
  readonly name: Name;
  readonly low: Expr;
  readonly high: Expr;
  readonly body: Body;
}

/** `every D`, `arrive A` and `at D`. */
export interface TimedNode extends Common {
  readonly kind: 'every' | 'arrive' | 'at';
  readonly when: Expr;
  readonly body: Body;
}

export interface WaitNode extends Common {
  readonly kind: 'wait';
  readonly value: Value;
}

export interface Branch {
  readonly name: Name;
  readonly body: Body;
  readonly span: Span;
}

export interface ParallelNode extends Common {
  readonly kind: 'parallel';
  /** Logical threads of the single body; absent with branches. */
  readonly count?: Expr;
  readonly body?: Body;
  readonly branches: readonly Branch[];
}

export interface MixOption {
  readonly weight: Expr;
  readonly statement: Statement;
  readonly span: Span;
}

export interface MixNode extends Common {
  readonly kind: 'mix';
  readonly options: readonly MixOption[];
}

export interface ChurnProp {
  readonly key: Name;
  readonly values: readonly Value[];
  readonly item?: CreateNode;
  readonly span: Span;
}

export interface ChurnNode extends Common {
  readonly kind: 'churn';
  readonly pool: Path;
  readonly props: readonly ChurnProp[];
}

export interface ExecuteNode extends Common {
  readonly kind: 'execute';
  readonly rate: Expr;
  readonly cpus?: { readonly low: Expr; readonly high?: Expr; readonly span: Span };
  readonly block: Block;
}

export interface RunNode extends Common {
  readonly kind: 'run';
  readonly path: Path;
  readonly args: readonly Argument[];
}

export interface ReplayNode extends Common {
  readonly kind: 'replay';
  readonly name: Path;
  readonly speed?: Expr;
  readonly from?: Expr;
  readonly to?: Expr;
}

export interface StartNode extends Common {
  readonly kind: 'start';
  readonly path: Path;
}

export interface MarkNode extends Common {
  readonly kind: 'mark';
  readonly text: TextNode;
}

export interface IfNode extends Common {
  readonly kind: 'if';
  readonly left: Expr;
  readonly cmp: CompareSign;
  readonly right: Expr;
  readonly body: Body;
  readonly otherwise?: Body;
}

export type Statement =
  | CreateNode
  | LetNode
  | ReleaseNode
  | PokeNode
  | RepeatNode
  | ForNode
  | TimedNode
  | WaitNode
  | ParallelNode
  | MixNode
  | ChurnNode
  | ExecuteNode
  | RunNode
  | ReplayNode
  | StartNode
  | MarkNode
  | IfNode;

/** A comparison sign; `=` is kept as written, a check asks for `==`. */
export interface CompareSign {
  readonly text: Comparison | '=';
  readonly span: Span;
}

export interface TitleDecl extends Common {
  readonly kind: 'title' | 'question';
  readonly text: TextNode;
}

export interface UseDecl extends Common {
  readonly kind: 'use';
  readonly file: TextNode;
  readonly alias?: Name;
}

export interface ParamDecl extends Common {
  readonly kind: 'param';
  readonly name: Name;
  readonly value: Expr;
  readonly low?: Expr;
  readonly high?: Expr;
  readonly help?: TextNode;
}

export interface DistDecl extends Common {
  readonly kind: 'dist';
  readonly name: Name;
  readonly value: Expr;
}

export interface ModuleDecl extends Common {
  readonly kind: 'module';
  readonly name: Name;
  readonly block: Block;
}

export interface MachineDecl extends Common {
  readonly kind: 'machine';
  readonly block?: Block;
  readonly file?: TextNode;
}

export interface AllocatorDecl extends Common {
  readonly kind: 'allocator';
  readonly name: Name;
  readonly design?: Path;
  readonly plugin?: TextNode;
  readonly block?: Block;
}

export interface CompareDecl extends Common {
  readonly kind: 'compare';
  readonly designs: readonly Path[];
  readonly baseline?: Path;
}

export interface SweepDecl extends Common {
  readonly kind: 'sweep';
  readonly targets: readonly Path[];
  /** Several targets stand in parentheses and take tuples. */
  readonly tuple: boolean;
  readonly values: readonly Expr[];
}

export interface SeedsDecl extends Common {
  readonly kind: 'seeds';
  readonly seeds: readonly { readonly low: Expr; readonly high?: Expr; readonly span: Span }[];
}

export interface PoolDecl extends Common {
  readonly kind: 'pool';
  readonly names: readonly Name[];
}

export interface WorkloadArg {
  readonly name: Name;
  readonly value?: Expr;
  readonly span: Span;
}

export interface WorkloadDecl extends Common {
  readonly kind: 'workload';
  readonly name: Name;
  readonly args: readonly WorkloadArg[];
  readonly body: Body;
}

export interface ImportDecl extends Common {
  readonly kind: 'import';
  readonly name: Name;
  readonly file: TextNode;
  readonly format: Name;
  readonly block?: Block;
}

export interface PhaseDecl extends Common {
  readonly kind: 'phase';
  readonly name: Name;
  readonly duration?: Expr;
  readonly discard: boolean;
  readonly body: Body;
}

export interface ProbeDecl extends Common {
  readonly kind: 'probe';
  readonly when:
    | { readonly kind: 'every'; readonly interval: Expr }
    | { readonly kind: 'end'; readonly phase?: Name }
    | { readonly kind: 'mark'; readonly text: TextNode };
  readonly metrics: readonly Path[];
}

export interface ExpectDecl extends Common {
  readonly kind: 'expect' | 'warn';
  readonly claim:
    | { readonly kind: 'no'; readonly metric: Path }
    | {
        readonly kind: 'holds' | 'never';
        readonly left: Expr;
        readonly cmp: CompareSign;
        readonly right: Expr;
      };
  readonly phase?: Name;
  readonly atEnd: boolean;
  readonly designs: readonly Path[];
  readonly with?: { readonly name: Name; readonly value: Expr };
}

export interface LimitDecl extends Common {
  readonly kind: 'limit';
  readonly what: Name;
  readonly value: Expr;
}

export type Declaration =
  | TitleDecl
  | UseDecl
  | ParamDecl
  | DistDecl
  | ModuleDecl
  | MachineDecl
  | AllocatorDecl
  | CompareDecl
  | SweepDecl
  | SeedsDecl
  | PoolDecl
  | WorkloadDecl
  | ImportDecl
  | PhaseDecl
  | ProbeDecl
  | ExpectDecl
  | LimitDecl;

export interface SyntaxTree {
  readonly declarations: readonly Declaration[];
  /** Names of declarations that could not be read: a use of one is not reported again. */
  readonly brokenNames: ReadonlySet<string>;
  readonly span: Span;
}
