/**
 * Physical memory of a simulated machine: NUMA nodes of zones, per-CPU lists, requests for unmovable
 * kernel memory. Decides into which 2M regions executable memory falls. Every page is in exactly one
 * place: on a zone's lists or in its reserve, on a CPU list, page cache, in use since boot, or handed
 * out. Follows get_page_from_freelist and alloc_pages_bulk of mm/page_alloc.c. Model: no watermarks
 * except those that drop page cache, no compaction beyond dropping cache.
 */
import { assert } from '../base/assert.js';
import { PAGE_SIZE_BYTES } from '../base/units.js';
import type { MachinePlan } from '../contract/scenario-plan.js';
import { kernelImageOf, type KernelImage } from './direct-map-boot-image.js';
import {
  BLOCK_PAGES,
  MIGRATE_UNMOVABLE,
  ORDER_MAX,
  PAGEBLOCK_ORDER,
} from './frame-allocator-blocks.js';
import { batchPagesOf, CpuLists, hasCpuList } from './frame-allocator-cpu-lists.js';
import { layOutMemory, type NodeZone } from './frame-allocator-layout.js';
import type { ClaimRule } from './frame-allocator-zone.js';
import type { FrameSource } from './frame-source.js';
import { defaultRamRanges, framesOfRam, type RamRange } from './ram-layout.js';

export interface FrameAllocatorOptions {
  readonly machine: Pick<
    MachinePlan,
    'ramBytes' | 'nodes' | 'cpus' | 'freeMemory' | 'kernelTextBytes'
  >;
  /** Seed of the run: where free pages lie. */
  readonly seed: number;
  /** Firmware's ranges; default: those of a guest with `ramBytes`. */
  readonly ram?: readonly RamRange[];
  /** Default: an image with `kernelTextBytes` of text at 16 MiB. */
  readonly kernelImage?: KernelImage;
  /** Default `use`, the rule of releases before 6.15. */
  readonly claimRule?: ClaimRule;
}

/** A zone with its CPU lists. */
interface Place extends NodeZone {
  readonly lists: CpuLists;
  /** First node that looks here prefers not to break pageblocks of other types. */
  readonly avoidsFragments: boolean;
}

/** A per-CPU list keeps the zone's low watermark over the CPUs, about 1/500 of the zone. */
const HIGH_SHARE = 1 / 500;
const HIGH_BATCHES_MIN = 4;
/** First frame of zone Normal. */
const NORMAL_START = 1048576;

export class FrameAllocator implements FrameSource {
  readonly nodes: number;
  readonly cpus: number;
  private readonly places: readonly Place[];
  /** By node: its own places, then those of the following nodes. */
  private readonly searchOrder: readonly (readonly Place[])[];
  /** Pages in use when the run started and page cache apart. */
  private readonly pinnedPages: number;
  private handedOutPages = 0;
  private cpu = 0;
  private localNode = 0;
  private lastPlace: Place | undefined;

  constructor(options: FrameAllocatorOptions) {
    const { machine } = options;
    this.nodes = machine.nodes;
    this.cpus = machine.cpus;
    const image = options.kernelImage ?? kernelImageOf(machine.kernelTextBytes);
    const zones = layOutMemory({
      frames: framesOfRam(options.ram ?? defaultRamRanges(machine.ramBytes)),
      nodes: machine.nodes,
      freeMemory: machine.freeMemory,
      image: {
        startPfn: Math.floor(image.textStart / PAGE_SIZE_BYTES),
        endPfn: Math.ceil(image.imageEnd / PAGE_SIZE_BYTES),
      },
      seed: options.seed,
      claimRule: options.claimRule ?? 'use',
    });
    this.places = zones.map((entry) => this.placeOf(entry, zones));
    this.searchOrder = Array.from({ length: this.nodes }, (_, node) => this.orderFrom(node));
    this.pinnedPages = this.places.reduce(
      (sum, { zone }) =>
        sum + zone.managedPages - zone.freePages - (zone.reserve?.cachedPages ?? 0),
      0,
    );
  }

  /** The following requests run on this CPU (0..cpus-1); its node is the local one. */
  runOnCpu(cpu: number): void {
    assert(cpu >= 0 && cpu < this.cpus, () => `CPU ${cpu} of ${this.cpus}`);
    this.cpu = cpu;
    this.localNode = Math.floor((cpu * this.nodes) / this.cpus);
  }

  /** The following requests run on the first CPU of this node; a node without CPUs borrows the last. */
  runOnNode(node: number): void {
    assert(node >= 0 && node < this.nodes, () => `node ${node} of ${this.nodes}`);
    this.runOnCpu(Math.min(this.cpus - 1, Math.ceil((node * this.cpus) / this.nodes)));
    this.localNode = node;
  }

  /** Free pages of all nodes, those on CPU lists included. */
  get freePages(): number {
    let pages = 0;
    for (const { zone, lists } of this.places) pages += zone.freePages + lists.pages;
    return pages;
  }

  /** Clean page cache that memory can still be had from. */
  get cachedPages(): number {
    return this.places.reduce((sum, { zone }) => sum + (zone.reserve?.cachedPages ?? 0), 0);
  }

