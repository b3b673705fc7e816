/** `workload name(args) { ... }`: a reusable piece of workload. */
import type { WorkloadArg, WorkloadDecl } from '../ast.js';
import { tokenSpan, type Rule, type RuleKit } from '../grammar/rule-kit.js';
import { defineDeclaration } from '../statement.js';
import * as T from '../tokens.js';

const Workload = T.word('workload');

function argumentRule(kit: RuleKit): Rule<WorkloadArg> {
  return kit.RULE<WorkloadArg>('workloadArgument', () => {
    const start = kit.here();
    const name = kit.SUBRULE(kit.shared.name);
    const value = kit.OPTION(() => {
      kit.CONSUME(T.Equal);
      return kit.SUBRULE(kit.shared.expr);
    });
    const span = kit.spanFrom(start);
    return value === undefined ? { name, span } : { name, value, span };
  });
}

export const workloadDeclaration = defineDeclaration<WorkloadDecl>({
  keyword: 'workload',
  kinds: ['workload'],
  starts: [Workload],
  words: [],
  braces: 'statements',
  once: false,
  syntax: ['workload NAME(ARG, ARG = DEFAULT) { STATEMENTS }'],
  help: 'Statements to run by name with arguments. A workload may not run itself.',
  rule: (kit) => {
    const argument = argumentRule(kit);
    return kit.RULE<WorkloadDecl>('workload', () => {
      const keyword = tokenSpan(kit.CONSUME(Workload));
      const name = kit.SUBRULE(kit.shared.name);
      const args: WorkloadArg[] = [];
      kit.CONSUME(T.LeftParen);
      kit.OPTION(() => {
        args.push(kit.SUBRULE(argument));
        kit.MANY(() => {
          kit.CONSUME(T.Comma);
          args.push(kit.SUBRULE1(argument));
        });
      });
      kit.CONSUME(T.RightParen);
      const body = kit.SUBRULE(kit.shared.body);
      return { kind: 'workload', keyword, name, args, body, span: kit.spanFrom(keyword.start) };
    });
  },
});
