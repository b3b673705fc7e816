/** The declarations of the language, sorted. A new one is a file beside this and a line here. */
import { createRegistry } from '../../src/base/registry.js';
import { allocatorDeclaration } from './allocator.js';
import { compareDeclaration } from './compare.js';
import { distDeclaration } from './dist.js';
import { expectDeclaration } from './expect.js';
import { importDeclaration } from './import.js';
import { limitDeclaration } from './limit.js';
import { machineDeclaration } from './machine.js';
import { moduleDeclaration } from './module.js';
import { paramDeclaration } from './param.js';
import { phaseDeclaration } from './phase.js';
import { poolDeclaration } from './pool.js';
import { probeDeclaration } from './probe.js';
import { seedsDeclaration } from './seeds.js';
import { sweepDeclaration } from './sweep.js';
import { titleDeclaration } from './title.js';
import { useDeclaration } from './use.js';
import { workloadDeclaration } from './workload.js';

export const DECLARATIONS = createRegistry(
  'declaration',
  [
    allocatorDeclaration,
    compareDeclaration,
    distDeclaration,
    expectDeclaration,
    importDeclaration,
    limitDeclaration,
    machineDeclaration,
    moduleDeclaration,
    paramDeclaration,
    phaseDeclaration,
    poolDeclaration,
    probeDeclaration,
    seedsDeclaration,
    sweepDeclaration,
    titleDeclaration,
    useDeclaration,
    workloadDeclaration,
  ],
  (module) => module.keyword,
);
