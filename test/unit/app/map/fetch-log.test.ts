import { describe, expect, it } from 'vitest';
import { FetchLog, fetchKey } from '../../../../src/app/map/fetch-log.js';
import { PrngStream } from '../../../../src/base/prng.js';

describe('when a page was executed', () => {
  it('is the end of the last window that fetched from it, as a list of all windows says', () => {
    const draws = new PrngStream(7, 'fetches');
    const log = new FetchLog();
    const windows = Array.from({ length: 60 }, (_, i) => ({
      timeNs: 10 * i + (i % 3),
      pages: Array.from({ length: 8 }, (_entry, page) => page).filter(() => draws.below(10) < 4),
    }));
    for (const { timeNs, pages } of windows) log.add(timeNs, pages);
    for (let page = 0; page < 9; page += 1) {
      for (let now = -5; now < 620; now += 7) {
        const seen = windows.findLast((one) => one.timeNs <= now && one.pages.includes(page));
        expect(log.lastNs(page, now)).toBe(seen?.timeNs ?? null);
      }
    }
    expect(log.endNs).toBeNull();
  });

  it('is also that of the 2M leaf that held it', () => {
    const log = new FetchLog();
    log.add(5, [fetchKey(700, true)]);
    log.add(9, [fetchKey(700, false)]);
    expect([log.lastNs(513, 20), log.lastNs(700, 20), log.lastNs(700, 6)]).toEqual([5, 9, 5]);
    expect(log.lastNs(500, 20)).toBeNull();
  });

  it('counts a page once for each window, however often it is named', () => {
    const log = new FetchLog();
    log.add(5, [1, 1, 2, 1]);
    log.add(9, [2]);
    expect([log.lastNs(1, 20), log.lastNs(2, 20), log.lastNs(2, 8)]).toEqual([5, 9, 5]);
  });

  it('is told up to where the log was full', () => {
    const log = new FetchLog(3);
    log.add(1, [1, 2]);
    log.add(2, [3]);
    log.add(3, [1]);
    expect(log.lastNs(1, 9)).toBe(1);
    expect(log.endNs).toBe(2);
  });
});
