/**
 * The one parser of the language: shared rules plus the rule of every statement and declaration
 * module. A mistake ends its statement or property only: the line rules catch it, skip to the end of
 * that statement (reading the statements in its braces, so that further mistakes show) and go on.
 * Each token is passed over once, so time stays linear in the number of mistakes.
 */
import '../polyfill-group-by.js';
import { EmbeddedActionsParser, EOF, isRecognitionException } from 'chevrotain';
import type { IRecognitionException, IToken, TokenType } from 'chevrotain';
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import type { Body, Declaration, Prop, Statement, Block } from '../ast.js';
import {
  misspeltOption,
  strayBrace,
  textAfterStatement,
  twoStatements,
  unclosedBrace,
  unexpectedToken,
  unknownStatement,
} from '../diagnostics/syntax.js';
import type { BraceContent, DeclarationModule, StatementModule } from '../statement.js';
import * as T from '../tokens.js';
import { creationRule } from './creation.js';
import {
  compareRule,
  expressionRules,
  nameRule,
  pathRule,
  propRule,
  textRule,
  valueRule,
  valuesRule,
} from './expressions.js';
import { tokenSpan, type Rule, type RuleKit, type SharedRules } from './rule-kit.js';
import { selectorRule } from './selector.js';

/** Mistakes after which the parser gives up on a file. */
export const SYNTAX_ERRORS_MAX = 100;

type Shared = { -readonly [K in keyof SharedRules]: SharedRules[K] };

interface Startable {
  readonly keyword: string;
  readonly starts: readonly TokenType[];
  readonly braces: BraceContent;
}

/** One kind of line: what may start it and the rule that reads it. */
interface LineKind<N> {
  readonly modules: readonly Startable[];
  readonly byStart: ReadonlyMap<TokenType, Startable>;
  readonly rule: Rule<N>;
}

const lineKind = <N>(modules: readonly Startable[], rule: Rule<N>): LineKind<N> => ({
  modules,
  byStart: new Map(modules.flatMap((module) => module.starts.map((type) => [type, module]))),
  rule,
});

const startWords = (modules: readonly Startable[]): readonly string[] =>
  modules.flatMap((module) => module.starts.map((type) => T.wordText(type)));

/** Is a brace never closed? */
function bracesOpen(tokens: readonly IToken[]): boolean {
  let depth = 0;
  for (const { tokenType } of tokens) {
    if (tokenType === T.LeftBrace) depth += 1;
    else if (tokenType === T.RightBrace && depth > 0) depth -= 1;
  }
  return depth > 0;
}

/** First words of statements that take options with values. */
const OPTION_TAKERS: ReadonlySet<string> = new Set(['load', 'create', 'register', 'alloc', 'let']);

const PROPERTY: Startable = { keyword: 'property', starts: [], braces: 'properties' };

export class ScenarioParser extends EmbeddedActionsParser {
  readonly shared: SharedRules;
  /** What went wrong, in the order of the text. */
  mistakes: Diagnostic[] = [];
  /** Names that a declaration or `let` with a mistake would have introduced. */
  brokenNames = new Set<string>();
  private readonly kit: RuleKit;
  private readonly fileRule: Rule<Declaration[]>;
  private recording = true;
  private openBraceReported = false;
  /** Present when a brace is never closed: does an offset stand at the start of its line? */
  private columnZero: ((offset: number) => boolean) | undefined;
  private readonly declarationStarts: ReadonlySet<TokenType>;
  private readonly words: { readonly top: readonly string[]; readonly inner: readonly string[] };

  constructor(
    vocabulary: readonly TokenType[],
    statements: readonly StatementModule[],
    declarations: readonly DeclarationModule[],
  ) {
    super([...vocabulary], {
      recoveryEnabled: false,
      maxLookahead: 2,
      errorMessageProvider: {
        buildMismatchTokenMessage: ({ expected }) => expected.LABEL ?? expected.name,
        buildNotAllInputParsedMessage: () => '',
        buildNoViableAltMessage: () => '',
        buildEarlyExitMessage: () => '',
      },
    });
    // The library declares its grammar methods protected; modules use them through RuleKit.
    const kit = this as unknown as RuleKit;
    this.kit = kit;
    const shared = {} as Shared;
    this.shared = shared;
    shared.name = nameRule(kit);
    shared.path = pathRule(kit);
    shared.text = textRule(kit);
    const { expr, args } = expressionRules(kit);
    shared.expr = expr;
    shared.args = args;
    shared.compare = compareRule(kit);
    shared.value = valueRule(kit);
    shared.values = valuesRule(kit);
    const prop = propRule(kit);
    shared.block = this.blockRule(prop);
    shared.selector = selectorRule(kit);
    shared.creation = creationRule(kit);
    const statementRules = statements.map((module) => module.rule(kit));
    shared.statement = kit.RULE('statement', () =>
      kit.OR(
        (this.statementAlternatives ??= statementRules.map((rule) => ({
          ALT: () => kit.SUBRULE(rule),
        }))),
      ),
    );
    shared.body = this.bodyRule(lineKind(statements, shared.statement));
    const declarationRules = declarations.map((module) => module.rule(kit));
    const declaration = kit.RULE<Declaration>('declaration', () =>
      kit.OR(
        (this.declarationAlternatives ??= declarationRules.map((rule) => ({
          ALT: () => kit.SUBRULE(rule),
        }))),
      ),
    );
    this.fileRule = this.topRule(lineKind(declarations, declaration));
    this.declarationStarts = new Set(declarations.flatMap((module) => module.starts));
    this.words = { top: startWords(declarations), inner: startWords(statements) };
    this.performSelfAnalysis();
    this.recording = false;
  }

