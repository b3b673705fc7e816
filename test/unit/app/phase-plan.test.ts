/** A plan of one phase: what is before it still runs but counts for nothing. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compileScenario } from '../../../src/app/compile-scenario.js';
import { runOne } from '../../../src/app/run-one.js';
import type { ScenarioPlan } from '../../../src/contract/scenario-plan.js';
import { phasePlanAt } from '../../../src/app/phase-plan.js';

const FOLDER = fileURLToPath(new URL('../../../scenarios', import.meta.url));
const TEXT = readFileSync(`${FOLDER}/sockex1-ladder.xlab`, 'utf8');
const lineWith = (text: string): number =>
  TEXT.split('\n').findIndex((line) => line.includes(text)) + 1;

function planOf(): ScenarioPlan {
  const settings = { n: '20' };
  const request = { file: 'sockex1-ladder.xlab', folder: FOLDER, text: TEXT, settings };
  const { plan } = compileScenario({ ...request, seeds: '1..1', only: [] });
  if (plan === undefined) throw new Error('the scenario compiles');
  return plan;
}

describe('a plan of one phase', () => {
  test('is that of the line, with the phases before it discarded', () => {
    const cut = phasePlanAt(planOf(), lineWith('mark "all loaded"'));
    expect(cut?.phase).toBe('burst');
    const phases = cut?.plan.points[0]?.phases.map(({ name, discard }) => [name, discard]);
    expect(phases).toEqual([
      ['boot', true],
      ['burst', false],
    ]);
  });

  test('has a hash of its own and says in its title what it is', () => {
    const plan = planOf();
    const burst = phasePlanAt(plan, lineWith('phase burst'));
    const drop = phasePlanAt(plan, lineWith('phase drop'));
    const hashes = [plan, burst?.plan, drop?.plan].map((entry) => entry?.scenarioHash);
    expect(new Set(hashes).size).toBe(3);
    expect(burst?.plan.title).toContain('only phase burst');
  });

  test('starts from the state that the phases before it leave', () => {
    const plan = planOf();
    const cut = phasePlanAt(plan, lineWith('phase burst'));
    if (cut === undefined) throw new Error('there is a phase');
    const job = { point: 0, seed: 1, design: 'module_alloc' };
    const burst = (of: ScenarioPlan) =>
      runOne(of, job).phases.find(({ name }) => name === 'burst')?.metrics;
    expect(burst(cut.plan)).toEqual(burst(plan));
  });

  test('is none above the first phase', () => {
    expect(phasePlanAt(planOf(), 1)).toBeUndefined();
  });
});
