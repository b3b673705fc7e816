/**
 * The grammar as shapes: what the parser records about its rules, without its bookkeeping. Rules that
 * only collect lines, and rules that stand for one other thing, are written in place.
 */
import type { ISerializedGast } from 'chevrotain';
import { grammarProductions } from '../parse.js';

export type Shape =
  /** A word, a sign or a class of tokens: `'load'`, `a number`. */
  | { readonly kind: 'token'; readonly text: string }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'sequence'; readonly items: readonly Shape[] }
  | { readonly kind: 'choice'; readonly items: readonly Shape[] }
  | { readonly kind: 'optional'; readonly item: Shape }
  /** Any number of times, also none. */
  | { readonly kind: 'repeat'; readonly item: Shape };

export interface GrammarRule {
  readonly name: string;
  readonly shape: Shape;
}

const sequence = (items: readonly Shape[]): Shape => {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: 'sequence', items };
};

/** Chevrotain's serialized nodes; their fields depend on their type. */
type SerializedNode = Omit<ISerializedGast, 'definition'> & {
  readonly name?: string;
  readonly label?: string;
  readonly definition?: readonly SerializedNode[];
};

function shapeOf(node: SerializedNode): Shape {
  const inner = (): Shape => sequence((node.definition ?? []).map(shapeOf));
  switch (node.type) {
    case 'Terminal':
      return { kind: 'token', text: node.label ?? node.name ?? '' };
    case 'NonTerminal':
      return { kind: 'rule', name: node.name ?? '' };
    case 'Alternation':
      return { kind: 'choice', items: (node.definition ?? []).map(shapeOf) };
    case 'Option':
      return { kind: 'optional', item: inner() };
    case 'Repetition':
    case 'RepetitionWithSeparator':
      return { kind: 'repeat', item: inner() };
    default:
      return inner();
  }
}

/** Rules that exist for the parser's sake: lines with their ends, wrappers of a single thing. */
const INLINED: ReadonlySet<string> = new Set([
  'declarationLine',
  'statementLine',
  'propertyLine',
  'churnKey',
  'churnProp',
  'creationHead',
  'creationKey',
  'creationOption',
  'moduleHead',
  'bpfHead',
  'trampolineHead',
  'kprobeHead',
  'load',
  'mixOption',
  'branch',
  'expectPlace',
  'expectTail',
  'order',
  'reference',
  'group',
  'compare',
  'text',
  'name',
]);

/** What some inlined rules are called in a diagram. */
const NAMED_TOKENS: Readonly<Record<string, string>> = {
  name: 'NAME',
  text: 'TEXT',
  compare: 'CMP',
};

function inlined(shape: Shape, rules: ReadonlyMap<string, Shape>): Shape {
  switch (shape.kind) {
    case 'token':
      return shape;
    case 'rule': {
      const token = NAMED_TOKENS[shape.name];
      if (token !== undefined) return { kind: 'token', text: token };
      const found = INLINED.has(shape.name) ? rules.get(shape.name) : undefined;
      return found === undefined ? shape : inlined(found, rules);
    }
    case 'sequence':
      return sequence(
        shape.items
          .map((item) => inlined(item, rules))
          .flatMap((item) => (item.kind === 'sequence' ? item.items : [item])),
      );
    case 'choice':
      return { kind: 'choice', items: shape.items.map((item) => inlined(item, rules)) };
    case 'optional':
    case 'repeat':
      return { kind: shape.kind, item: inlined(shape.item, rules) };
  }
}

const FIRST_LINE: readonly Shape[] = [
  { kind: 'token', text: "'xlab'" },
  { kind: 'token', text: "'1'" },
  { kind: 'token', text: 'the end of the line' },
];

/** The rules of the reference, in the order in which the parser defines them. */
export function grammarRules(): readonly GrammarRule[] {
  const productions = grammarProductions() as readonly SerializedNode[];
  const rules = new Map<string, Shape>();
  for (const production of productions) {
    rules.set(production.name ?? '', sequence((production.definition ?? []).map(shapeOf)));
  }
  // The reader of the first line stands before the parser.
  const file = rules.get('file');
  if (file !== undefined) rules.set('file', sequence([...FIRST_LINE, file]));
  return [...rules]
    .filter(([name]) => !INLINED.has(name))
    .map(([name, shape]) => ({ name, shape: inlined(shape, rules) }));
}

/** A shape as EBNF: `[ ]` optional, `{ }` any number of times, `|` choice. */
export function ebnfOf(shape: Shape, nested = false): string {
  switch (shape.kind) {
    case 'token':
      return shape.text.startsWith("'") ? shape.text.replaceAll("'", '"') : upper(shape.text);
    case 'rule':
      return shape.name;
    case 'sequence':
      return shape.items.map((item) => ebnfOf(item, true)).join(' ');
    case 'choice': {
      const text = shape.items.map((item) => ebnfOf(item)).join(' | ');
      return nested ? `( ${text} )` : text;
    }
    case 'optional':
      return `[ ${ebnfOf(shape.item)} ]`;
    case 'repeat':
      return `{ ${ebnfOf(shape.item)} }`;
  }
}

/** Classes of tokens in capitals: `a number` is NUMBER. */
const TOKEN_CLASSES: Readonly<Record<string, string>> = {
  'a number': 'QUANTITY',
  'the end of the line': 'NL',
};

const upper = (text: string): string => TOKEN_CLASSES[text] ?? text;
