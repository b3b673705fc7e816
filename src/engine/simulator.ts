/**
 * One run: a point, a seed, a design. A pure function of them; time is that of the request stream,
 * later by what is charged where the machine says `costs on`. Everything that can be counted is
 * counted when it happens, so a sample costs the same at the first and at the last event.
 *
 * Samples at an instant see everything that happened at it. A run that cannot go on ends early and
 * says so in its status; what it has measured stays.
 */
import { assert, InvariantError } from '../base/assert.js';
import type { Diagnostic } from '../contract/diagnostic.js';
import type { MetricDefinition } from '../contract/metric-source.js';
import { createRequestRecord, RequestKind, type RequestRecord } from '../contract/request.js';
import type { MarkResult, PhaseResult, RunResult } from '../contract/run-result.js';
import type { DesignPlan, PhasePlan, PointPlan } from '../contract/scenario-plan.js';
import { EffectKind } from '../contract/sim-event.js';
import type { AllocatorDesign, DesignInstance } from '../mm/allocator-design.js';
import type { MachineMm, MachineMmOptions } from '../mm/machine-view.js';
import { OverlapError } from '../mm/placements.js';
import type { FetchEngine, FetchEngineOptions } from '../workload/fetch-engine.js';
import { addressStrip } from './address-strip.js';
import { BesideWork } from './beside-work.js';
import { CauseKind } from './cause-table.js';
import { walkCostNs } from './cost-model.js';
import {
  designOptions,
  DesignDriver,
  isCreation,
  isDesignRequest,
  isRelease,
  type Outcome,
} from './design-driver.js';
import { EventLedger, type EventListener } from './event-ledger.js';
import { executePlans, FetchLink } from './fetch-link.js';
import { LineCounter } from './line-counter.js';
import { MetricRecorder } from './metric-recorder.js';
import { NeverClaims, type ConstantOf } from './never-claims.js';
import { ProbeSchedule, type Probe } from './probe-schedule.js';
import { ScenarioStream } from './request-stream.js';
import * as findings from './run-diagnostics.js';
import { RunReadings } from './run-readings.js';
import { SnapshotList } from './snapshot-list.js';
import { NoteIndex } from './stream-state.js';

export interface SimulationInput {
  readonly point: PointPlan;
  /** Index of the point in the plan, for the result. */
  readonly pointIndex: number;
  readonly seed: number;
  readonly design: DesignPlan;
  /** Values of recorded series and shares that `never` claims read. */
  readonly constantOf?: ConstantOf;
}

export interface SimulationParts {
  readonly design: AllocatorDesign;
  readonly metrics: readonly MetricDefinition[];
  readonly createMm: (options: MachineMmOptions) => MachineMm;
  readonly createFetchEngine: (options: FetchEngineOptions) => FetchEngine;
}

export interface SimulationHooks {
  /** Every request and effect, for event files. */
  readonly onEvent?: EventListener;
  /** Called often, with the requests simulated so far; false stops the run (RunStoppedError). */
  readonly progress?: (requests: number) => boolean;
  /** Requests between two expensive checks of mm and design; off when absent. */
  readonly verifyEvery?: number;
}

/** The progress hook asked to stop. */
export class RunStoppedError extends Error {
  override readonly name = 'RunStoppedError';
}

/** Requests between two calls of the progress hook. */
const PROGRESS_REQUESTS = 256;

export function simulate(
  input: SimulationInput,
  parts: SimulationParts,
  hooks: SimulationHooks = {},
): RunResult {
  return new Simulation(input, parts, hooks).run();
}

class Simulation {
  private readonly stream: ScenarioStream;
  private readonly mm: MachineMm;
  private readonly beside: BesideWork;
  private readonly ledger: EventLedger;
  private readonly readings: RunReadings;
  private readonly recorder: MetricRecorder;
  private readonly probes: ProbeSchedule;
  private readonly never: NeverClaims;
  private readonly link: FetchLink | undefined;
  private readonly design: AllocatorDesign;
  private readonly lineCounter: LineCounter;
  private instance: DesignInstance | undefined;
  private driver: DesignDriver | undefined;
  private nowNs = 0;
  /** The machine works until then on what it was asked for (`costs on`). */
  private busyNs = 0;
  private walkCyclesCharged = 0;
  private walksCaused = 0;
  /** Mappings whose permissions were checked. */
  private checkedMapping = -1;
  /** Node that requests come from. */
  private node = 0;
  private requestCount = 0;
  /** Creations, releases and pokes: what `limit events` bounds. */
  private eventCount = 0;
  private phase: PhasePlan | undefined;
  private phaseStartNs = 0;
  private status: RunResult['status'] = 'ok';
  private readonly diagnostics: Diagnostic[] = [];
  private readonly phases: PhaseResult[] = [];
  private readonly marks: MarkResult[] = [];
  private readonly snapshots = new SnapshotList();

