/**
 * The fetch stream of one CPU: operations one after the other (operations.ts) over kernel text, user
 * code and the live text of pools, one reference per change of page, through the CPU's TLB. A window is
 * a stretch of that stream, drawn from its own key, so that all designs of a seed meet the same
 * operations in the same order; only addresses and leaf sizes differ.
 *
 * Model: within a window every operation comes as often as its popularity says (stratified draw), in
 * random order. Four processes take turns every 25,000 references (2,000 switches a second); where there
 * is user code, a task that runs only now and then visits pages of its own at each turn. Data of the code competes for a
 * second level that is shared: one page for four steps, with the first repetition (later ones hit the
 * first-level dTLB). 4K pages count as not contiguous, so nothing is coalesced. With page-table
 * isolation user and kernel run in an address space each, nothing but the entry page is global, and
 * every kernel entry fetches from the entry page.
 */
import { PrngStream } from '../base/prng.js';
import { PAGE_SIZE_BYTES, PMD_SIZE_BYTES, PTRS_PER_PMD_PAGES } from '../base/units.js';
import type { ExecutePlan, ExecuteRowPlan, MachinePlan } from '../contract/scenario-plan.js';
import type { CpuProfile } from '../machine/cpu-profile.js';
import { Tlb, TlbOutcome } from '../machine/tlb.js';
import { SizeClass, type TlbConfig } from '../contract/tlb-config.js';
import { WalkCostMeter } from '../machine/tlb-walk-cost.js';
import type { TextView } from './fetch-engine.js';
import { MISS_CHANNELS, MissChannel } from './flush-curve.js';
import type { HierarchyWatch } from './fetch-watch.js';
import type { LiveText } from './live-text.js';
import {
  dataPage,
  ENTRY_PAGE,
  kernelPlace,
  PROCESSES,
  userPage,
  visitorPage,
} from './machine-text.js';
import type { Operations } from './operations.js';
import type { StaleText } from './stale-text.js';
import { OperationLists, PlaceList, StepList } from './step-lists.js';
import { TextTranslations } from './text-translations.js';
import { StreamCounts, WindowRecord, type WindowCounts } from './window-record.js';
import { ZipfRanks } from './zipf.js';

/** Operations of one window. */
export const WINDOW_OPERATIONS = 256;
/** References between two switches of process. */
const SLICE_REFERENCES = 25_000;
/** Steps for each data page of an operation. */
const STEPS_PER_DATA_PAGE = 4;
/** Popularity of pages inside a member, exponent. */
const MEMBER_PAGE_SKEW = 0.6;
/** Hot kernel text when a row does not say, and of a kernel row that an empty pool needs. */
const DEFAULT_HOT_BYTES = PMD_SIZE_BYTES;
const STEPS_CAPACITY = 1024;
const KERNEL_TABLES = -1;
/** Address space of visiting tasks; lower numbers are the processes' user and kernel spaces. */
const VISITOR_SPACE = 2 * PROCESSES;
/** A visiting task touches one code page for so many hot pages of a process, at most so many pages. */
const PROCESS_PAGES_PER_VISITOR_STEP = 8;
const VISITOR_STEPS_MAX = 64;

export interface CodeStreamParts {
  readonly machine: MachinePlan;
  readonly profile: CpuProfile;
  readonly config: TlbConfig;
  readonly seed: number;
  readonly plan: ExecutePlan;
  readonly operations: Operations;
  readonly live: LiveText;
  readonly stale: StaleText;
  readonly view: TextView;
  readonly watch?: HierarchyWatch;
}

/** A row of the plan with what its steps need. */
interface Row {
  readonly index: number;
  readonly plan: ExecuteRowPlan;
  readonly zipf: ZipfRanks;
  /** Share of references in this window, 0..1. */
  weight: number;
  /** References owed to the row. */
  owed: number;
  /** Steps in the operation at hand, and how many of them have their place. */
  steps: number;
  taken: number;
}

