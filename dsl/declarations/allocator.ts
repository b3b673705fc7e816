/** `allocator name = design [{ options }]`: a named instance of a design. */
import type { AllocatorDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Allocator = T.word('allocator');
const Plugin = T.word('plugin');

export const allocatorDeclaration = defineDeclaration<AllocatorDecl>({
  keyword: 'allocator',
  kinds: ['allocator'],
  starts: [Allocator],
  words: [Plugin],
  braces: 'properties',
  once: false,
  syntax: ['allocator NAME = DESIGN [{ OPTION VALUE ... }]', 'allocator NAME = plugin "FILE.ts"'],
  help: 'A named instance of a built-in design, or of a design of your own, with options.',
  rule: (kit) =>
    kit.RULE<AllocatorDecl>('allocator', () => {
      const keyword = tokenSpan(kit.CONSUME(Allocator));
      const name = kit.SUBRULE(kit.shared.name);
      kit.CONSUME(T.Equal);
      const design = kit.OR<Pick<AllocatorDecl, 'design' | 'plugin'>>([
        {
          GATE: () => kit.LA(2).tokenType === T.Text,
          ALT: () => {
            kit.CONSUME(Plugin);
            return { plugin: kit.SUBRULE(kit.shared.text) };
          },
        },
        { ALT: () => ({ design: kit.SUBRULE(kit.shared.path) }) },
      ]);
      const block = kit.OPTION(() => kit.SUBRULE(kit.shared.block));
      const span = kit.spanFrom(keyword.start);
      const node = { kind: 'allocator', keyword, name, ...design, span } as const;
      return block === undefined ? node : { ...node, block };
    }),
});
