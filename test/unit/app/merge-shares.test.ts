/** Shares that come as bytes join the runs that are here, or say why they do not. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mergeShares } from '../../../src/app/merge-shares.js';
import { saveShard } from '../../../src/app/shard-file.js';
import type { ShareFile } from '../../../src/contract/lab-api.js';
import type { ScenarioPlan } from '../../../src/contract/scenario-plan.js';
import { SMALL_PLAN } from '../../support/small-plan.js';
import { syntheticRun } from '../../support/synthetic-experiment.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const root = temporaryFolder();
const runsOf = (design: string, seeds = [1, 2]) =>
  seeds.map((seed) => syntheticRun(design, seed, 4));

function share(index: number, design: string, plan: ScenarioPlan = SMALL_PLAN): ShareFile {
  const folder = join(root, `${design}-${plan.scenarioHash.slice(0, 4)}`);
  saveShard(folder, { shard: { index, count: 2 }, plan, runs: runsOf(design) });
  const name = `shard-${String(index)}-of-2.xlabshard`;
  return { name, data: readFileSync(join(folder, name)).toString('base64') };
}

describe('shares from another machine', () => {
  it('make the whole, in any order', () => {
    const whole = mergeShares(SMALL_PLAN, [], [share(2, 'second'), share(1, 'first')]);
    expect(whole.complete).toBe(true);
    expect(whole.runs.map(({ design, seed }) => `${design} ${String(seed)}`)).toEqual(
      mergeShares(SMALL_PLAN, runsOf('first'), [share(2, 'second')]).runs.map(
        ({ design, seed }) => `${design} ${String(seed)}`,
      ),
    );
  });

  it('that are not all there leave the result incomplete', () => {
    const part = mergeShares(SMALL_PLAN, [], [share(1, 'first')]);
    expect(part.complete).toBe(false);
    expect(part.runs).toHaveLength(2);
  });

  it('of another scenario are refused with what differs', () => {
    const other = {
      ...SMALL_PLAN,
      scenarioHash: 'cd'.repeat(32),
      settings: [{ name: 'churn', text: '40/s' }],
    };
    expect(() => mergeShares(SMALL_PLAN, [], [share(2, 'second', other)])).toThrow(
      /shard-2-of-2\.xlabshard is of scenario cdcdcdcdcdcd, this one is abababababab: churn 40\/s and as in the file/,
    );
  });

  it('whose runs are not those that are here are refused', () => {
    const [first] = runsOf('second');
    if (first === undefined) throw new Error('run');
    const changed = { ...first, logHash: 'f'.repeat(16) };
    expect(() => mergeShares(SMALL_PLAN, [changed], [share(2, 'second')])).toThrow(
      /second, seed 1 is not the run that is here/,
    );
  });

  it.each([
    ['no share', Buffer.from('hello').toString('base64'), /is not a share/],
    ['nothing', '', /is not a share/],
  ])('that are %s are refused', (_, data, message) => {
    expect(() => mergeShares(SMALL_PLAN, [], [{ name: 'x', data }])).toThrow(message);
  });

  it('that are damaged are refused', () => {
    const { name, data } = share(1, 'first');
    const bytes = Buffer.from(data, 'base64');
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    expect(() => mergeShares(SMALL_PLAN, [], [{ name, data: bytes.toString('base64') }])).toThrow(
      /is damaged/,
    );
  });
});
