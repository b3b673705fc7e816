/** Completion: what may stand at the caret, by the block around it and the words before it. */
import { DECLARATIONS } from '../declarations/index.js';
import { optionTakes } from '../lower/design-options.js';
import { MACHINE_KEYS } from '../lower/machine-keys.js';
import { SNAPSHOT } from '../lower/probes.js';
import { TLB_ARRAY_KEYS, TLB_LEVEL_KEYS } from '../lower/tlb-levels.js';
import { STATEMENTS } from '../statements/index.js';
import { RESERVED_WORDS, wordText } from '../tokens.js';
import { METRIC_FUNCTIONS, MODULE_SECTIONS } from '../../src/contract/scenario-plan.js';
import { designOfDeclaration, designOfHead } from './allocator-design.js';
import { caretContext, type CaretContext } from './completion-context.js';
import {
  catalogItems,
  design,
  expressionItems,
  item,
  localItems,
  namesOf,
  words,
  type CompletionItem,
} from './completion-items.js';
import type { LanguageDocument } from './document.js';

export type { CompletionItem, CompletionKind } from './completion-items.js';

export interface CompletionList {
  /** Range that an item replaces. */
  readonly replace: { readonly start: number; readonly end: number };
  readonly items: readonly CompletionItem[];
}

type Source = (context: CaretContext, document: LanguageDocument) => readonly CompletionItem[];

const moduleItems = (list: typeof STATEMENTS | typeof DECLARATIONS): readonly CompletionItem[] =>
  list.entries.flatMap((module) =>
    module.starts.map((type) => {
      const label = wordText(type);
      const form =
        module.syntax.find((line) => line.startsWith(label)) ?? module.syntax[0] ?? label;
      return item(label, 'keyword', form, module.help);
    }),
  );

const statementItems = moduleItems(STATEMENTS);
const declarationItems = moduleItems(DECLARATIONS);
const creationItems = words('load', 'create', 'register', 'alloc');

const at = (line: readonly string[], fromEnd: number): string | undefined =>
  line[line.length - fromEnd];

/** Words that may follow a creation, those already given left out. */
function creationOptions(line: readonly string[], what: string): readonly CompletionItem[] {
  const all =
    what === 'module' ? ['into', 'lifetime', 'node'] : ['size', 'into', 'lifetime', 'node'];
  const kinds = what === 'trampoline' || what === 'kprobe' ? [...all, 'kind'] : all;
  return words(...kinds.filter((word) => !line.includes(word)));
}

const creation: Source = (context, document) => {
  const { line } = context;
  const last = at(line, 1);
  const what = line.find((word) => ['module', 'bpf', 'trampoline', 'kprobe'].includes(word)) ?? '';
  switch (last) {
    case 'load':
      return words('module', 'bpf');
    case 'create':
      return words('trampoline');
    case 'register':
      return words('kprobe');
    case 'alloc':
      return words('text', 'data', 'rodata');
    case 'module':
      return [
        item('~', 'keyword', 'load module ~ NAME', 'A shape with drawn sections.'),
        ...namesOf(document, ['module']),
      ];
    case '~':
      return at(line, 2) === 'module'
        ? namesOf(document, ['module'])
        : expressionItems(document, context, 'drawn');
    case 'into':
      return namesOf(document, ['pool']);
    case 'kind':
      return what === 'kprobe' ? words('plain', 'optimized') : words('ftrace', 'bpf');
    case 'size':
    case 'lifetime':
    case 'node':
      return [
        item('~', 'keyword', '~ DISTRIBUTION', 'Draws a value each time.'),
        ...expressionItems(document, context, 'fixed'),
      ];
    default:
      return creationOptions(line, what);
  }
};

const selector: Source = (context, document) => {
  const { line } = context;
  const last = at(line, 1);
  if (line.length === 1)
    return [...localItems(document, context.offset, ['handle']), ...words('all')];
  if (last === 'all' || last === 'of') return namesOf(document, ['pool']);
  return last !== undefined && /^[0-9]/.test(last)
    ? words('oldest', 'newest', 'random', 'largest', 'smallest', 'of')
    : words('of');
};