  constructor(
    private readonly input: SimulationInput,
    parts: SimulationParts,
    private readonly hooks: SimulationHooks,
  ) {
    const { point, seed } = input;
    const { machine } = point;
    this.design = parts.design;
    const onIdle = (): void => this.askToGoOn();
    this.stream = new ScenarioStream(point, seed, { onIdle });
    this.ledger = new EventLedger(point, hooks.onEvent);
    this.lineCounter = new LineCounter(point);
    this.mm = parts.createMm({
      machine,
      release: parts.design.kernel ?? machine.kernel,
      collapse: collapseOf(parts.design, machine.collapse),
      seed,
      sink: this.ledger.sink,
    });
    this.beside = new BesideWork(this.mm.beside);
    const plans = executePlans(point.phases);
    const fetch =
      plans.size === 0 ? undefined : parts.createFetchEngine({ machine, seed, view: this.mm });
    this.link = fetch && new FetchLink(fetch, plans, onIdle);
    this.readings = new RunReadings(this.mm, fetch, this.ledger);
    this.recorder = new MetricRecorder(
      parts.metrics,
      this.readings,
      ProbeSchedule.probed(point.probes),
    );
    this.probes = new ProbeSchedule(point.probes, this.recorder);
    const constantOf = input.constantOf ?? (() => undefined);
    const { name } = input.design;
    this.never = new NeverClaims(point.expectations, name, this.recorder, constantOf);
  }

  run(): RunResult {
    this.link?.attach(this.mm);
    this.guard(() => {
      const options = designOptions(this.design, this.input.design.options);
      this.instance = this.design.create(this.mm, options);
      this.readings.instance = this.instance;
      this.driver = new DesignDriver(this.instance);
    });
    const record = createRequestRecord();
    while (this.status === 'ok' && this.stream.next(record)) this.take(record);
    if (this.phase !== undefined) this.endPhase();
    for (const trouble of this.stream.troubles) {
      this.fail('overran', findings.troubleDiagnostic(trouble, this.input.point));
    }
    return this.result();
  }

  private take(record: RequestRecord): void {
    const timeNs = Math.max(record.timeNs, Math.ceil(this.busyNs));
    if (timeNs > this.input.point.limits.timeNs) {
      this.fail('overran', findings.timeLimit(this.input.point.limits.timeNs));
      return;
    }
    this.takeSamples(timeNs, record.kind === RequestKind.phaseEnd);
    if (this.status !== 'ok') return;
    this.nowNs = timeNs;
    switch (record.kind) {
      case RequestKind.phaseStart:
        this.startPhase(record.index);
        return;
      case RequestKind.phaseEnd:
        this.endPhase();
        return;
      case RequestKind.executeStart:
        this.causeWalks();
        this.link?.start(record.index, record.site, timeNs);
        this.ledger.request(record, timeNs);
        return;
      case RequestKind.executeEnd:
        this.link?.advanceTo(timeNs);
        this.causeWalks();
        this.link?.end(record.index, timeNs);
        this.ledger.request(record, timeNs);
        return;
      case RequestKind.mark:
        this.mark(record);
        return;
      case RequestKind.note:
        this.note(record);
        return;
      case RequestKind.end:
        return;
      default:
        this.request(record);
    }
  }

