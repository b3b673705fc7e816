/** `parallel N { ... }` and `parallel { branch a { ... } ... }`: several things side by side. */
import type { Branch, ParallelNode } from '../ast.js';
import { declaredTwice } from '../diagnostics/names.js';
import { missingPart } from '../diagnostics/syntax.js';
import { wrongNumber } from '../diagnostics/values.js';
import { tokenSpan, type Rule, type RuleKit } from '../grammar/rule-kit.js';
import { insideBlock, lowerBody, nextAddress, type LowerContext } from '../lower/context.js';
import { fixedNumber } from '../lower/values.js';
import { groupedNumber } from '../values/units.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

const Parallel = T.word('parallel');
const BranchWord = T.word('branch');

/** Logical threads of one statement. */
const THREADS_MAX = 1_000_000;

function branchRule(kit: RuleKit): Rule<Branch> {
  return kit.RULE('branch', () => {
    const start = kit.here();
    kit.CONSUME(BranchWord);
    const name = kit.SUBRULE(kit.shared.name);
    const body = kit.SUBRULE(kit.shared.body);
    return { name, body, span: kit.spanFrom(start) };
  });
}

/** `{` of the branch form: line ends after it are gone, so `branch NAME {` follows at once. */
const branchesAhead = (kit: RuleKit): boolean =>
  kit.LA(1).tokenType === T.LeftBrace &&
  kit.LA(2).tokenType === BranchWord &&
  T.isToken(kit.LA(3), T.NameLike);

function parallelRule(kit: RuleKit): Rule<ParallelNode> {
  const branch = branchRule(kit);
  return kit.RULE('parallel', () => {
    const keyword = tokenSpan(kit.CONSUME(Parallel));
    const branches: Branch[] = [];
    const rest = kit.OR<Pick<ParallelNode, 'count' | 'body'>>([
      {
        GATE: () => branchesAhead(kit),
        ALT: () => {
          kit.CONSUME(T.LeftBrace);
          branches.push(kit.SUBRULE(branch));
          kit.MANY(() =>
            kit.OR1([
              { ALT: () => void kit.CONSUME(T.StatementEnd) },
              { ALT: () => void branches.push(kit.SUBRULE1(branch)) },
            ]),
          );
          kit.CONSUME(T.RightBrace);
          return {};
        },
      },
      {
        ALT: () => {
          const count = kit.OPTION({
            GATE: () => kit.LA(1).tokenType !== T.LeftBrace,
            DEF: () => kit.SUBRULE(kit.shared.expr),
          });
          const body = kit.SUBRULE(kit.shared.body);
          return count === undefined ? { body } : { count, body };
        },
      },
    ]);
    return { kind: 'parallel', keyword, branches, ...rest, span: kit.spanFrom(keyword.start) };
  });
}

function lowerBranches(node: ParallelNode, address: string, context: LowerContext) {
  const seen = new Map<string, Branch>();
  return node.branches.map((branch) => {
    const { text, span } = branch.name;
    const first = seen.get(text);
    if (first !== undefined) context.report(declaredTwice(text, span, first.name.span));
    seen.set(text, branch);
    const place = { address: `${address}/${text}`, flow: 'maybe' } as const;
    return { name: text, body: lowerBody(branch.body, insideBlock(context, place)) };
  });
}

export const parallelStatement = defineStatement<ParallelNode>({
  keyword: 'parallel',
  kinds: ['parallel'],
  starts: [Parallel],
  words: [BranchWord],
  braces: 'statements',
  syntax: ['parallel N { STATEMENTS }', 'parallel { branch NAME { STATEMENTS } ... }'],
  help: 'N logical threads of one body, or named branches, interleaved one statement at a time.',
  rule: parallelRule,
  lower(node, context) {
    const address = nextAddress(context, 'parallel');
    const { scope, point } = context;
    const { body, count } = node;
    if (body !== undefined && count === undefined) {
      const message = "'parallel' needs a count or branches";
      context.report(missingPart(node.keyword, message, "write 'parallel N {' or 'branch NAME {'"));
    }
    const wanted = { unit: 'count', what: 'parallel', min: 1 } as const;
    const asked = count === undefined ? 1 : fixedNumber(count, wanted, scope);
    if (asked > THREADS_MAX && count !== undefined) {
      const message = `more than ${groupedNumber(THREADS_MAX)} logical threads`;
      context.report(wrongNumber(count.span, message, 'use fewer'));
    }
    const threads = Math.min(asked, THREADS_MAX);
    const label = count === undefined ? 'parallel' : `parallel ${scope.file.textOf(count.span)}`;
    const site = point.site({ file: scope.file, span: node.keyword }, address, label);
    const branches =
      body === undefined
        ? lowerBranches(node, address, context)
        : [{ name: '', body: lowerBody(body, insideBlock(context, { address, flow: 'maybe' })) }];
    return [{ kind: 'parallel', site, threads, branches }];
  },
});
