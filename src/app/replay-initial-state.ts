/**
 * The initial state of a recording as memory that a design takes over: which area of the first
 * snapshot belongs to whom. Areas are told apart by the function that allocated them, by size and by
 * alignment; nothing recorded after the first snapshot is read.
 */
import { PAGE_SIZE_BYTES, PTRS_PER_PMD_PAGES } from '../base/units.js';
import type { AdoptedMemory } from '../mm/allocator-design.js';
import { moduleAreaStart } from '../recording/recorded-machine.js';
import type { RecordedArea, Recording } from '../recording/recording.js';

export interface InitialMemory {
  readonly memory: AdoptedMemory;
  /** Key that events know the owner by, when they can. */
  readonly key?: string;
}

const GUARD_PAGES = 1;
const UNPURGED = 'unpurged';

/** Callers whose areas hold no code. */
const DATA_CALLERS = ['execmem_vmap', 'module_data'];

/** Areas of the first snapshot that events before it did not make. */
function initialAreas(recording: Recording): readonly RecordedArea[] {
  const first = recording.snapshots[0];
  if (!first?.areas) return [];
  const made = new Set<bigint>();
  for (const event of recording.events.slice(1, first.afterEvents)) {
    for (const area of event.observed.added ?? []) made.add(area.start);
  }
  return first.areas.filter((area) => area.caller !== UNPURGED && !made.has(area.start));
}

const isBlock = (area: RecordedArea, page: number, pages: number): boolean =>
  /^(execmem_alloc|execmem_cache)/.test(area.caller) &&
  page % PTRS_PER_PMD_PAGES === 0 &&
  pages % PTRS_PER_PMD_PAGES === 0;

/**
 * Memory to adopt, ascending. `firstObject` and the following numbers name the owners. The first
 * pack holds the programs of the boot; a recording does not tell who fills further packs, so they
 * count as full.
 */
export function initialMemory(recording: Recording, firstObject: number): readonly InitialMemory[] {
  const areaStart = moduleAreaStart(recording);
  const moduleByAddress = new Map(
    (recording.snapshots[0]?.modules ?? []).map((module) => [module.address, module.name]),
  );
  let object = firstObject;
  let packSeen = false;
  const list: InitialMemory[] = [];
  for (const area of initialAreas(recording)) {
    const page = Number((area.start - areaStart) / BigInt(PAGE_SIZE_BYTES));
    const pages = Number((area.end - area.start) / BigInt(PAGE_SIZE_BYTES)) - GUARD_PAGES;
    if (page < 0 || pages < 1) continue;
    const common = { object, page, pages };
    object += 1;
    const chunksPerPack = (pages * PAGE_SIZE_BYTES) / 64;
    if (area.caller.startsWith('bpf_prog_pack_alloc') && pages % PTRS_PER_PMD_PAGES === 0) {
      const chunks = packSeen ? chunksPerPack : Math.max(1, recording.meta.bpfBootChunks);
      packSeen = true;
      const usedChunks = Math.min(chunks, chunksPerPack);
      list.push({ memory: { kind: 'pack', ...common, usedChunks } });
    } else if (isBlock(area, page, pages)) {
      list.push({ memory: { kind: 'rox_block', ...common, usedPages: pages } });
    } else {
      const executable = !DATA_CALLERS.some((caller) => area.caller.startsWith(caller));
      const name = moduleByAddress.get(area.start);
      const memory = { kind: 'area', ...common, executable } as const;
      list.push(name === undefined ? { memory } : { memory, key: `module:${name}` });
    }
  }
  return list;
}
