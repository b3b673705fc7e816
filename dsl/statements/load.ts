/** `load module`, `load bpf`, `create trampoline`, `register kprobe`, `alloc`: creations. */
import type { CreateNode } from '../ast.js';
import { CreationWords } from '../grammar/creation.js';
import { nextAddress } from '../lower/context.js';
import { CREATION_TEXT, lowerCreation } from '../lower/creation.js';
import { defineStatement } from '../statement.js';

/** Kind in addresses: `load_bpf`. */
const addressKind = (node: CreateNode): string => CREATION_TEXT[node.what].replace(' ', '_');

export const loadStatement = defineStatement<CreateNode>({
  keyword: 'load',
  kinds: ['create'],
  starts: [CreationWords.load, CreationWords.create, CreationWords.register, CreationWords.alloc],
  words: [CreationWords.bpf, CreationWords.trampoline, CreationWords.kprobe],
  braces: 'properties',
  syntax: [
    'load module NAME',
    'load module ~ NAME',
    'load module NAME { SECTION SIZE; ... }',
    'load bpf [NAME] size S',
    'create trampoline [NAME] size S [kind ftrace|bpf]',
    'register kprobe [NAME] [size S] [kind plain|optimized]',
    'alloc text|data|rodata size S',
  ],
  help:
    'Makes an allocation. Any of them takes `into POOL`, `lifetime D` and `node N`, in any order. ' +
    'What goes neither into a pool nor into a `let` needs a lifetime.',
  rule: (kit) => kit.shared.creation,
  lower(node, context) {
    const address = nextAddress(context, addressKind(node));
    return [lowerCreation(node, { address, handle: -1, keeper: false, defaultPool: -1 }, context)];
  },
});
