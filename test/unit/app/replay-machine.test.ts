/** Parts of the machine that recordings are replayed on: frames, recorded leaves, changes of areas. */
import { describe, expect, it } from 'vitest';
import { PrngStream } from '../../../src/base/prng.js';
import { AreaWatch } from '../../../src/app/replay-area-watch.js';
import { recordedDirectMap } from '../../../src/app/replay-direct-map.js';
import { ReplayFrames } from '../../../src/app/replay-frames.js';
import { createReplayMachine } from '../../../src/app/replay-machine.js';
import { releaseOfKernel } from '../../../src/recording/recorded-machine.js';
import { exampleMachine, frameAt, run } from '../../support/example-machine.js';
import { shippedRecording } from '../../support/recording-files.js';

const GIB = 262144;

const newFrames = (freeBlocks: readonly (readonly [number, number])[] = [], batchesGrow = false) =>
  new ReplayFrames(
    [{ claimStart: 5 * GIB, claimEnd: 8 * GIB, freeBlocks }],
    1,
    new PrngStream(1, 'test'),
    { batchesGrow },
  );

function bulk(frames: ReplayFrames, count: number): number[] {
  const out = new Float64Array(count);
  expect(frames.allocBulk(-1, count, out, 0)).toBe(count);
  return [...out];
}

describe('frames of a replay', () => {
  it('come in ascending batches, and again last-in first-out', () => {
    const frames = newFrames();
    expect(bulk(frames, 70)).toEqual(run(5 * GIB, 70));
    for (const frame of [5 * GIB, 5 * GIB + 1, 5 * GIB + 2]) frames.freeBlock(frame, 0);
    expect(bulk(frames, 3)).toEqual([5 * GIB + 2, 5 * GIB + 1, 5 * GIB]);
    frames.verify();
  });

  it('come from the rests of claimed blocks before a new one is claimed', () => {
    const frames = newFrames([[5 * GIB - 1024, 3]]);
    expect(frames.allocBlock(-1, 3)).toBe(5 * GIB - 1024);
    expect(frames.allocBlock(-1, 3)).toBe(5 * GIB);
  });

  it('are all there again when everything came back', () => {
    const frames = newFrames();
    const free = frames.freePages;
    expect(free).toBe(3 * GIB);
    const block = frames.allocBlock(-1, 9);
    const pages = bulk(frames, 200);
    expect(frames.freePages).toBe(free - 712);
    frames.freeBlock(block, 9);
    for (const page of pages) frames.freeBlock(page, 0);
    expect(frames.freePages).toBe(free);
    frames.verify();
  });

  it.each([
    { batchesGrow: false, before: 'are 63 pages each', first: 126 },
    { batchesGrow: true, before: 'double while nothing is freed', first: 63 + 126 },
  ])('are taken from free blocks in batches that $before', ({ batchesGrow, first }) => {
    const frames = newFrames([], batchesGrow);
    bulk(frames, 64);
    // Blocks come from behind what the list of the CPU holds.
    expect(frames.allocBlock(-1, 1)).toBe(5 * GIB + Math.ceil(first / 2) * 2);
    frames.verify();
  });

  it('come in smaller batches again after frees', () => {
    const frames = newFrames([], true);
    const pages = bulk(frames, 63 + 126);
    for (const page of pages.slice(0, 2)) frames.freeBlock(page, 0);
    bulk(frames, 3);
    // The scale was 2, each free halved it: one batch of 63 once more.
    expect(frames.allocBlock(-1, 1)).toBe(5 * GIB + 63 + 126 + 63);
    frames.verify();
  });

  it('tell when the zone is exhausted', () => {
    const frames = newFrames();
    for (let block = 0; block < (3 * GIB) / 1024; block += 1) {
      expect(frames.allocBlock(-1, 10)).toBeGreaterThan(0);
    }
    expect(frames.allocBlock(-1, 9)).toBe(-1);
    expect(frames.allocBulk(-1, 2, new Float64Array(2), 0)).toBe(0);
  });

  it('are those of the recorded areas while these are taken over', () => {
    const frames = newFrames();
    frames.startAdopting([77, 76, ...run(1024, 512), 5]);
    expect(bulk(frames, 2)).toEqual([77, 76]);
    expect(frames.allocBlock(-1, 9)).toBe(1024);
    expect(bulk(frames, 2)).toEqual([5, 5 * GIB]);
    frames.startAdopting([1, 2]);
    frames.endAdopting();
    expect(bulk(frames, 1)).toEqual([5 * GIB + 1]);
  });
});

describe('areas that changed', () => {
  it('are told once, in order of address, what came and went unseen not at all', () => {
    const watch = new AreaWatch();
    const { mm, frames } = exampleMachine('6.12', { sink: watch.sink });
    watch.watch(mm);
    frames.script = run(frameAt(3, 3), 40);
    const [a, b] = [1, 2].map((pages) => mm.vmalloc({ sizeBytes: pages * 4096, alignPages: 1 }));
    if (!a || !b) throw new Error('no area');
    expect(watch.takeChanges()).toEqual({
      added: [
        [0, 2],
        [2, 5],
      ],
      removed: [],
    });
    mm.vfree(a);
    mm.purgeLazyAreas();
    const c = mm.vmalloc({ sizeBytes: 4096, alignPages: 1, guardPages: 0 });
    const d = mm.vmalloc({ sizeBytes: 8192, alignPages: 1 });
    if (!c || !d) throw new Error('no area');
    mm.vfree(d);
    expect(watch.areas()).toEqual([
      [0, 1],
      [2, 5],
    ]);
    expect(watch.takeChanges()).toEqual({ added: [[0, 1]], removed: [[0, 2]] });
    expect(watch.takeChanges()).toEqual({ added: [], removed: [] });
  });
});

describe('the machine of a recording', () => {
  it.each(['debian-6.1-bpf', 'debian-7.2-modules'])('%s has its direct map and area', (name) => {
    const recording = shippedRecording(name);
    const { mm } = createReplayMachine(recording, releaseOfKernel(recording.meta.release), 0);
    const ram = recording.meta.guest.ram.map((range) => ({
      startPfn: Math.ceil(range.start / 4096),
      endPfn: Math.floor(range.end / 4096),
    }));
    const { leaves } = recordedDirectMap(recording, ram);
    const recorded = recording.initialLeaves.filter((leaf) => leaf.region === 'direct');
    const gibs = recorded
      .filter((leaf) => leaf.level === '1G')
      .reduce((sum, leaf) => sum + Number(leaf.end - leaf.start) / 2 ** 30, 0);
    expect(mm.directMap.leafCount(3)).toBe(gibs);
    expect(leaves.filter((leaf) => leaf.level === 3)).toHaveLength(gibs);
    for (const leaf of recorded) {
      const first = leaf.physical / 4096;
      const level = { '4K': 1, '2M': 2, '1G': 3 }[leaf.level];
      expect(mm.directMap.levelOf(first)).toBe(level);
    }
    expect(mm.counters).toMatchObject({ level2Splits: 0, level3Splits: 0, fullFlushes: 0 });
    mm.verify();
  });
});
