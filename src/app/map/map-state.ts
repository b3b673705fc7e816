/**
 * The state after any step of a log: the nearest snapshot before it, then the changes in between.
 * Steps asked for in sequence go on from the last one.
 */
import { EXTENT_NUMBERS } from '../../contract/map-data.js';
import type { MapLog } from './map-log.js';
import { pageRuns } from './page-runs.js';

export class MapState {
  private readonly pages: Uint8Array;
  /** Live extents in order of placement. */
  private live = new Set<number>();
  private step = -1;

  constructor(private readonly log: MapLog) {
    this.pages = new Uint8Array(log.areaPages);
  }

  /** Moves to the state after `step`. */
  moveTo(step: number): void {
    const { snapshots } = this.log;
    let from = this.step;
    const snapshot = snapshots.findLast((candidate) => candidate.step <= step);
    if (from > step || from < 0 || (snapshot !== undefined && snapshot.step > from + 1)) {
      from = this.restore(step);
    }
    for (let at = from + 1; at <= step; at += 1) this.apply(at);
    this.step = step;
  }

  /** Runs of pages that are not free: first page, pages, state. */
  pageRuns(): Int32Array {
    return pageRuns(this.pages);
  }

  pageState(page: number): number {
    return this.pages[page] ?? 0;
  }

  /** Live extents: object, byte, bytes, kind. */
  extents(): Int32Array {
    return extentNumbers(this.log, [...this.live]);
  }

  /** Index of the live extent at a byte of the area, or -1. */
  extentAt(byte: number): number {
    const { log } = this;
    for (const index of this.live) {
      const start = log.extentByte.at(index);
      if (byte >= start && byte < start + log.extentSizeBytes.at(index)) return index;
    }
    return -1;
  }

  /** Loads the snapshot before `step`; returns the step whose state it is. */
  private restore(step: number): number {
    const snapshot = this.log.snapshots.findLast((candidate) => candidate.step <= step);
    this.pages.fill(0);
    this.live = new Set();
    if (snapshot === undefined) return -1;
    const { pages, extents } = snapshot;
    for (let i = 0; i < pages.length; i += 3) {
      const start = pages[i] ?? 0;
      this.pages.fill(pages[i + 2] ?? 0, start, start + (pages[i + 1] ?? 0));
    }
    this.live = new Set(extents);
    return snapshot.step - 1;
  }

  private apply(step: number): void {
    const { log } = this;
    const changes = log.rangeOf(log.pageEnds, step);
    for (let i = changes.from; i < changes.to; i += 1) {
      const page = log.changePage.at(i);
      this.pages.fill(log.changeState.at(i), page, page + log.changePages.at(i));
    }
    const moved = log.rangeOf(log.extentEnds, step);
    for (let i = moved.from; i < moved.to; i += 1) {
      const change = log.extentChange.at(i);
      if (change >= 0) this.live.add(change);
      else this.live.delete(~change);
    }
  }
}

/** Extents of a log: object, byte, bytes, kind of each. */
export function extentNumbers(log: MapLog, indexes: readonly number[]): Int32Array {
  const list = new Int32Array(indexes.length * EXTENT_NUMBERS);
  let at = 0;
  for (const index of indexes) {
    list[at] = log.extentObject.at(index);
    list[at + 1] = log.extentByte.at(index);
    list[at + 2] = log.extentSizeBytes.at(index);
    list[at + 3] = log.extentKind.at(index);
    at += EXTENT_NUMBERS;
  }
  return list;
}
