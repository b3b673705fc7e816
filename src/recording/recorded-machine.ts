/** The machine of a recording as machine keys, and the design that stands for its kernel. */
import type { MachinePlan } from '../contract/scenario-plan.js';
import { isAtLeast } from './module-layout.js';
import { MODULES_VADDR_KASLR, MODULE_AREA_LOWEST, type Recording } from './recording.js';

/**
 * First release that behaves like each kernel design, newest first. 6.8 moved trampolines into
 * packs, so 6.8 to 6.11 behave like 6.12; 6.13 and 6.14 leave the ROX cache off.
 */
const DESIGN_RELEASES: readonly (readonly [number, number, string])[] = [
  [7, 3, '7.3'],
  [7, 2, '7.2'],
  [6, 19, '6.19'],
  [6, 17, '6.17'],
  [6, 15, '6.15'],
  [6, 8, '6.12'],
  [6, 4, '6.6'],
  [6, 0, '6.1'],
  [5, 18, '5.18'],
];

/** Release whose rules a kernel follows, e.g. `6.1` for 6.1.176. */
export function releaseOfKernel(release: string): string {
  const found = DESIGN_RELEASES.find(([major, minor]) => isAtLeast(release, major, minor));
  return found?.[2] ?? '5.17';
}

/** Name of the kernel design of a release, e.g. `linux_6_12`. */
export const designOfKernel = (release: string): string =>
  `linux_${releaseOfKernel(release).replace('.', '_')}`;

const PAGE = 4096n;
const MODULE_AREA_BYTES_KASLR = 1056964608;
const MODULE_AREA_BYTES_PLAIN = 1593835520;

/** First address of the module area before any random offset. */
export function moduleAreaStart(recording: Recording): bigint {
  const base = recording.meta.moduleAreaBase;
  const lowest = recording.snapshots[0]?.areas?.[0]?.start;
  const known = base ?? lowest ?? MODULES_VADDR_KASLR;
  return known >= MODULES_VADDR_KASLR ? MODULES_VADDR_KASLR : MODULE_AREA_LOWEST;
}

/** Random offset of the module area in pages, 0..1024. */
export function moduleAreaOffsetPages(recording: Recording): number {
  const start = moduleAreaStart(recording);
  const base = recording.meta.moduleAreaBase ?? recording.snapshots[0]?.areas?.[0]?.start ?? start;
  if (recording.meta.guest.commandLine.split(' ').includes('nokaslr')) return 0;
  const pages = Number((base - start) / PAGE);
  return pages > 0 && pages <= 1024 ? pages : 0;
}

export function machineOfRecording(recording: Recording): Partial<MachinePlan> {
  const { guest, release } = recording.meta;
  const ramBytes = guest.ram.reduce((sum, range) => sum + range.end - range.start, 0);
  const offset = moduleAreaOffsetPages(recording);
  const plain = moduleAreaStart(recording) === MODULE_AREA_LOWEST;
  const words = guest.commandLine.split(' ');
  const large = guest.cpuFlags.has('pdpe1gb') && !words.includes('nogbpages');
  const pti = (guest.mitigations.get('meltdown') ?? '').includes('PTI');
  return {
    // Firmware keeps a little for itself: the size of the machine is a multiple of 1 MiB above.
    ...(ramBytes > 0 ? { ramBytes: Math.ceil(ramBytes / 1048576) * 1048576 } : {}),
    nodes: guest.onlineNodes,
    possibleNodes: Math.max(guest.onlineNodes, guest.possibleNodes),
    cpus: guest.onlineCpus,
    directMap: guest.cpuFlags.size === 0 || large ? '1G' : '2M',
    kernel: releaseOfKernel(release),
    levels: guest.levels,
    kaslr: offset === 0 ? { kind: 'off' } : { kind: 'pages', pages: offset },
    pti,
    moduleAreaBytes: plain ? MODULE_AREA_BYTES_PLAIN : MODULE_AREA_BYTES_KASLR,
  };
}
