/**
 * From files to plans: reads the scenario with everything it names, checks it, and lowers every sweep
 * point. Checking and compiling are the same walk; a plan comes out when nothing was wrong.
 */
import type { LabCatalog, LanguageHost } from '../src/contract/catalog.js';
import type { Diagnostic } from '../src/contract/diagnostic.js';
import type { PluginPlan, PointPlan, ScenarioPlan } from '../src/contract/scenario-plan.js';
import { scenarioHash } from './canonical.js';
import { notesOf } from './comment-above.js';
import { checkInsides, checkOnce, checkRequired, checkUsed } from './check-declarations.js';
import { declarationsOf, hasFreeAll, isLibrary } from './check-declarations.js';
import { suggestion } from './diagnostics/make.js';
import { notCompared } from './diagnostics/expectations.js';
import { tooManyInPoints, tooManyRuns } from './diagnostics/limits.js';
import { ImportReader, sha256Hex } from './lower/imports.js';
import { lowerPoint, pointSources, type ScenarioFrame } from './lower/point.js';
import { PointBuilder } from './lower/point-builder.js';
import { lowerSeeds, seedsFromText } from './lower/seeds.js';
import { labelOf, pointsOf, readAxes, readSettings } from './lower/sweep.js';
import type { Assignment, Axis } from './lower/sweep.js';
import { scenarioLimits } from './lower/limits.js';
import type { FileSymbols } from './names/file-symbols.js';
import { FileLoader } from './names/load-files.js';
import { parseScenario } from './parse.js';
import { Reporter } from './reporter.js';
import { PointValues, Scope } from './values/scope.js';

export interface ScenarioText {
  readonly text: string;
  /** Name for messages and the reproduce command; folders before the name are not looked at. */
  readonly file: string;
  /** `--set name=value`; values are expressions of the language. */
  readonly settings?: Readonly<Record<string, string>>;
  /** `--seeds`: `1..5` or `3, 7`. */
  readonly seeds?: string;
  /** `--only`: designs to run. */
  readonly only?: readonly string[];
}

export interface Elaboration {
  readonly plan?: ScenarioPlan;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts that diagnostics with a `source` refer to, by that name. */
  readonly sources: Readonly<Record<string, string>>;
  /** Params of the scenario with their values at the first sweep point, as written. */
  readonly params: readonly { readonly name: string; readonly text: string }[];
}

/** Statements of all sweep points together. */
const ALL_STATEMENTS_MAX = 1_000_000;
/** Sweep points that are lowered at most, whatever `limit runs` says. */
const POINTS_MAX = 100_000;

interface Work {
  readonly main: FileSymbols;
  readonly reporter: Reporter;
  readonly catalog: LabCatalog;
  readonly loader: FileLoader;
  readonly texts: Map<string, string>;
  readonly quiet: boolean;
}

export function elaborate(
  input: ScenarioText,
  catalog: LabCatalog,
  host: LanguageHost,
): Elaboration {
  const reporter = new Reporter();
  const parsed = parseScenario(input.text);
  parsed.diagnostics.forEach(reporter.add);
  const nothing = parsed.tree.declarations.length === 0 && parsed.diagnostics.length > 0;
  if (parsed.refused || nothing) {
    return { diagnostics: reporter.finish(), sources: {}, params: [] };
  }
  const loader = new FileLoader(host, reporter.add);
  const main = loader.main(input.text, parsed, input.file);
  const quiet = parsed.diagnostics.length > 0;
  const work: Work = { main, reporter, catalog, loader, texts: new Map(), quiet };
  const plan = elaborateFile(input, host, work);
  const used = [...loader.files.values()].map(({ path, text }) => [path, text] as const);
  const done: Elaboration = {
    diagnostics: reporter.finish(),
    sources: Object.fromEntries([...used, ...work.texts]),
    params: paramTexts(main, input.settings ?? {}),
  };
  return plan === undefined || reporter.hasErrors ? done : { ...done, plan };
}

const paramTexts = (main: FileSymbols, settings: Readonly<Record<string, string>>) =>
  declarationsOf(main, 'param').map((decl) => ({
    name: decl.name.text,
    text: settings[decl.name.text] ?? main.textOf(decl.value.span),
  }));

