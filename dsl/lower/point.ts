/** Lowers one sweep point: machine, designs, phases, probes, expectations, and its event bound. */
import type { LabCatalog } from '../../src/contract/catalog.js';
import type { MachinePlan, PointPlan } from '../../src/contract/scenario-plan.js';
import type { MachineDecl } from '../ast.js';
import { declarationsOf } from '../check-declarations.js';
import { tooManyEvents } from '../diagnostics/limits.js';
import { FileSymbols } from '../names/file-symbols.js';
import { PointValues, Scope, type Binding } from '../values/scope.js';
import { lowerDesigns } from './designs.js';
import { estimateEvents } from './estimate.js';
import { lowerExpectation } from './expectations.js';
import type { ImportReader, MachineBlock } from './imports.js';
import type { ScenarioLimits } from './limits.js';
import { lowerMachine } from './machine.js';
import { lowerPhase, type PhaseInput } from './phases.js';
import { PointBuilder, type PointSources } from './point-builder.js';
import { lowerProbe } from './probes.js';
import type { Assignment } from './sweep.js';
import { checkParamValue } from './targets.js';

/** What all sweep points share. */
export interface ScenarioFrame {
  readonly main: FileSymbols;
  readonly catalog: LabCatalog;
  readonly imports: ImportReader;
  readonly settings: readonly Assignment[];
  readonly seedCount: number;
  /** Designs of `compare`, and those of them that run. */
  readonly designs: readonly string[];
  readonly chosen: readonly string[];
  readonly baseline: string;
  readonly limits: ScenarioLimits;
  readonly freeAll: boolean;
  readonly quiet: boolean;
  /** Something wrong has been found so far. */
  readonly hasErrors: () => boolean;
  /** So much is wrong that going on shows nothing new. */
  readonly halted: () => boolean;
}

export const pointSources = (
  frame: ScenarioFrame,
  machine: PointSources['machine'],
): PointSources => ({
  readData: (path, scope) => frame.imports.text(path, scope.file),
  importOf: (decl) => frame.imports.of(decl),
  stdLayouts: frame.catalog.stdLayouts,
  machine,
  halted: frame.halted,
});

/** Values from outside, by the path of their target. */
function overridesOf(
  assignments: readonly Assignment[],
  values: PointValues,
): ReadonlyMap<string, Binding> {
  const byPath = new Map<string, Binding>();
  for (const { target, expr, file } of assignments) {
    const binding: Binding = { kind: 'expr', expr, scope: new Scope(file, values) };
    if (target.kind === 'param') values.overrides.set(target.decl, binding);
    else byPath.set(target.kind === 'machine' ? target.key : target.name, binding);
  }
  return byPath;
}

function checkAssignments(assignments: readonly Assignment[], values: PointValues): void {
  for (const { target, expr, file } of assignments) {
    if (target.kind !== 'param') continue;
    const plain = new Scope(target.file, new PointValues());
    checkParamValue(target, { expr, scope: new Scope(file, values) }, plain);
  }
}

