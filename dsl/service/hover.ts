/** Hover: what the word at an offset is, in Markdown. */
import type { Span } from '../../src/contract/diagnostic.js';
import type { Expr } from '../ast.js';
import { ARRIVAL_FORMS } from '../lower/arrivals.js';
import { MACHINE_KEYS } from '../lower/machine-keys.js';
import { STATEMENTS } from '../statements/index.js';
import { DECLARATIONS } from '../declarations/index.js';
import * as T from '../tokens.js';
import { FORMS, distributionOf } from '../values/distributions.js';
import { PointValues, Scope } from '../values/scope.js';
import { visitTree } from '../visit-tree.js';
import { designOfHead } from './allocator-design.js';
import { caretContext, type CaretContext } from './completion-context.js';
import type { LanguageDocument } from './document.js';
import { describeSymbol } from './describe-symbol.js';
import { designText, metricText, optionText } from './hover-catalog.js';
import { distributionText, quantityText } from './hover-values.js';
import { occurrenceAt } from './navigation.js';
import type { NamedThing } from './occurrences.js';

export interface Hover {
  /** Markdown. */
  readonly text: string;
  readonly span: Span;
}

/** What functions over a phase give. */
const FUNCTION_TEXT: Readonly<Record<string, string>> = {
  mean: 'mean over the time of the phase',
  max: 'largest sample in the phase',
  min: 'smallest sample in the phase',
  last: 'value at the end of the phase',
  first: 'value at the start of the phase',
  p50: 'median of the samples in the phase',
  p90: '90th percentile of the samples in the phase',
  p99: '99th percentile of the samples in the phase',
  rate: 'increase per second of the phase',
  delta: 'last value minus first value of the phase',
  integral: 'value times time, in seconds, added up over the phase',
  abs: 'absolute value',
  matched: 'share of the records of an import that could be used',
  poisson: 'arrivals at random, at this rate on average',
  burst: 'several arrivals at once, bursts at this rate',
  scattered: 'share of the page blocks whose free pages lie scattered',
  per_node: 'one pack per NUMA node',
};

const SECTION_TEXT: Readonly<Record<string, string>> = {
  text: 'code of the module',
  data: 'writable data',
  rodata: 'constants',
  ro_after_init: 'data that becomes read-only when init ends',
  'init.text': 'code of init, freed when init ends',
  'init.data': 'data of init, freed when init ends',
  'init.rodata': 'constants of init, freed when init ends',
  init_time: 'time from load to the end of init',
};

const ROW_TEXT: Readonly<Record<string, string>> = {
  weight: 'share of the references; all rows add up to 100%',
  hot: 'part of it in use',
  locality: 'how references spread over the members: uniform, or zipf(skew=S)',
  pages: 'page size of user code: 4K or 2M',
  kernel: 'the core kernel image, mapped with 2M pages',
  user: 'user code that competes for the same TLB',
};

/** The token that holds an offset. */
function tokenAt(document: LanguageDocument, offset: number) {
  return document.lexed.tokens.find(
    (token) =>
      token.tokenType !== T.LineEnd && token.startOffset <= offset && offset < T.tokenEnd(token),
  );
}

export function hoverAt(document: LanguageDocument, offset: number): Hover | undefined {
  const found = occurrenceAt(document, offset);
  if (found !== undefined) {
    const text = textOfThing(found.thing, found.span, document);
    if (text !== undefined) return { text, span: found.span };
  }
  const token = tokenAt(document, offset);
  if (token === undefined) return undefined;
  const span = { start: token.startOffset, end: T.tokenEnd(token) };
  if (token.tokenType === T.Quantity) {
    const text = quantityText(token.image);
    return text === undefined ? undefined : { text, span };
  }
  const context = caretContext(document, span.end);
  const word = dottedWord(document, context);
  const text = wordText(word, context, document);
  return text === undefined ? undefined : { text, span: context.word };
}

/** `init.text` is one word. */
const dottedWord = (document: LanguageDocument, { word }: CaretContext): string =>
  document.text.slice(word.start, word.end);

