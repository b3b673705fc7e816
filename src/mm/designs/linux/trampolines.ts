/**
 * ftrace trampolines (a page each) and BPF trampolines (a page, since 6.8 chunks of a pack after a
 * scratch page to measure them in). Follows arch/x86/kernel/ftrace.c create_trampoline and
 * arch/x86/net/bpf_jit_comp.c arch_bpf_trampoline_size, 5.17..7.3.
 */
import { assert } from '../../../base/assert.js';
import { TrampolineKind } from '../../allocator-design.js';
import type { KernelMm } from '../../kernel-mm.js';
import { PlacementKind } from '../../placements.js';
import type { BpfPacks, PackRun } from './bpf-packs.js';
import type { ExecMemory, ExecPiece } from './exec-memory.js';
import type { LinuxGeneration } from './generation.js';

const PAGE_BYTES = 4096;
/** One program, 3 or 4 chunks; the plain ftrace template with its return and pointer. */
const BPF_IMAGE_BYTES = 240;
const FTRACE_BYTES = 229;

type Image = { readonly page: ExecPiece } | { readonly run: PackRun };

export class Trampolines {
  private readonly live = new Map<number, Image>();

  constructor(
    private readonly mm: KernelMm,
    private readonly memory: ExecMemory,
    private readonly packs: BpfPacks | undefined,
    private readonly generation: LinuxGeneration,
  ) {}

  /** `sizeBytes` 0: the usual size of its kind. */
  create(object: number, kind: number, sizeBytes: number): boolean {
    const bpf = kind === TrampolineKind.bpf;
    const bytes = sizeBytes > 0 ? sizeBytes : bpf ? BPF_IMAGE_BYTES : FTRACE_BYTES;
    const image = bpf ? this.createBpf(bytes) : this.createFtrace(bytes);
    if (!image) return false;
    this.live.set(object, image);
    const byte = 'run' in image ? image.run.byte : image.page.page * PAGE_BYTES;
    this.mm.placements.place(object, PlacementKind.text, byte, bytes);
    return true;
  }

  free(object: number): void {
    const image = this.live.get(object);
    assert(image !== undefined, () => `object ${object} is no trampoline`);
    this.live.delete(object);
    this.mm.placements.remove(object);
    if ('page' in image) {
      this.memory.free(image.page);
      return;
    }
    assert(this.packs !== undefined, 'an image in a pack has packs');
    this.packs.free(image.run);
  }

  private createFtrace(bytes: number): Image | undefined {
    const page = this.memory.allocWritable('ftrace', bytes);
    if (!page) return undefined;
    this.mm.setMemoryRox(page.page, page.pages);
    return { page };
  }

  private createBpf(bytes: number): Image | undefined {
    if (this.generation.bpfTrampoline !== 'pack' || !this.packs) return this.createPage(bytes);
    if (!this.measure()) return undefined;
    const run = this.packs.alloc(bytes);
    if (!run) return undefined;
    this.mm.textPoke(run.byte, bytes);
    return { run };
  }

  private createPage(bytes: number): Image | undefined {
    const page = this.memory.alloc('bpf', Math.max(bytes, PAGE_BYTES));
    if (!page) return undefined;
    if (this.generation.bpfTrampoline === 'writable_page') {
      this.mm.setMemoryX(page.page, page.pages);
    } else {
      this.mm.setMemoryRox(page.page, page.pages);
    }
    return { page };
  }

  /** The scratch page is a whole allocation: it takes the lowest hole and its free purges. */
  private measure(): boolean {
    const { trampolineScratch } = this.generation;
    if (trampolineScratch === 'none') return true;
    const path = this.mm.enterPath('arch_bpf_trampoline_size');
    const user = trampolineScratch === 'data' ? 'module_data' : 'bpf';
    const scratch = this.memory.alloc(user, PAGE_BYTES);
    if (scratch) this.memory.free(scratch);
    this.mm.leavePath(path);
    return scratch !== undefined;
  }
}
