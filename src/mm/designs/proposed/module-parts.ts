/**
 * Modules of the proposed designs. A layout says which sections share an allocation and whether it
 * is text or data; loading forms the parts in the order of kernel/module/main.c. Lumps hold their
 * sections one after the other, each on whole pages, and protect them one by one:
 *
 *   lumps      |text|rodata|ro_after_init|data|   |init text|init rodata|init data|
 *   text apart |text|   |rodata|ro_after_init|data|   |init text|   |init rodata|init data|
 *   separate   |text|   |data|   |rodata|   |ro_after_init|   |init text|   ...
 */
import { assert, at } from '../../../base/assert.js';
import { pagesFor } from '../../../base/units.js';
import type { ModuleSectionBytes } from '../../allocator-design.js';
import type { KernelMm } from '../../kernel-mm.js';
import { PlacementKind } from '../../placements.js';
import { Section } from '../linux/module-memory.js';
import {
  PAGE_BYTES,
  type DataSource,
  type DataUse,
  type Piece,
  type TextSource,
  type TextUse,
} from './piece.js';

export interface PartPlan {
  /** Of Section, in order of address. */
  readonly sections: readonly number[];
  readonly init: boolean;
  /** Text of its own; else data, which may hold text when it is a lump. */
  readonly text?: TextUse;
  readonly data?: DataUse;
}

const { text, data, rodata, roAfterInit, initText, initData, initRodata } = Section;
const CORE_DATA = [rodata, roAfterInit, data] as const;
const INIT_DATA = [initRodata, initData] as const;

/** To 6.3: two areas. */
export const LUMPS: readonly PartPlan[] = [
  { sections: [text, ...CORE_DATA], init: false, data: 'lump' },
  { sections: [initText, ...INIT_DATA], init: true, data: 'lump' },
];

/** Text moved out of the lumps. */
export const TEXT_APART: readonly PartPlan[] = [
  { sections: [text], init: false, text: 'module' },
  { sections: CORE_DATA, init: false, data: 'lump' },
  { sections: [initText], init: true, text: 'init' },
  { sections: INIT_DATA, init: true, data: 'lump' },
];

/** Since 6.4: up to seven allocations. */
export const SEPARATE: readonly PartPlan[] = [
  { sections: [text], init: false, text: 'module' },
  { sections: [data], init: false, data: 'data' },
  { sections: [rodata], init: false, data: 'rodata' },
  { sections: [roAfterInit], init: false, data: 'ro_after_init' },
  { sections: [initText], init: true, text: 'init' },
  { sections: [initData], init: true, data: 'init_data' },
  { sections: [initRodata], init: true, data: 'init_rodata' },
];

export interface ModuleRules {
  readonly layout: readonly PartPlan[];
  /** The loader of 2022 marks data NX and repeats the read-only calls when init is done. */
  readonly repeatsCalls: boolean;
}

interface LoadedPart {
  readonly plan: PartPlan;
  readonly piece: Piece;
  readonly sections: readonly LoadedSection[];
}

interface LoadedSection {
  readonly section: number;
  readonly byte: number;
  readonly sizeBytes: number;
}

const KIND_OF_SECTION: readonly PlacementKind[] = [
  PlacementKind.text,
  PlacementKind.data,
  PlacementKind.rodata,
  PlacementKind.rodata,
  PlacementKind.text,
  PlacementKind.data,
  PlacementKind.rodata,
];

const isText = (section: number): boolean => section === text || section === initText;

export interface ModuleSources {
  readonly moduleText: TextSource;
  readonly initText: TextSource;
  readonly data: DataSource;
}

export class ModuleParts {
  private readonly loaded = new Map<number, LoadedPart[]>();

  constructor(
    private readonly mm: KernelMm,
    private readonly sources: ModuleSources,
    private readonly rules: ModuleRules,
  ) {}

  load(object: number, sections: ModuleSectionBytes): boolean {
    const parts: LoadedPart[] = [];
    for (const plan of this.rules.layout) {
      const used = plan.sections.filter((section) => (sections[section] ?? 0) > 0);
      if (used.length === 0) continue;
      const part = this.allocPart(plan, used, sections);
      if (!part) {
        for (const taken of parts.reverse()) this.abandon(taken);
        return false;
      }
      parts.push(part);
    }
    this.loaded.set(object, parts);
    this.report(object, parts);
    this.completeFormation(parts);
    return true;
  }

