/** Adding a design to the comparison: what can be added, and the edits that do it. */
import type { DesignInfo, OptionSpec } from '../../src/contract/catalog.js';
import type { AddedDesign, DesignChoice } from '../../src/contract/language-data.js';
import type { CompareDecl } from '../ast.js';
import { optionTakes } from '../lower/design-options.js';
import { isReservedWord } from '../tokens.js';
import type { TextEdit } from './actions.js';
import type { LanguageDocument } from './document.js';
import { defaultText } from './hover-catalog.js';

/** The built-in designs with their options, in the order of the catalog. */
export const designChoices = ({ catalog }: LanguageDocument): readonly DesignChoice[] =>
  catalog.designs.map(({ name, origin, summary, options }) => ({
    name,
    origin,
    summary,
    options: options.map((option) => ({
      name: option.name,
      help: option.help,
      takes: optionTakes(option),
      usual: defaultText(option),
      values: valuesOf(option),
    })),
  }));

/** Values to choose one of; empty where the option takes any. */
function valuesOf(option: OptionSpec): readonly string[] {
  if (option.kind === 'choice') return option.values;
  return option.kind === 'switch' ? ['on', 'off'] : [];
}

export type AddDesignResult =
  | { readonly edits: readonly TextEdit[]; readonly problem?: undefined }
  | { readonly edits?: undefined; readonly problem: string };

const refuse = (problem: string): AddDesignResult => ({ problem });

/** Edits that put a design at the end of the `compare` line, with an `allocator` for its options. */
export function addDesign(document: LanguageDocument, wanted: AddedDesign): AddDesignResult {
  const compare = document.parsed.tree.declarations.find(
    (entry): entry is CompareDecl => entry.kind === 'compare',
  );
  const last = compare?.designs.at(-1);
  if (compare === undefined || last === undefined) {
    return refuse('the scenario has no `compare` line to add a design to');
  }
  const info = document.catalog.designs.find(({ name }) => name === wanted.design);
  if (info === undefined) return refuse(`there is no design '${wanted.design}'`);
  const compared = compare.designs.map(({ text }) => text);
  const options = Object.entries(wanted.options).filter(([, value]) => value.trim() !== '');
  const isPlain = options.length === 0 && (wanted.name === '' || wanted.name === info.name);
  const name = isPlain ? info.name : wanted.name;
  const problem =
    nameProblem(document, { name, isPlain, isCompared: compared.includes(name) }) ??
    optionProblem(info, options);
  if (problem !== undefined) return refuse(problem);
  const listed = { span: { start: last.span.end, end: last.span.end }, newText: `, ${name}` };
  if (isPlain) return { edits: [listed] };
  const start = lineStart(document.text, compare.span.start);
  const block = options.map(([key, value]) => `${key} ${value.trim()}`).join('; ');
  const newText = `allocator ${name} = ${info.name}${block === '' ? '' : ` { ${block} }`}\n`;
  return { edits: [{ span: { start, end: start }, newText }, listed] };
}

const lineStart = (text: string, offset: number): number =>
  Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;

function nameProblem(
  document: LanguageDocument,
  wanted: { readonly name: string; readonly isPlain: boolean; readonly isCompared: boolean },
): string | undefined {
  const { name, isPlain, isCompared } = wanted;
  if (isCompared) return `'${name}' is compared already; give this one a name of its own`;
  if (isPlain) return undefined;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return name === '' ? 'a design with options needs a name' : `'${name}' is not a name`;
  }
  if (isReservedWord(name)) return `'${name}' is a reserved word`;
  const isTaken =
    document.symbols.names.has(name) ||
    document.catalog.designs.some((design) => design.name === name);
  return isTaken ? `'${name}' is the name of something else` : undefined;
}

/** Values are checked by the language once they stand in the text; here only that they are one value. */
function optionProblem(
  info: DesignInfo,
  options: readonly (readonly [string, string])[],
): string | undefined {
  for (const [key, value] of options) {
    if (!info.options.some(({ name }) => name === key))
      return `${info.name} has no option '${key}'`;
    if (!/^[\w.,() ]+$/.test(value)) return `'${value}' is no value of '${key}'`;
  }
  return undefined;
}
