/**
 * Pages of indirect-branch thunks for CPUs with the Indirect Target Selection bug: modules get pages
 * of their own, filled while their retpoline sites are patched, and lose them when they are unloaded.
 * Follows arch/x86/kernel/alternative.c (its_alloc, its_allocate_thunk, its_fini_mod, its_free_mod).
 *
 * A thunk is needed for a site in the lower half of a cache line; ten thunks fit into the upper half
 * of each 64-byte line, 640 a page. The number of sites is taken from the size of text: 0.6 indirect
 * branches a KiB (mean of about 115 modules each of Debian 6.1, 6.12 and 7.2), half of them in a
 * lower half.
 */
import type { ModuleSectionBytes } from '../../allocator-design.js';
import type { KernelMm } from '../../kernel-mm.js';
import { PlacementKind } from '../../placements.js';
import type { ExecMemory, ExecPiece } from './exec-memory.js';
import { Section } from './module-memory.js';

const THUNKS_PER_PAGE = 640;
const THUNKS_PER_KIB = 0.3;

export interface ItsRules {
  readonly enabled: boolean;
  /** 6.15.y, 6.17: pages stay writable until the module is finished; before, per thunk. */
  readonly writableUntilFinished: boolean;
}

export class ItsPages {
  private readonly pages = new Map<number, ExecPiece[]>();

  constructor(
    private readonly mm: KernelMm,
    private readonly memory: ExecMemory,
    private readonly rules: ItsRules,
  ) {}

  /** False when memory could not be had; the module's pages are given back. */
  addModule(object: number, sections: ModuleSectionBytes): boolean {
    if (!this.rules.enabled) return true;
    const textKib = (sections[Section.text] ?? 0) / 1024;
    const count = Math.ceil((textKib * THUNKS_PER_KIB) / THUNKS_PER_PAGE);
    const own: ExecPiece[] = [];
    this.pages.set(object, own);
    for (let index = 0; index < count; index += 1) {
      const piece = this.memory.allocWritable('module_text', 4096);
      if (!piece) {
        this.removeModule(object);
        this.mm.placements.remove(object);
        return false;
      }
      own.push(piece);
      if (!this.rules.writableUntilFinished) this.mm.setMemoryRox(piece.page, 1);
      this.mm.placements.place(object, PlacementKind.text, piece.page * 4096, 4096);
    }
    return true;
  }

  finishModule(object: number): void {
    if (!this.rules.writableUntilFinished) return;
    for (const piece of this.pages.get(object) ?? []) this.mm.setMemoryRox(piece.page, 1);
  }

  removeModule(object: number): void {
    for (const piece of this.pages.get(object) ?? []) this.memory.free(piece);
    this.pages.delete(object);
  }
}
