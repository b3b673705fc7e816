/** `replay NAME [speed 10x] [from A to B]`: the events of a recording, in the time of this block. */
import type { RecordedStreamPlan } from '../../src/contract/scenario-plan.js';
import type { Expr, ReplayNode } from '../ast.js';
import { noValueHere, wrongNumber } from '../diagnostics/values.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { nextAddress, type LowerContext } from '../lower/context.js';
import { fixedNumber, resolve } from '../lower/values.js';
import { numberOf } from '../values/evaluate.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

const Replay = T.word('replay');
const Speed = T.word('speed');
const To = T.word('to');

function recordingOf(node: ReplayNode, context: LowerContext): RecordedStreamPlan | undefined {
  const found = resolve(node.name, 'import', 'recording', context.scope);
  if (found === undefined) return undefined;
  const data = context.point.sources.importOf(found.symbol);
  if (data !== undefined && data.stream === undefined) {
    const { text } = found.symbol.format;
    const what = `an import of format '${text}', which has no events,`;
    context.report(noValueHere(node.name.span, what));
  }
  return data?.stream;
}

function speedOf(expr: Expr | undefined, context: LowerContext): number {
  if (expr === undefined) return 1;
  const speed = numberOf(expr, context.scope, 'factor', 'speed');
  if (speed === undefined || speed > 0) return speed ?? 1;
  context.report(wrongNumber(expr.span, 'the speed must be above 0', 'write speed 1x'));
  return 1;
}

export const replayStatement = defineStatement<ReplayNode>({
  keyword: 'replay',
  kinds: ['replay'],
  starts: [Replay],
  words: [Speed, To],
  braces: 'nothing',
  syntax: ['replay NAME [speed 10x] [from 0s to 30s]'],
  help: 'Replays the events of an import, as fast as recorded or faster, or only a part of them.',
  rule: (kit) =>
    kit.RULE<ReplayNode>('replay', () => {
      const keyword = tokenSpan(kit.CONSUME(Replay));
      const name = kit.SUBRULE(kit.shared.path);
      const speed = kit.OPTION(() => {
        kit.CONSUME(Speed);
        return kit.SUBRULE(kit.shared.expr);
      });
      const part = kit.OPTION1(() => {
        kit.CONSUME(T.Words.from);
        const from = kit.SUBRULE1(kit.shared.expr);
        kit.CONSUME(To);
        const to = kit.SUBRULE2(kit.shared.expr);
        return { from, to };
      });
      return {
        kind: 'replay',
        keyword,
        name,
        ...(speed === undefined ? {} : { speed }),
        ...(part ?? {}),
        span: kit.spanFrom(keyword.start),
      };
    }),
  lower(node, context) {
    const address = nextAddress(context, `replay(${node.name.text})`);
    const { scope, point } = context;
    const recording = recordingOf(node, context);
    const speed = speedOf(node.speed, context);
    const wanted = { unit: 'time', what: 'replay' } as const;
    const fromNs = node.from === undefined ? 0 : fixedNumber(node.from, wanted, scope);
    const toNs = node.to === undefined ? Infinity : fixedNumber(node.to, wanted, scope);
    if (node.to !== undefined && toNs <= fromNs) {
      context.report(wrongNumber(node.to.span, 'the part to replay is empty', 'swap its ends'));
    }
    if (recording === undefined) return [];
    const label = `replay ${node.name.text}`;
    const site = point.site({ file: scope.file, span: node.keyword }, address, label);
    return [{ kind: 'replay', site, recording: point.recording(recording), speed, fromNs, toNs }];
  },
});