/** Fills of the pools at a window, to tell how much the text has changed. */
export interface TextMix {
  readonly members: readonly number[];
  /** Share of pool steps that met a 2M leaf. */
  readonly largeShare: number;
}

export class CodeStream {
  readonly tlb: Tlb;
  /** Fetches from text that is not there or mapped anew without a flush. */
  staleFetches = 0;
  private readonly rows: readonly Row[];
  private readonly kernelRow: Row;
  private readonly walkCost: WalkCostMeter;
  private readonly pageRanks = new ZipfRanks(MEMBER_PAGE_SKEW);
  private readonly userSteps = new Int32Array(STEPS_CAPACITY);
  private readonly kernelSteps = new Int32Array(STEPS_CAPACITY);
  /** Page of each translation, for walk costs. */
  private readonly userPages = new Float64Array(STEPS_CAPACITY);
  private readonly kernelPages = new Float64Array(STEPS_CAPACITY);
  private userCount = 0;
  private kernelCount = 0;
  private readonly counts: StreamCounts;
  private readonly countsBefore = new Float64Array(MISS_CHANNELS);
  private readonly countsAfter = new Float64Array(MISS_CHANNELS);
  /** Fixed steps by row, process and operation; the row past the last is data. */
  private readonly steps: OperationLists<StepList>;
  private readonly places: OperationLists<PlaceList>;
  private readonly text: TextTranslations;
  private poolSteps = 0;
  private largeSteps = 0;
  private process = 0;
  private readonly visitorSteps: number;
  private sliceLeft = SLICE_REFERENCES;

  constructor(private readonly parts: CodeStreamParts) {
    this.tlb = parts.watch?.tlb ?? new Tlb(parts.config);
    this.counts = new StreamCounts(this.tlb);
    this.steps = new OperationLists(parts.operations.count, PROCESSES, () => new StepList());
    this.places = new OperationLists(parts.operations.count, 1, () => new PlaceList());
    this.text = new TextTranslations(this.tlb, parts.view.areaVpn, !parts.machine.pti);
    this.walkCost = new WalkCostMeter(parts.profile.walkCost.value);
    const rows = parts.plan.rows.map((plan, index) => createRow(plan, index));
    const kernel = rows.find((row) => row.plan.target.kind === 'kernel');
    this.visitorSteps = visitorSteps(rows);
    this.kernelRow = kernel ?? createRow(KERNEL_ROW, rows.length);
    this.rows = kernel === undefined ? [...rows, this.kernelRow] : rows;
  }

  /** Runs one window; `key` names it. A cold one begins with a flush. */
  runWindow(key: string, isCold: boolean): WindowCounts & { readonly mix: TextMix } {
    const { operations, seed } = this.parts;
    const draws = new PrngStream(seed, `${this.parts.plan.stream}/${key}`);
    if (isCold) this.tlb.dropAll();
    this.shareWeights();
    const strata = shuffled(WINDOW_OPERATIONS, draws);
    const window = new WindowRecord(this.counts);
    this.poolSteps = 0;
    this.largeSteps = 0;
    for (const stratum of strata) {
      const operation = operations.at((stratum + draws.unit()) / WINDOW_OPERATIONS);
      const repeats = operations.repeatsAt(draws.unit());
      this.resolve(operation, repeats);
      this.touchData(operation);
      this.sliceLeft -= this.runOperation(repeats, window);
      if (this.sliceLeft <= 0) window.add(this.switchProcess(draws));
    }
    return { ...window.finish(), mix: this.textMix() };
  }

