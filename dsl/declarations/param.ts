/** `param name = value [in low..high] ["help"]`: a constant that can be set from outside. */
import type { ParamDecl } from '../ast.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Param = T.word('param');

export const paramDeclaration = defineDeclaration<ParamDecl>({
  keyword: 'param',
  kinds: ['param'],
  starts: [Param],
  words: [],
  braces: 'nothing',
  once: false,
  syntax: ['param NAME = VALUE [in LOW..HIGH] ["HELP"]'],
  help: 'A named constant that --set, `sweep` and the parameter panel can change.',
  rule: (kit) =>
    kit.RULE<ParamDecl>('param', () => {
      const keyword = tokenSpan(kit.CONSUME(Param));
      const name = kit.SUBRULE(kit.shared.name);
      kit.CONSUME(T.Equal);
      const value = kit.SUBRULE(kit.shared.expr);
      const range = kit.OPTION(() => {
        kit.CONSUME(T.Words.in);
        const low = kit.SUBRULE1(kit.shared.expr);
        kit.CONSUME(T.DotDot);
        const high = kit.SUBRULE2(kit.shared.expr);
        return { low, high };
      });
      const help = kit.OPTION1(() => kit.SUBRULE(kit.shared.text));
      return {
        kind: 'param',
        keyword,
        name,
        value,
        ...(range ?? {}),
        ...(help === undefined ? {} : { help }),
        span: kit.spanFrom(keyword.start),
      };
    }),
});
