/** What statements share that go on by themselves until their block ends. */
import type { Span } from '../../src/contract/diagnostic.js';
import { endless } from '../diagnostics/limits.js';
import type { LowerContext } from './context.js';

/** Reports a background statement in a phase that has no duration. */
export function checkBackground(statement: string, span: Span, context: LowerContext): void {
  const { phase } = context;
  if (phase.durationNs !== undefined) return;
  context.report(endless({ span, statement, phase: phase.name, phaseName: phase.nameSpan }));
}
