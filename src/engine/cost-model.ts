/**
 * Time charged when a scenario says `costs on`. Requests keep the times that the scenario gives them;
 * the machine serves them one after the other, so a request starts when it is due or when the one
 * before is done, whichever is later, and everything that follows is seen that much later.
 *
 * Model: the figures are assumptions of the right size, not measurements. Sources: about 100 ns per
 * single-page invalidation (comment at tlb_single_page_flush_ceiling, arch/x86/mm/tlb.c), one to two
 * microseconds and 0.1 ns a byte per text poke (spec of the page-table engine, section 8.3).
 */
import { EffectKind } from '../contract/sim-event.js';

/** Sending an interrupt to all CPUs and waiting for the slowest, ns. */
const SHOOTDOWN_NS = 1000;
/** More of it for each further CPU, ns. */
const SHOOTDOWN_PER_CPU_NS = 20;
const INVALIDATE_PAGE_NS = 100;
const POKE_NS = 1500;
const POKE_BYTE_NS = 0.1;
/** One set_memory_* call: lock, lazy alias flush, cache mode lookup. */
const CHANGE_ATTRIBUTE_NS = 1000;
const CHANGE_PAGE_NS = 50;
/** Filling a table of 512 entries and exchanging it. */
const SPLIT_NS = 2000;
/** Clock of the modelled CPUs, cycles per ns. */
const CYCLES_PER_NS = 3;

/** Nanoseconds that one effect takes; shootdowns depend on the number of CPUs. */
export function effectCostNs(kind: EffectKind, amount: number, cpus: number): number {
  switch (kind) {
    case EffectKind.flushAll:
      return shootdownNs(cpus);
    case EffectKind.flushRange:
      return shootdownNs(cpus) + amount * INVALIDATE_PAGE_NS;
    case EffectKind.flushLocal:
      return INVALIDATE_PAGE_NS;
    case EffectKind.changePageAttr:
      return CHANGE_ATTRIBUTE_NS + amount * CHANGE_PAGE_NS;
    case EffectKind.textPoke:
      return POKE_NS + amount * POKE_BYTE_NS;
    case EffectKind.directMapSplit2M:
    case EffectKind.directMapSplit1G:
    case EffectKind.directMapCollapse2M:
    case EffectKind.directMapCollapse1G:
    case EffectKind.textSplit2M:
    case EffectKind.textCollapse2M:
      return SPLIT_NS;
    default:
      return 0;
  }
}

const shootdownNs = (cpus: number): number =>
  cpus <= 1 ? 0 : SHOOTDOWN_NS + (cpus - 1) * SHOOTDOWN_PER_CPU_NS;

/** Nanoseconds that each CPU spends in page walks of this many cycles of the whole machine. */
export const walkCostNs = (cycles: number, cpus: number): number =>
  cycles / CYCLES_PER_NS / Math.max(1, cpus);