function elaborateFile(
  input: ScenarioText,
  host: LanguageHost,
  work: Work,
): ScenarioPlan | undefined {
  const { main, catalog, reporter, quiet } = work;
  checkOnce(main);
  const library = isLibrary(main);
  if (!library && !quiet) checkRequired(main);
  const imports = new ImportReader(host, catalog, main);
  const at = { sink: reporter.add, texts: work.texts };
  const settings = readSettings(input.settings ?? {}, main, catalog, at);
  const values = new PointValues();
  const scope = new Scope(main, values);
  const [seedsDecl] = declarationsOf(main, 'seeds');
  const ownSeeds = lowerSeeds(seedsDecl, scope);
  const seedText = input.seeds?.trim() ?? '';
  const seeds = seedText === '' ? ownSeeds : seedsFromText(seedText, main, values, at);
  const axes = readAxes(declarationsOf(main, 'sweep'), main, catalog, settings);
  const limits = scenarioLimits(declarationsOf(main, 'limit'), scope);
  const compare = declarationsOf(main, 'compare')[0];
  const names = [...new Set(compare?.designs.map((path) => path.text) ?? [])];
  const chosen = chooseDesigns(names, input.only ?? [], work);
  const frame: ScenarioFrame = {
    main,
    catalog,
    imports,
    settings,
    seedCount: seeds.length,
    designs: names,
    chosen,
    baseline: baselineOf(compare?.baseline?.text, names),
    limits,
    freeAll: hasFreeAll(main),
    quiet,
    hasErrors: () => reporter.hasErrors,
    halted: () => reporter.halted,
  };
  const counts = {
    axes: axes.map((axis) => axis.values.length),
    seeds: seeds.length,
    designs: chosen.length,
    limit: limits.runs,
  };
  const pointCount = counts.axes.reduce((product, axis) => product * axis, 1);
  const tooMany = pointCount * seeds.length * Math.max(1, chosen.length) > limits.runs;
  if (tooMany || pointCount > POINTS_MAX) {
    const span = axes[0]?.span ?? seedsDecl?.keyword ?? { start: 0, end: 0 };
    main.report(tooManyRuns(span, counts));
  }
  const points = tooMany || pointCount > POINTS_MAX ? [[]] : pointsOf(axes);
  const plans = lowerPoints(points, frame, work);
  checkRest(frame, work, library);
  if (compare !== undefined) checkBaseline(frame, work);
  if (library || reporter.hasErrors) return undefined;
  return planOf({ file: input.file, frame, work, axes, seeds, plans });
}

interface PlanParts {
  readonly file: string;
  readonly frame: ScenarioFrame;
  readonly work: Work;
  readonly axes: readonly Axis[];
  readonly seeds: readonly number[];
  readonly plans: readonly PointPlan[];
}

/** The plan of a scenario without a mistake, with its hash. */
function planOf({ file, frame, work, axes, seeds, plans }: PlanParts): ScenarioPlan {
  const { main, loader } = work;
  const { chosen } = frame;
  const files = [...loader.files.values()].map(({ path, text }) => ({
    path,
    sha256: sha256Hex(text),
  }));
  const plugins = pluginsOf(plans, loader);
  const pluginFiles = plugins.map(({ path, sha256 }) => ({ path, sha256 }));
  const inputs = [...files, ...frame.imports.inputs.values(), ...pluginFiles];
  const settings = frame.settings.map(({ target, text }) => ({ name: target.name, text }));
  const { modelVersion } = frame.catalog;
  const notes = notesOf(main);
  return {
    language: 1,
    file,
    title: textOf(main, 'title'),
    question: textOf(main, 'question'),
    scenarioHash: scenarioHash({ tree: main.tree, inputs, settings, seeds, modelVersion }),
    seeds,
    settings,
    sweep: axes.map((axis) => ({
      names: axis.names,
      values: axis.values.map((value) => value.map(({ text }) => text).join(', ')),
    })),
    designNames: chosen,
    ...(chosen.length < frame.designs.length ? { onlySome: true } : {}),
    baseline: chosen.includes(frame.baseline) ? frame.baseline : (chosen[0] ?? ''),
    points: plans,
    limitRuns: frame.limits.runs,
    inputs,
    ...(notes.length === 0 ? {} : { notes }),
    ...(plugins.length === 0 ? {} : { plugins }),
    recordedSeries: main.namesOf(['import']).flatMap((name) => recordedSeries(name, frame)),
  };
}

