/** Lowers `probe`. */
import type { MetricInfo } from '../../src/contract/metric-table.js';
import type { ProbePlan } from '../../src/contract/scenario-plan.js';
import type { ProbeDecl } from '../ast.js';
import { unknownName } from '../diagnostics/names.js';
import type { Scope } from '../values/scope.js';
import { fixedNumber } from './values.js';

/** What a probe may take besides metrics. */
export const SNAPSHOT = 'layout_snapshot';

export interface ProbeInput {
  readonly scope: Scope;
  readonly metrics: readonly MetricInfo[];
  readonly phases: readonly string[];
  readonly marks: ReadonlySet<string>;
  /** Mistakes made the tree incomplete: do not ask for marks that may be there. */
  readonly quiet: boolean;
}

export function lowerProbe(node: ProbeDecl, input: ProbeInput): ProbePlan {
  const { scope } = input;
  const names = [...input.metrics.map((metric) => metric.name), SNAPSHOT];
  const metrics = node.metrics.flatMap(({ text: name, span }) => {
    if (names.includes(name)) return [name];
    scope.file.report(unknownName({ span, what: 'metric', name, candidates: names }));
    return [];
  });
  return { when: lowerWhen(node, input), metrics: [...new Set(metrics)] };
}

function lowerWhen(node: ProbeDecl, input: ProbeInput): ProbePlan['when'] {
  const { scope, phases, marks } = input;
  const { when } = node;
  switch (when.kind) {
    case 'every': {
      const wanted = { unit: 'time', what: 'probe every', min: 1 } as const;
      return { kind: 'every', intervalNs: fixedNumber(when.interval, wanted, scope) };
    }
    case 'end': {
      const { phase } = when;
      if (phase === undefined) return { kind: 'end' };
      if (!phases.includes(phase.text) && !scope.file.tree.brokenNames.has(phase.text)) {
        const { span, text: name } = phase;
        scope.file.report(unknownName({ span, what: 'phase', name, candidates: phases }));
      }
      return { kind: 'end', phase: phase.text };
    }
    case 'mark': {
      const { value: name, span } = when.text;
      if (!marks.has(name) && !input.quiet) {
        scope.file.report(
          unknownName({ span, what: 'mark', name, candidates: [...marks], quoted: true }),
        );
      }
      return { kind: 'mark', text: name };
    }
  }
}
