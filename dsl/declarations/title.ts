/** `title "..."` and `question "..."`: what reports print first. */
import type { TitleDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Title = T.word('title');
const Question = T.word('question');

export const titleDeclaration = defineDeclaration<TitleDecl>({
  keyword: 'title',
  kinds: ['title', 'question'],
  starts: [Title, Question],
  words: [],
  braces: 'nothing',
  once: true,
  syntax: ['title "TEXT"', 'question "TEXT"'],
  help: 'What the scenario is called, and the question that it answers; reports print both.',
  rule: (kit) =>
    kit.RULE<TitleDecl>('title', () => {
      const token = kit.OR([
        { ALT: () => kit.CONSUME(Title) },
        { ALT: () => kit.CONSUME(Question) },
      ]);
      const text = kit.SUBRULE(kit.shared.text);
      const kind = token.image as TitleDecl['kind'];
      return { kind, keyword: tokenSpan(token), text, span: kit.spanFrom(token.startOffset) };
    }),
});
