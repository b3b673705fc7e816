/** `import name from "file" format f [{ options }]`: data of a real machine. */
import type { ImportDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Import = T.word('import');
const Format = T.word('format');

export const importDeclaration = defineDeclaration<ImportDecl>({
  keyword: 'import',
  kinds: ['import'],
  starts: [Import],
  words: [Format],
  braces: 'properties',
  once: false,
  syntax: ['import NAME from "FILE" format FORMAT [{ OPTION VALUE ... }]'],
  help: 'Reads a layout, events or counters of a real machine. The file is part of the hash.',
  rule: (kit) =>
    kit.RULE<ImportDecl>('import', () => {
      const keyword = tokenSpan(kit.CONSUME(Import));
      const name = kit.SUBRULE(kit.shared.name);
      kit.CONSUME(T.Words.from);
      const file = kit.SUBRULE(kit.shared.text);
      kit.CONSUME(Format);
      const format = kit.SUBRULE1(kit.shared.name);
      const block = kit.OPTION(() => kit.SUBRULE(kit.shared.block));
      const span = kit.spanFrom(keyword.start);
      const node = { kind: 'import', keyword, name, file, format, span } as const;
      return block === undefined ? node : { ...node, block };
    }),
});
