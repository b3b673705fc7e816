/**
 * Entry points of the language: check a text, compile it to a plan. Neither throws on any text; what
 * is wrong comes back as diagnostics.
 */
import type { LabCatalog, LanguageHost } from '../src/contract/catalog.js';
import type { Diagnostic } from '../src/contract/diagnostic.js';
import type { ScenarioPlan } from '../src/contract/scenario-plan.js';
import { elaborate, type ScenarioText } from './elaborate.js';

export type { ScenarioText } from './elaborate.js';

export interface ScenarioSummary {
  readonly scenarioHash: string;
  /** Sweep points times seeds times designs. */
  readonly runs: number;
  readonly designs: readonly string[];
  readonly seeds: number;
  /** Labels of the sweep points; one empty label without a sweep. */
  readonly points: readonly string[];
  readonly params: readonly { readonly name: string; readonly text: string }[];
}

export interface CheckResult {
  readonly diagnostics: readonly Diagnostic[];
  /** Absent while there are errors, and for a library file, which has nothing to run. */
  readonly summary?: ScenarioSummary;
  /** Texts of used files and of settings, by the `source` of a diagnostic. */
  readonly sources: Readonly<Record<string, string>>;
}

export interface CompileResult {
  /** Absent when there are errors. */
  readonly plan?: ScenarioPlan;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Readonly<Record<string, string>>;
}

/** Static checks of a scenario. */
export function checkScenario(
  input: ScenarioText,
  catalog: LabCatalog,
  host: LanguageHost,
): CheckResult {
  const { plan, diagnostics, sources, params } = elaborate(input, catalog, host);
  if (plan === undefined) return { diagnostics, sources };
  const summary: ScenarioSummary = {
    scenarioHash: plan.scenarioHash,
    runs: plan.points.length * plan.seeds.length * plan.designNames.length,
    designs: plan.designNames,
    seeds: plan.seeds.length,
    points: plan.points.map((point) => point.label),
    params,
  };
  return { diagnostics, sources, summary };
}

/** The plan of a scenario, ready to run. */
export function compileScenario(
  input: ScenarioText,
  catalog: LabCatalog,
  host: LanguageHost,
): CompileResult {
  const { plan, diagnostics, sources } = elaborate(input, catalog, host);
  if (plan !== undefined) return { plan, diagnostics, sources };
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) {
    return { diagnostics, sources };
  }
  const library: Diagnostic = {
    code: 'X0007',
    severity: 'error',
    message: 'this file has no phase, nothing can run',
    help: 'use it from a scenario: use "FILE" as NAME',
  };
  return { diagnostics: [...diagnostics, library], sources };
}
