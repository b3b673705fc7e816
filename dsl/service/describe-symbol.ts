/** What a name of the file stands for: its declaration, the comment above it, figures. Markdown. */
import type { Span } from '../../src/contract/diagnostic.js';
import { commentAbove } from '../comment-above.js';
import { CREATION_TEXT } from '../lower/creation.js';
import type { FileSymbol, FileSymbols } from '../names/file-symbols.js';
import { distributionOf } from '../values/distributions.js';
import { evaluate } from '../values/evaluate.js';
import { PointValues, Scope } from '../values/scope.js';
import { designOfDeclaration } from './allocator-design.js';
import type { LanguageDocument } from './document.js';
import { designText } from './hover-catalog.js';
import { distributionText, readable } from './hover-values.js';
import type { NamedThing } from './occurrences.js';
import { phaseFacts } from './request-counts.js';

const code = (text: string): string => `\`\`\`\n${text}\n\`\`\``;

/** A declaration cut to what fits into a hover. */
function shortText(file: FileSymbols, span: Span): string {
  const lines = file.text.slice(span.start, span.end).split(/\r\n|\n|\r/);
  return lines.length <= 12 ? lines.join('\n') : [...lines.slice(0, 11), '  ...'].join('\n');
}

export function describeSymbol(thing: NamedThing, document: LanguageDocument): string | undefined {
  const { symbol, file } = thing;
  if (symbol !== undefined && file !== undefined) return symbolText(symbol, file, document);
  switch (thing.role) {
    case 'handle': {
      const { creation } = thing;
      if (creation === undefined) return undefined;
      const text = document.symbols.textOf(creation.span);
      return `${code(`let ${thing.name} = ${text}`)}\n\nOne allocation: ${CREATION_TEXT[creation.what]}`;
    }
    case 'variable':
      return `**${thing.name}**: variable of a \`for\`, one whole number after the other`;
    case 'argument':
      return `**${thing.name}**: argument of this workload`;
    case 'branch':
      return `**${thing.name}**: branch of a \`parallel\``;
    case 'mark':
      return `mark "${thing.name}"`;
    default:
      return undefined;
  }
}

function symbolText(symbol: FileSymbol, file: FileSymbols, document: LanguageDocument): string {
  const parts: string[] = [];
  if (symbol.kind === 'pool') {
    parts.push(`**pool ${symbol.name.text}**: a set of live allocations`);
    parts.push(commentAbove(file.text, symbol.name.span.start));
  } else if (symbol.kind === 'use') {
    const source = symbol.file?.source ?? 'a file that cannot be read';
    parts.push(`**${symbol.name.text}**: names of ${source}`);
  } else {
    parts.push(code(shortText(file, symbol.span)), commentAbove(file.text, symbol.span.start));
    parts.push(factsOf(symbol, file, document));
  }
  return parts.filter((part) => part !== '').join('\n\n');
}

function factsOf(
  symbol: Exclude<FileSymbol, { kind: 'pool' | 'use' }>,
  file: FileSymbols,
  document: LanguageDocument,
): string {
  const scope = new Scope(file, new PointValues());
  switch (symbol.kind) {
    case 'param': {
      const value = evaluate(symbol.value, scope);
      const shown = value.kind === 'number' ? `value ${readable(value.value, value.unit)}` : '';
      return [symbol.help?.value ?? '', shown].filter((part) => part !== '').join('\n\n');
    }
    case 'dist': {
      const found = distributionOf(symbol.value, scope, () => undefined);
      return found === undefined ? '' : distributionText(found.plan, found.unit);
    }
    case 'allocator': {
      const info = designOfDeclaration(symbol, document);
      return info === undefined ? '' : designText(info);
    }
    case 'phase': {
      const facts = phaseFacts(document).find((entry) => entry.name === symbol.name.text);
      if (facts === undefined) return '';
      const requests = readable(Math.round(facts.requests), 'count');
      return `about ${requests} requests in ${readable(facts.durationNs, 'time')}`;
    }
    case 'import': {
      const { text } = symbol.format;
      return document.catalog.importFormats.find((format) => format.name === text)?.summary ?? '';
    }
    case 'module':
    case 'workload':
      return '';
  }
}
