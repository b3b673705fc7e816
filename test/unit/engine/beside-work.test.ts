/** What requests take beside executable memory, on a memory that counts tickets. */
import { describe, expect, it } from 'vitest';
import { createRequestRecord, RequestKind } from '../../../src/contract/request.js';
import { BesideWork } from '../../../src/engine/beside-work.js';
import { MODULE_PAGES, PROCESS_PAGES } from '../../../src/mm/frame-allocator-beside.js';

function setUp() {
  const held = new Map<number, number>();
  let next = 0;
  const work = new BesideWork({
    take: (pages) => {
      next += 1;
      held.set(next, pages);
      return next;
    },
    give: (ticket) => {
      expect(held.delete(ticket)).toBe(true);
    },
  });
  const create = (kind: RequestKind, object: number, process = -1, sizeBytes = 1000): void =>
    work.before({ ...createRequestRecord(), kind, object, process, sizeBytes });
  const pages = (): number => [...held.values()].reduce((sum, count) => sum + count, 0);
  return { work, create, pages };
}

describe('memory beside', () => {
  it('a module leaves its pages for good', () => {
    const { work, create, pages } = setUp();
    create(RequestKind.loadModule, 0);
    work.gone(0);
    expect(pages()).toBe(MODULE_PAGES);
  });

  it('a program keeps its bytecode while it lives', () => {
    const { work, create, pages } = setUp();
    create(RequestKind.loadBpf, 0, -1, 4000);
    expect(pages()).toBe(3);
    work.gone(0);
    expect(pages()).toBe(0);
  });

  it('a process lives until the last of its objects is gone', () => {
    const { work, create, pages } = setUp();
    create(RequestKind.createTrampoline, 0, 5);
    create(RequestKind.createTrampoline, 1, 5);
    create(RequestKind.createTrampoline, 2, 6);
    expect(pages()).toBe(2 * PROCESS_PAGES);
    work.gone(0);
    expect(pages()).toBe(2 * PROCESS_PAGES);
    work.gone(1);
    expect(pages()).toBe(PROCESS_PAGES);
    work.gone(2);
    work.gone(2);
    expect(pages()).toBe(0);
  });
});