function textOfThing(
  thing: NamedThing,
  span: Span,
  document: LanguageDocument,
): string | undefined {
  const { catalog } = document;
  switch (thing.role) {
    case 'metric': {
      const info = catalog.metrics.find((metric) => metric.name === thing.name);
      return info === undefined ? undefined : metricText(info);
    }
    case 'design': {
      const info = catalog.designs.find((entry) => entry.name === thing.name);
      return info === undefined ? undefined : designText(info);
    }
    case 'function':
      return functionText(thing.name, span, document);
    default:
      return describeSymbol(thing, document);
  }
}

function functionText(name: string, span: Span, document: LanguageDocument): string | undefined {
  const form = FORMS.find((entry) => entry.name === name);
  const known = FUNCTION_TEXT[name];
  const call = callAt(span, document);
  const inArrival = (ARRIVAL_FORMS as readonly string[]).includes(name) && call === undefined;
  if (form === undefined || inArrival)
    return known === undefined ? undefined : `**${name}**: ${known}`;
  const figures = call === undefined ? undefined : distributionFigures(call, document);
  const head = `**${form.name}**(${form.parameters.join(', ')}): ${form.help}`;
  return figures === undefined ? head : `${head}\n\n${figures}`;
}

/** The distribution whose name stands at a span; undefined for arrivals. */
function callAt(span: Span, document: LanguageDocument): Expr | undefined {
  let found: Expr | undefined;
  visitTree(document.parsed.tree, {
    expr(node) {
      if (node.kind === 'call' && node.path.span.start === span.start) found = node;
    },
  });
  return found;
}

/** Mean, percentiles and histogram of a distribution; undefined when it has a mistake. */
export function distributionFigures(expr: Expr, document: LanguageDocument): string | undefined {
  const scope = new Scope(document.symbols, new PointValues());
  const found = distributionOf(expr, scope, () => undefined);
  return found === undefined ? undefined : distributionText(found.plan, found.unit);
}

function wordText(
  word: string,
  context: CaretContext,
  document: LanguageDocument,
): string | undefined {
  const { block, line } = context;
  const atStart = line.length === 0;
  const titled = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : `**${word}**: ${text}`;
  switch (block.kind) {
    case 'machine': {
      if (!atStart) return valueText(word, line[0] ?? '', document);
      if (word === 'tlb') return titled('single TLB structures, or whole levels');
      return titled(MACHINE_KEYS.find((key) => key.name === word)?.help);
    }
    case 'module':
      return atStart ? titled(SECTION_TEXT[word]) : undefined;
    case 'execute':
      return titled(ROW_TEXT[word]);
    case 'allocator': {
      const design = designOfHead(block.head, document);
      const option = design?.options.find((entry) => entry.name === word);
      return option === undefined ? undefined : optionText(option);
    }
    default:
      return atStart || block.kind === 'mix'
        ? keywordText(word)
        : (valueText(word, line[0] ?? '', document) ?? keywordText(word));
  }
}

function valueText(word: string, key: string, { catalog }: LanguageDocument): string | undefined {
  if (key === 'cpu') {
    const profile = catalog.cpuProfiles.find(
      ({ name, aliases }) => name === word || aliases.includes(word),
    );
    if (profile === undefined) return undefined;
    const others = [profile.name, ...profile.aliases].filter((name) => name !== word);
    const also = others.length === 0 ? '' : `\n\nAlso: ${others.join(', ')}`;
    return `**${word}**: ${profile.title}${also}`;
  }
  if (key === 'import') {
    const format = catalog.importFormats.find(({ name }) => name === word);
    return format === undefined ? undefined : `**${word}**: ${format.summary}`;
  }
  return undefined;
}

function keywordText(word: string): string | undefined {
  const module = [...DECLARATIONS.entries, ...STATEMENTS.entries].find((entry) =>
    entry.starts.some((type) => T.wordText(type) === word),
  );
  if (module === undefined) return undefined;
  return ['```', ...module.syntax, '```', '', module.help].join('\n');
}
