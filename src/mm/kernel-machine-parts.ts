/** What a simulated machine is made of, and its two small parts: live areas and table pages. */
import type { LeafLevel } from '../base/units.js';
import type { TablePages } from '../machine/page-table-store.js';
import type { Collapse } from './change-page-attr.js';
import type { BootLeafRange, FrameSource } from './frame-source.js';
import type { EffectSink, VmArea } from './kernel-mm.js';
import type { KernelRules } from './kernel-rules.js';
import type { ModuleArea } from './module-area.js';

export interface KernelMachineParts {
  readonly rules: KernelRules;
  readonly collapse: Collapse;
  readonly cpus: number;
  readonly nodes: number;
  readonly possibleNodes: number;
  readonly levels: 4 | 5;
  /** Page-table isolation: kernel mappings are not global. */
  readonly pti: boolean;
  readonly area: ModuleArea;
  readonly frames: FrameSource;
  /** Frames of RAM: no area can be larger. */
  readonly ramPages: number;
  readonly bootLeaves: readonly BootLeafRange[];
  /** Largest leaf of the direct map; default 1G. */
  readonly directMapLevelMax?: LeafLevel;
  /** DirectMap counters after boot, kB; default: what the leaves add up to. */
  readonly bootKb?: readonly [number, number, number];
  /** Where page-table pages come from; default: single pages of `frames`, those of boot apart. */
  readonly tablePages?: TablePages;
  readonly sink: EffectSink;
}

/** A live vmap area; identity tells it from a later one at the same place. */
export class LiveArea implements VmArea {
  live = true;

  constructor(
    readonly page: number,
    readonly pages: number,
    readonly guardPages: number,
    readonly huge: boolean,
    public resetPerms: boolean,
    /** False: the frames belong to the caller. */
    readonly ownsFrames: boolean,
  ) {}
}

/** Table pages are single unmovable pages; those made at boot are part of what boot took. */
export class MachineTables implements TablePages {
  isBooted = false;

  constructor(
    private readonly own: TablePages | undefined,
    private readonly frames: FrameSource,
  ) {}

  take(): number {
    if (!this.isBooted) return -1;
    return this.own ? this.own.take() : this.frames.allocBlock(-1, 0);
  }

  give(frame: number): void {
    if (frame < 0) return;
    if (this.own) this.own.give(frame);
    else this.frames.freeBlock(frame, 0);
  }
}
