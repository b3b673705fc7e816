/** `machine { ... }` or `machine from "file.json"`. */
import type { MachineDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Machine = T.word('machine');

export const machineDeclaration = defineDeclaration<MachineDecl>({
  keyword: 'machine',
  kinds: ['machine'],
  starts: [Machine],
  words: [],
  braces: 'properties',
  once: true,
  syntax: ['machine { KEY VALUE ... }', 'machine from "FILE.json"'],
  help: 'RAM, nodes, CPUs, CPU profile and boot layout. Only ram and cpu are required.',
  rule: (kit) =>
    kit.RULE<MachineDecl>('machine', () => {
      const keyword = tokenSpan(kit.CONSUME(Machine));
      const rest = kit.OR<Pick<MachineDecl, 'block' | 'file'>>([
        { ALT: () => ({ block: kit.SUBRULE(kit.shared.block) }) },
        {
          ALT: () => {
            kit.CONSUME(T.Words.from);
            return { file: kit.SUBRULE(kit.shared.text) };
          },
        },
      ]);
      return { kind: 'machine', keyword, ...rest, span: kit.spanFrom(keyword.start) };
    }),
});
