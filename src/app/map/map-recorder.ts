/**
 * Listens to a run and keeps what maps draw. It reads the machine after each request and changes
 * nothing: the calls that change mappings are watched for the pages they touch, and what these pages
 * have become is read when the request is over.
 */
import { PTRS_PER_PMD_PAGES, roundDown, roundUp } from '../../base/units.js';
import { PageStateBit } from '../../contract/map-data.js';
import type { MapMoment } from '../../contract/map-data.js';
import { RequestKind } from '../../contract/request.js';
import { EffectKind } from '../../contract/sim-event.js';
import type { SimEvent } from '../../engine/event-ledger.js';
import { isCreation, isRelease } from '../../engine/design-driver.js';
import type { VmallocRequest, VmArea } from '../../mm/kernel-mm.js';
import type { MachineMm } from '../../mm/machine-view.js';
import type { Extent } from '../../mm/placements.js';
import { MapLog } from './map-log.js';
import type { BornBefore } from './map-log.js';
import { extentNumbers } from './map-state.js';
import { pageRuns } from './page-runs.js';
import { applyRegions, regionNumbers, writeRegions, type RegionLevels } from './region-levels.js';
import { stepWords } from './step-words.js';

/** Changes between two snapshots, at least. */
const SNAPSHOT_CHANGES_MIN = 1024;
/** Snapshots may take so many times the room of the changes between them. */
const SNAPSHOT_SHARE = 3;
/** Numbers of an effect of the request under way: kind, page, amount, path, split. */
const EFFECT_NUMBERS = 5;

export interface MapRecorderOptions {
  /** First step whose changes are logged; those before are only followed. 0 by default. */
  readonly fromStep?: number;
  /** Hears each step that is followed and not logged, when it is over. */
  readonly onFollowed?: (step: FollowedStep) => void;
}

/** A step that is over. Its words and states must be taken during the call. */
export interface FollowedStep {
  readonly step: number;
  /** Holds this step alone. */
  readonly log: MapLog;
  /** The state after it. */
  moment(): MapMoment;
}

export class MapRecorder {
  private log: MapLog;
  private readonly state: Uint8Array;
  /** Touched pages of the request under way: first page, pages, in turn. */
  private readonly touched: number[] = [];
  /** What unmapped pages are: 0 free, else the bit of a guard page or of a lazily freed one. */
  private readonly unmapped: Uint8Array;
  /** Areas freed and not purged yet: first page, pages with guard, in turn. */
  private readonly lazy: number[] = [];
  /** First byte of live extents to their index in the log, in order of placement. */
  private live = new Map<number, number>();
  /** Places of the extent columns that are free again; none while everything is logged. */
  private free: number[] = [];
  /** Requests that made what lives, while they are not logged. */
  private readonly births = new Map<number, BornBefore>();
  /** Regions of the direct map that differ from boot, while they are not logged. */
  private readonly regions: RegionLevels = new Map();
  private step = -1;
  private following: boolean;
  private readonly siteIds = new Map<string, number>();
  private readonly pathIds = new Map<string, number>();
  private readonly extentChanges: number[] = [];
  private readonly effects: number[] = [];
  private resized = false;
  private purged = false;
  private changesSinceSnapshot = 0;
  private chained = false;
  private open = false;

  constructor(
    private readonly mm: MachineMm,
    private readonly options: MapRecorderOptions = {},
  ) {
    this.following = (options.fromStep ?? 0) > 0;
    this.log = new MapLog(mm.areaPages, mm.areaVpn);
    this.state = new Uint8Array(mm.areaPages);
    this.unmapped = new Uint8Array(mm.areaPages);
    this.watchCalls();
  }

  /** Steps so far. */
  get stepCount(): number {
    return this.step + 1;
  }

  /** Entries of the log. */
  get weight(): number {
    return this.log.weight;
  }

