/** The machine of a report: processor, size, and what differs from the defaults. */
import type { FreeMemoryPlan, MachinePlan } from '../../contract/scenario-plan.js';
import type { TlbConfig } from '../../contract/tlb-config.js';
import { NEWEST_KERNEL } from '../../mm/kernel-rules.js';
import { durationText, shareText, sizeText } from './plain-quantity.js';

const KERNEL_TEXT_BYTES = 25_165_824;
const MODULE_AREA_BYTES = 1_056_964_608;

function freeMemoryText(plan: FreeMemoryPlan): string {
  switch (plan.kind) {
    case 'fresh':
      return '';
    case 'page_cache':
      return 'memory full of page cache';
    case 'scattered':
      return `free pages scattered(${shareText(plan.share)})`;
  }
}

function kaslrText({ kaslr }: MachinePlan): string {
  if (kaslr.kind === 'pages') return `kaslr ${String(kaslr.pages)} pages`;
  return kaslr.kind === 'seeded' ? 'kaslr seeded' : '';
}

/** `TLB 4K 16x8 and 2M 1x8, then 4K+2M 128x12`: sets x ways of every array. */
function tlbText({ l1, l2 }: TlbConfig): string {
  const level = (arrays: TlbConfig['l1']): string =>
    arrays
      .map(({ sizes, sets, ways }) => `${sizes.join('+')} ${String(sets)}x${String(ways)}`)
      .join(' and ');
  return `TLB ${[l1, l2]
    .filter((arrays) => arrays.length > 0)
    .map(level)
    .join(', then ')}`;
}

/** `sapphire_rapids, 64 cpus, 2 nodes, 256 GiB, direct map 1G, free pages scattered(35%)` */
export function machineText(machine: MachinePlan): string {
  const { nodes, possibleNodes, tlb, kernel } = machine;
  const parts = [
    machine.cpu,
    `${String(machine.cpus)} cpus`,
    nodes === 1 ? '' : `${String(nodes)} nodes`,
    possibleNodes === nodes ? '' : `${String(possibleNodes)} possible nodes`,
    sizeText(machine.ramBytes),
    `direct map ${machine.directMap}`,
    freeMemoryText(machine.freeMemory),
    kernel === NEWEST_KERNEL ? '' : `page tables of ${kernel}`,
    machine.collapse === 'design' ? '' : `collapse ${machine.collapse}`,
    machine.kernelTextBytes === KERNEL_TEXT_BYTES
      ? ''
      : `kernel text ${sizeText(machine.kernelTextBytes)}`,
    machine.moduleAreaBytes === MODULE_AREA_BYTES
      ? ''
      : `module area ${sizeText(machine.moduleAreaBytes)}`,
    machine.levels === 4 ? '' : `${String(machine.levels)} levels`,
    kaslrText(machine),
    machine.pti ? 'pti on' : '',
    machine.initFreeDelayNs === 0
      ? ''
      : `init freed after ${durationText(machine.initFreeDelayNs)}`,
    machine.costs ? 'costs on' : '',
    machine.tlbModel === undefined ? '' : tlbText(machine.tlbModel),
    ...tlb.map(({ structure, entries, ways }) => {
      const wayText = ways === undefined ? '' : ` ${String(ways)}-way`;
      return `${structure} ${String(entries)} entries${wayText}`;
    }),
  ];
  return parts.filter((part) => part !== '').join(', ');
}