  /**
   * Repeats the resolved operation; returns its references. Least-recently-used levels come to rest
   * within two repetitions: what the third one misses, all further ones miss. A repetition without a
   * first-level miss changes nothing under any policy.
   */
  private runOperation(repeats: number, window: WindowRecord): number {
    const { counts, countsBefore, countsAfter } = this;
    const references = this.userCount + this.kernelCount;
    for (let i = 0; i < repeats; i += 1) {
      counts.read(countsBefore);
      this.parts.watch?.repetition();
      this.repeat();
      counts.read(countsAfter);
      window.add(references);
      const isAtRest = i >= 2 || !hasMisses(countsBefore, countsAfter);
      const left = repeats - 1 - i;
      if (!isAtRest || left === 0) continue;
      counts.repeat(countsBefore, countsAfter, left);
      this.parts.watch?.repeated(left);
      window.add(references * left);
      break;
    }
    return references * repeats;
  }

  /** The next process takes over, after a visitor; returns the visitor's references. */
  private switchProcess(draws: PrngStream): number {
    this.process = (this.process + 1) % PROCESSES;
    this.sliceLeft = SLICE_REFERENCES;
    if (this.visitorSteps === 0) return 0;
    const { tlb } = this;
    tlb.switchSpace(VISITOR_SPACE);
    for (let i = 0; i < this.visitorSteps; i += 1) {
      const page = visitorPage(draws.unit());
      const mapping = SizeClass['4K'];
      const key = { page, mapping, isGlobal: false, isCoalescible: false };
      if (tlb.fetch(tlb.translation(key)) === TlbOutcome.walk) this.chargeWalk(VISITOR_SPACE, page);
    }
    return this.visitorSteps;
  }

  private textMix(): TextMix {
    const members = this.rows.map(({ plan }) =>
      plan.target.kind === 'pool' ? this.parts.live.members(plan.target.pool).length : 0,
    );
    return { members, largeShare: this.poolSteps === 0 ? 0 : this.largeSteps / this.poolSteps };
  }

  /** Weights of this window: an empty pool gives its share to the kernel. */
  private shareWeights(): void {
    for (const row of this.rows) row.weight = row.plan.weight;
    for (const row of this.rows) {
      const { target, weight } = row.plan;
      if (target.kind !== 'pool' || this.parts.live.members(target.pool).length > 0) continue;
      row.weight = 0;
      this.kernelRow.weight += weight;
    }
  }

  /** Looks up where the steps of an operation lie now. */
  private resolve(operation: number, repeats: number): void {
    const { operations, machine } = this.parts;
    const references = operations.stepCount(operation) * repeats;
    for (const row of this.rows) {
      row.owed += row.weight * references;
      row.steps = Math.max(0, Math.floor(row.owed / repeats));
      row.owed -= row.steps * repeats;
    }
    this.userCount = 0;
    this.kernelCount = 0;
    this.tlb.switchSpace(this.process);
    for (const row of this.rows) if (row.plan.target.kind === 'user') this.addUser(row, operation);
    if (machine.pti) {
      this.tlb.switchSpace(PROCESSES + this.process);
      this.addKernel(ENTRY_PAGE, this.kernelTranslation(ENTRY_PAGE, false, true));
    }
    this.addKernelSteps(operation, repeats);
  }

  private addUser(row: Row, operation: number): void {
    const { operations } = this.parts;
    const isLarge = row.plan.pages === '2M';
    const unitBytes = isLarge ? PMD_SIZE_BYTES : PAGE_SIZE_BYTES;
    const hotBytes = row.plan.hotBytes ?? DEFAULT_HOT_BYTES;
    const units = Math.max(1, Math.round(hotBytes / unitBytes / PROCESSES));
    const list = this.steps.of(row.index, this.process, operation);
    while (list.count < row.steps) {
      const index = indexIn(row, operations.quantile(operation, row.index, list.count), units);
      const page = userPage(this.process, isLarge ? index * PTRS_PER_PMD_PAGES : index);
      const mapping = isLarge ? SizeClass['2M'] : SizeClass['4K'];
      list.add(
        page,
        this.tlb.translation({ page, mapping, isGlobal: false, isCoalescible: false }),
      );
    }
    const count = Math.min(row.steps, STEPS_CAPACITY - this.userCount);
    for (let k = 0; k < count; k += 1) {
      this.userPages[this.userCount] = list.pages[k] ?? 0;
      this.userSteps[this.userCount] = list.translations[k] ?? 0;
      this.userCount += 1;
    }
  }

