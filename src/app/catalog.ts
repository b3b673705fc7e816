/** Everything that a scenario may name, from the registries of designs, profiles, metrics and formats. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DesignInfo, LabCatalog } from '../contract/catalog.js';
import { TlbConfigError } from '../contract/tlb-config.js';
import type { LayoutPlan } from '../contract/scenario-plan.js';
import { profileFigures } from '../machine/cpu-profile.js';
import { cpuProfiles, findCpuProfile } from '../machine/profiles/index.js';
import { metricInfos } from '../metrics/index.js';
import type { AllocatorDesign } from '../mm/allocator-design.js';
import { designs } from '../mm/designs/index.js';
import { kernelRules, NEWEST_KERNEL } from '../mm/kernel-rules.js';
import { machineTlbConfig } from '../workload/tlb-overrides.js';
import { importFormats } from './imports/index.js';
import { shippedScenariosFolder } from './shipped-files.js';
import { MODEL_VERSION } from './version.js';

const designInfo = ({ name, origin, summary, idea, options }: AllocatorDesign): DesignInfo => ({
  name,
  origin,
  summary,
  idea,
  options,
});

/** Layouts of the shipped library, made by scenarios/std/make-std.mjs. */
function readLayouts(): readonly LayoutPlan[] {
  const folder = shippedScenariosFolder();
  const file = folder === undefined ? undefined : join(folder, 'std', 'layouts.json');
  if (file === undefined || !existsSync(file)) return [];
  return JSON.parse(readFileSync(file, 'utf8')) as readonly LayoutPlan[];
}

function tlbProblem(machine: Parameters<LabCatalog['tlbProblem']>[0]): string | undefined {
  const profile = findCpuProfile(machine.cpu);
  if (profile === undefined) return undefined;
  try {
    machineTlbConfig(profile, machine);
    return undefined;
  } catch (error) {
    if (error instanceof TlbConfigError) return error.message;
    throw error;
  }
}

let layouts: readonly LayoutPlan[] | undefined;

/** The same value at every call; layouts are read with the first look at them. */
const catalog: LabCatalog = {
  modelVersion: MODEL_VERSION,
  designs: designs.entries.map(designInfo),
  cpuProfiles: cpuProfiles.entries.map(({ name, title, aliases }) => ({ name, title, aliases })),
  metrics: metricInfos,
  kernelReleases: kernelRules.names,
  newestKernel: NEWEST_KERNEL,
  tlbProblem,
  importFormats: importFormats.entries.map(({ name, summary, options }) => ({
    name,
    summary,
    options,
  })),
  get stdLayouts() {
    layouts ??= readLayouts();
    return layouts;
  },
};

export const labCatalog = (): LabCatalog => catalog;

/** Figures of a profile that are assumed rather than documented or measured. */
export function assumedProfileEntries(cpu: string): readonly string[] {
  const profile = findCpuProfile(cpu);
  const figures = profile === undefined ? [] : profileFigures(profile);
  return figures.filter(({ grade }) => grade === 'assumed').map(({ name }) => `${cpu} ${name}`);
}
