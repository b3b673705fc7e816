/** The machine of the worked examples: a direct map of eight 1G leaves, frames by script. */
import { EFFECT_KIND_NAMES } from '../../src/contract/sim-event.js';
import type { Collapse } from '../../src/mm/change-page-attr.js';
import { KernelMachine } from '../../src/mm/kernel-machine.js';
import type { KernelMachineParts } from '../../src/mm/kernel-machine-parts.js';
import { kernelRules } from '../../src/mm/kernel-rules.js';
import { ScriptedFrames } from './scripted-frames.js';

const GIB_PAGES = 262144;

/** First frame of 2M region `region` of GiB `gib`. */
export const frameAt = (gib: number, region: number, page = 0): number =>
  gib * GIB_PAGES + region * 512 + page;

export const run = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, page) => first + page);

export interface ExampleMachine {
  readonly mm: KernelMachine;
  readonly frames: ScriptedFrames;
  /** Effects as `kind page amount path`, oldest first. */
  readonly log: string[];
  /** n4k n2M n1G, splits 2M/1G, page tables, full and range flushes. */
  state(): {
    readonly leaves: string;
    readonly splits: string;
    readonly pt: number;
    readonly F: number;
    readonly r: number;
  };
}

export function exampleMachine(
  release: string,
  changes: Partial<KernelMachineParts> & { readonly collapse?: Collapse } = {},
): ExampleMachine {
  const rules = kernelRules.get(release);
  const frames = new ScriptedFrames();
  const log: string[] = [];
  const mm = new KernelMachine({
    rules,
    collapse: rules.collapseOnRox ? 'rox' : 'off',
    cpus: 4,
    nodes: 1,
    possibleNodes: 1,
    levels: 4,
    pti: false,
    area: { areaPages: 258048, areaVpn: 0xffffffffc0000, loadOffsetPages: 0 },
    frames,
    ramPages: 8 * GIB_PAGES,
    bootLeaves: [{ startPfn: 0, endPfn: 8 * GIB_PAGES, level: 3 }],
    sink: (kind, page, amount, path) => {
      log.push(`${EFFECT_KIND_NAMES[kind] ?? ''} ${page} ${amount} ${path}`);
    },
    ...changes,
  });
  const { counters, directMap } = mm;
  return {
    mm,
    frames,
    log,
    state: () => ({
      leaves: [1, 2, 3].map((level) => directMap.leafCount(level as 1 | 2 | 3)).join(' '),
      splits: `${counters.level2Splits}/${counters.level3Splits}`,
      pt: counters.pageTablePages,
      F: counters.fullFlushes,
      r: counters.rangeFlushes,
    }),
  };
}
