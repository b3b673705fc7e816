/** `use "file" [as name]`: makes the declarations of another file visible. */
import type { UseDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Use = T.word('use');

export const useDeclaration = defineDeclaration<UseDecl>({
  keyword: 'use',
  kinds: ['use'],
  starts: [Use],
  words: [],
  braces: 'nothing',
  once: false,
  syntax: ['use "FILE" [as NAME]'],
  help:
    'Makes every param, dist, module, allocator, workload and pool of another file visible as ' +
    'NAME.x. A path that starts with std/ names the library shipped with the lab.',
  rule: (kit) =>
    kit.RULE<UseDecl>('use', () => {
      const keyword = tokenSpan(kit.CONSUME(Use));
      const file = kit.SUBRULE(kit.shared.text);
      const alias = kit.OPTION(() => {
        kit.CONSUME(T.Words.as);
        return kit.SUBRULE(kit.shared.name);
      });
      const node = { kind: 'use', keyword, file, span: kit.spanFrom(keyword.start) } as const;
      return alias === undefined ? node : { ...node, alias };
    }),
});