  finishInit(object: number): void {
    const parts = this.partsOf(object);
    if (this.rules.repeatsCalls) this.setReadOnly(parts);
    this.forEachArea(parts, (section) => {
      if (section.section === roAfterInit) this.setRo(section);
    });
  }

  freeInit(object: number): void {
    const parts = this.partsOf(object);
    for (const part of parts) if (part.plan.init) this.free(part);
    this.loaded.set(
      object,
      parts.filter((part) => !part.plan.init),
    );
    this.mm.placements.remove(object, true);
  }

  /** Init memory that is still there goes first; data last, the module struct lives there. */
  unload(object: number): void {
    const parts = this.partsOf(object);
    const rank = ({ plan }: LoadedPart): number => (plan.init ? 0 : plan.data === 'data' ? 2 : 1);
    for (const wanted of [0, 1, 2]) {
      for (const part of parts) if (rank(part) === wanted) this.free(part);
    }
    this.loaded.delete(object);
    this.mm.placements.remove(object);
  }

  private allocPart(
    plan: PartPlan,
    used: readonly number[],
    sections: ModuleSectionBytes,
  ): LoadedPart | undefined {
    const single = used.length === 1;
    const sizeBytes = single
      ? (sections[at(used, 0)] ?? 0)
      : used.reduce((sum, section) => sum + pagesFor(sections[section] ?? 0) * PAGE_BYTES, 0);
    const piece = plan.text
      ? this.textOf(plan).alloc(plan.text, sizeBytes)
      : this.sources.data.alloc(plan.data ?? 'data', sizeBytes);
    if (!piece) return undefined;
    let { byte } = piece;
    const placed = used.map((section): LoadedSection => {
      const start = byte;
      const own = sections[section] ?? 0;
      byte += pagesFor(own) * PAGE_BYTES;
      return { section, byte: start, sizeBytes: own };
    });
    return { plan, piece, sections: placed };
  }

  private completeFormation(parts: readonly LoadedPart[]): void {
    this.setReadOnly(parts);
    if (this.rules.repeatsCalls) {
      this.forEachArea(parts, (section) => {
        if (!isText(section.section)) this.setNx(section);
      });
    }
    for (const part of parts) {
      if (part.plan.text) {
        this.textOf(part.plan).finish(part.piece, at(part.sections, 0).sizeBytes);
      }
    }
    this.forEachArea(parts, ({ section, byte, sizeBytes }) => {
      if (isText(section)) this.mm.setMemoryX(byte / PAGE_BYTES, pagesFor(sizeBytes));
    });
  }

  /** Everything that is read-only before init runs; text sources protect their own. */
  private setReadOnly(parts: readonly LoadedPart[]): void {
    this.forEachArea(parts, (section) => {
      const kind = section.section;
      if (isText(kind) || kind === rodata || kind === initRodata) this.setRo(section);
    });
  }

  private setRo({ byte, sizeBytes }: LoadedSection): void {
    this.sources.data.setRo(byte / PAGE_BYTES, pagesFor(sizeBytes));
  }

  private setNx({ byte, sizeBytes }: LoadedSection): void {
    this.mm.setMemoryNx(byte / PAGE_BYTES, pagesFor(sizeBytes));
  }

  private forEachArea(parts: readonly LoadedPart[], visit: (section: LoadedSection) => void): void {
    for (const part of parts) if (!part.plan.text) part.sections.forEach(visit);
  }

  private report(object: number, parts: readonly LoadedPart[]): void {
    for (const { plan, sections } of parts) {
      for (const { section, byte, sizeBytes } of sections) {
        const kind = KIND_OF_SECTION[section] ?? PlacementKind.data;
        this.mm.placements.place(object, kind, byte, sizeBytes, plan.init);
      }
    }
  }

  private free(part: LoadedPart): void {
    if (part.plan.text) this.textOf(part.plan).free(part.piece);
    else this.sources.data.free(part.piece);
  }

  private abandon(part: LoadedPart): void {
    if (part.plan.text) this.textOf(part.plan).abandon(part.piece);
    else this.sources.data.free(part.piece);
  }

  private textOf(plan: PartPlan): TextSource {
    return plan.init ? this.sources.initText : this.sources.moduleText;
  }

  private partsOf(object: number): LoadedPart[] {
    const parts = this.loaded.get(object);
    assert(parts !== undefined, () => `object ${object} is no loaded module`);
    return parts;
  }
}
