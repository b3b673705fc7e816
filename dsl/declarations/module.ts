/** `module name { section size ... }`: the shape of a module. */
import type { ModuleDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

export const moduleDeclaration = defineDeclaration<ModuleDecl>({
  keyword: 'module',
  kinds: ['module'],
  starts: [T.Words.module],
  words: [],
  braces: 'properties',
  once: false,
  syntax: ['module NAME { SECTION SIZE ... [init_time D] }'],
  help:
    'Sizes per section, fixed or drawn: text data rodata ro_after_init init.text init.data ' +
    'init.rodata. Init sections are freed when init ends, 1ms after load unless init_time says.',
  rule: (kit) =>
    kit.RULE<ModuleDecl>('module', () => {
      const keyword = tokenSpan(kit.CONSUME(T.Words.module));
      const name = kit.SUBRULE(kit.shared.name);
      const block = kit.SUBRULE(kit.shared.block);
      return { kind: 'module', keyword, name, block, span: kit.spanFrom(keyword.start) };
    }),
});
