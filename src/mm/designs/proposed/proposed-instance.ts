/**
 * A proposed design at work: modules, BPF programs, trampolines, kprobes and raw requests over text
 * and data sources. What differs between designs is which source serves which user.
 */
import { assert } from '../../../base/assert.js';
import {
  RawKind,
  TrampolineKind,
  type DesignInstance,
  type ModuleSectionBytes,
} from '../../allocator-design.js';
import type { KernelMm } from '../../kernel-mm.js';
import { PlacementKind } from '../../placements.js';
import { Probes } from '../linux/probes.js';
import { ModuleParts, type ModuleRules } from './module-parts.js';
import { firstPageOf, pagesOf, type DataSource, type Piece, type TextSource } from './piece.js';
import { TextProbePages } from './probe-pages.js';

export interface ProposedUsers {
  readonly moduleText: TextSource;
  readonly initText: TextSource;
  readonly bpf: TextSource;
  readonly bpfTrampolines: TextSource;
  readonly ftrace: TextSource;
  readonly kprobes: TextSource;
  readonly raw: TextSource;
  readonly data: DataSource;
  readonly modules: ModuleRules;
  /** Asserts what the design keeps beside its sources. */
  readonly verify?: () => void;
  readonly runWorkers?: () => void;
  readonly gauges?: Readonly<Record<string, () => number>>;
}

/** A trampoline of one program, and the plain ftrace template with its return and pointer. */
const BPF_TRAMPOLINE_BYTES = 240;
const FTRACE_TRAMPOLINE_BYTES = 229;
/** Bytes of one patched instruction. */
const POKE_BYTES = 5;
const BPF_HEADER_BYTES = 8;

interface TextObject {
  readonly source: TextSource;
  readonly piece: Piece;
}

export class ProposedInstance implements DesignInstance {
  private readonly modules: ModuleParts;
  private readonly probes: Probes;
  /** Programs, trampolines and raw text. */
  private readonly texts = new Map<number, TextObject>();
  private readonly rawData = new Map<number, Piece>();
  readonly gauges: Readonly<Record<string, () => number>>;

  constructor(
    private readonly mm: KernelMm,
    private readonly users: ProposedUsers,
  ) {
    this.modules = new ModuleParts(mm, users, users.modules);
    this.probes = new Probes(mm, new TextProbePages(users.kprobes));
    this.gauges = { kprobe_pages: () => this.probes.pageCount, ...users.gauges };
  }

  loadModule(object: number, sections: ModuleSectionBytes): boolean {
    return this.within('load_module', () => this.modules.load(object, sections));
  }

  finishModuleInit(object: number): void {
    this.within('do_init_module', () => {
      this.modules.finishInit(object);
    });
  }

  freeModuleInit(object: number): void {
    this.within('do_free_init', () => {
      this.modules.freeInit(object);
    });
  }

  unloadModule(object: number): void {
    this.within('free_module', () => {
      this.modules.unload(object);
    });
  }

  loadBpf(object: number, sizeBytes: number): boolean {
    const { bpf } = this.users;
    const path = this.mm.enterPath('bpf_int_jit_compile');
    const imageBytes = bpf.imageBytes(sizeBytes);
    const piece = bpf.alloc('bpf', imageBytes);
    if (piece) this.keep(object, bpf, piece, imageBytes, sizeBytes + BPF_HEADER_BYTES);
    this.mm.leavePath(path);
    return piece !== undefined;
  }

  freeBpf(object: number): void {
    this.freeText('bpf_jit_free', object);
  }

  programSlot(
    object: number,
  ): { readonly startByte: number; readonly endByte: number } | undefined {
    const piece = this.texts.get(object)?.piece;
    return piece && { startByte: piece.byte, endByte: piece.byte + piece.sizeBytes };
  }

