/** Completion from the language service: what may stand at the caret. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { AskLanguage } from './language-client.js';

const TYPES: Readonly<Record<string, string>> = {
  keyword: 'keyword',
  name: 'variable',
  property: 'property',
  function: 'function',
  word: 'enum',
  metric: 'constant',
};

/** Names have dots and underscores in them: `text.pte_4k`. */
const WORD_BEFORE = /[\w.]+$/;

export function completionSource(ask: AskLanguage) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const isTyping = context.matchBefore(WORD_BEFORE) !== null || afterTrigger(context);
    if (!context.explicit && !isTyping) return null;
    const text = context.state.doc.toString();
    const answer = await ask(text, { kind: 'complete', offset: context.pos });
    if (answer?.kind !== 'complete' || answer.items.length === 0) return null;
    return {
      from: answer.replace.start,
      to: answer.replace.end,
      validFor: /^[\w.]*$/,
      options: answer.items.map((item): Completion => {
        const type = TYPES[item.kind] ?? 'text';
        return {
          label: item.label,
          type,
          ...(item.detail === '' ? {} : { detail: item.detail }),
          ...(item.documentation === '' ? {} : { info: item.documentation }),
        };
      }),
    };
  };
}

/** Behind these a list helps without being asked for. */
const afterTrigger = (context: CompletionContext): boolean =>
  context.matchBefore(/(?:[:,~@=(]|\b(?:compare|baseline|in|for|of|into|cpu|kernel))[ \t]+$/) !==
  null;
