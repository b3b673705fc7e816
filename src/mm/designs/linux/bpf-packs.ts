/**
 * BPF packs: memory for many programs in chunks of 64 bytes, read-only and executable, written with
 * text_poke. First fit over packs in order of creation, first fit inside each; a pack goes with its
 * last program; what is larger than a pack has pages of its own. Follows kernel/bpf/core.c
 * (bpf_prog_pack_alloc, alloc_new_pack, bpf_prog_pack_free), 5.18..7.3.
 */
import { assert } from '../../../base/assert.js';
import { FreeAreaTree, NO_AREA } from '../../free-area-tree.js';
import type { KernelMm } from '../../kernel-mm.js';
import type { ExecMemory, ExecPiece } from './exec-memory.js';

export const CHUNK_BYTES = 64;
/** Header and the least room for the random start. */
const HEADER_BYTES = 8;
const ROOM_BYTES = 16;
/** The JIT rounds code up before it counts the exception table. */
const CODE_ALIGN_BYTES = 4;

/** Bytes that a program of `codeBytes` asks of a pack. */
export function packedProgramBytes(codeBytes: number): number {
  const code = Math.ceil(codeBytes / CODE_ALIGN_BYTES) * CODE_ALIGN_BYTES;
  return Math.ceil((code + HEADER_BYTES + ROOM_BYTES) / CHUNK_BYTES) * CHUNK_BYTES;
}

interface Pack {
  readonly piece: ExecPiece;
  /** Free chunks, by chunk number. */
  readonly free: FreeAreaTree;
  usedChunks: number;
  /** No free run is longer, chunks: a bound, so that full packs are passed over at once. */
  longestRun: number;
  /** Indirect-branch predictors may hold targets in freed code. */
  flushNeeded: boolean;
}

/** A run of chunks, or pages of its own (`pack` absent). */
export interface PackRun {
  readonly pack?: Pack;
  readonly own?: ExecPiece;
  /** First byte, from page index 0 of the module area. */
  readonly byte: number;
  readonly chunks: number;
}

export interface BpfPackRules {
  readonly packPages: number;
  readonly pokesOnFree: boolean;
  /** Prefer packs by their need of a predictor flush. */
  readonly cleanPacks: boolean;
}

export class BpfPacks {
  private readonly packs: Pack[] = [];
  private readonly chunksPerPack: number;

  constructor(
    private readonly mm: KernelMm,
    private readonly memory: ExecMemory,
    private readonly rules: BpfPackRules,
  ) {
    this.chunksPerPack = (rules.packPages * 4096) / CHUNK_BYTES;
  }

  get packCount(): number {
    return this.packs.length;
  }

  alloc(sizeBytes: number): PackRun | undefined {
    const chunks = Math.ceil(sizeBytes / CHUNK_BYTES);
    if (chunks > this.chunksPerPack) return this.allocOwn(sizeBytes, chunks);
    const placed = this.placeInPacks(chunks);
    if (placed) return placed;
    const path = this.mm.enterPath('alloc_new_pack');
    const piece = this.newPages(this.rules.packPages * 4096);
    this.mm.leavePath(path);
    return piece && this.takeFrom(this.addPack(piece), chunks);
  }

  free(run: PackRun): void {
    if (run.own) {
      this.memory.free(run.own);
      return;
    }
    const { pack } = run;
    assert(pack !== undefined, 'a run lies in a pack or has pages of its own');
    if (this.rules.pokesOnFree) this.mm.textPoke(run.byte, run.chunks * CHUNK_BYTES);
    const first = (run.byte - pack.piece.page * 4096) / CHUNK_BYTES;
    pack.free.free(first, first + run.chunks);
    pack.longestRun = this.chunksPerPack;
    pack.usedChunks -= run.chunks;
    pack.flushNeeded = true;
    if (pack.usedChunks > 0) return;
    this.packs.splice(this.packs.indexOf(pack), 1);
    const path = this.mm.enterPath('bpf_prog_pack_free');
    this.memory.free(pack.piece);
    this.mm.leavePath(path);
  }

  /** A pack that a machine had before the first request, its first chunks taken. */
  adopt(piece: ExecPiece, usedChunks: number): PackRun | undefined {
    if (piece.area) this.mm.setMemoryRox(piece.page, piece.pages);
    const pack = this.addPack(piece);
    const run = usedChunks > 0 ? this.takeFrom(pack, usedChunks) : undefined;
    // Filters of the boot are classic programs: the flush is done.
    pack.flushNeeded = false;
    return run;
  }

  verify(): void {
    for (const pack of this.packs) {
      pack.free.verify();
      const free = pack.free.freeIn(0, this.chunksPerPack);
      assert(
        free + pack.usedChunks === this.chunksPerPack && pack.usedChunks > 0,
        () => `pack has ${free} free and ${pack.usedChunks} used chunks`,
      );
    }
  }

  private placeInPacks(chunks: number): PackRun | undefined {
    if (!this.rules.cleanPacks) {
      for (const pack of this.packs) {
        const run = this.tryTake(pack, chunks);
        if (run) return run;
      }
      return undefined;
    }
    // Requests are eBPF programs: they want a pack that needs a flush anyway.
    let fallback: Pack | undefined;
    for (const pack of this.packs) {
      if (pack.free.largestIn(0, this.chunksPerPack) < chunks) continue;
      if (pack.flushNeeded) return this.takeFrom(pack, chunks);
      fallback ??= pack;
    }
    return fallback && this.takeFrom(fallback, chunks);
  }

  private tryTake(pack: Pack, chunks: number): PackRun | undefined {
    if (chunks > pack.longestRun) return undefined;
    const window = { windowStart: 0, windowEnd: this.chunksPerPack };
    const first = pack.free.allocLowest({ size: chunks, align: 1, ...window }, chunks);
    if (first === NO_AREA) {
      pack.longestRun = chunks - 1;
      return undefined;
    }
    pack.usedChunks += chunks;
    return { pack, byte: pack.piece.page * 4096 + first * CHUNK_BYTES, chunks };
  }

  private takeFrom(pack: Pack, chunks: number): PackRun {
    const run = this.tryTake(pack, chunks);
    assert(run !== undefined, () => `a pack with room for ${chunks} chunks has none`);
    return run;
  }

  private allocOwn(sizeBytes: number, chunks: number): PackRun | undefined {
    const own = this.newPages(sizeBytes);
    return own && { own, byte: own.page * 4096, chunks };
  }

  /** Cache memory is read-only, executable and full of traps already. */
  private newPages(sizeBytes: number): ExecPiece | undefined {
    const piece = this.memory.alloc('bpf', sizeBytes);
    if (piece?.area) this.mm.setMemoryRox(piece.page, piece.pages);
    return piece;
  }

  private addPack(piece: ExecPiece): Pack {
    const free = new FreeAreaTree(0, this.chunksPerPack);
    const pack: Pack = {
      piece,
      free,
      usedChunks: 0,
      longestRun: this.chunksPerPack,
      flushNeeded: true,
    };
    this.packs.push(pack);
    return pack;
  }
}