  /** For the simulator's `onEvent`. */
  readonly onEvent = (event: SimEvent): void => {
    if (event.event === 'effect') {
      this.effect(event.kind, event.page, event.amount, event.path);
      return;
    }
    this.chainPlacements();
    if (this.open) this.endStep();
    this.startStep(event);
  };

  /** The log of the run; the recorder is over. */
  finish(): MapLog {
    if (this.open) this.endStep();
    return this.log;
  }

  /** Logs nothing from now on and lets go of the log; `onFollowed` hears what comes. Between steps. */
  follow(): MapLog {
    if (this.open) this.endStep();
    const { log } = this;
    this.following = true;
    applyRegions(this.regions, log);
    this.renewLog();
    return log;
  }

  /** A log that begins with the state of now. */
  private renewLog(): void {
    const { log: old, live } = this;
    const log = new MapLog(old.areaPages, old.areaVpn, old.names);
    this.live = new Map();
    this.free = [];
    for (const [byte, from] of live) {
      const index = log.extentObject.length;
      this.live.set(byte, index);
      log.setExtent(index, {
        object: old.extentObject.at(from),
        byte,
        sizeBytes: old.extentSizeBytes.at(from),
        kind: old.extentKind.at(from),
      });
    }
    this.log = log;
  }

  private startLog(): void {
    this.following = false;
    this.renewLog();
    for (const [object, birth] of this.births) {
      this.log.bornBefore.set(object, { ...birth, step: birth.step - this.step });
    }
    this.births.clear();
    writeRegions(this.regions, this.log);
    this.changesSinceSnapshot = 0;
  }

  private startStep(event: Extract<SimEvent, { readonly event: 'request' }>): void {
    this.step += 1;
    if (this.following && this.step === this.options.fromStep) this.startLog();
    const { log } = this;
    const step = log.stepCount;
    if (!this.following) this.snapshotIfDue(step);
    this.open = true;
    log.stepTimeNs.push(event.timeNs);
    log.stepKind.push(event.kind);
    log.stepObject.push(event.object);
    log.stepSizeBytes.push(event.sizeBytes);
    if (event.kind === RequestKind.phaseStart) log.phases.push(event.text);
    log.stepPhase.push(log.phases.length - 1);
    log.stepSite.push(this.siteOf(event.line, event.text));
    if (event.object < 0) return;
    if (this.following) this.followBirth(event);
    else if (isCreation(event.kind)) log.bornStep.set(event.object, step);
  }

  private followBirth(event: Extract<SimEvent, { readonly event: 'request' }>): void {
    const { kind, timeNs, sizeBytes, object } = event;
    if (isRelease(kind)) this.births.delete(object);
    if (!isCreation(kind)) return;
    const site = this.siteOf(event.line, event.text);
    this.births.set(object, { step: this.step, timeNs, kind, site, sizeBytes });
  }

  private endStep(): void {
    const { log, extentChanges, effects } = this;
    this.readTouched();
    log.pageEnds.push(log.changePage.length);
    for (const change of extentChanges) log.extentChange.push(change);
    this.changesSinceSnapshot += extentChanges.length;
    extentChanges.length = 0;
    log.extentEnds.push(log.extentChange.length);
    for (let i = 0; i < effects.length; i += EFFECT_NUMBERS) {
      log.effectKind.push(effects[i] ?? 0);
      log.effectPage.push(effects[i + 1] ?? 0);
      log.effectAmount.push(effects[i + 2] ?? 0);
      log.effectPath.push(effects[i + 3] ?? 0);
      log.effectSplit.push(effects[i + 4] ?? -1);
      this.endRegion(effects[i] ?? 0, effects[i + 1] ?? 0);
    }
    effects.length = 0;
    log.effectEnds.push(log.effectKind.length);
    this.open = false;
    if (this.following) this.endFollowed();
  }

  private endFollowed(): void {
    const { log, step } = this;
    applyRegions(this.regions, log);
    this.options.onFollowed?.({ step, log, moment: () => this.momentNow() });
    log.clearSteps();
  }

