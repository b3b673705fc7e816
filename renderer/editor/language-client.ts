/** Questions of the editor to the language service behind the window. */
import type { LanguageAnswer, LanguageQuestion } from '../../src/contract/language-data.js';

/** Asks about the text that is in the editor now; null when the lab cannot be asked. */
export type AskLanguage = (
  text: string,
  question: LanguageQuestion,
) => Promise<LanguageAnswer | null>;
