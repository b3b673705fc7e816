/** Makes an AllocatorDesign of a kernel generation. */
import type { OptionSpec } from '../../../contract/catalog.js';
import { kernelRules } from '../../kernel-rules.js';
import type { AllocatorDesign } from '../../allocator-design.js';
import type { LinuxGeneration } from './generation.js';
import { LinuxInstance } from './linux-instance.js';

const itsOption: OptionSpec = {
  name: 'its',
  kind: 'switch',
  default: false,
  help: 'thunk pages of CPUs with the Indirect Target Selection bug',
};
const roxCacheOption: OptionSpec = {
  name: 'rox_cache',
  kind: 'switch',
  default: true,
  help: 'off: no strict module permissions or no 2M pages, so no ROX cache',
};
const cleanPacksOption: OptionSpec = {
  name: 'clean_packs',
  kind: 'switch',
  default: false,
  help: 'prefer BPF packs by their need of a predictor flush (IBPB, no retpolines)',
};

export function linuxDesign(generation: LinuxGeneration): AllocatorDesign {
  const { release, summary, idea } = generation;
  const rules = kernelRules.get(release);
  return {
    name: `linux_${release.replace('.', '_')}`,
    origin: `linux ${release}`,
    summary,
    idea,
    options: [
      itsOption,
      ...(generation.cacheUsers.size > 0 ? [roxCacheOption] : []),
      ...(generation.cleanPacks ? [cleanPacksOption] : []),
    ],
    kernel: release,
    collapse: rules.collapseOnRox ? 'rox' : 'off',
    writableExecutable: generation.bpfTrampoline === 'writable_page' ? ['bpf trampoline'] : [],
    create: (mm, options) => new LinuxInstance(mm, generation, options),
  };
}
