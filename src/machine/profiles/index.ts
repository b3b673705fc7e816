/** All CPU profiles. The list is the documentation: names and aliases are accepted everywhere. */
import { createRegistry, type Registry } from '../../base/registry.js';
import type { CpuProfile } from '../cpu-profile.js';
import { zen2, zen3, zen4, zen5 } from './amd-zen.js';
import { neoverseN1, neoverseN2, neoverseV1, neoverseV2 } from './arm-neoverse.js';
import { crestmont } from './intel-crestmont.js';
import { goldenCove, redwoodCove } from './intel-golden-cove.js';
import { iceLake } from './intel-ice-lake.js';
import { skylake, skylakeMeasured } from './intel-skylake.js';

const profiles: readonly CpuProfile[] = [
  skylake,
  skylakeMeasured,
  iceLake,
  goldenCove,
  redwoodCove,
  crestmont,
  zen2,
  zen3,
  zen4,
  zen5,
  neoverseN1,
  neoverseV1,
  neoverseN2,
  neoverseV2,
];

/** Profiles by their own name. */
export const cpuProfiles: Registry<CpuProfile> = createRegistry(
  'CPU profile',
  profiles,
  (profile) => profile.name,
);

const byAnyName: Registry<{ readonly name: string; readonly profile: CpuProfile }> = createRegistry(
  'CPU profile name',
  profiles.flatMap((profile) =>
    [profile.name, ...profile.aliases].map((name) => ({ name, profile })),
  ),
  (entry) => entry.name,
);

/** Every name and alias, for messages. */
export const cpuProfileNames: readonly string[] = byAnyName.names;

/** The profile of this name or alias. */
export const findCpuProfile = (name: string): CpuProfile | undefined =>
  byAnyName.find(name)?.profile;
