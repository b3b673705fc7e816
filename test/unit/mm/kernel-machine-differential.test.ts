/**
 * The machine and a naive one, driven side by side by random requests: same places, same flags, same
 * leaves, same frames, same counts of splits, collapses, flushes, purges and page tables. XLAB_OPS
 * sets how many requests each combination gets (a long run: 1000000).
 */
import { describe, expect, it } from 'vitest';
import { PrngStream } from '../../../src/base/prng.js';
import { PTE_DIRTY, PTE_EXECUTABLE, PTE_PRESENT, PTE_WRITABLE } from '../../../src/machine/pte.js';
import { KernelMachine } from '../../../src/mm/kernel-machine.js';
import type { VmallocRequest, VmArea } from '../../../src/mm/kernel-mm.js';
import { kernelRules } from '../../../src/mm/kernel-rules.js';
import { NaiveMachine, type NaiveArea } from '../../support/naive-machine.js';
import { RandomFrames } from '../../support/random-frames.js';

const OPERATIONS = Number(process.env['XLAB_OPS'] ?? 460);
const OPERATIONS_PER_MACHINE = 460;
/** A long run takes its time. */
const TIMEOUT_MS = 60_000 + OPERATIONS * 20;
const LOOK_EVERY = 230;
const AREA_PAGES = 4096;
const RAM_PAGES = 262144;
const LIVE_MAX = 14;

interface Pair {
  readonly real: VmArea;
  readonly naive: NaiveArea;
}

class SideBySide {
  readonly real: KernelMachine;
  readonly naive: NaiveMachine;
  private readonly random: PrngStream;
  private readonly live: Pair[] = [];
  private readonly log: string[] = [];

  constructor(
    private readonly release: string,
    private readonly collapse: 'off' | 'rox' | 'any',
    seed: number,
  ) {
    const rules = kernelRules.get(release);
    this.random = new PrngStream(seed, `differential ${release} ${collapse}`);
    this.real = new KernelMachine({
      rules,
      collapse,
      cpus: 4,
      nodes: 1,
      possibleNodes: 1,
      levels: seed % 2 === 0 ? 4 : 5,
      pti: false,
      area: { areaPages: AREA_PAGES, areaVpn: 0xffffffffc0000, loadOffsetPages: 0 },
      frames: new RandomFrames(seed, RAM_PAGES),
      ramPages: RAM_PAGES,
      bootLeaves: [{ startPfn: 0, endPfn: RAM_PAGES, level: 3 }],
      sink: () => undefined,
    });
    const frames = new RandomFrames(seed, RAM_PAGES);
    this.naive = new NaiveMachine(rules, collapse, frames, AREA_PAGES, RAM_PAGES);
  }

  step(): void {
    const choice = this.random.below(20);
    if (this.live.length === 0 || (choice < 6 && this.live.length < LIVE_MAX)) this.alloc();
    else if (choice < 10 || this.live.length >= LIVE_MAX) this.free();
    else this.changeSome();
    this.compareCounts();
  }

  compareAll(): void {
    const { real, naive } = this;
    real.verify();
    for (let page = 0; page < AREA_PAGES; page += 1) {
      const found = [real.text.levelOf(page), real.text.flagsOf(page), real.text.frameOf(page)];
      const wanted = [naive.text.level[page], naive.text.flags[page], naive.text.frame[page]];
      if (found.join() !== wanted.join()) this.fail(`page ${page}: ${found.join()}`, wanted.join());
    }
    for (let frame = 0; frame < RAM_PAGES;) {
      const found = [real.directMap.levelOf(frame), real.directMap.flagsOf(frame)];
      const wanted = [naive.direct.level[frame], naive.direct.flags[frame]];
      if (found.join() !== wanted.join()) {
        this.fail(`frame ${frame}: ${found.join()}`, wanted.join());
      }
      frame += [0, 1, 512, 262144][found[0] ?? 0] ?? 1;
    }
    expect(real.text4KLeaves).toBe(naive.text.countLeaves(1, PTE_PRESENT + PTE_EXECUTABLE));
    expect(real.text2MLeaves).toBe(naive.text.countLeaves(2, PTE_PRESENT + PTE_EXECUTABLE));
    for (const level of [1, 2, 3] as const) {
      expect(real.directMap.leafCount(level)).toBe(naive.direct.countLeaves(level));
    }
    expect(real.holeCount).toBe(naive.holes.length);
    expect(real.largestHolePages).toBe(Math.max(0, ...naive.holes));
    expect(real.lazyPages).toBe(naive.lazyPages);
  }

