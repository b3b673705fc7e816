/**
 * A lab engine without an engine: understands three properties of a scenario (`compare`, `seeds`,
 * `param`), calls a misspelt `sise` an error, and hands out synthetic results run by run. It lets the
 * hosts and the window be tested on their own and for their failures.
 */
import { createHash } from 'node:crypto';
import type { CollectedInputs } from '../../src/contract/bundle-form.js';
import type { Diagnostic } from '../../src/contract/diagnostic.js';
import { answerLanguage, type LanguageText } from '../../src/app/answer-language.js';
import { checkResult } from '../../src/app/check-result.js';
import { LabError } from '../../src/contract/lab-api.js';
import type { ReportFormat, ShareFile } from '../../src/contract/lab-api.js';
import type { LanguageAnswer, LanguageQuestion } from '../../src/contract/language-data.js';
import type { ExperimentResult, RunResult } from '../../src/contract/run-result.js';
import type { PointPlan, ScenarioPlan } from '../../src/contract/scenario-plan.js';
import type {
  CompileReply,
  CompileRequest,
  ExperimentHooks,
  LabEngine,
} from '../../src/host/ports.js';
import type { ScenarioNow } from '../../src/contract/lab-engine.js';
import type { InputChange, ReportChoice, ReportPreview } from '../../src/contract/report-check.js';
import { lintReport } from '../../src/export/report-lint.js';
import { readScenarioHead } from '../../src/host/scenario-head.js';
import { NaiveMapEngine } from './naive-map-engine.js';
import { syntheticExperiment, syntheticRun } from './synthetic-experiment.js';

export interface FakeLabEngineOptions {
  /** Milliseconds each run takes. */
  readonly runMs?: number;
  /** Makes every experiment fail with this message. */
  readonly failure?: string;
  /** Entries that the log of a map may have. */
  readonly mapWeightMax?: number;
  /** The lab ships a result of the first scenario. */
  readonly firstRun?: boolean;
}

export class FakeLabEngine implements LabEngine {
  readonly version = '0.0.0-test';
  readonly model = 1;
  readonly workers = 2;
  readonly compiled: CompileRequest[] = [];
  readonly maps: NaiveMapEngine;
  private readonly options: FakeLabEngineOptions;

  constructor(options: FakeLabEngineOptions = {}) {
    this.options = options;
    const { mapWeightMax: weightMax } = options;
    this.maps = new NaiveMapEngine(
      weightMax === undefined ? {} : { weightMax, kept: { every: 100 }, windowSteps: 200 },
    );
  }

  compile(request: CompileRequest): CompileReply {
    this.compiled.push(request);
    const diagnostics = misspellings(request.text);
    const params = [...request.text.matchAll(/^param\s+(\w+)\s*=\s*(\S+)/gm)].map((match) => ({
      name: match[1] ?? '',
      text: request.settings[match[1] ?? ''] ?? match[2] ?? '',
    }));
    if (diagnostics.length > 0) return { diagnostics, params };
    return { diagnostics, params, plan: planOf(request) };
  }

  async startExperiment(plan: ScenarioPlan, hooks: ExperimentHooks): Promise<ExperimentResult> {
    if (this.options.failure !== undefined) throw new Error(this.options.failure);
    const runs: RunResult[] = [...(hooks.before ?? [])];
    const total = plan.designNames.length * plan.seeds.length;
    const result = (): ExperimentResult =>
      syntheticExperiment({
        file: plan.file,
        title: plan.title,
        designs: plan.designNames,
        seeds: plan.seeds,
        hash: plan.scenarioHash,
        runs: [...runs],
      });
    for (const seed of plan.seeds) {
      for (const design of plan.designNames) {
        if (runs.some((run) => run.seed === seed && run.design === design)) continue;
        await new Promise((done) => setTimeout(done, this.options.runMs ?? 0));
        if (hooks.signal.aborted) return result();
        runs.push(syntheticRun(design, seed));
        hooks.onProgress({ done: runs.length, total, requests: runs.length * 24_000 });
        hooks.onPartial?.(result());
      }
    }
    return result();
  }

  language(text: LanguageText, question: LanguageQuestion): LanguageAnswer {
    return answerLanguage(text, question);
  }

  readResult(text: string): ExperimentResult {
    const { result, problem } = checkResult(text);
    if (result === undefined) throw new LabError(problem);
    return result;
  }

  /** A share is `HASH DESIGN SEED`, in base64. */
  mergeShares(
    plan: ScenarioPlan,
    before: readonly RunResult[],
    shares: readonly ShareFile[],
  ): ExperimentResult {
    const runs = shares.map(({ name, data }) => {
      const [hash, design, seed] = atob(data).split(' ');
      if (hash !== plan.scenarioHash.slice(0, 12)) {
        throw new LabError(`${name} is of scenario ${hash ?? ''}`);
      }
      return syntheticRun(design ?? '', Number(seed));
    });
    const { file, title, designNames, seeds, scenarioHash } = plan;
    const all = [...before, ...runs];
    const head = { file, title, designs: designNames, seeds, hash: scenarioHash };
    const result = syntheticExperiment({ ...head, runs: all });
    return { ...result, complete: all.length === designNames.length * seeds.length };
  }

