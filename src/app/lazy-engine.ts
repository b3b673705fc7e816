/**
 * The engine, loaded with the first question that needs it: a window that shows what is there already
 * does not wait for compiler, models and report writers.
 */
import type { CollectedInputs } from '../contract/bundle-form.js';
import type { ReportFormat, ShareFile } from '../contract/lab-api.js';
import type {
  CompileReply,
  CompileRequest,
  ExperimentHooks,
  LabEngine,
  ScenarioNow,
} from '../contract/lab-engine.js';
import type { LanguageAnswer, LanguageQuestion } from '../contract/language-data.js';
import type { InputChange, ReportChoice, ReportPreview } from '../contract/report-check.js';
import type { ExperimentResult, RunResult } from '../contract/run-result.js';
import type { ScenarioPlan } from '../contract/scenario-plan.js';
import type { LanguageText } from './answer-language.js';
import type { Workbench, WorkbenchOptions } from './lab-engine.js';
import { MapService } from './map/map-service.js';
import { MODEL_VERSION, TOOL_VERSION } from './version.js';
import { workerCount } from './worker-count.js';

export class LazyEngine implements LabEngine {
  readonly version = TOOL_VERSION;
  readonly model = MODEL_VERSION;
  readonly workers: number;
  readonly maps = new MapService();
  private loading: Promise<Workbench> | undefined;

  constructor(private readonly options: Pick<WorkbenchOptions, 'threads'> = {}) {
    this.workers = workerCount(options.threads);
  }

  async compile(request: CompileRequest): Promise<CompileReply> {
    return (await this.load()).compile(request);
  }

  async language(text: LanguageText, question: LanguageQuestion): Promise<LanguageAnswer> {
    return (await this.load()).language(text, question);
  }

  async readResult(text: string): Promise<ExperimentResult> {
    return (await this.load()).readResult(text);
  }

  async mergeShares(
    plan: ScenarioPlan,
    before: readonly RunResult[],
    shares: readonly ShareFile[],
  ): Promise<ExperimentResult> {
    return (await this.load()).mergeShares(plan, before, shares);
  }

  async startExperiment(plan: ScenarioPlan, hooks: ExperimentHooks): Promise<ExperimentResult> {
    return (await this.load()).startExperiment(plan, hooks);
  }

  async renderReport(result: ExperimentResult, format: ReportFormat): Promise<string> {
    return (await this.load()).renderReport(result, format);
  }

  async changedInputs(result: ExperimentResult, now: ScenarioNow): Promise<readonly InputChange[]> {
    return (await this.load()).changedInputs(result, now);
  }

  async collectInputs(result: ExperimentResult, now: ScenarioNow): Promise<CollectedInputs> {
    return (await this.load()).collectInputs(result, now);
  }

  async previewReport(
    result: ExperimentResult,
    choice: ReportChoice & { readonly changedInputs: readonly InputChange[] },
  ): Promise<ReportPreview> {
    return (await this.load()).previewReport(result, choice);
  }

  async renderChart(
    result: ExperimentResult,
    metric: string,
    format: 'svg' | 'png',
  ): Promise<string | Uint8Array> {
    return (await this.load()).renderChart(result, metric, format);
  }

  /** Ends the workers. */
  async close(): Promise<void> {
    const engine = await this.loading;
    await Promise.all([engine?.close(), this.maps.close()]);
  }

  private load(): Promise<Workbench> {
    this.loading ??= import('./lab-engine.js').then(
      ({ Workbench: Engine }) => new Engine(this.options),
    );
    return this.loading;
  }
}
