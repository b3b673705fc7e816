/** `run workload(args)`: the statements of a workload, in place. */
import type { Argument, RunNode, WorkloadDecl } from '../ast.js';
import { givenTwice, unknownName, workloadCycle } from '../diagnostics/names.js';
import { missingPart } from '../diagnostics/syntax.js';
import { noValueHere } from '../diagnostics/values.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { HandleScope } from '../lower/handles.js';
import { insideBlock, lowerBody, nextAddress, type LowerContext } from '../lower/context.js';
import { resolve } from '../lower/values.js';
import { Scope, type Binding } from '../values/scope.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

const Run = T.word('run');

/** Depth of workloads that run workloads. */
const CALL_DEPTH_MAX = 50;

/** Arguments by name, defaults filled in; undefined after a report. */
function bind(
  node: RunNode,
  workload: WorkloadDecl,
  inner: Scope,
  context: LowerContext,
): [string, Binding][] | undefined {
  const given = new Map<string, Argument>();
  const names = workload.args.map((argument) => argument.name.text);
  let position = 0;
  for (const argument of node.args) {
    const name = argument.name?.text ?? names[position];
    position += argument.name === undefined ? 1 : 0;
    if (name === undefined) {
      context.report(noValueHere(argument.span, `argument ${position} of '${workload.name.text}'`));
      return undefined;
    }
    const { span } = argument.name ?? argument;
    if (!names.includes(name)) {
      const where = `of '${workload.name.text}'`;
      context.report(unknownName({ span, what: 'argument', name, where, candidates: names }));
      return undefined;
    }
    const first = given.get(name);
    if (first !== undefined) {
      context.report(givenTwice(name, span, first.span));
      return undefined;
    }
    given.set(name, argument);
  }
  const bound: [string, Binding][] = [];
  for (const { name, value } of workload.args) {
    const argument = given.get(name.text);
    if (argument !== undefined) {
      bound.push([name.text, { kind: 'expr', expr: argument.value, scope: context.scope }]);
    } else if (value !== undefined) {
      bound.push([name.text, { kind: 'expr', expr: value, scope: inner }]);
    } else {
      const message = `'${workload.name.text}' needs the argument '${name.text}'`;
      context.report(missingPart(node.span, message, `write run ${workload.name.text}(...)`));
      return undefined;
    }
  }
  return bound;
}

export const runStatement = defineStatement<RunNode>({
  keyword: 'run',
  kinds: ['run'],
  starts: [Run],
  words: [],
  braces: 'nothing',
  syntax: ['run WORKLOAD(ARGUMENTS)'],
  help: 'Runs the statements of a workload in place, with its arguments put in.',
  rule: (kit) =>
    kit.RULE<RunNode>('run', () => {
      const keyword = tokenSpan(kit.CONSUME(Run));
      const path = kit.SUBRULE(kit.shared.path);
      const args = kit.SUBRULE(kit.shared.args);
      return { kind: 'run', keyword, path, args, span: kit.spanFrom(keyword.start) };
    }),
  lower(node, context) {
    const found = resolve(node.path, 'workload', 'workload', context.scope);
    if (found === undefined) return [];
    const { symbol: workload, file } = found;
    const id = `${file.source ?? ''}:${workload.name.text}`;
    if (context.calls.includes(id) || context.calls.length >= CALL_DEPTH_MAX) {
      const chain = [...context.calls, id].map((call) => call.slice(call.indexOf(':') + 1));
      const shown = chain.length > 5 ? [...chain.slice(0, 4), '...'] : chain;
      context.report(workloadCycle(workload.name.text, node.path.span, shown));
      return [];
    }
    const inner = new Scope(file, context.scope.values);
    const bound = bind(node, workload, inner, context);
    if (bound === undefined) return [];
    const address = nextAddress(context, node.path.text);
    const block = insideBlock(context, {
      address,
      flow: 'shared',
      scope: inner.with(bound),
      calls: [...context.calls, id],
    });
    const own = {
      ...block,
      handles: HandleScope.root(context.handles.freeAll),
      report: file.report,
    };
    return lowerBody(workload.body, own);
  },
});