  /** Kernel rows and pools in turn, each spread evenly over the operation. */
  private addKernelSteps(operation: number, repeats: number): void {
    const { rows } = this;
    let left = 0;
    for (const row of rows) {
      row.taken = 0;
      if (row.plan.target.kind !== 'user') left += row.steps;
    }
    for (; left > 0; left -= 1) {
      let best: Row | undefined;
      let bestPlace = Infinity;
      for (const row of rows) {
        if (row.taken >= row.steps || row.plan.target.kind === 'user') continue;
        const place = (row.taken + 0.5) / row.steps;
        if (place >= bestPlace) continue;
        best = row;
        bestPlace = place;
      }
      if (best === undefined || this.kernelCount >= STEPS_CAPACITY) return;
      if (best.plan.target.kind === 'pool') {
        this.addPoolStep(best, best.plan.target.pool, operation, repeats);
      } else {
        this.addCoreStep(best, operation);
      }
      best.taken += 1;
    }
  }

  /** The next step of a kernel row: core kernel text. */
  private addCoreStep(row: Row, operation: number): void {
    const { operations, machine } = this.parts;
    const list = this.steps.of(row.index, machine.pti ? this.process : 0, operation);
    while (list.count <= row.taken) {
      const hotPages = Math.round((row.plan.hotBytes ?? DEFAULT_HOT_BYTES) / PAGE_SIZE_BYTES);
      const quantile = operations.kernelQuantile(operation, row.index, list.count);
      const hot = indexIn(row, quantile, Math.max(1, hotPages));
      const place = kernelPlace(hot, hotPages, machine.kernelTextBytes);
      list.add(place.page, this.kernelTranslation(place.page, place.isLarge, !machine.pti));
    }
    this.addKernel(list.pages[row.taken] ?? 0, list.translations[row.taken] ?? 0);
  }

  /** The next step of a pool's row: a page of one of its live members. */
  private addPoolStep(row: Row, pool: number, operation: number, repeats: number): void {
    const { operations, live, view, machine, stale } = this.parts;
    const places = this.places.of(row.index, 0, operation);
    while (places.count <= row.taken) {
      const step = places.count;
      places.add(
        operations.quantile(operation, row.index, step),
        operations.pageDraw(operation, row.index, step),
      );
    }
    const members = live.members(pool);
    const member = members[indexIn(row, places.members[row.taken] ?? 0, members.length)];
    if (member === undefined) return;
    const { pages, object } = member;
    const rank = this.pageRanks.indexAt(places.pages[row.taken] ?? 0, pages.length);
    const page = pages[(rank + object) % pages.length] ?? 0;
    const level = view.leafLevel(page);
    if (level === 0 || !view.isExecutable(page) || stale.isStale(page)) {
      this.staleFetches += repeats;
    }
    this.poolSteps += 1;
    if (level === 2) this.largeSteps += 1;
    const space = machine.pti ? this.process : 0;
    this.addKernel(view.areaVpn + page, this.text.of(page, level === 2, space));
  }

  private kernelTranslation(page: number, isLarge: boolean, isGlobal: boolean): number {
    return this.tlb.translation({
      page: isLarge ? Math.floor(page / PTRS_PER_PMD_PAGES) * PTRS_PER_PMD_PAGES : page,
      mapping: isLarge ? SizeClass['2M'] : SizeClass['4K'],
      isGlobal,
      isCoalescible: false,
    });
  }

  /** `page` is where the walk costs are looked up. */
  private addKernel(page: number, translation: number): void {
    this.kernelPages[this.kernelCount] = page;
    this.kernelSteps[this.kernelCount] = translation;
    this.kernelCount += 1;
  }