export function lowerPoint(
  assignments: readonly Assignment[],
  label: string,
  frame: ScenarioFrame,
): PointPlan {
  const { main, catalog, quiet, freeAll } = frame;
  const values = new PointValues();
  const all = [...frame.settings, ...assignments];
  const overrides = overridesOf(all, values);
  checkAssignments(all, values);
  const scope = new Scope(main, values);
  const machine = machineOf(frame, values, overrides);
  const [compare] = declarationsOf(main, 'compare');
  const designs = compare === undefined ? [] : lowerDesigns({ compare, scope, catalog, overrides });
  const point = new PointBuilder(pointSources(frame, machine));
  const input: PhaseInput = { scope, point, freeAll, quiet };
  const phases = declarationsOf(main, 'phase').map((node) => lowerPhase(node, input));
  const names = phases.map((phase) => phase.name);
  const marks = new Set(
    point.sites.flatMap((site) => (/^mark "(.*)"$/s.exec(site.label)?.[1] ?? []) as string[]),
  );
  const { metrics } = catalog;
  const probes = declarationsOf(main, 'probe').map((node) =>
    lowerProbe(node, { scope, metrics, phases: names, marks, quiet }),
  );
  const expectations = declarationsOf(main, 'expect', 'warn').flatMap((node) => {
    const { seedCount, baseline } = frame;
    const recorded = recordedNames(frame);
    const plan = lowerExpectation(node, {
      scope,
      metrics,
      phases: names,
      designs: frame.designs,
      baseline,
      recorded,
      probes,
      seedCount,
      quiet,
    });
    return plan === undefined ? [] : [plan];
  });
  keepMatched(frame, point);
  const plan: PointPlan = {
    label,
    assignments: assignments.map(({ target, text }) => ({ name: target.name, text })),
    machine,
    designs: designs.filter((design) => frame.chosen.includes(design.name)),
    pools: point.poolNames,
    handleCount: point.handleCount,
    sites: point.sites,
    phases,
    layouts: point.layouts,
    recordings: point.recordings,
    probes,
    expectations,
    limits: { events: frame.limits.events, timeNs: frame.limits.timeNs },
  };
  // Values that stand in for mistakes are not worth counting.
  if (!frame.hasErrors()) checkEvents(plan, point);
  return plan;
}

function machineOf(
  frame: ScenarioFrame,
  values: PointValues,
  overrides: ReadonlyMap<string, Binding>,
): MachinePlan {
  const { main, catalog, quiet } = frame;
  const decl = declarationsOf(main, 'machine')[0];
  const from = decl?.file === undefined ? undefined : fileBlock(decl, frame);
  return lowerMachine({
    decl,
    block: from?.block ?? decl?.block,
    ...(from?.tlb === undefined ? {} : { tlbModel: from.tlb }),
    scope: from === undefined ? new Scope(main, values) : new Scope(from.file, values),
    catalog,
    overrides,
    quiet: quiet || (decl?.file !== undefined && from === undefined),
  });
}

/** The block behind `machine from`; its mistakes are shown in the text it amounts to. */
function fileBlock(
  decl: MachineDecl,
  frame: ScenarioFrame,
): (MachineBlock & { readonly file: FileSymbols }) | undefined {
  const found = frame.imports.machineBlock(decl);
  if (found === undefined) return undefined;
  const span = decl.file?.span ?? decl.keyword;
  const file = new FileSymbols(
    undefined,
    found.text,
    { declarations: [], brokenNames: new Set(), span: { start: 0, end: 0 } },
    // The JSON file has no lines of its own here: point at its name.
    ({ fix: _, related: __, ...diagnostic }) => {
      frame.main.report({ ...diagnostic, span });
    },
    '',
  );
  return { ...found, file };
}

function recordedNames(frame: ScenarioFrame): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, readonly string[]>();
  for (const decl of declarationsOf(frame.main, 'import')) {
    const data = frame.imports.of(decl);
    if (data !== undefined) names.set(decl.name.text, Object.keys(data.series ?? {}));
  }
  return names;
}

/** `matched(name)` reads the account of a recording whether or not it is replayed. */
function keepMatched(frame: ScenarioFrame, point: PointBuilder): void {
  for (const decl of declarationsOf(frame.main, 'import')) {
    const data = frame.imports.of(decl);
    if (data?.stream !== undefined) point.recording(data.stream);
    else if (data?.account !== undefined) {
      point.recording({ name: decl.name.text, events: [], account: data.account });
    }
  }
}

function checkEvents(plan: PointPlan, point: PointBuilder): void {
  const { events, largest } = estimateEvents(plan);
  const limit = plan.limits.events;
  const place = point.places[largest.site];
  if (events <= limit || place === undefined) return;
  const { span } = place;
  const at = { span, events, limit, statementEvents: largest.events };
  place.file.report(tooManyEvents(at));
}