  private momentNow(): MapMoment {
    const { log, step } = this;
    const live = [...this.live.values()];
    return {
      step,
      ...stepWords(log, 0),
      pages: pageRuns(this.state),
      extents: extentNumbers(log, live),
      directMap: regionNumbers(this.regions),
    };
  }

  private endRegion(kind: number, pfn: number): void {
    if (kind > EffectKind.directMapCollapse1G) return;
    const { log } = this;
    log.regionStep.push(log.stepCount - 1);
    log.regionPfn.push(pfn);
    log.regionKind.push(kind);
  }

  private effect(kind: EffectKind, page: number, amount: number, path: string): void {
    this.effects.push(kind, page, amount, this.pathOf(path), this.splitOf(kind));
    if (kind === EffectKind.textSplit2M || kind === EffectKind.textCollapse2M) {
      this.touch(roundDown(page, PTRS_PER_PMD_PAGES), PTRS_PER_PMD_PAGES);
    } else if (kind === EffectKind.purge) this.purged = true;
  }

  /** Keeps what a split was made for; -1 for other effects. */
  private splitOf(kind: EffectKind): number {
    const isText = kind === EffectKind.textSplit2M;
    const isDirect = kind === EffectKind.directMapSplit2M || kind === EffectKind.directMapSplit1G;
    if (!isText && !isDirect) return -1;
    const { log } = this;
    const cause = this.mm.splitCause(isText ? 'module area' : 'direct map');
    log.splitPage.push(cause.page);
    log.splitPages.push(cause.pages);
    log.splitBefore.push(cause.before);
    log.splitAfter.push(cause.after);
    return log.splitPage.length - 1;
  }

  private touch(page: number, pages: number): void {
    const from = Math.max(0, page);
    const to = Math.min(this.log.areaPages, page + pages);
    if (to > from) this.touched.push(from, to - from);
  }

  /** What the touched pages have become. */
  private readTouched(): void {
    if (this.purged) this.purge();
    const { touched } = this;
    for (let i = 0; i < touched.length; i += 2) {
      let from = touched[i] ?? 0;
      let to = from + (touched[i + 1] ?? 0);
      if (this.resized) {
        from = roundDown(from, PTRS_PER_PMD_PAGES);
        to = Math.min(this.log.areaPages, roundUp(to, PTRS_PER_PMD_PAGES));
      }
      this.readRange(from, to);
    }
    touched.length = 0;
    this.resized = false;
  }

  private readRange(from: number, to: number): void {
    const { log, state } = this;
    let start = -1;
    let runState = 0;
    for (let page = from; page <= to; page += 1) {
      const now = page < to ? this.stateOf(page) : -1;
      const differs = page < to && state[page] !== now;
      if (start >= 0 && (!differs || now !== runState)) {
        log.changePage.push(start);
        log.changePages.push(page - start);
        log.changeState.push(runState);
        state.fill(runState, start, page);
        this.changesSinceSnapshot += 1;
        start = -1;
      }
      if (differs && start < 0) {
        start = page;
        runState = now;
      }
    }
  }

  private stateOf(page: number): number {
    const { mm } = this;
    const level = mm.leafLevel(page);
    if (level > 0) {
      return (
        PageStateBit.mapped |
        (mm.isWritable(page) ? PageStateBit.writable : 0) |
        (mm.isExecutable(page) ? PageStateBit.executable : 0) |
        (level > 1 ? PageStateBit.huge : 0)
      );
    }
    return this.unmapped[page] ?? 0;
  }

  /** Lazily freed addresses are free; those handed out again meanwhile have lost their mark. */
  private purge(): void {
    const { lazy, unmapped } = this;
    for (let i = 0; i < lazy.length; i += 2) {
      const from = lazy[i] ?? 0;
      const pages = lazy[i + 1] ?? 0;
      for (let page = from; page < from + pages; page += 1) {
        if (unmapped[page] === PageStateBit.lazy) unmapped[page] = 0;
      }
      this.touch(from, pages);
    }
    lazy.length = 0;
    this.purged = false;
  }

