/**
 * Shared rules below the statement: names, paths, expressions, values, property blocks, selectors
 * (grammar of the language from `block` downwards).
 */
import type { IToken } from 'chevrotain';
import type { Span } from '../../src/contract/diagnostic.js';
import type {
  Argument,
  BinaryOp,
  Block,
  CompareSign,
  Expr,
  Name,
  Path,
  Prop,
  PropGroup,
  TextNode,
  Value,
} from '../ast.js';
import * as T from '../tokens.js';
import { tokenSpan, type Rule, type RuleKit } from './rule-kit.js';

/** Operators in one expression; longer ones are refused, which bounds the depth of the tree. */
export const OPERATORS_MAX = 200;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

const unquote = (image: string): string =>
  image.slice(1, -1).replace(/\\(.)/g, (_, char: string) => ESCAPES[char] ?? `\\${char}`);

export const nameRule = (kit: RuleKit): Rule<Name> =>
  kit.RULE('name', () => {
    const token = kit.CONSUME(T.NameLike);
    return { text: token.image, span: tokenSpan(token) };
  });

export const pathRule = (kit: RuleKit): Rule<Path> =>
  kit.RULE('path', () => {
    const start = kit.here();
    const names = [kit.SUBRULE(kit.shared.name)];
    kit.MANY(() => {
      kit.CONSUME(T.Dot);
      names.push(kit.SUBRULE1(kit.shared.name));
    });
    return { text: names.map((name) => name.text).join('.'), names, span: kit.spanFrom(start) };
  });

export const textRule = (kit: RuleKit): Rule<TextNode> =>
  kit.RULE('text', () => {
    const token = kit.CONSUME(T.Text);
    return { value: unquote(token.image), span: tokenSpan(token) };
  });

export const compareRule = (kit: RuleKit): Rule<CompareSign> =>
  kit.RULE('compare', () => {
    const token = kit.OR([
      { ALT: () => kit.CONSUME(T.Compare) },
      { ALT: () => kit.CONSUME(T.Equal) },
    ]);
    return { text: token.image as CompareSign['text'], span: tokenSpan(token) };
  });

interface ChainLink {
  readonly sign: IToken;
  readonly operand: Expr;
  /** From the start of the chain to the end of the operand. */
  readonly span: Span;
}

/** Left-associative chain built from operands and signs collected by a rule. */
const fold = (first: Expr, rest: readonly ChainLink[]): Expr =>
  rest.reduce<Expr>(
    (left, { sign, operand, span }) => ({
      kind: 'binary',
      op: sign.image as BinaryOp,
      left,
      right: operand,
      span,
    }),
    first,
  );

