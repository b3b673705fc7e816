/**
 * A scenario as an editor holds it: its text with everything that is known about it without running.
 * Made anew for each version of the text; parts are computed when they are first asked for.
 */
import type { LabCatalog, LanguageHost } from '../../src/contract/catalog.js';
import { elaborate, type Elaboration } from '../elaborate.js';
import { FileLoader } from '../names/load-files.js';
import type { FileSymbols } from '../names/file-symbols.js';
import { lex, parseScenario, type Lexed, type ParseResult } from '../parse.js';
import { collectOccurrences, type Occurrence } from './occurrences.js';

export interface DocumentInput {
  readonly text: string;
  /** Name for messages. */
  readonly file: string;
  readonly catalog: LabCatalog;
  readonly host: LanguageHost;
}

const NO_TOKENS: Lexed = { tokens: [], comments: [], diagnostics: [] };

export class LanguageDocument {
  readonly text: string;
  readonly catalog: LabCatalog;
  readonly parsed: ParseResult;
  private readonly input: DocumentInput;
  private lexedText: Lexed | undefined;
  private main: FileSymbols | undefined;
  private found: readonly Occurrence[] | undefined;
  private checked: Elaboration | undefined;

  constructor(input: DocumentInput) {
    this.input = input;
    this.text = input.text;
    this.catalog = input.catalog;
    this.parsed = parseScenario(input.text);
  }

  /** Tokens and comments; none when the text is too large to read. */
  get lexed(): Lexed {
    this.lexedText ??= this.parsed.refused ? NO_TOKENS : lex(this.text);
    return this.lexedText;
  }

  /** Names of the file and of the files that it uses. */
  get symbols(): FileSymbols {
    const { host, text, file } = this.input;
    // What is wrong is found by `elaboration`; here only the names count.
    this.main ??= new FileLoader(host, () => undefined).main(text, this.parsed, file);
    return this.main;
  }

  /** Every place where a name stands, in the order of the text. */
  get occurrences(): readonly Occurrence[] {
    this.found ??= collectOccurrences(this.symbols, this.catalog);
    return this.found;
  }

  /** Diagnostics and, when nothing is wrong, the plan. */
  get elaboration(): Elaboration {
    const { host, text, file, catalog } = this.input;
    this.checked ??= elaborate({ text, file }, catalog, host);
    return this.checked;
  }
}
