/** The engine of the lab, as windows and the command line use it: compiler, run pool, report writers. */
import { buildComparison } from '../analysis/comparison.js';
import { resultSentences } from '../analysis/result-sentences.js';
import type { CollectedInputs } from '../contract/bundle-form.js';
import { LabError, type ReportFormat, type ShareFile } from '../contract/lab-api.js';
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
import { exporterRegistry } from '../export/index.js';
import { lintReport } from '../export/report-lint.js';
import { renderMailReport } from '../export/report-mail.js';
import { answerLanguage, type LanguageText } from './answer-language.js';
import { changedInputs } from './changed-inputs.js';
import { checkResult } from './check-result.js';
import { collectInputs } from './collect-inputs.js';
import { compileScenario } from './compile-scenario.js';
import { mergeShares } from './merge-shares.js';
import { MapService } from './map/map-service.js';
import { runExperiment } from './run-experiment.js';
import type { RunExecutor } from './run-jobs.js';
import { RunPool, type ExecutorOptions } from './run-pool.js';
import type { RunJob } from './run-job.js';
import { builtEntry } from './shipped-files.js';
import { MODEL_VERSION, TOOL_VERSION } from './version.js';
import { workerCount } from './worker-count.js';

export interface WorkbenchOptions {
  /** Makes executors of plans; worker threads by default. */
  readonly executorOf?: (plan: ScenarioPlan, options: ExecutorOptions) => RunExecutor;
  readonly threads?: number;
}

/** More than windows need: what the command line adds to an experiment. */
export interface ExperimentExtras extends ExecutorOptions {
  readonly jobs?: readonly RunJob[];
  readonly onRun?: (run: RunResult) => void;
}

const WORKER_ENTRY = 'sim-worker.js';

export class Workbench implements LabEngine {
  readonly version = TOOL_VERSION;
  readonly model = MODEL_VERSION;
  readonly workers: number;
  readonly maps = new MapService();
  private readonly options: WorkbenchOptions;
  private pool: RunPool | undefined;

  constructor(options: WorkbenchOptions = {}) {
    this.options = options;
    this.workers = workerCount(options.threads);
  }

  compile(request: CompileRequest): CompileReply {
    return compileScenario(request);
  }

  language(text: LanguageText, question: LanguageQuestion): LanguageAnswer {
    return answerLanguage(text, question);
  }

  readResult(text: string): ExperimentResult {
    const { result, problem } = checkResult(text);
    if (result === undefined) throw new LabError(problem);
    return result;
  }

  mergeShares(
    plan: ScenarioPlan,
    before: readonly RunResult[],
    shares: readonly ShareFile[],
  ): ExperimentResult {
    return mergeShares(plan, before, shares);
  }

  startExperiment(
    plan: ScenarioPlan,
    hooks: ExperimentHooks,
    extras: ExperimentExtras = {},
  ): Promise<ExperimentResult> {
    const { eventsFolder } = extras;
    const executorOptions = eventsFolder === undefined ? {} : { eventsFolder };
    const executor =
      this.options.executorOf?.(plan, executorOptions) ??
      this.runPool().executor(plan, executorOptions);
    return runExperiment(plan, { ...hooks, ...extras, executor });
  }

  renderReport(result: ExperimentResult, format: ReportFormat): string {
    return exporterRegistry.get(format).render(result);
  }

  changedInputs(result: ExperimentResult, now: ScenarioNow): readonly InputChange[] {
    return changedInputs(result, now);
  }

  collectInputs(result: ExperimentResult, now: ScenarioNow): CollectedInputs {
    return collectInputs(result, now);
  }

  previewReport(
    result: ExperimentResult,
    choice: ReportChoice & { readonly changedInputs: readonly InputChange[] },
  ): ReportPreview {
    const { without, resultText, resultsLink, changedInputs } = choice;
    const text = renderMailReport(result, {
      without,
      ...(resultText === '' ? {} : { resultText }),
      ...(resultsLink === '' ? {} : { resultsLink }),
    });
    const context = { result, currentModel: this.model, changedInputs };
    const generated = resultSentences(result, buildComparison(result));
    return { text, generated, findings: lintReport(text, context) };
  }

  /** The chart library and the rasteriser are large: they are loaded with the first chart. */
  async renderChart(
    result: ExperimentResult,
    metric: string,
    format: 'svg' | 'png',
  ): Promise<string | Uint8Array> {
    const chart =
      format === 'svg'
        ? (await import('../export/chart-svg.js')).renderChartSvg(result, metric)
        : await (await import('../export/chart-png.js')).renderChartPng(result, metric);
    if (chart === undefined) throw new LabError(`no run has a series of ${metric}`);
    return chart;
  }

  /** Ends the workers. */
  async close(): Promise<void> {
    const { pool } = this;
    this.pool = undefined;
    await Promise.all([pool?.close(), this.maps.close()]);
  }

  private runPool(): RunPool {
    if (this.pool === undefined) {
      const workerFile = builtEntry(WORKER_ENTRY);
      if (workerFile === undefined) {
        throw new LabError('the simulation worker is not built: run npm run build');
      }
      const { threads } = this.options;
      this.pool = new RunPool({ workerFile, ...(threads === undefined ? {} : { threads }) });
    }
    return this.pool;
  }
}
