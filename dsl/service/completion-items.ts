/** Items of completion: names of the file and of used files, names of the catalog, words. */
import type { SymbolKind } from '../names/file-symbols.js';
import { VISIBLE_KINDS } from '../names/file-symbols.js';
import { FORMS } from '../values/distributions.js';
import type { CaretContext } from './completion-context.js';
import type { LanguageDocument } from './document.js';
import { metricDetail } from './hover-catalog.js';
import type { SymbolRole } from './occurrences.js';

export type CompletionKind = 'keyword' | 'name' | 'property' | 'function' | 'word' | 'metric';

export interface CompletionItem {
  readonly label: string;
  readonly kind: CompletionKind;
  /** A few words beside the label. */
  readonly detail: string;
  /** A sentence or two. */
  readonly documentation: string;
}

export const item = (
  label: string,
  kind: CompletionKind,
  detail = '',
  documentation = '',
): CompletionItem => ({ label, kind, detail, documentation });

export const words = (...list: readonly string[]): readonly CompletionItem[] =>
  list.map((label) => item(label, 'keyword'));

/**
 * Names of these kinds, those of used files with their prefix. `prefix` limits them to what stands
 * behind its last dot.
 */
export function namesOf(
  document: LanguageDocument,
  kinds: readonly SymbolKind[] | undefined,
  prefix = '',
): readonly CompletionItem[] {
  const { symbols } = document;
  const items: CompletionItem[] = [];
  const wanted = (kind: SymbolKind): boolean => kinds === undefined || kinds.includes(kind);
  for (const [name, symbol] of symbols.names) {
    if (wanted(symbol.kind) && symbol.kind !== 'use') items.push(item(name, 'name', symbol.kind));
    if (symbol.kind !== 'use' || symbol.file === undefined) continue;
    for (const [inner, found] of symbol.file.names) {
      if (!VISIBLE_KINDS.has(found.kind) || !wanted(found.kind)) continue;
      items.push(item(`${name}.${inner}`, 'name', found.kind));
    }
  }
  return prefix === '' ? items : items.filter(({ label }) => label.startsWith(prefix));
}

/** Names of the catalog. */
export function catalogItems(
  { catalog }: LanguageDocument,
  what: 'metric' | 'cpu' | 'kernel' | 'format' | 'layout',
): readonly CompletionItem[] {
  switch (what) {
    case 'metric':
      return catalog.metrics.map((info) =>
        item(info.name, 'metric', metricDetail(info), info.meaning),
      );
    case 'cpu':
      return catalog.cpuProfiles.flatMap(({ name, title, aliases }) =>
        [name, ...aliases].map((label) => item(label, 'word', title)),
      );
    case 'kernel':
      return catalog.kernelReleases.map((name) =>
        item(`"${name}"`, 'word', 'rules of this release'),
      );
    case 'format':
      return catalog.importFormats.map(({ name, summary }) => item(name, 'word', summary));
    case 'layout':
      return catalog.stdLayouts.map(({ name, objects }) =>
        item(`std.${name.replace(/^std\./, '')}`, 'name', `${objects.length} allocations`),
      );
  }
}

/** Designs: built-in ones, or with the allocators of the file, or those that `compare` lists. */
export function design(
  document: LanguageDocument,
  which: 'built-in' | 'all' | 'compared',
): readonly CompletionItem[] {
  const builtIn = document.catalog.designs.map((info) =>
    item(info.name, 'name', info.origin, info.summary),
  );
  if (which === 'built-in') return builtIn;
  const all = [...namesOf(document, ['allocator']), ...builtIn];
  if (which === 'all') return all;
  const compare = document.parsed.tree.declarations.find((node) => node.kind === 'compare');
  const names = compare?.designs.map((path) => path.text) ?? [];
  return names.map((name) => all.find((entry) => entry.label === name) ?? item(name, 'name'));
}

/** What a value may be made of. */
export function expressionItems(
  document: LanguageDocument,
  { line, offset }: Pick<CaretContext, 'line' | 'offset'>,
  how: 'fixed' | 'drawn' | 'argument',
): readonly CompletionItem[] {
  const forms = FORMS.map((form) =>
    item(form.name, 'function', `${form.name}(${form.parameters.join(', ')})`, form.help),
  );
  const locals = localItems(document, offset, ['variable', 'argument']);
  const params = [...locals, ...namesOf(document, ['param'])];
  if (how === 'drawn') return [...namesOf(document, ['dist']), ...forms];
  if (how === 'fixed') return params;
  const open = line.lastIndexOf('(');
  const form = FORMS.find((entry) => entry.name === line[open - 1]);
  const own = [
    ...(form?.parameters ?? []),
    ...(form?.plain ?? []),
    ...(form === undefined ? [] : ['min', 'max']),
  ];
  const names = [...new Set(own)].map((name) => item(name, 'property', `${name}=`));
  return [...names, ...params];
}

/** Handles, or variables and arguments, that are known at an offset. */
export function localItems(
  document: LanguageDocument,
  offset: number,
  roles: readonly SymbolRole[],
): readonly CompletionItem[] {
  const items = new Map<string, CompletionItem>();
  for (const { thing, isDeclaration } of document.occurrences) {
    const { scope, name, role, creation } = thing;
    if (!isDeclaration || scope === undefined || !roles.includes(role)) continue;
    if (scope.start <= offset && offset <= scope.end) {
      items.set(name, item(name, 'name', creation?.what ?? role));
    }
  }
  return [...items.values()];
}