function callOrRef(kit: RuleKit): Expr {
  const start = kit.here();
  const path = kit.SUBRULE(kit.shared.path);
  const made = kit.OPTION<Expr>(() =>
    kit.OR<Expr>([
      {
        ALT: () => {
          const args = kit.SUBRULE(kit.shared.args);
          return { kind: 'call', path, args, span: kit.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          kit.CONSUME(T.AtSign);
          const design = kit.SUBRULE1(kit.shared.path);
          return { kind: 'of_design', path, design, span: kit.spanFrom(start) };
        },
      },
    ]),
  );
  return made ?? { kind: 'ref', path, span: kit.spanFrom(start) };
}

/** The rules from primary to sum; returns the outermost. */
export function expressionRules(kit: RuleKit): { expr: Rule<Expr>; args: Rule<Argument[]> } {
  const tuple = kit.RULE<Expr>('tuple', () => {
    const start = kit.here();
    kit.CONSUME(T.LeftParen);
    const items = [kit.SUBRULE(kit.shared.expr)];
    kit.MANY(() => {
      kit.CONSUME(T.Comma);
      items.push(kit.SUBRULE1(kit.shared.expr));
    });
    kit.CONSUME(T.RightParen);
    return { kind: 'tuple', items, span: kit.spanFrom(start) };
  });
  const reference = kit.RULE<Expr>('reference', () => callOrRef(kit));
  const primary = kit.RULE<Expr>('primary', () =>
    kit.OR<Expr>([
      {
        ALT: () => {
          const token = kit.CONSUME(T.Quantity);
          return { kind: 'quantity', text: token.image, span: tokenSpan(token) };
        },
      },
      {
        ALT: () => {
          const text = kit.SUBRULE(kit.shared.text);
          return { kind: 'text', value: text.value, span: text.span };
        },
      },
      { ALT: () => kit.SUBRULE(reference) },
      { ALT: () => kit.SUBRULE(tuple) },
      // `costs on`: the one reserved word that is also a value.
      {
        ALT: () => {
          const token = kit.CONSUME(T.Words.on);
          const name = { text: token.image, span: tokenSpan(token) };
          return { kind: 'ref', path: { ...name, names: [name] }, span: name.span };
        },
      },
    ]),
  );
  const term = kit.RULE<Expr>('term', () => {
    const start = kit.here();
    const first = kit.SUBRULE(primary);
    const rest: ChainLink[] = [];
    kit.MANY(() => {
      const sign = kit.OR([
        { ALT: () => kit.CONSUME(T.Star) },
        { ALT: () => kit.CONSUME(T.Slash) },
      ]);
      const operand = kit.SUBRULE1(primary);
      rest.push({ sign, operand, span: kit.spanFrom(start) });
    });
    return rest.length === 0 ? first : fold(first, rest);
  });
  const expr = kit.RULE<Expr>('expr', () => {
    const start = kit.here();
    const first = kit.SUBRULE(term);
    const rest: ChainLink[] = [];
    kit.MANY(() => {
      const sign = kit.OR([
        { ALT: () => kit.CONSUME(T.Plus) },
        { ALT: () => kit.CONSUME(T.Minus) },
      ]);
      const operand = kit.SUBRULE1(term);
      rest.push({ sign, operand, span: kit.spanFrom(start) });
    });
    return rest.length === 0 ? first : fold(first, rest);
  });
  return { expr, args: argsRule(kit) };
}

const argsRule = (kit: RuleKit): Rule<Argument[]> => {
  const argument = kit.RULE<Argument>('argument', () => {
    const start = kit.here();
    return kit.OR<Argument>([
      {
        GATE: () => kit.LA(2).tokenType === T.Equal,
        ALT: () => {
          const name = kit.SUBRULE(kit.shared.name);
          kit.CONSUME(T.Equal);
          const value = kit.SUBRULE(kit.shared.expr);
          return { name, value, span: kit.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          const first = kit.SUBRULE1(kit.shared.expr);
          const second = kit.OPTION(() => {
            kit.CONSUME(T.Colon);
            return kit.SUBRULE2(kit.shared.expr);
          });
          const span = kit.spanFrom(start);
          return second === undefined
            ? { value: first, span }
            : { share: first, value: second, span };
        },
      },
    ]);
  });
  return kit.RULE('args', () => {
    const list: Argument[] = [];
    kit.CONSUME(T.LeftParen);
    kit.OPTION(() => {
      list.push(kit.SUBRULE(argument));
      kit.MANY(() => {
        kit.CONSUME(T.Comma);
        list.push(kit.SUBRULE1(argument));
      });
    });
    kit.CONSUME(T.RightParen);
    return list;
  });
};

export const valueRule = (kit: RuleKit): Rule<Value> =>
  kit.RULE('value', () => {
    const start = kit.here();
    const tilde = kit.OPTION(() => tokenSpan(kit.CONSUME(T.Tilde)));
    const low = kit.SUBRULE(kit.shared.expr);
    const high = kit.OPTION1(() => {
      kit.CONSUME(T.DotDot);
      return kit.SUBRULE1(kit.shared.expr);
    });
    const span = kit.spanFrom(start);
    const expr: Expr = high === undefined ? low : { kind: 'range', low, high, span };
    return tilde === undefined ? { expr, span } : { tilde, expr, span };
  });

export const valuesRule = (kit: RuleKit): Rule<Value[]> =>
  kit.RULE('values', () => {
    const list = [kit.SUBRULE(kit.shared.value)];
    kit.MANY(() => {
      list.push(kit.SUBRULE1(kit.shared.value));
    });
    return list;
  });

/** After a comma: a path followed by the start of a value is a new key. */
function newKeyAhead(kit: RuleKit): boolean {
  let offset = 1;
  if (!T.isToken(kit.LA(offset), T.NameLike)) return false;
  while (kit.LA(offset + 1).tokenType === T.Dot) {
    if (!T.isToken(kit.LA(offset + 2), T.NameLike)) return false;
    offset += 2;
  }
  const next = kit.LA(offset + 1);
  return (
    next.tokenType === T.Quantity ||
    next.tokenType === T.Text ||
    next.tokenType === T.Tilde ||
    T.isToken(next, T.NameLike)
  );
}

export function propRule(kit: RuleKit): Rule<Prop> {
  const group = kit.RULE<PropGroup>('group', () => {
    const start = kit.here();
    const key = kit.OPTION({
      GATE: () => newKeyAhead(kit),
      DEF: () => kit.SUBRULE(kit.shared.path),
    });
    const values = kit.SUBRULE(kit.shared.values);
    const span = kit.spanFrom(start);
    return key === undefined ? { values, span } : { key, values, span };
  });
  return kit.RULE('prop', () => {
    const start = kit.here();
    const path = kit.SUBRULE(kit.shared.path);
    const groups: PropGroup[] = [];
    const block = kit.OPTION<Block | undefined>(() =>
      kit.OR<Block | undefined>([
        { ALT: () => kit.SUBRULE(kit.shared.block) },
        {
          ALT: () => {
            const from = kit.here();
            const values = kit.SUBRULE(kit.shared.values);
            groups.push({ values, span: kit.spanFrom(from) });
            kit.MANY(() => {
              kit.CONSUME(T.Comma);
              groups.push(kit.SUBRULE(group));
            });
            return undefined;
          },
        },
      ]),
    );
    const span = kit.spanFrom(start);
    return block === undefined ? { path, groups, span } : { path, groups, block, span };
  });
}
