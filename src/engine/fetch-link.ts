/**
 * Keeps the instruction fetch in step with the machine: text that appears and goes, flushes, and the
 * time up to which fetches have been simulated. Init text is left out, it runs once. Long stretches
 * are cut into pieces, so that a run can be stopped inside them.
 */
import { assert } from '../base/assert.js';
import type { ExecutePlan, PhasePlan, StatementPlan } from '../contract/scenario-plan.js';
import type { MachineMm } from '../mm/machine-view.js';
import { PlacementKind, type Extent } from '../mm/placements.js';
import type { FetchEngine } from '../workload/fetch-engine.js';

/** References between two looks at the outside. */
const PIECE_REFERENCES = 200_000;

/** Execute statements of a plan by their site. */
export function executePlans(phases: readonly PhasePlan[]): ReadonlyMap<number, ExecutePlan> {
  const plans = new Map<number, ExecutePlan>();
  const walk = (body: readonly StatementPlan[]): void => {
    for (const statement of body) {
      switch (statement.kind) {
        case 'execute':
          plans.set(statement.site, statement.execute);
          break;
        case 'repeat':
        case 'every':
        case 'arrive':
        case 'at':
          walk(statement.body);
          break;
        case 'parallel':
          for (const branch of statement.branches) walk(branch.body);
          break;
        case 'mix':
          for (const option of statement.options) walk(option.body);
          break;
        default:
          break;
      }
    }
  };
  for (const phase of phases) walk(phase.body);
  return plans;
}

export class FetchLink {
  /** Execute statements under way: index and site, in order of their start. */
  private readonly running: { readonly index: number; readonly site: number }[] = [];
  private referencesPerNs = 0;
  private simulatedNs = 0;
  private readonly pools = new Map<number, number>();
  /** Text extents of objects that have any. */
  private readonly textCounts = new Map<number, number>();

  constructor(
    private readonly fetch: FetchEngine,
    private readonly plans: ReadonlyMap<number, ExecutePlan>,
    private readonly onPiece: () => void,
  ) {}

  /** Sites of the execute statements under way. */
  get sites(): readonly number[] {
    return [...new Set(this.running.map((entry) => entry.site))];
  }

  attach(mm: MachineMm): void {
    const { fetch } = this;
    mm.flushListener = {
      flushAll: () => fetch.flushAll(),
      flushRange: (page, pages) => fetch.flushRange(page, pages),
      flushLocal: () => fetch.flushLocal(),
    };
    mm.placements.onChange = (extent, live) => this.change(extent, live);
  }

  /** The object about to be created belongs to this pool. */
  createIn(object: number, pool: number): void {
    if (pool >= 0) this.pools.set(object, pool);
  }

  forget(object: number): void {
    this.pools.delete(object);
  }

  start(index: number, site: number, timeNs: number): void {
    const plan = this.plans.get(site);
    assert(plan !== undefined, () => `site ${String(site)} is an execute statement`);
    this.advanceTo(timeNs);
    this.running.push({ index, site });
    this.referencesPerNs += plan.ratePerSecond / 1e9;
    this.fetch.start(index, plan, timeNs);
  }

  end(index: number, timeNs: number): void {
    const at = this.running.findIndex((entry) => entry.index === index);
    const entry = this.running[at];
    assert(entry !== undefined, () => `execute ${String(index)} runs`);
    this.advanceTo(timeNs);
    this.running.splice(at, 1);
    const rate = this.plans.get(entry.site)?.ratePerSecond ?? 0;
    this.referencesPerNs = this.running.length === 0 ? 0 : this.referencesPerNs - rate / 1e9;
    this.fetch.end(index, timeNs);
  }

  /** Simulates all fetches up to `timeNs`. */
  advanceTo(timeNs: number): void {
    if (this.running.length === 0 || timeNs <= this.simulatedNs) {
      this.simulatedNs = Math.max(this.simulatedNs, timeNs);
      return;
    }
    const pieceNs = Math.max(1, Math.floor(PIECE_REFERENCES / this.referencesPerNs));
    while (this.simulatedNs + pieceNs < timeNs) {
      this.simulatedNs += pieceNs;
      this.fetch.advanceTo(this.simulatedNs);
      this.onPiece();
    }
    this.simulatedNs = timeNs;
    this.fetch.advanceTo(timeNs);
  }

  private change(extent: Extent, live: boolean): void {
    if (extent.kind !== PlacementKind.text || extent.init) return;
    const { object } = extent;
    const count = this.textCounts.get(object) ?? 0;
    if (live) {
      this.textCounts.set(object, count + 1);
      const pool = this.pools.get(object) ?? -1;
      this.fetch.textPlaced(object, pool, extent.byte, extent.sizeBytes);
      return;
    }
    if (count > 1) {
      this.textCounts.set(object, count - 1);
      return;
    }
    this.textCounts.delete(object);
    this.fetch.textGone(object);
  }
}