  private touchData(operation: number): void {
    if (!this.parts.profile.l2SharedWithData.value) return;
    const { operations } = this.parts;
    const row = this.rows.length;
    const count = Math.floor((this.userCount + this.kernelCount) / STEPS_PER_DATA_PAGE);
    const list = this.steps.of(row, 0, operation);
    while (list.count < count) {
      const page = dataPage(operations.quantile(operation, row, list.count));
      const mapping = SizeClass['4K'];
      list.add(page, this.tlb.translation({ page, mapping, isGlobal: true, isCoalescible: false }));
    }
    for (let k = 0; k < count; k += 1) this.tlb.touchSecondLevel(list.translations[k] ?? 0);
  }

  /** One repetition. */
  private repeat(): void {
    const { tlb, userSteps, kernelSteps, userCount, kernelCount, process } = this;
    const isIsolated = this.parts.machine.pti;
    if (isIsolated) tlb.switchSpace(process);
    for (let i = 0; i < userCount; i += 1) {
      if (tlb.fetch(userSteps[i] ?? 0) === TlbOutcome.walk) {
        this.chargeWalk(process, this.userPages[i] ?? 0);
      }
    }
    if (isIsolated) tlb.switchSpace(PROCESSES + process);
    for (let i = 0; i < kernelCount; i += 1) {
      if (tlb.fetch(kernelSteps[i] ?? 0) === TlbOutcome.walk) {
        this.chargeWalk(KERNEL_TABLES, this.kernelPages[i] ?? 0);
      }
    }
  }

  private chargeWalk(tables: number, page: number): void {
    const { tlb } = this;
    this.counts.walkCycles += this.walkCost.cycles({
      tables,
      page,
      mapping: tlb.lastWalkMapping,
      loads: tlb.lastWalkLoads,
    });
  }
}

const KERNEL_ROW: ExecuteRowPlan = {
  target: { kind: 'kernel' },
  weight: 0,
  locality: { kind: 'uniform' },
};

const createRow = (plan: ExecuteRowPlan, index: number): Row => ({
  index,
  plan,
  zipf: new ZipfRanks(plan.locality.kind === 'zipf' ? plan.locality.skew : 0),
  weight: plan.weight,
  owed: 0,
  steps: 0,
  taken: 0,
});

/** Code pages that a visiting task touches: where the load's own code is small, so are visitors. */
function visitorSteps(rows: readonly Row[]): number {
  let pages = 0;
  for (const { plan } of rows) {
    if (plan.target.kind !== 'user' || plan.weight === 0) continue;
    pages += (plan.hotBytes ?? DEFAULT_HOT_BYTES) / PAGE_SIZE_BYTES / PROCESSES;
  }
  return Math.min(VISITOR_STEPS_MAX, Math.round(pages / PROCESS_PAGES_PER_VISITOR_STEP));
}

/** Index among `count` things, by the row's locality. */
const indexIn = (row: Row, quantile: number, count: number): number =>
  row.plan.locality.kind === 'uniform'
    ? Math.floor(quantile * count)
    : row.zipf.indexAt(quantile, count);

/** A first-level miss lies between two counts of the stream. */
const hasMisses = (before: Float64Array, after: Float64Array): boolean =>
  before[MissChannel.stlbHit] !== after[MissChannel.stlbHit] ||
  before[MissChannel.walk4K] !== after[MissChannel.walk4K] ||
  before[MissChannel.walk2M] !== after[MissChannel.walk2M];

/** 0..count-1 in random order. */
function shuffled(count: number, draws: PrngStream): Int32Array {
  const list = new Int32Array(count);
  for (let i = 0; i < count; i += 1) list[i] = i;
  for (let i = count - 1; i > 0; i -= 1) {
    const j = draws.below(i + 1);
    const swapped = list[i] ?? 0;
    list[i] = list[j] ?? 0;
    list[j] = swapped;
  }
  return list;
}
