/** The rule `creation`: everything that brings an allocation to life, with its options. */
import type { Block, CreateNode, CreateOption, Name, Path } from '../ast.js';
import * as T from '../tokens.js';
import { tokenSpan, type Rule, type RuleKit } from './rule-kit.js';

/** Words that start or belong to creations. */
export const CreationWords = {
  load: T.word('load'),
  bpf: T.word('bpf'),
  create: T.word('create'),
  trampoline: T.word('trampoline'),
  register: T.word('register'),
  kprobe: T.word('kprobe'),
  alloc: T.word('alloc'),
} as const;

const OPTION_WORDS = [T.Words.size, T.Words.lifetime, T.Words.node, T.Words.kind];

type Head = Omit<CreateNode, 'span' | 'keyword' | 'options' | 'kind'>;

/** The optional name of a program or probe: any name but the word of an option. */
const optionalName = (kit: RuleKit): { name: Name } | Record<string, never> => {
  const name = kit.OPTION({
    GATE: () => !OPTION_WORDS.includes(kit.LA(1).tokenType),
    DEF: () => kit.SUBRULE(kit.shared.name),
  });
  return name === undefined ? {} : { name };
};

function moduleHead(kit: RuleKit): Rule<Head> {
  return kit.RULE<Head>('moduleHead', () => {
    kit.CONSUME(T.Words.module);
    return kit.OR<Head>([
      {
        ALT: () => {
          const tilde = tokenSpan(kit.CONSUME(T.Tilde));
          const shape = kit.SUBRULE(kit.shared.path);
          return { what: 'module', tilde, shape };
        },
      },
      {
        ALT: () => {
          const shape: Path = kit.SUBRULE1(kit.shared.path);
          const block = kit.OPTION<Block>(() => kit.SUBRULE(kit.shared.block));
          return block === undefined ? { what: 'module', shape } : { what: 'module', shape, block };
        },
      },
    ]);
  });
}

function headRule(kit: RuleKit): Rule<Head> {
  const module = moduleHead(kit);
  const named = (what: 'bpf' | 'trampoline' | 'kprobe', word: T.AnyToken): Rule<Head> =>
    kit.RULE<Head>(`${what}Head`, () => {
      kit.CONSUME(word);
      return { what, ...optionalName(kit) };
    });
  const bpf = named('bpf', CreationWords.bpf);
  const trampoline = named('trampoline', CreationWords.trampoline);
  const kprobe = named('kprobe', CreationWords.kprobe);
  const load = kit.RULE<Head>('load', () => {
    kit.CONSUME(CreationWords.load);
    return kit.OR<Head>([{ ALT: () => kit.SUBRULE(module) }, { ALT: () => kit.SUBRULE(bpf) }]);
  });
  return kit.RULE<Head>('creationHead', () =>
    kit.OR<Head>([
      { ALT: () => kit.SUBRULE(load) },
      {
        ALT: () => {
          kit.CONSUME(CreationWords.create);
          return kit.SUBRULE(trampoline);
        },
      },
      {
        ALT: () => {
          kit.CONSUME(CreationWords.register);
          return kit.SUBRULE(kprobe);
        },
      },
      {
        ALT: () => {
          kit.CONSUME(CreationWords.alloc);
          const name = kit.SUBRULE(kit.shared.name);
          return { what: 'alloc', shape: { text: name.text, names: [name], span: name.span } };
        },
      },
    ]),
  );
}

function optionRule(kit: RuleKit): Rule<CreateOption> {
  const key = kit.RULE('creationKey', () =>
    kit.OR([
      { ALT: () => kit.CONSUME(T.Words.size) },
      { ALT: () => kit.CONSUME(T.Words.lifetime) },
      { ALT: () => kit.CONSUME(T.Words.node) },
      { ALT: () => kit.CONSUME(T.Words.kind) },
    ]),
  );
  return kit.RULE('creationOption', () =>
    kit.OR<CreateOption>([
      {
        ALT: () => {
          const word = kit.SUBRULE(key);
          const value = kit.SUBRULE(kit.shared.value);
          return { key: word.image as CreateOption['key'], keySpan: tokenSpan(word), value };
        },
      },
      {
        ALT: () => {
          const word = kit.CONSUME(T.Words.into);
          const path = kit.SUBRULE(kit.shared.path);
          const span = path.span;
          return {
            key: 'into',
            keySpan: tokenSpan(word),
            value: { expr: { kind: 'ref', path, span }, span },
          };
        },
      },
    ]),
  );
}

export function creationRule(kit: RuleKit): Rule<CreateNode> {
  const head = headRule(kit);
  const option = optionRule(kit);
  return kit.RULE('creation', () => {
    const keyword = tokenSpan(kit.LA(1));
    const made = kit.SUBRULE(head);
    const options: CreateOption[] = [];
    kit.MANY(() => {
      options.push(kit.SUBRULE(option));
    });
    return { kind: 'create', keyword, ...made, options, span: kit.spanFrom(keyword.start) };
  });
}
