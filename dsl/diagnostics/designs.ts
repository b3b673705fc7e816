/** Designs, options and imports: X0701, X0702, X0703, X0801, X0802. */
import type { PluginReply } from '../../src/contract/catalog.js';
import type { Diagnostic, Span } from '../../src/contract/diagnostic.js';
import { make, replace, shortName, suggestion } from './make.js';

export const unknownOption = (at: {
  span: Span;
  name: string;
  design: string;
  options: readonly string[];
}): Diagnostic => {
  const nearest = suggestion(at.name, at.options);
  const message = `'${at.design}' has no option '${shortName(at.name)}'`;
  const list = at.options.length === 0 ? 'it has no options' : `options: ${at.options.join(' ')}`;
  return make('X0801', at.span, message, {
    help: nearest === undefined ? list : `did you mean '${nearest}'? ${list}`,
    ...(nearest === undefined ? {} : replace(at.span, nearest, `Change to '${nearest}'`)),
  });
};

export const wrongOption = (at: {
  span: Span;
  option: string;
  takes: string;
  found: string;
  /** The word that was written and the words that may stand there. */
  choice?: { readonly word: string; readonly words: readonly string[] };
}): Diagnostic => {
  const nearest = at.choice === undefined ? undefined : suggestion(at.choice.word, at.choice.words);
  const takes = `it takes ${at.takes}`;
  return make('X0801', at.span, `'${shortName(at.option)}' cannot be ${at.found}`, {
    help: nearest === undefined ? takes : `did you mean '${nearest}'? ${takes}`,
    ...(nearest === undefined ? {} : replace(at.span, nearest, `Change to '${nearest}'`)),
  });
};

/** A plugin that did not load, for the reason that the host gives. */
export const pluginRefused = (
  span: Span,
  { kind: _, message, ...more }: Extract<PluginReply, { kind: 'refused' }>,
): Diagnostic => make('X0802', span, message, more);

/** A finding of an import reader, at the declaration. */
export const importFinding = (found: Diagnostic, span: Span): Diagnostic =>
  found.span === undefined || found.source === undefined ? { ...found, span } : found;

export const importEmpty = (span: Span, path: string): Diagnostic =>
  make('X0701', span, `'${shortName(path)}' gave no data`, {
    help: 'check the file and its format',
  });

export const machineFile = (span: Span, path: string, problem: string): Diagnostic =>
  make('X0701', span, `'${shortName(path)}' ${problem}`, {
    help: 'write a JSON object: {"ram": "8GiB", "cpu": "skl"}',
  });

export const hiddenPointers = (span: Span, path: string): Diagnostic =>
  make('X0702', span, `kernel pointers are hidden in '${shortName(path)}'`, {
    help: 'record it as root, with kernel.kptr_restrict=1',
  });
