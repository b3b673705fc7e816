/** Lowers `limit events n`, `limit time d`, `limit runs n`. */
import type { LimitDecl } from '../ast.js';
import { unknownName } from '../diagnostics/names.js';
import type { Scope } from '../values/scope.js';
import { fixedNumber, NUMBER_MAX } from './values.js';

export interface ScenarioLimits {
  /** Requests of one run. */
  readonly events: number;
  /** Simulated time of one run. */
  readonly timeNs: number;
  /** Sweep points times seeds times designs. */
  readonly runs: number;
}

const EVENTS_DEFAULT = 1e8;
const RUNS_DEFAULT = 10_000;
const KINDS = ['events', 'time', 'runs'];

export function scenarioLimits(declarations: readonly LimitDecl[], scope: Scope): ScenarioLimits {
  let events = EVENTS_DEFAULT;
  let timeNs = NUMBER_MAX;
  let runs = RUNS_DEFAULT;
  for (const { what, value } of declarations) {
    const wanted = { what: what.text, min: 1 } as const;
    if (what.text === 'events') events = fixedNumber(value, { ...wanted, unit: 'count' }, scope);
    else if (what.text === 'time') timeNs = fixedNumber(value, { ...wanted, unit: 'time' }, scope);
    else if (what.text === 'runs') runs = fixedNumber(value, { ...wanted, unit: 'count' }, scope);
    else {
      const { span, text: name } = what;
      scope.file.report(
        unknownName({ span, what: 'limit', name, candidates: KINDS, listAs: 'possible' }),
      );
    }
  }
  return { events, timeNs, runs };
}
