import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeptRuns } from '../../../src/app/kept-runs.js';
import { SMALL_PLAN } from '../../support/small-plan.js';
import { syntheticRun } from '../../support/synthetic-experiment.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const root = temporaryFolder();
let count = 0;
const fresh = (plan = SMALL_PLAN): KeptRuns => {
  count += 1;
  return new KeptRuns(join(root, String(count)), plan);
};

describe('kept runs', () => {
  it('come back as they were, numbers that JSON lacks included', () => {
    const kept = fresh();
    const run = { ...syntheticRun('first', 1, 4), durationNs: Number.NaN };
    kept.save(run);
    expect(kept.load()).toEqual([run]);
  });

  it('of another scenario hash are not taken', () => {
    const kept = fresh();
    kept.save(syntheticRun('first', 1, 4));
    const other = new KeptRuns(join(root, String(count)), {
      ...SMALL_PLAN,
      scenarioHash: 'cd'.repeat(32),
    });
    expect(other.load()).toEqual([]);
    expect(kept.load()).toHaveLength(1);
  });

  it('that are cut short or changed count as missing', () => {
    const kept = fresh();
    kept.save(syntheticRun('first', 1, 4));
    kept.save(syntheticRun('second', 1, 4));
    const name = readdirSync(kept.folder).find((file) => file.endsWith('.run')) ?? '';
    const path = join(kept.folder, name);
    writeFileSync(path, readFileSync(path).subarray(0, -10));
    expect(kept.load()).toHaveLength(1);
  });

  it('are gone after clearing, and none are there before the first', () => {
    const kept = fresh();
    expect(kept.load()).toEqual([]);
    kept.save(syntheticRun('first', 1, 4));
    kept.clear();
    expect(kept.load()).toEqual([]);
  });
});
