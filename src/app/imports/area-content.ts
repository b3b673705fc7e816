/**
 * Requests that an area amounts to when only its size is known. A page is all that is told, so lengths
 * inside of it are those of the kernel's usual object; every such request counts as guessed.
 */
import type { RecordedCreate } from '../../contract/scenario-plan.js';
import { guessSections } from '../../recording/event-steps.js';
import type { AreaUse } from './area-use.js';

const PAGE_BYTES = 4096;
/** Header and random hole that a program of its own area has (kernel/bpf/core.c). */
const BPF_AREA_OVERHEAD_BYTES = 136;
/** Template, return and pointer of an ftrace trampoline; image of a BPF trampoline with one program. */
const FTRACE_BYTES = 229;
const BPF_TRAMPOLINE_BYTES = 240;

/** Why areas of a use are not taken: what lies inside is told by another source only. */
const NOT_TOLD: Readonly<Partial<Record<AreaUse, string>>> = {
  bpf_pack: 'BPF pack: its programs are in bpftool_prog or perf_ksymbol',
  rox_cache: 'cache of executable pages: what is in it is not told',
  kprobe_page: 'page of kprobe slots: what is in it is not told',
  lazy: 'freed and not yet purged',
};

export type AreaContent =
  | { readonly kind: 'create'; readonly create: RecordedCreate; readonly reason: string }
  | { readonly kind: 'dropped'; readonly reason: string };

/** `bytes` without the guard page. */
export function contentOfArea(use: AreaUse, name: string, bytes: number): AreaContent {
  const reason = NOT_TOLD[use];
  if (reason !== undefined) return { kind: 'dropped', reason };
  const made = (create: RecordedCreate, why: string): AreaContent => ({
    kind: 'create',
    create,
    reason: why,
  });
  const within = 'length within the page guessed';
  switch (use) {
    case 'bpf': {
      const sizeBytes = Math.max(1, bytes - BPF_AREA_OVERHEAD_BYTES);
      return made({ kind: 'bpf', name, sizeBytes }, `BPF program: ${within}`);
    }
    case 'ftrace': {
      const sizeBytes = bytes > PAGE_BYTES ? bytes : FTRACE_BYTES;
      return made(
        { kind: 'trampoline', name, sizeBytes, trampoline: 'ftrace' },
        `trampoline: ${within}`,
      );
    }
    case 'bpf_trampoline': {
      const sizeBytes = bytes > PAGE_BYTES ? bytes : BPF_TRAMPOLINE_BYTES;
      return made(
        { kind: 'trampoline', name, sizeBytes, trampoline: 'bpf' },
        `trampoline: ${within}`,
      );
    }
    default:
      return made(
        { kind: 'alloc', name, memory: 'text', sizeBytes: bytes },
        'area of an asker that is not told: taken as text',
      );
  }
}

/** Regions by number of areas that a load took, in the order in which the loader asks (6.4 and later). */
const REGIONS_BY_COUNT: Readonly<Record<number, readonly number[]>> = {
  3: [0, 1, 2],
  4: [0, 1, 2, 5],
  5: [0, 1, 2, 4, 5],
  6: [0, 1, 2, 3, 4, 5],
  7: [0, 1, 2, 3, 4, 5, 6],
};
const REGION_COUNT = 7;
const INIT_DATA = 5;
/** Share of a module's core that is text, where text lies in a cache and has no area of its own. */
const TEXT_SHARE = 0.38;

/**
 * Section sizes of a module from the areas of its load, in the order of the requests; bytes without
 * guard pages. One or two areas: core and init of 6.3 and before. `cached`: text has no area.
 */
export function sectionsOfAreas(areas: readonly number[], cached: boolean): readonly number[] {
  const sections = new Array<number>(REGION_COUNT).fill(0);
  if (cached) {
    const shown = REGIONS_BY_COUNT[Math.min(REGION_COUNT, areas.length + 1)] ?? [0, 1];
    areas.forEach((bytes, index) => {
      const region = shown[index + 1] ?? INIT_DATA;
      sections[region] = (sections[region] ?? 0) + bytes;
    });
    const core = (sections[1] ?? 0) + (sections[2] ?? 0) + (sections[3] ?? 0);
    sections[0] = Math.ceil((core * TEXT_SHARE) / (1 - TEXT_SHARE));
    return sections;
  }
  if (areas.length <= 2) {
    const [core = 0, init = 0] = areas;
    const guessed = guessSections(core)?.sections ?? [];
    for (let region = 0; region <= 3; region += 1) sections[region] = guessed[region] ?? 0;
    sections[INIT_DATA] = init;
    return sections;
  }
  const regions = REGIONS_BY_COUNT[Math.min(areas.length, REGION_COUNT)] ?? [];
  areas.forEach((bytes, index) => {
    const region = regions[index] ?? INIT_DATA;
    sections[region] = (sections[region] ?? 0) + bytes;
  });
  return sections;
}

/** Shares of text, data, rodata and ro_after_init in areas whose permissions are not told. */
const CORE_SHARES: readonly number[] = [0.38, 0.26, 0.34, 0.02];

/** Gives areas of modules a permission each, so that the bytes of each come near to their usual share. */
export class RegionGuess {
  private readonly taken = CORE_SHARES.map(() => 0);
  private total = 0;

  /** Sections of an area of `bytes` without guard page. */
  sectionsOf(bytes: number): readonly number[] {
    this.total += bytes;
    let best = 0;
    let bestLack = -Infinity;
    CORE_SHARES.forEach((share, region) => {
      const lack = share * this.total - (this.taken[region] ?? 0);
      if (lack > bestLack) [best, bestLack] = [region, lack];
    });
    this.taken[best] = (this.taken[best] ?? 0) + bytes;
    const sections = new Array<number>(REGION_COUNT).fill(0);
    sections[best] = bytes;
    return sections;
  }
}
