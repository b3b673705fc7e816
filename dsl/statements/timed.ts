/** The common form of `every D`, `arrive A` and `at D`: a word, when, and a body. */
import type { TokenType } from 'chevrotain';
import type { TimedNode } from '../ast.js';
import { tokenSpan, type Rule, type RuleKit } from '../grammar/rule-kit.js';

export const timedRule = (
  kit: RuleKit,
  kind: TimedNode['kind'],
  word: TokenType,
): Rule<TimedNode> =>
  kit.RULE<TimedNode>(kind, () => {
    const keyword = tokenSpan(kit.CONSUME(word));
    const when = kit.SUBRULE(kit.shared.expr);
    const body = kit.SUBRULE(kit.shared.body);
    return { kind, keyword, when, body, span: kit.spanFrom(keyword.start) };
  });