  renderReport(result: ExperimentResult, format: ReportFormat): string {
    return `report ${format} of ${result.scenarioHash}, ${String(result.runs.length)} runs\n`;
  }

  changedInputs({ scenarioHash }: ExperimentResult, now: ScenarioNow): readonly InputChange[] {
    const ran = this.compiled.find((request) => planOf(request).scenarioHash === scenarioHash);
    const isSame = ran === undefined || ran.text === now.text;
    return isSame ? [] : [{ path: now.file, how: 'changed' }];
  }

  /** An input for each `import "FILE"` of a scenario. */
  collectInputs(_result: ExperimentResult, now: ScenarioNow): CollectedInputs {
    const inputs = [...now.text.matchAll(/^import \w+ from "([^"]+)"/gm)].map(([, path = '']) => ({
      path,
      sha256: createHash('sha256').update(path).digest('hex'),
      data: btoa(path),
    }));
    return { inputs, problem: '' };
  }

  previewReport(
    result: ExperimentResult,
    choice: ReportChoice & { readonly changedInputs: readonly InputChange[] },
  ): ReportPreview {
    const { without, resultText, resultsLink, changedInputs } = choice;
    const own = [resultText, resultsLink].filter((line) => line !== '');
    const more = [...without.map((name) => `without ${name}`), ...own];
    const text = [this.renderReport(result, 'mail'), ...more.map((line) => `${line}\n`)].join('');
    return { text, generated: 'As made.', findings: lintReport('', { result, changedInputs }) };
  }

  renderChart(
    result: ExperimentResult,
    metric: string,
    format: 'svg' | 'png',
  ): string | Uint8Array {
    if (format === 'png') return Uint8Array.from([0x89, 0x50, 0x4e, 0x47]);
    const desc = `${metric} ${result.scenarioHash}`;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><desc>${desc}</desc></svg>`;
  }
}

function misspellings(text: string): Diagnostic[] {
  return [...text.matchAll(/\bsise\b/g)].map((match) => ({
    code: 'X0102',
    severity: 'error',
    message: "unknown property 'sise'; did you mean 'size'?",
    span: { start: match.index, end: match.index + 4 },
    help: "write 'size'",
    fix: {
      title: "Replace with 'size'",
      edits: [{ span: { start: match.index, end: match.index + 4 }, newText: 'size' }],
    },
  }));
}

function planOf(request: CompileRequest): ScenarioPlan {
  const { text } = request;
  const named = (/^compare\s+([\w,\s]+?)(?:\s+baseline|$)/m.exec(text)?.[1] ?? 'module_alloc')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const designNames = request.only.length > 0 ? [...request.only] : named;
  const seedsText = request.seeds === '' ? text : `seeds ${request.seeds}`;
  const seedCount = Number(/^seeds\s+1\.\.(\d+)/m.exec(seedsText)?.[1] ?? '1');
  const designs = designNames.map((name) => ({ name, design: name, options: {} }));
  return {
    language: 1,
    file: request.file,
    title: readScenarioHead(text).title,
    question: readScenarioHead(text).question,
    scenarioHash: hashOf(text + JSON.stringify(request.settings) + request.seeds),
    seeds: Array.from({ length: seedCount }, (_, i) => i + 1),
    settings: [],
    sweep: [],
    designNames,
    baseline: designNames[0] ?? '',
    points: [{ ...EMPTY_POINT, designs }],
    limitRuns: 1000,
    inputs: [],
  };
}

const EMPTY_POINT: PointPlan = {
  label: '',
  assignments: [],
  machine: {
    ramBytes: 8 * 1024 ** 3,
    nodes: 1,
    possibleNodes: 1,
    cpus: 8,
    cpu: 'skylake_sp',
    tlb: [],
    directMap: '1G',
    collapse: 'design',
    freeMemory: { kind: 'fresh' },
    kernelTextBytes: 24 * 1024 ** 2,
    moduleAreaBytes: 1008 * 1024 ** 2,
    kernel: '7.3',
    levels: 4,
    kaslr: { kind: 'off' },
    pti: false,
    initFreeDelayNs: 0,
    costs: false,
  },
  designs: [],
  pools: [],
  handleCount: 0,
  sites: [],
  phases: [],
  layouts: [],
  recordings: [],
  probes: [],
  expectations: [],
  limits: { events: 1_000_000, timeNs: 1e12 },
};

/** 64 hex digits that change with the text: enough for a fake. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0').repeat(8);
}