const arrivals = (): readonly CompletionItem[] =>
  words('poisson', 'uniform', 'burst').map((entry) => ({ ...entry, kind: 'function' }));

/** A statement that has begun. */
const statement: Source = (context, document) => {
  const { line } = context;
  const [first] = line;
  const last = at(line, 1);
  switch (first) {
    case 'let':
      return line.length < 3 ? [] : rest(3, context, document);
    case 'load':
    case 'create':
    case 'register':
    case 'alloc':
      return creation(context, document);
    case 'free':
    case 'unload':
    case 'detach':
    case 'unregister':
    case 'poke':
      return selector(context, document);
    case 'run':
      return namesOf(document, ['workload']);
    case 'start':
      return last === 'start'
        ? words('from')
        : [...catalogItems(document, 'layout'), ...namesOf(document, ['import'])];
    case 'replay':
      if (line.length === 1) return namesOf(document, ['import']);
      return words(...['speed', 'from', 'to'].filter((word) => !line.includes(word)));
    case 'churn':
      return line.length === 1 ? namesOf(document, ['pool']) : [];
    case 'execute':
      return last === 'on' ? words('cpu') : line.length > 1 ? words('on') : [];
    case 'arrive':
      return line.length === 1 ? arrivals() : expressionItems(document, context, 'fixed');
    case 'wait':
      return [
        item('~', 'keyword', 'wait ~ DISTRIBUTION', 'Draws a time.'),
        ...expressionItems(document, context, last === '~' ? 'drawn' : 'fixed'),
      ];
    case 'for':
      return line.length === 2 ? words('in') : expressionItems(document, context, 'fixed');
    case 'if':
      return last === '{}' ? words('else') : expressionItems(document, context, 'fixed');
    case 'mark':
    case 'mix':
      return [];
    default:
      return expressionItems(document, context, 'fixed');
  }
};

/** The line behind its first words. */
function rest(skip: number, context: CaretContext, document: LanguageDocument) {
  const line = context.line.slice(skip);
  return line.length === 0 ? creationItems : statement({ ...context, line }, document);
}