  private request(record: RequestRecord): void {
    assert(isDesignRequest(record.kind), () => `request kind ${String(record.kind)}`);
    this.requestCount += 1;
    const makes = isCreation(record.kind);
    const ends = isRelease(record.kind);
    if (makes || ends || record.kind === RequestKind.poke) {
      this.countEvent();
      this.lineCounter.add(record.site);
    }
    this.link?.advanceTo(this.nowNs);
    if (makes) this.link?.createIn(record.object, record.pool);
    this.ledger.request(record, this.nowNs);
    this.runOn(makes ? Math.max(0, record.node) : 0);
    if (makes) this.beside.before(record);
    const outcome = this.apply(record);
    if (ends || (makes && outcome === 'failed')) this.beside.gone(record.object);
    if (outcome === 'failed') this.ledger.sink(EffectKind.allocFailed, 0, 1, '');
    if (outcome === 'served' && makes) this.readings.liveObjects += 1;
    if (outcome === 'served' && ends) this.readings.liveObjects -= 1;
    if (ends) this.link?.forget(record.object);
    this.checkPermissions();
    this.charge();
    this.never.check(this.nowNs, false);
    if (this.requestCount % PROGRESS_REQUESTS === 0) this.askToGoOn();
    const { verifyEvery } = this.hooks;
    if (verifyEvery !== undefined && this.requestCount % verifyEvery === 0) this.verify();
  }

  /** Requests come from node 0 unless the scenario says `node N`. */
  private runOn(node: number): void {
    if (node === this.node) return;
    this.node = node;
    this.mm.runOnNode(node);
  }

  private countEvent(): void {
    this.eventCount += 1;
    const { events } = this.input.point.limits;
    if (this.eventCount > events) this.fail('overran', findings.eventLimit(events));
  }

  private note(record: RequestRecord): void {
    const isUnderflow = record.index === NoteIndex.underflow;
    if (isUnderflow) this.readings.poolUnderflows += record.amount;
    else this.readings.heldBack += record.amount;
    this.ledger.request(record, this.nowNs);
    this.ledger.cause(
      isUnderflow ? CauseKind.poolUnderflow : CauseKind.heldBack,
      record.amount,
      record.amount,
    );
    this.never.check(this.nowNs, false);
  }

  private mark(record: RequestRecord): void {
    this.ledger.request(record, this.nowNs);
    this.marks.push({ text: record.text, timeNs: this.nowNs });
    this.link?.advanceTo(this.nowNs);
    this.probes.takeMark(record.text, (probe) => this.sample(probe, this.nowNs));
  }

  private startPhase(index: number): void {
    const phase = this.input.point.phases[index];
    assert(phase !== undefined, () => `phase ${String(index)} exists`);
    this.phase = phase;
    this.phaseStartNs = this.nowNs;
    this.ledger.startPhase(index, this.nowNs);
    this.recorder.startPhase(this.nowNs);
    this.never.startPhase(phase);
    this.never.check(this.nowNs, false);
  }

  private endPhase(): void {
    const { phase, nowNs } = this;
    assert(phase !== undefined, 'a phase is under way');
    this.link?.advanceTo(nowNs);
    this.causeWalks();
    this.ledger.endPhase(nowNs);
    this.probes.takeEnd(phase.name, (probe) => {
      if (probe.snapshot) this.snapshots.add(nowNs, addressStrip(this.mm));
    });
    const metrics = this.recorder.endPhase(nowNs);
    this.never.check(nowNs, true);
    this.never.endPhase();
    this.phases.push({
      name: phase.name,
      startNs: this.phaseStartNs,
      endNs: nowNs,
      discard: phase.discard,
      metrics,
      strip: addressStrip(this.mm),
    });
    this.phase = undefined;
  }

  /** Periodic samples before `timeNs`, at a phase's end those of that instant too. */
  private takeSamples(timeNs: number, isPhaseEnd: boolean): void {
    while (this.probes.nextNs < timeNs || (isPhaseEnd && this.probes.nextNs === timeNs)) {
      const { nextNs } = this.probes;
      this.nowNs = nextNs;
      this.link?.advanceTo(nextNs);
      this.probes.takeNext((probe) => this.sample(probe, nextNs));
      this.never.check(nextNs, false);
      this.countEvent();
      if (this.status !== 'ok') return;
      if (this.eventCount % PROGRESS_REQUESTS === 0) this.askToGoOn();
    }
  }

  private sample(probe: Probe, timeNs: number): void {
    for (const recording of probe.recordings) recording.sample(timeNs);
    if (probe.snapshot) this.snapshots.add(timeNs, addressStrip(this.mm));
  }