  allocBlock(node: number, order: number, mayReclaim = true): number {
    assert(order >= 0 && order <= ORDER_MAX, 'orders go from 0 to 10');
    const search = this.searchFrom(node);
    let frame = this.tryAlloc(search, order);
    if (frame < 0 && this.drainLists()) frame = this.tryAlloc(search, order);
    if (frame < 0 && mayReclaim) frame = this.reclaimFor(search, order);
    if (frame >= 0) this.handedOutPages += BLOCK_PAGES[order] ?? 0;
    return frame;
  }

  allocBulk(node: number, count: number, out: Float64Array, offset: number): number {
    const search = this.searchFrom(node);
    const place = search[0];
    let taken = 0;
    if (place !== undefined) {
      const stealOrderMin = place.avoidsFragments ? PAGEBLOCK_ORDER : 0;
      taken = place.lists.takePages(this.cpu, count, stealOrderMin, out, offset);
      this.handedOutPages += taken;
    }
    for (; taken < count; taken += 1) {
      const frame = this.allocBlock(node, 0);
      if (frame < 0) break;
      out[offset + taken] = frame;
    }
    return taken;
  }

  freeBlock(frame: number, order: number): void {
    const { zone, lists } = this.placeAt(frame);
    this.handedOutPages -= BLOCK_PAGES[order] ?? 0;
    assert(this.handedOutPages >= 0, 'no more pages come back than were handed out');
    // Pages of another type's pageblock go back to that type, not to the next kernel request.
    if (hasCpuList(order) && zone.pageblockType(frame) === MIGRATE_UNMOVABLE) {
      lists.give(this.cpu, frame, order);
    } else zone.free(frame, order);
  }

  /** Node of a frame in RAM. */
  nodeOf(frame: number): number {
    return this.placeAt(frame).node;
  }

  verify(): void {
    let elsewhere = this.pinnedPages + this.handedOutPages;
    let managed = 0;
    for (const { zone, lists } of this.places) {
      zone.verify();
      lists.verify();
      managed += zone.managedPages;
      elsewhere += zone.freePages + lists.pages + (zone.reserve?.cachedPages ?? 0);
    }
    assert(managed === elsewhere, () => `${managed} pages are managed, ${elsewhere} are found`);
  }

  private tryAlloc(search: readonly Place[], order: number): number {
    const preferred = search[0];
    if (preferred?.avoidsFragments === true) {
      for (const place of search) {
        if (place.node !== preferred.node) break;
        const frame = this.allocAt(place, order, PAGEBLOCK_ORDER);
        if (frame >= 0) return frame;
      }
    }
    for (const place of search) {
      const frame = this.allocAt(place, order, 0);
      if (frame >= 0) return frame;
    }
    return -1;
  }

  private allocAt(place: Place, order: number, stealOrderMin: number): number {
    const { zone, lists, reservePages } = place;
    if (reservePages > 0 && zone.freePages - (BLOCK_PAGES[order] ?? 0) < reservePages) return -1;
    return hasCpuList(order)
      ? lists.take(this.cpu, order, stealOrderMin)
      : zone.alloc(order, MIGRATE_UNMOVABLE, stealOrderMin);
  }

  private drainLists(): boolean {
    let drained = false;
    for (const { lists } of this.places) if (lists.drainAll()) drained = true;
    return drained;
  }

  private reclaimFor(search: readonly Place[], order: number): number {
    for (const { zone, reservePages } of search) {
      if (reservePages > 0 && zone.freePages < reservePages) continue;
      const frame = zone.allocWithReclaim(order, MIGRATE_UNMOVABLE);
      if (frame >= 0) return frame;
    }
    return -1;
  }

  private searchFrom(node: number): readonly Place[] {
    const search = this.searchOrder[node < 0 ? this.localNode : node];
    assert(search !== undefined, 'a request names a node of the machine');
    return search;
  }

  private placeAt(frame: number): Place {
    const last = this.lastPlace;
    if (last !== undefined && holds(last, frame)) return last;
    const place = this.places.find((candidate) => holds(candidate, frame));
    assert(place !== undefined, () => `frame ${frame} is not memory`);
    this.lastPlace = place;
    return place;
  }

  private placeOf(entry: NodeZone, all: readonly NodeZone[]): Place {
    const { zone, node } = entry;
    const batchPages = batchPagesOf(zone.managedPages);
    const cpusOfNode = Math.max(1, Math.floor(this.cpus / this.nodes));
    const share = Math.floor((zone.managedPages * HIGH_SHARE) / cpusOfNode);
    const highPages = Math.max(share, HIGH_BATCHES_MIN * batchPages);
    const hasDma32 = all.some(
      (other) => other.node === node && other !== entry && other.zone.startPfn < NORMAL_START,
    );
    return {
      ...entry,
      lists: new CpuLists(zone, { cpus: this.cpus, batchPages, highPages }),
      avoidsFragments: zone.startPfn >= NORMAL_START && (this.nodes === 1 || hasDma32),
    };
  }

  private orderFrom(node: number): readonly Place[] {
    return Array.from({ length: this.nodes }, (_, distance) =>
      this.places.filter((place) => place.node === (node + distance) % this.nodes),
    ).flat();
  }
}

const holds = ({ zone }: Place, frame: number): boolean =>
  frame >= zone.startPfn && frame < zone.endPfn;
