/**
 * Effects added up by what caused them: phase, statement, kind of effect, call path. An
 * open-addressing table of interned ids in typed arrays, so that counting an effect allocates nothing.
 */
import { assert } from '../base/assert.js';
import { EFFECT_KIND_NAMES, type CauseRow } from '../contract/sim-event.js';
import type { PhasePlan, SitePlan } from '../contract/scenario-plan.js';
import { textHash } from './log-hash.js';

/** Counted beside effects: what the workload and the instruction fetch say. */
export const CauseKind = {
  walkCompleted: EFFECT_KIND_NAMES.length,
  poolUnderflow: EFFECT_KIND_NAMES.length + 1,
  heldBack: EFFECT_KIND_NAMES.length + 2,
} as const;

export const CAUSE_NAMES: readonly string[] = [
  ...EFFECT_KIND_NAMES,
  'itlb_misses.walk_completed',
  'pool.underflow',
  'churn.held_back',
];

const KIND_STRIDE = 32;
/** Different call paths; a run with more has a design that makes up names. */
const PATHS_MAX = 65536;
const FIRST_CAPACITY = 256;
const EMPTY = -1;

interface Context {
  readonly phase: number;
  readonly site: number;
  /** Replaces the site's label where several statements share the cause. */
  readonly label: string | undefined;
}

export class CauseTable {
  private readonly contexts: Context[] = [];
  private readonly contextIds = new Map<string, number>();
  private readonly siteContexts = new Map<number, number>();
  private readonly paths: string[] = [];
  private readonly pathIds = new Map<string, number>();
  private readonly pathHashes: number[] = [];
  private lastPath: string | undefined;
  private lastPathId = -1;
  private keys = new Float64Array(FIRST_CAPACITY).fill(EMPTY);
  private counts = new Float64Array(FIRST_CAPACITY);
  private amounts = new Float64Array(FIRST_CAPACITY);
  private used = 0;

  constructor(
    private readonly sites: readonly SitePlan[],
    private readonly phases: readonly PhasePlan[],
  ) {}

  /** Id of a statement in a phase; -1 for none of either. */
  context(phase: number, site: number): number {
    const key = (phase + 1) * (this.sites.length + 1) + site + 1;
    const known = this.siteContexts.get(key);
    if (known !== undefined) return known;
    const id = this.addContext({ phase, site, label: undefined });
    this.siteContexts.set(key, id);
    return id;
  }

  /** Id of several statements that cannot be told apart. */
  sharedContext(phase: number, sites: readonly number[]): number {
    const [first] = sites;
    if (first === undefined || sites.length === 1) return this.context(phase, first ?? -1);
    const key = `${String(phase)}:${sites.join(',')}`;
    const known = this.contextIds.get(key);
    if (known !== undefined) return known;
    const label = sites.map((site) => this.sites[site]?.label ?? '').join(' + ');
    const id = this.addContext({ phase, site: first, label });
    this.contextIds.set(key, id);
    return id;
  }

  /** Id of a call path. */
  path(path: string): number {
    if (path === this.lastPath) return this.lastPathId;
    let id = this.pathIds.get(path);
    if (id === undefined) {
      id = this.paths.length;
      assert(id < PATHS_MAX, () => `more than ${String(PATHS_MAX)} call paths`);
      this.paths.push(path);
      this.pathIds.set(path, id);
      this.pathHashes.push(textHash(path));
    }
    this.lastPath = path;
    this.lastPathId = id;
    return id;
  }

  /** Hash of a path's text, the same in every run. */
  pathHash(id: number): number {
    return this.pathHashes[id] ?? 0;
  }

  add(context: number, kind: number, path: number, count: number, amount: number): void {
    const key = (context * KIND_STRIDE + kind) * PATHS_MAX + path;
    let at = this.find(key);
    if (this.keys[at] === EMPTY) {
      if (this.used * 2 >= this.keys.length) {
        this.grow();
        at = this.find(key);
      }
      this.keys[at] = key;
      this.used += 1;
    }
    this.counts[at] = (this.counts[at] ?? 0) + count;
    this.amounts[at] = (this.amounts[at] ?? 0) + amount;
  }

  /** Rows by effect, then phase, then the largest first. */
  rows(): readonly CauseRow[] {
    const found: { readonly kind: number; readonly phase: number; readonly row: CauseRow }[] = [];
    this.keys.forEach((key, at) => {
      if (key === EMPTY) return;
      const path = key % PATHS_MAX;
      const rest = Math.floor(key / PATHS_MAX);
      const kind = rest % KIND_STRIDE;
      const context = this.contexts[Math.floor(rest / KIND_STRIDE)];
      assert(context !== undefined, 'a cause has a context');
      const site = this.sites[context.site];
      const row = {
        effect: CAUSE_NAMES[kind] ?? '',
        phase: this.phases[context.phase]?.name ?? '',
        line: site?.line ?? 0,
        label: context.label ?? site?.label ?? '',
        path: this.paths[path] ?? '',
        count: this.counts[at] ?? 0,
        amount: this.amounts[at] ?? 0,
      };
      found.push({ kind, phase: context.phase, row });
    });
    return found.sort(compareCauses).map(({ row }) => row);
  }

  private addContext(context: Context): number {
    this.contexts.push(context);
    return this.contexts.length - 1;
  }

  /** Index of the key, or of the free place where it goes. */
  private find(key: number): number {
    const mask = this.keys.length - 1;
    const mixed = Math.imul((key | 0) ^ Math.floor(key / 4294967296), 0x9e3779b1);
    let at = (mixed ^ (mixed >>> 15)) & mask;
    while (this.keys[at] !== EMPTY && this.keys[at] !== key) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const { keys, counts, amounts } = this;
    this.keys = new Float64Array(keys.length * 2).fill(EMPTY);
    this.counts = new Float64Array(keys.length * 2);
    this.amounts = new Float64Array(keys.length * 2);
    for (let i = 0; i < keys.length; i += 1) {
      const key = keys[i] ?? EMPTY;
      if (key === EMPTY) continue;
      const at = this.find(key);
      this.keys[at] = key;
      this.counts[at] = counts[i] ?? 0;
      this.amounts[at] = amounts[i] ?? 0;
    }
  }
}

interface FoundCause {
  readonly kind: number;
  readonly phase: number;
  readonly row: CauseRow;
}

function compareCauses(left: FoundCause, right: FoundCause): number {
  if (left.kind !== right.kind) return left.kind - right.kind;
  if (left.phase !== right.phase) return left.phase - right.phase;
  if (left.row.count !== right.row.count) return right.row.count - left.row.count;
  if (left.row.line !== right.row.line) return left.row.line - right.row.line;
  if (left.row.label !== right.row.label) return left.row.label < right.row.label ? -1 : 1;
  if (left.row.path === right.row.path) return 0;
  return left.row.path < right.row.path ? -1 : 1;
}
