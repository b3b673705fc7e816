/** The design behind `allocator NAME = ...`, built in or of a plugin: what it declares. */
import type { DesignInfo } from '../../src/contract/catalog.js';
import type { AllocatorDecl } from '../ast.js';
import type { LanguageDocument } from './document.js';

const builtIn = (name: string | undefined, { catalog }: LanguageDocument): DesignInfo | undefined =>
  catalog.designs.find((design) => design.name === name);

function ofPlugin(path: string, { symbols }: LanguageDocument): DesignInfo | undefined {
  const reply = symbols.pluginOf(path);
  return reply?.kind === 'loaded' ? reply.plugin.info : undefined;
}

export function designOfDeclaration(
  { design, plugin }: AllocatorDecl,
  document: LanguageDocument,
): DesignInfo | undefined {
  return plugin === undefined ? builtIn(design?.text, document) : ofPlugin(plugin.value, document);
}

/** By the words before the block: `allocator NAME = DESIGN` or `... = plugin "FILE"`. */
export function designOfHead(
  head: readonly string[],
  document: LanguageDocument,
): DesignInfo | undefined {
  return head[3] === 'plugin'
    ? ofPlugin(head[4]?.slice(1, -1) ?? '', document)
    : builtIn(head[3], document);
}