  private snapshotIfDue(step: number): void {
    const last = this.log.snapshots[this.log.snapshots.length - 1];
    const weight = last === undefined ? 0 : last.pages.length / 3 + last.extents.length;
    const due =
      last === undefined ||
      this.changesSinceSnapshot * SNAPSHOT_SHARE > weight + SNAPSHOT_CHANGES_MIN;
    if (!due) return;
    this.changesSinceSnapshot = 0;
    const pages = pageRuns(this.state);
    const extents = new Uint32Array(this.live.values());
    this.log.snapshots.push({ step, pages, extents });
  }

  private siteOf(line: number, label: string): number {
    const key = `${String(line)} ${label}`;
    const known = this.siteIds.get(key);
    if (known !== undefined) return known;
    const id = this.log.sites.length;
    this.log.sites.push({ line, label });
    this.siteIds.set(key, id);
    return id;
  }

  private pathOf(path: string): number {
    const known = this.pathIds.get(path);
    if (known !== undefined) return known;
    const id = this.log.paths.length;
    this.log.paths.push(path);
    this.pathIds.set(path, id);
    return id;
  }

  /** The fetch link has set its own listener by the first request; it goes on hearing everything. */
  private chainPlacements(): void {
    if (this.chained) return;
    this.chained = true;
    const { placements } = this.mm;
    const before = placements.onChange;
    for (const extent of placements.extents()) this.change(extent, true);
    placements.onChange = (extent, live) => {
      before?.(extent, live);
      this.change(extent, live);
    };
  }

  private change(extent: Extent, live: boolean): void {
    const { log } = this;
    if (live) {
      const index = this.free.pop() ?? log.extentObject.length;
      log.setExtent(index, extent);
      this.live.set(extent.byte, index);
      this.extentChanges.push(index);
      return;
    }
    const index = this.live.get(extent.byte);
    if (index === undefined) return;
    this.live.delete(extent.byte);
    if (this.following) this.free.push(index);
    this.extentChanges.push(~index);
  }

  private watchCalls(): void {
    const { mm } = this;
    const vmalloc = mm.vmalloc.bind(mm);
    const vfree = mm.vfree.bind(mm);
    mm.vmalloc = (request: VmallocRequest): VmArea | undefined => {
      const area = vmalloc(request);
      if (area !== undefined) this.allocated(area);
      return area;
    };
    mm.vfree = (area: VmArea): void => {
      this.freed(area);
      vfree(area);
    };
    const names = [
      'setMemoryRo',
      'setMemoryRw',
      'setMemoryX',
      'setMemoryNx',
      'setMemoryRox',
    ] as const;
    for (const name of names) {
      const call = mm[name].bind(mm);
      mm[name] = (page: number, pages: number): void => {
        this.noteLeaves(page, pages);
        this.touch(page, pages);
        call(page, pages);
      };
    }
  }

  private allocated(area: VmArea): void {
    const end = area.page + area.pages;
    this.unmapped.fill(0, area.page, end);
    this.unmapped.fill(PageStateBit.guard, end, end + area.guardPages);
    this.touch(area.page, area.pages + area.guardPages);
  }

  private freed(area: VmArea): void {
    const pages = area.pages + area.guardPages;
    this.unmapped.fill(PageStateBit.lazy, area.page, area.page + pages);
    this.lazy.push(area.page, pages);
    this.touch(area.page, pages);
  }

  /** Changing part of a 2M leaf may split it or make one: then whole leaves are read again. */
  private noteLeaves(page: number, pages: number): void {
    const first = Math.max(0, page);
    const last = Math.min(this.log.areaPages - 1, page + pages - 1);
    const edge = (at: number): boolean => at >= 0 && this.mm.leafLevel(at) > 1;
    if (edge(first) || edge(last)) this.resized = true;
  }
}
