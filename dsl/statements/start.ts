/** `start from NAME`: everything of an imported or standard layout, at this instant. */
import type { LayoutPlan } from '../../src/contract/scenario-plan.js';
import type { StartNode } from '../ast.js';
import { unknownName } from '../diagnostics/names.js';
import { noValueHere } from '../diagnostics/values.js';
import { tokenSpan } from '../grammar/rule-kit.js';
import { nextAddress, type LowerContext } from '../lower/context.js';
import { defineStatement } from '../statement.js';
import * as T from '../tokens.js';

const Start = T.word('start');

function layoutOf(node: StartNode, context: LowerContext): LayoutPlan | undefined {
  const { path } = node;
  const { stdLayouts, importOf } = context.point.sources;
  const shipped = stdLayouts.map((layout) => ({
    name: `std.${layout.name.replace(/^std\./, '')}`,
    layout,
  }));
  const standard = shipped.find((entry) => entry.name === path.text);
  if (standard !== undefined) return standard.layout;
  const found = context.scope.find(path, ['import']);
  if (found?.symbol.kind === 'import') {
    const data = importOf(found.symbol);
    if (data !== undefined && data.layout === undefined) {
      const { text } = found.symbol.format;
      context.report(noValueHere(path.span, `an import of format '${text}', which has no layout,`));
    }
    return data?.layout;
  }
  if (context.scope.isBroken(path)) return undefined;
  const candidates = [
    ...context.scope.file.namesOf(['import']),
    ...shipped.map((entry) => entry.name),
  ];
  const { span, text: name } = path;
  context.report(unknownName({ span, what: 'layout', name, candidates, listAs: 'layouts' }));
  return undefined;
}

export const startStatement = defineStatement<StartNode>({
  keyword: 'start',
  kinds: ['start'],
  starts: [Start],
  words: [],
  braces: 'nothing',
  syntax: ['start from NAME'],
  help: 'Creates everything of an imported layout, or of a standard one such as std.small_server.',
  rule: (kit) =>
    kit.RULE<StartNode>('start', () => {
      const keyword = tokenSpan(kit.CONSUME(Start));
      kit.CONSUME(T.Words.from);
      const path = kit.SUBRULE(kit.shared.path);
      return { kind: 'start', keyword, path, span: kit.spanFrom(keyword.start) };
    }),
  lower(node, context) {
    const address = nextAddress(context, 'start');
    const { scope, point } = context;
    const layout = layoutOf(node, context);
    if (layout === undefined) return [];
    const label = `start from ${node.path.text}`;
    const site = point.site({ file: scope.file, span: node.keyword }, address, label);
    return [{ kind: 'start', site, layout: point.layout(layout), pool: -1 }];
  },
});
