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

/** Bytes of an entry of the columns, about. */
export const LOG_ENTRY_BYTES = 20;

/** State of the module area before the changes of a step. */
export interface MapSnapshot {
  readonly step: number;
  /** Runs of pages that are not free: first page, pages, state. */
  readonly pages: Int32Array;
  /** Live extents, indexes into the extent columns, in order of placement. */
  readonly extents: Uint32Array;
}

/** Texts that columns point at by index. */
export interface MapNames {
  readonly sites: { readonly line: number; readonly label: string }[];
  readonly paths: string[];
  readonly phases: string[];
}

/** The request that made an object. */
export interface BornBefore {
  /** Negative: counted from the first step of the log. */
  readonly step: number;
  readonly timeNs: number;
  /** RequestKind. */
  readonly kind: number;
  /** Index into `sites`. */
  readonly site: number;
  readonly sizeBytes: number;
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
  readonly snapshots: MapSnapshot[] = [];
  /** The requests that made what lives when the log begins, by object: they are not in it. */
  readonly bornBefore = new Map<number, BornBefore>();

  constructor(
    readonly areaPages: number,
    /** Unsigned VPN of page 0. */
    readonly areaVpn: number,
    readonly names: MapNames = { sites: [], paths: [], phases: [''] },
  ) {}

  get sites(): MapNames['sites'] {
    return this.names.sites;
  }

  get paths(): string[] {
    return this.names.paths;
  }

  get phases(): string[] {
    return this.names.phases;
  }

  get stepCount(): number {
    return this.stepTimeNs.length;
  }

  /** Entries of all columns, for the bound on a log. */
  get weight(): number {
    return this.stepTimeNs.length + this.changePage.length + this.effectKind.length;
  }

  /** Puts an extent at a place of the columns, or at their end. */
  setExtent(
    index: number,
    extent: {
      readonly object: number;
      readonly byte: number;
      readonly sizeBytes: number;
      readonly kind: number;
    },
  ): void {
    this.extentObject.replace(index, extent.object);
    this.extentByte.replace(index, extent.byte);
    this.extentSizeBytes.replace(index, extent.sizeBytes);
    this.extentKind.replace(index, extent.kind);
  }

  /** Forgets all steps with their changes and effects; extents stay. */
  clearSteps(): void {
    for (const column of [
      this.stepTimeNs,
      this.stepKind,
      this.stepObject,
      this.stepSite,
      this.stepSizeBytes,
      this.stepPhase,
      this.pageEnds,
      this.extentEnds,
      this.effectEnds,
      this.changePage,
      this.changePages,
      this.changeState,
      this.extentChange,
      this.effectKind,
      this.effectPage,
      this.effectAmount,
      this.effectPath,
      this.effectSplit,
      this.splitPage,
      this.splitPages,
      this.splitBefore,
      this.splitAfter,
      this.regionStep,
      this.regionPfn,
      this.regionKind,
    ]) {
      column.length = 0;
    }
    this.snapshots.length = 0;
  }

  /** Half-open range of a step's entries in a column that is closed by `ends`. */
  rangeOf(ends: GrowingInts, step: number): { readonly from: number; readonly to: number } {
    return { from: step === 0 ? 0 : ends.at(step - 1), to: ends.at(step) };
  }
}
