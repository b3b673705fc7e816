/**
 * The plan of one sweep point while it grows: sites, pools, handle slots, layouts, recordings. Bounds
 * the number of statements, so that nested `for` and workload calls cannot blow up.
 */
import type { Span } from '../../src/contract/diagnostic.js';
import type { LayoutPlan, RecordedStreamPlan, SitePlan } from '../../src/contract/scenario-plan.js';
import type { ImportDecl, Name } from '../ast.js';
import type { FileSymbols } from '../names/file-symbols.js';
import type { ReadData } from '../values/distributions.js';
import type { ImportedData } from '../../src/contract/catalog.js';
import { tooManyStatements } from '../diagnostics/limits.js';

/** Statements of one sweep point after `for` and `run` are written out; bounds the work too. */
export const PLAN_STATEMENTS_MAX = 100_000;

export interface SitePlace {
  readonly file: FileSymbols;
  readonly span: Span;
}

/** What the point needs from around it. */
export interface PointSources {
  readonly readData: ReadData;
  readonly importOf: (decl: ImportDecl) => ImportedData | undefined;
  readonly stdLayouts: readonly LayoutPlan[];
  readonly machine: { readonly cpus: number; readonly nodes: number };
  /** So much is wrong that going on shows nothing new. */
  readonly halted: () => boolean;
}

export class PointBuilder {
  readonly sites: SitePlan[] = [];
  readonly places: SitePlace[] = [];
  readonly poolNames: string[] = [];
  readonly layouts: LayoutPlan[] = [];
  readonly recordings: RecordedStreamPlan[] = [];
  handleCount = 0;
  private readonly poolIndex = new Map<Name, number>();
  private readonly layoutIndex = new Map<LayoutPlan, number>();
  private readonly recordingIndex = new Map<RecordedStreamPlan, number>();
  private overflowReported = false;
  private visited = 0;

  constructor(readonly sources: PointSources) {}

  /** More statements than a plan may have: stop adding. */
  get full(): boolean {
    return this.visited >= PLAN_STATEMENTS_MAX || this.sources.halted();
  }

  /** Counts a statement, whether or not it makes anything; false when there are too many. */
  visit({ file, span }: SitePlace, weight: number): boolean {
    this.visited += weight;
    if (!this.full) return true;
    if (!this.overflowReported && this.visited >= PLAN_STATEMENTS_MAX) {
      this.overflowReported = true;
      file.report(tooManyStatements(span, PLAN_STATEMENTS_MAX));
    }
    return false;
  }

  /** Index of a new site. */
  site(place: SitePlace, address: string, label: string): number {
    const { file, span } = place;
    const { line } = file.lines.position(span.start);
    this.sites.push(
      file.source === undefined
        ? { line, address, label }
        : { line, source: file.source, address, label },
    );
    this.places.push(place);
    return this.sites.length - 1;
  }

  /** Index of a pool by its declaration. */
  pool(name: Name, shownAs: string): number {
    const known = this.poolIndex.get(name);
    if (known !== undefined) return known;
    this.poolIndex.set(name, this.poolNames.length);
    this.poolNames.push(shownAs);
    return this.poolNames.length - 1;
  }

  layout(layout: LayoutPlan): number {
    return indexIn(this.layouts, this.layoutIndex, layout);
  }

  recording(recording: RecordedStreamPlan): number {
    return indexIn(this.recordings, this.recordingIndex, recording);
  }

  newHandle(): number {
    this.handleCount += 1;
    return this.handleCount - 1;
  }
}

function indexIn<T>(list: T[], index: Map<T, number>, item: T): number {
  const known = index.get(item);
  if (known !== undefined) return known;
  index.set(item, list.length);
  list.push(item);
  return list.length - 1;
}