const expectation: Source = (context, document) => {
  const { line } = context;
  const last = at(line, 1) ?? '';
  const begun = line[0] === 'warn' ? line.slice(2) : line.slice(1);
  if (line[0] === 'warn' && line.length === 1) return words('if');
  if (last === 'in' || (last === 'of' && line.includes('end'))) return namesOf(document, ['phase']);
  if (last === 'at') return words('end');
  if (last === 'end') return words('of');
  if (last === '@') return design(document, 'compared');
  if (last === 'for' || (last === ',' && line.includes('for'))) return design(document, 'compared');
  if (last === 'with') return words('confidence');
  const metrics = [...catalogItems(document, 'metric'), ...namesOf(document, ['import'])];
  if (last === 'no') return metrics;
  const functions = [...METRIC_FUNCTIONS, 'abs', 'matched'].map((name) => item(name, 'function'));
  const starts = begun.length === 0 ? words('no', 'never') : [];
  const wantsValue = begun.length === 0 || /^([-+*/(<>=]|[<>=!]=|never|if)$/.test(last);
  if (wantsValue) return [...starts, ...functions, ...metrics, ...namesOf(document, ['param'])];
  return words(...['in', 'at', 'for', 'with'].filter((word) => !line.includes(word)));
};

const probe: Source = (context, document) => {
  const { line } = context;
  if (line.length === 1) return words('every', 'at', 'on');
  if (line.includes(':')) {
    return [
      ...catalogItems(document, 'metric'),
      item(SNAPSHOT, 'word', 'the layout of the address space'),
    ];
  }
  switch (at(line, 1)) {
    case 'at':
      return words('end');
    case 'end':
      return words('of');
    case 'of':
      return namesOf(document, ['phase']);
    case 'on':
      return words('mark');
    default:
      return [];
  }
};

const sweepTargets: Source = (_, document) => [
  ...namesOf(document, ['param']),
  ...MACHINE_KEYS.map((key) => item(`machine.${key.name}`, 'property', key.help)),
  ...[...document.symbols.names].flatMap(([name, symbol]) => {
    if (symbol.kind !== 'allocator') return [];
    const info = designOfDeclaration(symbol, document);
    return (info?.options ?? []).map((option) =>
      item(`${name}.${option.name}`, 'property', option.help),
    );
  }),
];

/** A declaration that has begun. */
const declaration: Source = (context, document) => {
  const { line } = context;
  const last = at(line, 1);
  switch (line[0]) {
    case 'compare': {
      const names = design(document, 'all');
      return last === 'compare' || last === ',' || last === 'baseline' ? names : words('baseline');
    }
    case 'allocator':
      return last === '=' ? [...design(document, 'built-in'), ...words('plugin')] : [];
    case 'machine':
      return words('from');
    case 'sweep':
      if (line.includes('over')) return expressionItems(document, context, 'fixed');
      if (line.length === 1 || last === '(' || last === ',') return sweepTargets(context, document);
      return words('over');
    case 'probe':
      return probe(context, document);
    case 'expect':
    case 'warn':
      return expectation(context, document);
    case 'import':
      if (last === 'format') return catalogItems(document, 'format');
      return line.length === 2 ? words('from') : line.length === 4 ? words('format') : [];
    case 'use':
      return line.length === 2 ? words('as') : [];
    case 'limit':
      return line.length === 1 ? words('events', 'time', 'runs') : [];
    case 'phase':
      return line.length < 2
        ? []
        : words(...['for', 'discard'].filter((word) => !line.includes(word)));
    case 'param':
      if (last === '=' || last === 'in') return expressionItems(document, context, 'fixed');
      return line.length > 3 && !line.includes('in') ? words('in') : [];
    case 'dist':
      return last === '=' ? expressionItems(document, context, 'drawn') : [];
    default:
      return [];
  }
};

const MACHINE_VALUES: Readonly<Record<string, readonly string[]>> = {
  direct_map: ['4K', '2M', '1G'],
  collapse: ['off', 'rox', 'any'],
  free_memory: ['fresh', 'page_cache', 'scattered'],
  module_area: ['1008MiB', '1520MiB'],
  levels: ['4', '5'],
  costs: ['on', 'off'],
  pti: ['on', 'off'],
  kaslr: ['off', 'seeded'],
};

const machineBlock: Source = (context, document) => {
  const { line } = context;
  const [key] = line;
  if (key === undefined) {
    const keys = MACHINE_KEYS.map((entry) => item(entry.name, 'property', entry.help));
    return [...keys, item('tlb', 'property', 'single TLB structures, or whole levels')];
  }
  if (key === 'cpu') return catalogItems(document, 'cpu');
  if (key === 'kernel') return catalogItems(document, 'kernel');
  const values = (MACHINE_VALUES[key] ?? []).map((value) => item(value, 'word'));
  return [...values, ...namesOf(document, ['param'])];
};

const allocatorBlock: Source = ({ block, line }, document) => {
  const options = designOfHead(block.head, document)?.options ?? [];
  const keys = (): readonly CompletionItem[] =>
    options.map((option) => item(option.name, 'property', optionTakes(option), option.help));
  if (line.length === 0) return keys();
  const given = options.filter((option) => line.includes(option.name)).at(-1);
  if (given === undefined) return [];
  const values = given.kind === 'switch' ? ['on', 'off'] : 'values' in given ? given.values : [];
  const list = [...values.map((value) => item(value, 'word')), ...namesOf(document, ['param'])];
  return at(line, 1) === ',' ? [...list, ...keys()] : list;
};

const sections: Source = (context, document) => {
  const { line } = context;
  if (line.length > 0) {
    const drawn = at(line, 1) === '~';
    const tilde = item('~', 'keyword', '~ DISTRIBUTION', 'Draws a size at each load.');
    return [
      ...(drawn ? [] : [tilde]),
      ...expressionItems(document, context, drawn ? 'drawn' : 'fixed'),
    ];
  }
  return [...MODULE_SECTIONS.map((name) => item(name, 'property')), item('init_time', 'property')];
};

const churnBlock: Source = (context, document) => {
  const { line } = context;
  switch (line[0]) {
    case undefined:
      return words('arrive', 'lifetime', 'live', 'hold_back', 'item').map((entry) => ({
        ...entry,
        kind: 'property',
      }));
    case 'arrive':
      return line.length === 1 ? arrivals() : expressionItems(document, context, 'fixed');
    case 'live':
      return line.length === 1
        ? words('at_most', 'about')
        : expressionItems(document, context, 'fixed');
    case 'hold_back':
      return words('allow', 'error');
    case 'item':
      return rest(1, context, document);
    default:
      return expressionItems(document, context, at(line, 1) === '~' ? 'drawn' : 'fixed');
  }
};

const executeBlock: Source = (context, document) => {
  const { line } = context;
  const last = at(line, 1);
  if (line.length === 0) return [...words('kernel', 'user'), ...namesOf(document, ['pool'])];
  if (last === 'locality') return [...words('uniform'), item('zipf', 'function', 'zipf(skew=1.1)')];
  if (last === 'pages') return words('4K', '2M');
  if (line.length === 1 || last === ',') {
    return words(...['weight', 'hot', 'locality', 'pages'].filter((word) => !line.includes(word)));
  }
  return last === 'weight' || last === 'hot' ? namesOf(document, ['param']) : [];
};

const SOURCES: Readonly<Record<CaretContext['block']['kind'], Source>> = {
  top: (context, document) =>
    context.line.length === 0 ? declarationItems : declaration(context, document),
  statements: (context, document) =>
    context.line.length === 0 ? statementItems : statement(context, document),
  branches: ({ line }) => (line.length === 0 ? words('branch') : []),
  mix: (context, document) => {
    const colon = context.line.indexOf(':');
    if (colon < 0) return context.line.length === 0 ? words('rest') : [];
    const line = context.line.slice(colon + 1);
    return line.length === 0 ? statementItems : statement({ ...context, line }, document);
  },
  machine: machineBlock,
  tlb: ({ line }) =>
    line.length === 0
      ? words('itlb_l1_4k', 'itlb_l1_2m', 'stlb', ...TLB_LEVEL_KEYS)
      : ['entries', 'ways'].map((name) => item(name, 'function', `${name}(N)`)),
  tlb_array: ({ line }) => (line.length === 0 ? words(...TLB_ARRAY_KEYS) : []),
  module: sections,
  allocator: allocatorBlock,
  import: () => [],
  churn: churnBlock,
  execute: executeBlock,
};

/** What may stand at an offset. Empty in comments and texts. */
export function completionsAt(document: LanguageDocument, offset: number): CompletionList {
  const context = caretContext(document, offset);
  const { word, call } = context;
  // A number with its unit is being written.
  const inNumber = /[0-9]/.test(document.text.charAt(word.start - 1));
  if (context.quiet || inNumber) {
    return { replace: word, items: [] };
  }
  const written = document.text.slice(word.start, offset);
  const inCall = call !== undefined && call.name !== '' && isNameText(call.name);
  const metricCall = inCall && ['expect', 'warn'].includes(context.line[0] ?? '');
  const found =
    inCall && !metricCall
      ? expressionItems(document, context, 'argument')
      : metricCall && call.inside.length === 0
        ? [...catalogItems(document, 'metric'), ...namesOf(document, ['import'])]
        : SOURCES[context.block.kind](context, document);
  const dotted = written.includes('.') ? namesOf(document, undefined, written) : [];
  const seen = new Set<string>();
  const items = [...found, ...dotted].filter(({ label }) => {
    const fresh =
      !seen.has(label) && label.startsWith(written.slice(0, written.lastIndexOf('.') + 1));
    seen.add(label);
    return fresh;
  });
  return { replace: word, items };
}

const isNameText = (text: string): boolean =>
  /^[A-Za-z_]/.test(text) && !(RESERVED_WORDS as readonly string[]).includes(text);