  private statementAlternatives: { ALT: () => Statement }[] | undefined;
  private declarationAlternatives: { ALT: () => Declaration }[] | undefined;

  /** Parses the filtered tokens of a file. Mistakes and broken names are left in the fields. */
  parse(tokens: IToken[], columnZero: (offset: number) => boolean): readonly Declaration[] {
    this.mistakes = [];
    this.brokenNames = new Set();
    this.openBraceReported = false;
    this.columnZero = bracesOpen(tokens) ? columnZero : undefined;
    this.input = tokens;
    return this.fileRule.call(this);
  }

  /** Parses the tokens of a single expression; undefined after a mistake. */
  parseExpression(tokens: IToken[]): ReturnType<SharedRules['expr']> | undefined {
    this.mistakes = [];
    this.input = tokens;
    const expr = this.shared.expr.call(this);
    const [error] = this.errors;
    if (error === undefined) return expr;
    this.note(error, undefined);
    return undefined;
  }

  here(): number {
    return this.LA(1).startOffset;
  }

  spanFrom(start: number): Span {
    return { start, end: Math.max(start, T.tokenEnd(this.LA(0))) };
  }

  private get full(): boolean {
    return this.mistakes.length >= SYNTAX_ERRORS_MAX;
  }

  private next(type: TokenType): boolean {
    return this.LA(1).tokenType === type;
  }

  /** Top level: declarations until the end of the file. */
  private topRule(kind: LineKind<Declaration>): Rule<Declaration[]> {
    const { kit } = this;
    const line = this.lineRule('declarationLine', kind);
    return kit.RULE('file', () => {
      const list: Declaration[] = [];
      if (this.recording) {
        kit.MANY(() => void kit.SUBRULE(line));
        return list;
      }
      while (!this.next(EOF) && !this.full) {
        if (this.next(T.StatementEnd)) this.SKIP_TOKEN();
        else if (this.next(T.RightBrace)) {
          this.mistakes.push(strayBrace(tokenSpan(this.LA(1))));
          this.SKIP_TOKEN();
        } else {
          const node = kit.SUBRULE(line);
          if (node !== undefined) list.push(node);
        }
      }
      return list;
    });
  }

  private bodyRule(kind: LineKind<Statement>): Rule<Body> {
    const line = this.lineRule('statementLine', kind);
    return this.bracedRule('body', line, (statements, span) => ({ statements, span }));
  }

  private blockRule(prop: Rule<Prop>): Rule<Block> {
    const line = this.lineRule('propertyLine', lineKind([], prop));
    return this.bracedRule('block', line, (props, span) => ({ props, span }));
  }

  /** `{` lines `}`. A brace that is never closed is reported once. */
  private bracedRule<N, R>(
    name: string,
    line: Rule<N | undefined>,
    build: (lines: readonly N[], span: Span) => R,
  ): Rule<R> {
    const { kit } = this;
    return kit.RULE(name, () => {
      const open = kit.CONSUME(T.LeftBrace);
      const lines: N[] = [];
      if (this.recording) kit.MANY(() => void kit.SUBRULE(line));
      else {
        while (!this.next(EOF) && !this.next(T.RightBrace) && !this.full) {
          if (this.next(T.StatementEnd)) {
            this.SKIP_TOKEN();
            continue;
          }
          if (this.declarationAhead()) break;
          const node = kit.SUBRULE(line);
          if (node !== undefined) lines.push(node);
        }
      }
      if (this.recording || this.next(T.RightBrace)) kit.CONSUME(T.RightBrace);
      else this.reportOpenBrace(open);
      return build(lines, kit.spanFrom(open.startOffset));
    });
  }

  /** Where a brace is missing, a declaration at the start of a line is taken for the next one. */
  private declarationAhead(): boolean {
    const token = this.LA(1);
    return (
      this.declarationStarts.has(token.tokenType) && this.columnZero?.(token.startOffset) === true
    );
  }

  private reportOpenBrace(open: IToken): void {
    if (this.openBraceReported || this.full) return;
    this.openBraceReported = true;
    this.mistakes.push(unclosedBrace(tokenSpan(open)));
  }