  createTrampoline(object: number, kind: number, sizeBytes: number): boolean {
    const bpf = kind === TrampolineKind.bpf;
    const bytes = sizeBytes > 0 ? sizeBytes : bpf ? BPF_TRAMPOLINE_BYTES : FTRACE_TRAMPOLINE_BYTES;
    const source = bpf ? this.users.bpfTrampolines : this.users.ftrace;
    const path = this.mm.enterPath('create_trampoline');
    const piece = source.alloc(bpf ? 'bpf_trampoline' : 'ftrace', bytes);
    if (piece) this.keep(object, source, piece, bytes, bytes);
    this.mm.leavePath(path);
    return piece !== undefined;
  }

  freeTrampoline(object: number): void {
    this.freeText('free_trampoline', object);
  }

  registerKprobe(object: number, _sizeBytes: number, optimized: boolean): boolean {
    return this.within('register_kprobe', () => this.probes.register(object, optimized));
  }

  unregisterKprobe(object: number): void {
    this.within('unregister_kprobe', () => {
      this.probes.unregister(object);
    });
  }

  allocRaw(object: number, kind: number, sizeBytes: number): boolean {
    const path = this.mm.enterPath('alloc_raw');
    const served =
      kind === RawKind.text
        ? this.allocRawText(object, sizeBytes)
        : this.allocRawData(object, kind, sizeBytes);
    this.mm.leavePath(path);
    return served;
  }

  freeRaw(object: number): void {
    const data = this.rawData.get(object);
    if (!data) {
      this.freeText('free_raw', object);
      return;
    }
    this.rawData.delete(object);
    this.mm.placements.remove(object);
    this.within('free_raw', () => {
      this.users.data.free(data);
    });
  }

  poke(object: number): void {
    const extent = this.mm.placements
      .extentsOf(object)
      .find((entry) => entry.kind === PlacementKind.text);
    if (extent) this.mm.textPoke(extent.byte, Math.min(POKE_BYTES, extent.sizeBytes));
  }

  runWorkers(): void {
    this.users.runWorkers?.();
  }

  verify(): void {
    const { moduleText, initText, bpf, bpfTrampolines, ftrace, kprobes, raw } = this.users;
    const sources = new Set([moduleText, initText, bpf, bpfTrampolines, ftrace, kprobes, raw]);
    for (const source of sources) source.verify();
    this.users.data.verify();
    this.probes.verify();
    this.users.verify?.();
  }

  private allocRawText(object: number, sizeBytes: number): boolean {
    const piece = this.users.raw.alloc('raw', sizeBytes);
    if (!piece) return false;
    this.keep(object, this.users.raw, piece, sizeBytes, sizeBytes);
    return true;
  }

  private allocRawData(object: number, kind: number, sizeBytes: number): boolean {
    const rodata = kind === RawKind.rodata;
    const piece = this.users.data.alloc(rodata ? 'rodata' : 'data', sizeBytes);
    if (!piece) return false;
    if (rodata) this.users.data.setRo(firstPageOf(piece), pagesOf(piece));
    this.rawData.set(object, piece);
    const placed = rodata ? PlacementKind.rodata : PlacementKind.data;
    this.mm.placements.place(object, placed, piece.byte, sizeBytes);
    return true;
  }

  /** Writes `writtenBytes` into a new piece, of which the object uses the first `usedBytes`. */
  private keep(
    object: number,
    source: TextSource,
    piece: Piece,
    writtenBytes: number,
    usedBytes: number,
  ): void {
    source.finish(piece, writtenBytes);
    this.texts.set(object, { source, piece });
    this.mm.placements.place(object, PlacementKind.text, piece.byte, usedBytes);
  }

  private freeText(path: string, object: number): void {
    const text = this.texts.get(object);
    assert(text !== undefined, () => `object ${object} holds no text`);
    this.texts.delete(object);
    this.mm.placements.remove(object);
    this.within(path, () => {
      text.source.free(text.piece);
    });
  }

  private within<T>(path: string, work: () => T): T {
    const previous = this.mm.enterPath(path);
    const result = work();
    this.mm.leavePath(previous);
    return result;
  }
}
