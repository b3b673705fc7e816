/** Which blocks vmalloc asks for, and how pages go back. */
import { describe, expect, it } from 'vitest';
import type { FrameSource } from '../../../src/mm/frame-source.js';
import { BackingFrames } from '../../../src/mm/backing-frames.js';
import { MmEffects } from '../../../src/mm/mm-effects.js';

/** Gives ascending frames and notes every call; blocks of the refused orders fail. */
class NotingFrames implements FrameSource {
  readonly calls: string[] = [];
  readonly freePages = 0;
  private next = 0;
  constructor(
    private readonly refused: ReadonlySet<number> = new Set(),
    private readonly bulkMax = Infinity,
  ) {}
  allocBlock(_node: number, order: number, mayReclaim = true): number {
    this.calls.push(`${mayReclaim ? '' : '~'}${2 ** order}`);
    if (this.refused.has(order)) return -1;
    this.next = Math.ceil(this.next / 2 ** order) * 2 ** order + 2 ** order;
    return this.next - 2 ** order;
  }
  allocBulk(_node: number, count: number, out: Float64Array, offset: number): number {
    this.calls.push(`bulk ${count}`);
    const had = Math.min(count, this.bulkMax);
    for (let i = 0; i < had; i += 1) out[offset + i] = this.next + i;
    this.next += had;
    return had;
  }
  freeBlock(frame: number, order: number): void {
    this.calls.push(`free ${frame}+${2 ** order}`);
  }
  verify(): void {
    // Nothing is kept.
  }
}

function backing(
  rules: { vmallocLargeOrders?: boolean; freeInRuns?: boolean },
  source = new NotingFrames(),
) {
  const effects = new MmEffects(() => undefined);
  const frames = new BackingFrames(
    source,
    { vmallocLargeOrders: false, freeInRuns: false, ...rules },
    effects,
  );
  return { frames, source, effects };
}

describe('single pages', () => {
  it('come in bulks of 100 to 6.18', () => {
    const { frames, source } = backing({});
    expect(frames.takePages(250, -1, false)).toBe(true);
    expect(source.calls).toEqual(['bulk 100', 'bulk 100', 'bulk 50']);
    expect([...frames.frames.subarray(0, 3)]).toEqual([0, 1, 2]);
  });

  it.each([
    [10, '~8 ~2'],
    [13, '~8 ~4 bulk 1'],
    [75, '~64 ~8 ~2 bulk 1'],
    [512, '~512'],
    [700, '~512 ~128 ~32 ~16 ~8 ~4'],
    [1, 'bulk 1'],
    [3000, '~1024 ~1024 ~512 ~256 ~128 ~32 ~16 ~8'],
  ])('of an area of %i come as the largest blocks since 6.19', (pages, calls) => {
    const { frames, source } = backing({ vmallocLargeOrders: true });
    expect(frames.takePages(pages, -1, false)).toBe(true);
    expect(source.calls.join(' ')).toBe(calls);
    expect(frames.taken).toBe(pages);
  });

  it('go one order lower for good after a failure', () => {
    const source = new NotingFrames(new Set([5, 6, 7, 8, 9]));
    const { frames } = backing({ vmallocLargeOrders: true }, source);
    expect(frames.takePages(600, -1, false)).toBe(true);
    const sixteens = Array<string>(37).fill('~16').join(' ');
    expect(source.calls.join(' ')).toBe(`~512 ~256 ~128 ~64 ~32 ${sixteens} ~8`);
  });

  it('tell how many were had when memory runs out', () => {
    const { frames } = backing({}, new NotingFrames(new Set(), 30));
    expect(frames.takePages(250, -1, false)).toBe(false);
    expect(frames.taken).toBe(30);
  });

  it('come in 2M blocks where asked for, the rest as the release does', () => {
    const { frames, source, effects } = backing({});
    expect(frames.takePages(1100, -1, true)).toBe(true);
    expect(source.calls).toEqual(['512', '512', 'bulk 76']);
    expect(effects.counters.order9Requests).toBe(2);
  });
});

describe('2M blocks', () => {
  it('are all had or none, and count', () => {
    const some = backing({});
    expect(some.frames.takeHuge(1024, -1)).toBe(true);
    expect(some.effects.counters).toMatchObject({ order9Requests: 2, order9Failures: 0 });
    const none = backing({}, new NotingFrames(new Set([9])));
    expect(none.frames.takeHuge(1024, -1)).toBe(false);
    expect(none.effects.counters).toMatchObject({ order9Requests: 1, order9Failures: 1 });
    expect(none.frames.taken).toBe(0);
  });
});

describe('pages that go back', () => {
  const list = [8, 9, 10, 11, 12, 13, 20, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31];
  const freed = (freeInRuns: boolean): string[] => {
    const { frames, source } = backing({ freeInRuns });
    frames.reserve(list.length);
    frames.frames.set(list);
    frames.give(list.length);
    return source.calls;
  };

  it('go one by one to 6.19', () => {
    expect(freed(false)).toEqual(list.map((frame) => `free ${frame}+1`));
  });

  it('go as the largest aligned runs from 7.2 on', () => {
    expect(freed(true)).toEqual(['free 8+4', 'free 12+2', 'free 20+1', 'free 22+2', 'free 24+8']);
  });
});
