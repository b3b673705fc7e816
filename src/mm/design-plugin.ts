/**
 * The public interface of design plugins: one TypeScript or JavaScript file whose default export is a
 * DesignPlugin. It may import this module, as `xlab/plugin`, and nothing else: the types of the
 * primitives, and the parts that the built-in proposals are made of. A plugin has no clock, no random
 * numbers and no files, so equal seeds give equal runs; its placements are checked like everyone's.
 */
import type { OptionSpec } from '../contract/catalog.js';
import type { DesignInstance, DesignOptions } from './allocator-design.js';
import type { KernelMm } from './kernel-mm.js';

export { assert } from '../base/assert.js';
export type { OptionSpec } from '../contract/catalog.js';
export { EffectKind } from '../contract/sim-event.js';
export {
  RawKind,
  TrampolineKind,
  type DesignInstance,
  type DesignOptions,
  type ModuleSectionBytes,
} from './allocator-design.js';
export { LUMPS, SEPARATE, TEXT_APART, type PartPlan } from './designs/proposed/module-parts.js';
export { AreaData, AreaText, PlainAreaPool } from './designs/proposed/page-areas.js';
export {
  PAGE_BYTES,
  sharedImageBytes,
  type DataSource,
  type DataUse,
  type Piece,
  type TextSource,
  type TextUse,
} from './designs/proposed/piece.js';
export { ProposedInstance, type ProposedUsers } from './designs/proposed/proposed-instance.js';
export { SpaceHeap } from './designs/proposed/space-heap.js';
export { TextWriter } from './designs/proposed/text-writer.js';
export type { KernelMm, VmallocRequest, VmArea } from './kernel-mm.js';
export { PlacementKind } from './placements.js';

/** Changes with every change that an existing plugin could notice. */
export const PLUGIN_INTERFACE = 1;

export interface DesignPlugin {
  /** The interface that the plugin was written for. */
  readonly interface: typeof PLUGIN_INTERFACE;
  /** One line for reports. */
  readonly summary: string;
  /** The idea in a few lines: where a request goes, what backs it, when it splits. */
  readonly idea?: readonly string[];
  /** Checked in a scenario like those of a built-in design. */
  readonly options: readonly OptionSpec[];
  /** Collapse of split leaves when the machine says `collapse` by design; default off. */
  readonly collapse?: 'off' | 'rox' | 'any';
  /** The design at work on one machine, once a run. `options` has every declared option. */
  create(mm: KernelMm, options: DesignOptions): DesignInstance;
}