  /** One line of a kind with its end; undefined after a mistake, which is noted and skipped. */
  private lineRule<N>(name: string, kind: LineKind<N>): Rule<N | undefined> {
    const { kit } = this;
    return kit.RULE(name, () => {
      if (this.recording) {
        const node = kit.SUBRULE(kind.rule);
        kit.OPTION(() => kit.CONSUME(T.StatementEnd));
        return node;
      }
      const first = this.LA(1);
      const module = kind.modules.length === 0 ? PROPERTY : kind.byStart.get(first.tokenType);
      if (module === undefined) {
        this.unknownLine(first, kind);
        return undefined;
      }
      try {
        const node = kit.SUBRULE(kind.rule);
        return this.finishLine(kind, first) ? node : undefined;
      } catch (error) {
        if (!isRecognitionException(error as Error)) throw error;
        this.note(error as IRecognitionException, first);
        this.breakNames(first);
        this.closeBraces(first);
        this.skipRest(module.braces);
        return undefined;
      }
    });
  }

  private unknownLine<N>(first: IToken, kind: LineKind<N>): void {
    const { top, inner } = this.words;
    const atTop = kind.modules.some((module) =>
      this.declarationStarts.has(module.starts[0] ?? EOF),
    );
    const found = unknownStatement(first, atTop ? top : inner, atTop ? inner : top);
    this.mistakes.push(found.diagnostic);
    const meant = kind.modules.find((module) =>
      module.starts.some((type) => type.name === `Word_${found.nearest ?? ''}`),
    );
    this.breakNames(first);
    this.skipRest(meant?.braces ?? 'nothing');
  }

  /** False when what was read is not what was meant. */
  private finishLine<N>(kind: LineKind<N>, first: IToken): boolean {
    const token = this.LA(1);
    if (token.tokenType === T.StatementEnd) this.SKIP_TOKEN();
    else if (this.declarationAhead()) return true;
    else if (token.tokenType !== T.RightBrace && token.tokenType !== EOF) {
      if (kind.byStart.has(token.tokenType)) {
        this.mistakes.push(twoStatements(tokenSpan(token)));
        return true;
      }
      const isCreation = OPTION_TAKERS.has(first.image);
      const misspelt = isCreation ? misspeltOption(this.LA(0), token) : undefined;
      this.mistakes.push(misspelt ?? textAfterStatement(token, first.image));
      // What a creation lacks may stand in the rest: it is not asked for.
      if (isCreation) this.breakNames(first);
      this.skipRest('nothing');
      return !isCreation;
    }
    return true;
  }

  /** Passes over what is left in braces that a statement opened itself (`churn`, `mix`). */
  private closeBraces(first: IToken): void {
    const { input } = this;
    const here = this.LA(1);
    let depth = 0;
    for (let index = this.indexOf(first); index < input.length; index += 1) {
      const token = input[index];
      if (token === undefined || token === here) break;
      if (token.tokenType === T.LeftBrace) depth += 1;
      else if (token.tokenType === T.RightBrace) depth -= 1;
    }
    while (depth > 0 && !this.next(EOF) && !this.declarationAhead()) {
      if (this.next(T.LeftBrace)) depth += 1;
      else if (this.next(T.RightBrace)) depth -= 1;
      this.SKIP_TOKEN();
    }
  }

  private note(error: IRecognitionException, first: IToken | undefined): void {
    const rule = error.context.ruleStack.at(-1) ?? '';
    this.mistakes.push(
      unexpectedToken({
        found: error.token,
        previous: this.LA(0),
        rule,
        expected: error.message,
        keyword: first?.image ?? '',
      }),
    );
    this.errors = [];
  }

  /** Remembers the names that the statement starting at `first` would have declared. */
  private breakNames(first: IToken): void {
    const { input } = this;
    for (let index = this.indexOf(first) + 1; index < input.length; index += 1) {
      const token = input[index];
      if (token === undefined || token.tokenType === T.StatementEnd) return;
      if (token.tokenType === T.LeftBrace || token.tokenType === T.Equal) return;
      if (T.isToken(token, T.NameLike)) this.brokenNames.add(token.image);
    }
  }

  /** Index of a token of the input, by its offset. */
  private indexOf(token: IToken): number {
    const { input } = this;
    let low = 0;
    let high = input.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((input[middle]?.startOffset ?? 0) < token.startOffset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Passes over the rest of a statement, its end included, reading what stands in its braces. */
  private skipRest(braces: BraceContent): void {
    const { kit } = this;
    while (!this.next(EOF) && !this.next(T.RightBrace) && !this.full) {
      if (this.next(T.StatementEnd)) {
        this.SKIP_TOKEN();
        return;
      }
      if (!this.next(T.LeftBrace)) this.SKIP_TOKEN();
      else if (braces === 'statements') kit.SUBRULE3(this.shared.body);
      else if (braces === 'properties') kit.SUBRULE4(this.shared.block);
      else this.skipBraces();
    }
  }

  private skipBraces(): void {
    let depth = 0;
    do {
      if (this.next(T.LeftBrace)) depth += 1;
      if (this.next(T.RightBrace)) depth -= 1;
      this.SKIP_TOKEN();
    } while (depth > 0 && !this.next(EOF));
  }
}
