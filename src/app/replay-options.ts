/** Options of a design for a replay: its defaults, and what the recorded machine decides. */
import type { OptionValue } from '../contract/scenario-plan.js';
import type { AllocatorDesign } from '../mm/allocator-design.js';
import type { RecordedGuest } from '../recording/recording.js';

type Options = Readonly<Record<string, OptionValue>>;

export const defaultOptions = (design: AllocatorDesign): Options =>
  Object.fromEntries(design.options.map((option) => [option.name, option.default]));

/**
 * Indirect-branch predictors are flushed for BPF when the CPU has IBPB and the kernel does not run
 * on retpolines; ITS thunks exist where the mitigation says so; the ROX cache needs 2M pages.
 */
export function recordedOptions(design: AllocatorDesign, guest: RecordedGuest): Options {
  const spectre = guest.mitigations.get('spectre_v2') ?? '';
  const facts: Options = {
    clean_packs:
      guest.cpuFlags.has('ibpb') &&
      spectre.startsWith('Mitigation') &&
      !/retpolines?/i.test(spectre),
    its: /aligned branch|mitigation/i.test(
      guest.mitigations.get('indirect_target_selection') ?? '',
    ),
    rox_cache: guest.cpuFlags.size === 0 || guest.cpuFlags.has('pse'),
  };
  const known = new Set(design.options.map((option) => option.name));
  return Object.fromEntries(Object.entries(facts).filter(([name]) => known.has(name)));
}