  /** Gives the walks since the last call to the execute statements that made them. */
  private causeWalks(): void {
    const { link, readings } = this;
    if (link === undefined) return;
    const walks = readings.walks - this.walksCaused;
    this.walksCaused = readings.walks;
    if (walks > 0) this.ledger.causeOf(link.sites, CauseKind.walkCompleted, walks);
  }

  /** With `costs on`, the machine is busy for as long as the effects of the request take. */
  private charge(): void {
    const costNs = this.ledger.takeCostNs();
    const { machine } = this.input.point;
    if (!machine.costs) return;
    const cycles = this.readings.walkCycles - this.walkCyclesCharged;
    this.walkCyclesCharged = this.readings.walkCycles;
    const chargedNs = costNs + walkCostNs(cycles, machine.cpus);
    this.readings.chargedNs += chargedNs;
    this.busyNs = Math.max(this.busyNs, this.nowNs) + chargedNs;
  }

  /** W^X, looked at whenever a mapping has changed. */
  private checkPermissions(): void {
    const { mappingVersion } = this.mm;
    if (mappingVersion === this.checkedMapping) return;
    this.checkedMapping = mappingVersion;
    if (this.design.writableExecutable.length > 0) return;
    if (this.mm.writableExecutablePages === 0) return;
    const bytes = this.readings.writableExecutableBytes;
    this.fail('misbehaved', findings.writableExecutable(bytes, this.misbehaviour()));
  }

  private verify(): void {
    this.mm.verify();
    this.guard(() => this.instance?.verify());
  }

  private askToGoOn(): void {
    if (this.hooks.progress?.(this.requestCount) === false) {
      throw new RunStoppedError('the run was stopped');
    }
  }

  /** As `guard`, without a closure for each request. */
  private apply(record: RequestRecord): Outcome | undefined {
    try {
      return this.driver?.apply(record);
    } catch (problem) {
      this.misbehaved(problem);
      return undefined;
    }
  }

  /** Runs a design's code; what it throws ends the run. */
  private guard(work: () => void): void {
    try {
      work();
    } catch (problem) {
      this.misbehaved(problem);
    }
  }

  private misbehaved(problem: unknown): void {
    if (problem instanceof RunStoppedError) throw problem;
    const message = messageOf(problem);
    const diagnostic =
      problem instanceof OverlapError
        ? findings.badPlacement(message, this.misbehaviour())
        : findings.brokenInvariant(
            problem instanceof InvariantError ? message : `stopped with: ${message}`,
            this.misbehaviour(),
          );
    this.fail('misbehaved', diagnostic);
  }

  private misbehaviour(): findings.Misbehaviour {
    const site = this.input.point.sites[this.ledger.site];
    return { design: this.input.design.name, timeNs: this.nowNs, site };
  }

  private fail(status: 'overran' | 'misbehaved', diagnostic: Diagnostic): void {
    if (this.status !== 'misbehaved') this.status = status;
    this.diagnostics.push(diagnostic);
  }

  private result(): RunResult {
    const { input, ledger } = this;
    return {
      point: input.pointIndex,
      seed: input.seed,
      design: input.design.name,
      status: this.status,
      diagnostics: this.diagnostics,
      durationNs: this.nowNs,
      requestCount: this.requestCount,
      effectCount: ledger.effectTotal,
      logHash: ledger.digest(),
      phases: this.phases,
      series: this.recorder.seriesResults(),
      marks: this.marks,
      causes: ledger.causes.rows(),
      lines: this.lineCounter.lines(),
      never: this.never.results(),
      snapshots: this.snapshots.list(),
    };
  }
}

/** Text of what a design threw; errors of a plugin's context are no instances of ours. */
const messageOf = (problem: unknown): string =>
  typeof problem === 'object' && problem !== null && 'message' in problem
    ? String(problem.message)
    : String(problem);

/** Kernel designs collapse as their release does; the machine decides for proposed ones. */
function collapseOf(
  design: AllocatorDesign,
  asked: 'design' | 'off' | 'rox' | 'any',
): 'off' | 'rox' | 'any' {
  const own = design.collapse ?? 'off';
  return design.kernel !== undefined || asked === 'design' ? own : asked;
}
