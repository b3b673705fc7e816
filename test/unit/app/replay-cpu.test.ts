/** Which CPU's lists serve a replay: small pictures of memory. */
import { describe, expect, it } from 'vitest';
import { PrngStream } from '../../../src/base/prng.js';
import { ReplayFrames } from '../../../src/app/replay-frames.js';
import { waitsOf } from '../../../src/app/replay-waits.js';

const FIRST = 5 * 262144;

const twoCpus = () =>
  new ReplayFrames(
    [{ claimStart: FIRST, claimEnd: FIRST + 1024 * 16, freeBlocks: [] }],
    2,
    new PrngStream(1, 'test'),
    { batchesGrow: false },
  );

function pages(frames: ReplayFrames, count: number): number[] {
  const out = new Float64Array(count);
  expect(frames.allocBulk(-1, count, out, 0)).toBe(count);
  return [...out].map((frame) => frame - FIRST);
}

describe('the process of a recording', () => {
  it('stays on its CPU through program loads, and so in one stream of pages', () => {
    const frames = twoCpus();
    const taken: number[] = [];
    for (let load = 0; load < 60; load += 1) {
      frames.schedule(waitsOf('bpfload'));
      taken.push(...pages(frames, 1));
    }
    expect(taken).toEqual(Array.from({ length: 60 }, (_, page) => page));
  });

  it('moves now and then over module loads, to a list with pages of its own', () => {
    const frames = twoCpus();
    let moves = 0;
    let last = 0;
    for (let load = 0; load < 400; load += 1) {
      frames.schedule(waitsOf('modload'));
      const [page] = pages(frames, 1);
      if (page === undefined) throw new Error('no page');
      frames.freeBlock(FIRST + page, 0);
      if (page !== last) moves += 1;
      last = page;
    }
    // Two waits, each drawing the CPU anew with a chance of 0.05: 20 moves expected.
    expect(moves).toBeGreaterThan(5);
    expect(moves).toBeLessThan(45);
  });

  it('takes what it freed and not what another CPU freed', () => {
    const frames = twoCpus();
    const [own, passed] = pages(frames, 2);
    if (own === undefined || passed === undefined) throw new Error('no pages');
    frames.onNextCpu(() => {
      frames.freeBlock(FIRST + passed, 0);
    });
    frames.freeBlock(FIRST + own, 0);
    expect(pages(frames, 2)).toEqual([own, 2]);
    frames.onNextCpu(() => {
      expect(pages(frames, 1)).toEqual([passed]);
    });
    frames.verify();
  });

  it('takes the 2M block again that it gave back last', () => {
    const frames = twoCpus();
    const blocks = [frames.allocBlock(-1, 9), frames.allocBlock(-1, 9)];
    for (const block of blocks) frames.freeBlock(block, 9);
    expect(frames.allocBlock(-1, 9)).toBe(blocks[1]);
    frames.onNextCpu(() => {
      expect(blocks).not.toContain(frames.allocBlock(-1, 9));
    });
    frames.verify();
  });

  it('finds blocks of 8 pages in a batch of its own, beside the batch of single pages', () => {
    const frames = twoCpus();
    const blocks = [0, 1, 2].map(() => frames.allocBlock(-1, 3) - FIRST);
    expect(blocks).toEqual([0, 8, 16]);
    // Seven blocks were listed at once.
    expect(pages(frames, 2)).toEqual([56, 57]);
    frames.freeBlock(FIRST + 8, 3);
    expect(frames.allocBlock(-1, 3) - FIRST).toBe(8);
    frames.verify();
  });
});

describe('memory of two nodes', () => {
  const NODE_PAGES = 1024 * 4;
  /** One CPU and 16 MiB each; a draw of the seed decides where the process starts. */
  const twoNodes = (): ReplayFrames =>
    new ReplayFrames(
      [0, 1].map((node) => ({
        claimStart: FIRST + node * NODE_PAGES,
        claimEnd: FIRST + (node + 1) * NODE_PAGES,
        freeBlocks: [],
      })),
      2,
      new PrngStream(1, 'test'),
      { batchesGrow: false },
    );
  const nodeOf = (page: number | undefined): number => Math.floor((page ?? -1) / NODE_PAGES);

  it('goes back to the node it came from, whichever CPU frees it', () => {
    const frames = twoNodes();
    const [page] = pages(frames, 1);
    if (page === undefined) throw new Error('no page');
    let other: number | undefined;
    frames.onNextCpu(() => {
      frames.freeBlock(FIRST + page, 0);
      [other] = pages(frames, 1);
    });
    expect(nodeOf(other)).toBe(1 - nodeOf(page));
    frames.verify();
  });

  it('comes from the other node when its own has none left', () => {
    const frames = twoNodes();
    const taken = pages(frames, 2 * NODE_PAGES);
    expect(new Set(taken).size).toBe(2 * NODE_PAGES);
    expect(taken.slice(0, NODE_PAGES).map(nodeOf)).toEqual(
      Array.from({ length: NODE_PAGES }, () => nodeOf(taken[0])),
    );
    expect(frames.allocBulk(-1, 1, new Float64Array(1), 0)).toBe(0);
  });
});