  private alloc(): void {
    const { random } = this;
    const large = random.below(4) === 0;
    const pages = large ? 450 + random.below(700) : 1 + random.below(40);
    const request: VmallocRequest = {
      sizeBytes: pages * 4096 - random.below(4096),
      alignPages: 1,
      allowHuge: random.below(2) === 0,
      fit: random.below(4) === 0 ? 'highest' : 'lowest',
      backing: random.below(3) === 0 ? 'order9' : 'kernel',
      resetPerms: random.below(2) === 0,
    };
    this.log.push(`vmalloc ${JSON.stringify(request)}`);
    const { purges } = this.real.counters;
    const real = this.real.vmalloc(request);
    // The kernel's walk may miss an aligned place that fits, and purges before it looks again.
    if (real?.huge === true && this.real.counters.purges > purges) this.naive.purge(false);
    const naive = this.naive.vmalloc(request, real?.huge === true ? real.page : undefined);
    const told = real && `${real.page}+${real.pages} ${String(real.huge)}`;
    const wanted = naive && `${naive.page}+${naive.pages} ${String(naive.huge)}`;
    if (told !== wanted) this.fail(told ?? 'nothing', wanted ?? 'nothing');
    if (real && naive) this.live.push({ real, naive });
  }

  private free(): void {
    const at = this.random.below(this.live.length);
    const [pair] = this.live.splice(at, 1);
    if (!pair) return;
    this.log.push(`vfree ${pair.real.page}`);
    this.real.vfree(pair.real);
    this.naive.vfree(pair.naive);
  }

  private changeSome(): void {
    const { random, real, naive } = this;
    const pair = this.live[random.below(this.live.length)];
    if (!pair) return;
    const { page, pages } = pair.real;
    const whole = random.below(3) === 0;
    const first = whole ? page : page + random.below(pages);
    const count = whole ? pages : 1 + random.below(page + pages - first);
    const ro = PTE_WRITABLE | (real.rules.roClearsDirty ? PTE_DIRTY : 0);
    const kind = random.below(9);
    this.log.push(`change ${kind} ${first}+${count}`);
    if (kind === 0) {
      real.setMemoryRo(first, count);
      naive.change(first, count, 0, ro);
    } else if (kind === 1) {
      real.setMemoryRw(first, count);
      naive.change(first, count, PTE_WRITABLE, 0);
    } else if (kind === 2) {
      real.setMemoryX(first, count);
      naive.change(first, count, PTE_EXECUTABLE, 0);
    } else if (kind === 3) {
      real.setMemoryNx(first, count);
      naive.change(first, count, 0, PTE_EXECUTABLE);
    } else if (kind === 4) {
      real.purgeLazyAreas();
      naive.purge(false);
    } else if (kind === 5) {
      real.setDirectMapValid(page, pages, false);
      naive.setDirectMapValid(pair.naive, false);
      real.setDirectMapValid(page, pages, true);
      naive.setDirectMapValid(pair.naive, true);
    } else {
      real.setMemoryRox(first, count);
      naive.rox(first, count);
    }
  }

  private compareCounts(): void {
    for (const [name, wanted] of Object.entries(this.naive.count)) {
      const found = this.real.counters[name as keyof typeof this.naive.count];
      if (found !== wanted) this.fail(`${name} ${found}`, String(wanted));
    }
  }

  private fail(found: string, wanted: string): never {
    const last = this.log.slice(-12).join('\n');
    throw new Error(`${this.release} ${this.collapse}: ${found}, wanted ${wanted}\n${last}`);
  }
}

describe('the machine and a naive one agree', () => {
  it.each([
    ['5.17', 'off'],
    ['5.18', 'off'],
    ['6.1', 'off'],
    ['6.6', 'rox'],
    ['6.12', 'off'],
    ['6.12', 'any'],
    ['6.1', 'any'],
    ['6.15', 'rox'],
    ['6.19', 'rox'],
    ['7.2', 'rox'],
    ['7.3', 'any'],
  ] as const)(
    'on every step of random requests under the rules of %s, collapse %s',
    (release, collapse) => {
      for (let done = 0, seed = 1; done < OPERATIONS; seed += 1) {
        const both = new SideBySide(release, collapse, seed);
        for (let i = 0; i < OPERATIONS_PER_MACHINE && done < OPERATIONS; i += 1, done += 1) {
          both.step();
          if (i % LOOK_EVERY === 0) both.compareAll();
        }
        both.compareAll();
      }
    },
    TIMEOUT_MS,
  );
});
