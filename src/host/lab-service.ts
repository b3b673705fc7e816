/**
 * The lab behind every window: implements LabApi over an engine and a scenario store. Electron's
 * engine host and the browser host each own one; several windows may share it. It keeps the last few
 * results so that reports and charts can be asked for after a run, and it never blocks: runs happen
 * in the engine's workers.
 */
import type { Diagnostic } from '../contract/diagnostic.js';
import { hasErrors } from '../contract/diagnostic.js';
import type { BundledScenario, CollectedInputs, TakenOver } from '../contract/bundle-form.js';
import { LabError } from '../contract/lab-api.js';
import type {
  AdoptedResult,
  CheckReply,
  ComparedRun,
  FirstRun,
  LabApi,
  LabEvent,
  ReportFormat,
  RunReply,
  RunRequest,
  ScenarioSource,
  ScenarioSummary,
  SavedScenario,
  ScenarioText,
  ShareFile,
} from '../contract/lab-api.js';
import type { LanguageAnswer, LanguageRequest } from '../contract/language-data.js';
import type {
  MapInfo,
  MapMoment,
  MapPlace,
  MapPool,
  MapRecords,
  MapRecordsRequest,
  MapRequest,
  MapTarget,
} from '../contract/map-data.js';
import type { ReportChoice, ReportPreview } from '../contract/report-check.js';
import type { ExperimentResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import type { TlbExecuted, TlbViewInfo, TlbViewMoment } from '../contract/tlb-view-data.js';
import { JoinedRun, type JoinSide } from '../app/joined-run.js';
import type { CompileReply, LabEngine, ScenarioStore } from './ports.js';
import { ConfinedFolder } from '../app/confined-folder.js';
import { phasePlanAt } from '../app/phase-plan.js';
import { runCountOf } from '../app/run-job.js';
import { wholeResult } from '../app/shared-result.js';
import { expectedRunSize } from '../app/run-size.js';
import { RunExecution } from './run-execution.js';
import { RunRegistry, type RunRecord } from './run-registry.js';
import { firstRunText, shippedRun, type ShippedFiles, type ShippedRun } from './shipped-run.js';

/** Experiments that may run at the same time; one more is refused. */
export const ACTIVE_RUNS_MAX = 4;

export interface LabServiceOptions {
  readonly engine: LabEngine;
  readonly store: ScenarioStore;
  readonly host: 'electron' | 'browser';
  /** Milliseconds of any monotonic clock; paces events, never reaches a result. */
  readonly now: () => number;
  /** Reads the result that is shipped for the first start; absent where there is none. */
  readonly readFirstRun?: () => Promise<ShippedFiles | null>;
}

export class LabService implements LabApi {
  private readonly options: LabServiceOptions;
  private readonly runs = new RunRegistry();
  private readonly execution: RunExecution;
  private shipped: Promise<ShippedRun | null> | null = null;
  /** Real paths of the plugins that the user has named. */
  private plugins: readonly string[] = [];

  constructor(options: LabServiceOptions) {
    this.options = options;
    this.execution = new RunExecution(options, this.runs);
  }

  describe(): ReturnType<LabApi['describe']> {
    const { version, model, workers } = this.options.engine;
    return Promise.resolve({ version, model, workers, host: this.options.host });
  }

  listScenarios(): Promise<readonly ScenarioSummary[]> {
    return this.options.store.list();
  }

  openScenario(id: string): Promise<ScenarioText> {
    return this.options.store.read(id);
  }

  saveScenario(scenario: SavedScenario): Promise<ScenarioText> {
    return this.options.store.write(scenario);
  }

  async check(request: {
    readonly id: string;
    readonly text: string;
    readonly settings: Readonly<Record<string, string>>;
    readonly seeds?: string;
  }): Promise<CheckReply> {
    const reply = await this.compile({ ...request, seeds: request.seeds ?? '' });
    const { plan, diagnostics } = reply;
    if (plan === undefined || hasErrors(diagnostics)) return { diagnostics };
    return {
      diagnostics,
      summary: {
        scenarioHash: plan.scenarioHash,
        runs: runCountOf(plan),
        designs: plan.designNames,
        seeds: plan.seeds.length,
        points: plan.points.map((point) => point.label),
        params: reply.params,
        runSize: expectedRunSize(plan),
      },
    };
  }

  async run(request: RunRequest): Promise<RunReply> {
    const active = this.runs.activeCount;
    if (active >= ACTIVE_RUNS_MAX) {
      return rejected(`${String(active)} experiments are running; stop one of them first`);
    }
    const { plan: whole, diagnostics } = await this.compile(request, request.only);
    if (whole === undefined || hasErrors(diagnostics)) return { kind: 'rejected', diagnostics };
    const cut = request.phaseLine > 0 ? phasePlanAt(whole, request.phaseLine) : undefined;
    if (request.phaseLine > 0 && cut === undefined) {
      return rejected('there is no phase at the caret; put it inside one');
    }
    const plan = cut?.plan ?? whole;
    await this.runs.read(request.continues);
    const before = this.runs.finishedRuns(request.continues, plan);
    const record = this.runs.add(plan, 'running');
    // After this turn, so that the caller holds the run's id before its first event arrives.
    setTimeout(() => void this.execution.carryOut(record, plan, before), 0);
    const { runId, total } = record;
    return { kind: 'started', runId, total, phase: cut?.phase ?? '' };
  }

  async namePlugin({ id, path }: { readonly id: string; readonly path: string }): Promise<true> {
    const { folder } = await this.options.store.locate(id);
    const real = new ConfinedFolder(folder).locate(path);
    if (real === undefined) throw new LabError(`there is no '${path}' beside the scenario`);
    if (!this.plugins.includes(real)) this.plugins = [...this.plugins, real];
    return true;
  }

  cancel(runId: string): Promise<boolean> {
    const record = this.runs.find(runId);
    if (record?.state !== 'running' || record.abort.signal.aborted) return Promise.resolve(false);
    record.abort.abort();
    return Promise.resolve(true);
  }

  async report(request: {
    readonly runId: string;
    readonly format: ReportFormat;
  }): Promise<string> {
    await this.runs.read(request.runId);
    return this.options.engine.renderReport(this.runs.resultOf(request.runId), request.format);
  }

  async previewReport({
    runId,
    scenario,
    ...choice
  }: ReportChoice & {
    readonly runId: string;
    readonly scenario: ScenarioSource;
  }): Promise<ReportPreview> {
    const { engine, store } = this.options;
    const result = this.runs.resultOf(runId);
    const place = await store.locate(scenario.id);
    // Two results in one have two scenarios; what they differ in stands in the report.
    const changedInputs =
      result.scenario.joined === undefined
        ? await engine.changedInputs(result, {
            ...place,
            text: scenario.text,
            plugins: this.plugins,
          })
        : [];
    return engine.previewReport(result, { ...choice, changedInputs });
  }

  async chart(request: {
    readonly runId: string;
    readonly metric: string;
    readonly format: 'svg' | 'png';
  }): Promise<string> {
    await this.runs.read(request.runId);
    const result = this.runs.resultOf(request.runId);
    if (!result.metrics.some((metric) => metric.name === request.metric)) {
      throw new LabError(`${request.metric} was not probed in this run`);
    }
    const chart = await this.options.engine.renderChart(result, request.metric, request.format);
    return typeof chart === 'string' ? chart : Buffer.from(chart).toString('base64');
  }

  async language(request: LanguageRequest): Promise<LanguageAnswer> {
    const place = await this.options.store.locate(request.id);
    const { plugins } = this;
    const text = { ...place, text: request.text, plugins };
    return this.options.engine.language(text, request.question);
  }

  async adopt(request: {
    readonly text: string;
    readonly scenario?: ScenarioSource;
  }): Promise<AdoptedResult> {
    const result = await this.options.engine.readResult(request.text);
    const { scenario } = request;
    if (scenario === undefined) return this.keep(result, null);
    const plan = (await this.planFor(result, scenario)) ?? (await this.ownPlan(result, scenario));
    return this.keep(result, plan);
  }

  /** As `planFor`, with the settings and seeds of the result. */
  private ownPlan(
    result: ExperimentResult,
    { id, text }: ScenarioSource,
  ): Promise<ScenarioPlan | null> {
    const { settings, seedsText } = result.scenario;
    const own = Object.fromEntries(settings.map((entry) => [entry.name, entry.text] as const));
    return this.planFor(result, { id, text, settings: own, seeds: seedsText });
  }

  async compare(request: {
    readonly a: ComparedRun;
    readonly b: ComparedRun;
  }): Promise<AdoptedResult> {
    for (const { runId } of [request.a, request.b]) await this.runs.read(runId);
    const sideOf = ({ runId, name, point }: ComparedRun): JoinSide => {
      const result = this.runs.resultOf(runId);
      if (point !== null && result.scenario.points[point] === undefined) {
        throw new LabError(`the run has no sweep point ${String(point + 1)}`);
      }
      return { name, result, plan: this.runs.find(runId)?.plan ?? null, point };
    };
    const joined = new JoinedRun([sideOf(request.a), sideOf(request.b)]);
    return this.keep(joined.result, null, joined);
  }

  async mergeShares(request: {
    readonly scenario: ScenarioSource;
    readonly runId: string;
    readonly shares: readonly ShareFile[];
  }): Promise<AdoptedResult> {
    const { plan } = await this.compile(request.scenario);
    if (plan === undefined) throw new LabError('the scenario in the window has a mistake');
    if (this.runs.find(request.runId)?.state === 'running') {
      throw new LabError('the run goes on; stop it before shares are added');
    }
    await this.runs.read(request.runId);
    const before = this.runs.finishedRuns(request.runId, plan);
    const merged = await this.options.engine.mergeShares(plan, before, request.shares);
    return this.keep(merged, plan);
  }

  /** Keeps a result like that of a run; with its plan its maps can be opened. */
  private keep(
    result: ExperimentResult,
    plan: ScenarioPlan | null,
    joined: JoinedRun | null = null,
  ): AdoptedResult {
    const record = this.runs.add(plan, 'ended');
    record.result = result;
    record.joined = joined;
    record.lastEvents = [{ kind: 'result', runId: record.runId, result }];
    return { runId: record.runId, result };
  }

  /** Plan of a scenario when it is the one that a result was made with, by this model. */
  private async planFor(
    result: ExperimentResult,
    scenario: ScenarioSource,
  ): Promise<ScenarioPlan | null> {
    const { plan } = await this.compile(scenario);
    const isSame = plan?.scenarioHash === result.scenarioHash;
    return isSame && this.options.engine.model === result.model ? plan : null;
  }

  async bundleInputs(request: {
    readonly runId: string;
    readonly scenario: ScenarioSource;
  }): Promise<CollectedInputs> {
    await this.runs.read(request.runId);
    const { id, text } = request.scenario;
    const now = { ...(await this.options.store.locate(id)), text, plugins: this.plugins };
    return this.options.engine.collectInputs(this.runs.resultOf(request.runId), now);
  }

  openBundle(bundle: BundledScenario): Promise<string> {
    return this.options.store.openBundle(bundle);
  }

  takeOverBundle(id: string): Promise<TakenOver> {
    return this.options.store.takeOver(id);
  }

  /** Reads the shipped result before the first window asks for it: the lab has nothing else to do. */
  prepareFirstRun(): void {
    this.shipped = this.readShipped();
    this.shipped.catch(() => undefined);
  }

  async firstRun(): Promise<FirstRun | null> {
    const shipped = await this.takeShipped();
    if (shipped === null) return null;
    const record = this.keepUnread(shipped);
    await this.runs.read(record.runId);
    const { runId, result } = record;
    const { scenario, seeds } = shipped;
    return result === null ? null : { runId, result, scenario, seeds };
  }

  /** JSON of what `firstRun` answers, before anything of it is read; null: ask `firstRun`. */
  async firstRunText(): Promise<string | null> {
    const shipped = await this.takeShipped();
    const rest = shipped === null ? null : firstRunText(shipped);
    return shipped === null || rest === null ? null : rest(this.keepUnread(shipped).runId);
  }

  private async takeShipped(): Promise<ShippedRun | null> {
    const shipped = await (this.shipped ?? this.readShipped());
    this.shipped = null;
    return shipped;
  }

  private async readShipped(): Promise<ShippedRun | null> {
    const files = await this.options.readFirstRun?.();
    if (files == null) return null;
    const scenario = await this.options.store.read(files.id);
    return shippedRun(files, scenario, this.options.engine.model);
  }

  private keepUnread({ scenario, seeds, text }: ShippedRun): RunRecord {
    const record = this.runs.add(null, 'ended');
    record.unread = async () => {
      const result = await this.options.engine.readResult(wholeResult(text));
      const plan = await this.planFor(result, { ...scenario, settings: {}, seeds });
      if (record.unread === null) return;
      const { runId } = record;
      Object.assign(record, { unread: null, result, plan });
      record.lastEvents = [{ kind: 'result', runId, result }];
    };
    return record;
  }

  async openMap(request: MapRequest): Promise<MapInfo> {
    await this.runs.read(request.runId);
    const { plan, run } = this.runs.sourceOf(request);
    return this.options.engine.maps.open(plan, run);
  }

  async openTlb(request: MapRequest): Promise<TlbViewInfo> {
    await this.runs.read(request.runId);
    const { plan, run } = this.runs.sourceOf(request);
    return this.options.engine.maps.openTlb(plan, run);
  }

  tlbAt(request: { readonly viewId: string; readonly timeNs: number }): Promise<TlbViewMoment> {
    return this.options.engine.maps.tlbAt(request.viewId, request.timeNs);
  }

  mapAt(request: { readonly mapId: string; readonly target: MapTarget }): Promise<MapMoment> {
    return this.options.engine.maps.at(request.mapId, request.target);
  }

  mapPlace(request: {
    readonly mapId: string;
    readonly step: number;
    readonly byte: number;
  }): Promise<MapPlace> {
    return this.options.engine.maps.place(request.mapId, request.step, request.byte);
  }

  mapRecords(request: MapRecordsRequest): Promise<MapRecords> {
    return this.options.engine.maps.records(request);
  }

  mapPool(request: { readonly mapId: string; readonly pool: string }): Promise<MapPool> {
    return this.options.engine.maps.pool(request.mapId, request.pool);
  }

  tlbExecuted(request: {
    readonly viewId: string;
    readonly byte: number;
    readonly timeNs: number;
  }): Promise<TlbExecuted> {
    return this.options.engine.maps.executed(request.viewId, request.byte, request.timeNs);
  }

  subscribe(listener: (event: LabEvent) => void): () => void {
    return this.runs.subscribe(listener);
  }

  /** Stops every run; for the end of the host. */
  close(): void {
    this.runs.close();
  }

  private async compile(
    source: ScenarioSource,
    only: readonly string[] = [],
  ): Promise<CompileReply> {
    const place = await this.options.store.locate(source.id);
    const { text, settings, seeds } = source;
    const { plugins } = this;
    return this.options.engine.compile({ ...place, text, settings, seeds, only, plugins });
  }
}

function rejected(message: string): RunReply {
  const diagnostic: Diagnostic = { code: 'H0001', severity: 'error', message };
  return { kind: 'rejected', diagnostics: [diagnostic] };
}