/** The plugins that the designs of the points are, in the order of their loading. */
function pluginsOf(points: readonly PointPlan[], loader: FileLoader): readonly PluginPlan[] {
  const used = new Set(points.flatMap(({ designs }) => designs.map(({ design }) => design)));
  return [...loader.plugins.values()].flatMap((reply) =>
    reply.kind === 'loaded' && used.has(reply.plugin.info.name) ? [reply.plugin] : [],
  );
}

const baselineOf = (given: string | undefined, names: readonly string[]): string =>
  given ?? names[0] ?? '';

const textOf = (main: FileSymbols, kind: 'title' | 'question'): string =>
  declarationsOf(main, 'title', 'question').find((decl) => decl.kind === kind)?.text.value ?? '';

function lowerPoints(
  points: readonly (readonly Assignment[])[],
  frame: ScenarioFrame,
  work: Work,
): readonly PointPlan[] {
  const plans: PointPlan[] = [];
  let statements = 0;
  for (const assignments of points) {
    const plan = lowerPoint(assignments, labelOf(assignments), frame);
    plans.push(plan);
    statements += plan.sites.length;
    if (statements > ALL_STATEMENTS_MAX && points.length > 1) {
      const span = declarationsOf(work.main, 'sweep')[0]?.keyword ?? work.main.tree.span;
      work.main.report(tooManyInPoints(span, ALL_STATEMENTS_MAX));
      break;
    }
    // A mistake of one point is a mistake of the scenario: a few points show it.
    if (work.reporter.hasErrors && plans.length >= 20) break;
  }
  return plans;
}

/** Everything that stands outside phases, at the values as declared. */
function checkRest(frame: ScenarioFrame, work: Work, library: boolean): void {
  const { main, catalog } = frame;
  const scope = new Scope(main, new PointValues());
  const machine = { cpus: Number.MAX_SAFE_INTEGER, nodes: Number.MAX_SAFE_INTEGER };
  const point = new PointBuilder(pointSources(frame, machine));
  const { freeAll, quiet } = frame;
  checkInsides(main, { scope, point, freeAll: freeAll || library, quiet }, catalog);
  if (!library && !work.quiet) checkUsed(main, work.reporter.suggested);
}

function checkBaseline(frame: ScenarioFrame, work: Work): void {
  const [compare] = declarationsOf(work.main, 'compare');
  const baseline = compare?.baseline;
  if (baseline === undefined || frame.designs.includes(baseline.text)) return;
  const { span, text: name } = baseline;
  const { designs } = frame;
  const better = suggestion(name, designs) ?? designs[0] ?? '';
  work.main.report(notCompared({ span, name, designs, better }));
}

/** The designs to run: all, or those that `--only` names. */
function chooseDesigns(
  names: readonly string[],
  only: readonly string[],
  work: Work,
): readonly string[] {
  const asked = only.map((name) => name.trim()).filter((name) => name !== '');
  if (asked.length === 0) return names;
  for (const name of asked) {
    if (names.includes(name)) continue;
    const nearest = suggestion(name, names);
    work.reporter.add({
      code: 'X0201',
      severity: 'error',
      message: `unknown design '${name}' in --only`,
      notes: [`compare lists: ${names.join(', ')}`],
      ...(nearest === undefined ? {} : { help: `did you mean '${nearest}'?` }),
    });
  }
  return names.filter((name) => asked.includes(name));
}

function recordedSeries(name: string, frame: ScenarioFrame) {
  const decl = frame.main.names.get(name);
  const data = decl?.kind === 'import' ? frame.imports.of(decl) : undefined;
  return Object.entries(data?.series ?? {}).map(([metric, { timesNs, values }]) => ({
    series: name,
    metric,
    timesNs,
    values,
  }));
}
