/**
 * Everything that a map draws, request by request, in columns: steps, changes of page states, extents
 * that appeared or went, effects, and snapshots so that any step can be rebuilt from near by.
 *
 *   step        0        1        2
 *   pages       |aaa     |b       |cc          pageEnds: end of each step's changes
 *   snapshot    ^ 0               ^ 1          before the changes of its step
 *
 * A snapshot is taken when a third as much has changed since the last one as a snapshot weighs, so the
 * log grows in proportion to the run and a rebuild costs no more than one snapshot.
 */
import { GrowingFloats, GrowingInts } from './growing-array.js';

/** State of the module area before the changes of a step. */
export interface MapSnapshot {
  readonly step: number;
  /** Runs of pages that are not free: first page, pages, state. */
  readonly pages: Int32Array;
  /** Live extents, indexes into the extent columns, in order of placement. */
  readonly extents: Uint32Array;
}

export class MapLog {
  // Steps.
  readonly stepTimeNs = new GrowingFloats();
  /** RequestKind. */
  readonly stepKind = new GrowingInts();
  readonly stepObject = new GrowingInts();
  /** Index into `sites`. */
  readonly stepSite = new GrowingInts();
  readonly stepSizeBytes = new GrowingFloats();
  /** Index into `phases`. */
  readonly stepPhase = new GrowingInts();
  readonly pageEnds = new GrowingInts();
  readonly extentEnds = new GrowingInts();
  readonly effectEnds = new GrowingInts();
  // Changes of page states.
  readonly changePage = new GrowingInts();
  readonly changePages = new GrowingInts();
  readonly changeState = new GrowingInts();
  // Changes of extents: index of the extent, negative (~index) when it went.
  readonly extentChange = new GrowingInts();
  // Extents in order of placement.
  readonly extentObject = new GrowingInts();
  readonly extentByte = new GrowingFloats();
  readonly extentSizeBytes = new GrowingFloats();
  /** PlacementKind. */
  readonly extentKind = new GrowingInts();
  // Effects.
  readonly effectKind = new GrowingInts();
  readonly effectPage = new GrowingFloats();
  readonly effectAmount = new GrowingFloats();
  /** Index into `paths`. */
  readonly effectPath = new GrowingInts();
  /** Index into the columns of splits; -1 for other effects. */
  readonly effectSplit = new GrowingInts();
  // What splits were made for: pages inside the leaf, PTE flags of the leaf and of the pages after.
  readonly splitPage = new GrowingFloats();
  readonly splitPages = new GrowingInts();
  readonly splitBefore = new GrowingInts();
  readonly splitAfter = new GrowingInts();
  // Effects of the direct map once more: splits and collapses, few among many.
  readonly regionStep = new GrowingInts();
  readonly regionPfn = new GrowingFloats();
  /** EffectKind 0..3. */
  readonly regionKind = new GrowingInts();
  /** Step that made an object, by object; -1 for none. */
  readonly bornStep = new GrowingInts();
  readonly sites: { readonly line: number; readonly label: string }[] = [];
  readonly paths: string[] = [];
  readonly phases: string[] = [''];
  readonly snapshots: MapSnapshot[] = [];

  constructor(
    readonly areaPages: number,
    /** Unsigned VPN of page 0. */
    readonly areaVpn: number,
  ) {}

  get stepCount(): number {
    return this.stepTimeNs.length;
  }

  /** Entries of all columns, for the bound on a log. */
  get weight(): number {
    return this.stepTimeNs.length + this.changePage.length + this.effectKind.length;
  }

  /** Half-open range of a step's entries in a column that is closed by `ends`. */
  rangeOf(ends: GrowingInts, step: number): { readonly from: number; readonly to: number } {
    return { from: step === 0 ? 0 : ends.at(step - 1), to: ends.at(step) };
  }
}
