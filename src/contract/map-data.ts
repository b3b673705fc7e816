/**
 * What maps show: the module area and the direct map of one run at any of its requests. A run is
 * simulated once more with everything kept that a map draws; the window then asks for moments.
 * Plain data in flat typed arrays, so that thousands of cells cross a process cheaply. The module area
 * is smaller than 2 GiB, so bytes and pages of it fit 32 bits.
 */

/** Bits of a page's state. 0: free, nothing mapped and nothing reserved. */
export const PageStateBit = {
  mapped: 1,
  writable: 2,
  executable: 4,
  /** Part of a 2M leaf. */
  huge: 8,
  guard: 16,
  /** Freed, its addresses wait for the purge. */
  lazy: 32,
} as const;

/** Numbers of one run of equal pages in `MapMoment.pages`: first page, pages, state. */
export const PAGE_RUN_NUMBERS = 3;
/** Numbers of one live extent in `MapMoment.extents`: object, byte, bytes, kind. */
export const EXTENT_NUMBERS = 4;
/** Numbers of one region in `MapMoment.directMap`: first pfn, pages, level (1 4K, 2 2M, 3 1G). */
export const REGION_NUMBERS = 3;

/** Slices of `MapInfo.density`. */
export const DENSITY_SLICES = 400;

export interface MapRequest {
  readonly runId: string;
  readonly point: number;
  readonly seed: number;
  /** Name in reports. */
  readonly design: string;
}

/** An effect worth a tick on a time axis. */
export interface MapTick {
  /** As in EFFECT_KIND_NAMES. */
  readonly effect: string;
  readonly timeNs: number;
  readonly step: number;
}

export interface MapInfo {
  readonly mapId: string;
  readonly areaPages: number;
  /** Address of page 0: `0xffffffffc0000000`. */
  readonly areaAddress: string;
  /** Requests that can be stepped through, 0..stepCount-1. */
  readonly stepCount: number;
  readonly durationNs: number;
  /**
   * 1: the state after every request is kept. More: every so many-th, because the event log is too long
   * to be kept; a state in between is simulated again when it is asked for by its number.
   */
  readonly keptEvery: number;
  /** Size of the event log that all states would need, bytes. */
  readonly logBytes: number;
  /** Hash of the run's event log; empty when the map left fetches out. */
  readonly logHash: string;
  /** Requests per equal slice of the run. */
  readonly density: readonly number[];
  /**
   * Splits, collapses, failures, collisions, flushes, purges and 2M blocks taken, in order of time; thinned when
   * there are many.
   */
  readonly ticks: readonly MapTick[];
  /** Numbers of ticks before thinning, by effect. */
  readonly tickCounts: Readonly<Record<string, number>>;
}

export type MapTarget =
  /** The state after the last request at or before this time; the last one that is kept. */
  | { readonly kind: 'time'; readonly timeNs: number }
  | { readonly kind: 'step'; readonly step: number }
  /** The next request in this direction; with an effect the next one that had it. */
  | {
      readonly kind: 'next';
      readonly step: number;
      readonly direction: 1 | -1;
      /** As in EFFECT_KIND_NAMES; empty for any request. */
      readonly effect: string;
    };

export interface MapStepRequest {
  /** As in REQUEST_KIND_NAMES. */
  readonly kind: string;
  /** -1 where none. */
  readonly object: number;
  /** Line of the scenario, 0 where none. */
  readonly line: number;
  readonly label: string;
  readonly sizeBytes: number;
}

export interface MapEffect {
  readonly effect: string;
  /** Page index of the module area, or pfn for effects of the direct map. */
  readonly page: number;
  readonly amount: number;
  readonly path: string;
  /** What a split was made for; absent for other effects. */
  readonly change?: MapChange;
}

/** Pages inside a leaf that took other attributes than the rest of it. */
export interface MapChange {
  /** First page, counted as the effect's. */
  readonly page: number;
  readonly pages: number;
  /** PageStateBit `mapped`, `writable`, `executable` of the leaf before, and of the pages after. */
  readonly before: number;
  readonly after: number;
}

/** Asks for the single events behind a row of causes. */
export interface MapRecordsRequest {
  readonly mapId: string;
  /** As in EFFECT_KIND_NAMES. */
  readonly effect: string;
  /** Empty for any. */
  readonly phase: string;
  readonly line: number;
  /** Call path; empty for any. */
  readonly path: string;
}

/** The first events of a cause in order of time, at most MAP_RECORDS_MAX, and how many there are. */
export interface MapRecords {
  readonly total: number;
  readonly records: readonly {
    readonly step: number;
    readonly timeNs: number;
    /** -1 where none. */
    readonly object: number;
    readonly sizeBytes: number;
    readonly page: number;
  }[];
}

/** What was made into a pool of the scenario in one run. */
export interface MapPool {
  /** Objects, ascending: whichever of them live at a moment are in its extents. */
  readonly objects: Int32Array;
  /** When something happened to them, ascending; thinned evenly to MAP_POOL_TIMES_MAX. */
  readonly timesNs: Float64Array;
  /** Requests about them. */
  readonly requests: number;
}

export const MAP_POOL_TIMES_MAX = 1000;

export const MAP_RECORDS_MAX = 500;

/** The state after one request. */
export interface MapMoment {
  readonly step: number;
  readonly timeNs: number;
  readonly phase: string;
  readonly request: MapStepRequest;
  /** Effects of this request, at most MAP_EFFECTS_MAX. */
  readonly effects: readonly MapEffect[];
  readonly effectCount: number;
  /** Runs of equal pages that are not free, ascending: PAGE_RUN_NUMBERS each. */
  readonly pages: Int32Array;
  /** Live extents by object: EXTENT_NUMBERS each; kind 0 text, 1 data, 2 rodata. */
  readonly extents: Int32Array;
  /** Regions of the direct map that changed since boot, ascending: REGION_NUMBERS each. */
  readonly directMap: Float64Array;
}

export const MAP_EFFECTS_MAX = 500;

/** Who owns a byte of the module area, and what happened to its page. */
export interface MapPlace {
  /** `0xffffffffc0000000`. */
  readonly address: string;
  readonly state: number;
  /** Absent where no object lives. */
  readonly owner?: {
    readonly object: number;
    /** Pool of the scenario; absent for none. */
    readonly pool?: string;
    /** The request that made it. */
    readonly request: MapStepRequest;
    readonly bornNs: number;
    readonly bornStep: number;
    readonly byte: number;
    readonly sizeBytes: number;
    /** Requests about it over the whole run, oldest first, at most MAP_HISTORY_MAX. */
    readonly events: readonly { readonly timeNs: number; readonly step: number }[];
  };
  /** Changes of the page's state up to the asked step, oldest first, at most MAP_HISTORY_MAX. */
  readonly history: readonly {
    readonly timeNs: number;
    readonly step: number;
    readonly state: number;
  }[];
  /** Changes and requests before this time are not in `history` and `events`; absent: all are. */
  readonly keptFromNs?: number;
}

export const MAP_HISTORY_MAX = 200;
