/** Two results on one screen: what is set side by side, what is left out, what is said to differ. */
import { describe, expect, it } from 'vitest';
import { buildComparison } from '../../../src/analysis/comparison.js';
import { joinResults, type JoinPart } from '../../../src/analysis/join-results.js';
import {
  differenceText,
  factsOf,
  scenarioDifferences,
} from '../../../src/analysis/scenario-differences.js';
import type { ExperimentResult, ScenarioDigest } from '../../../src/contract/run-result.js';
import { renderMailReport } from '../../../src/export/report-mail.js';
import { renderShortReport } from '../../../src/export/report-short.js';
import { lintReport } from '../../../src/export/report-lint.js';
import { FAKE_DESIGNS, fakeResult } from '../../support/fake-result.js';

const HASH = 'ab'.repeat(32);
const two = (seedCount: number, points = ['']): ExperimentResult =>
  fakeResult({ designs: FAKE_DESIGNS.slice(0, 2), seedCount, points, spread: 0.05 });
const part = (name: string, result: ExperimentResult, point?: number): JoinPart => ({
  name,
  result,
  command: ['xlab', 'run', `${name}.xlab`],
  ...(point === undefined ? {} : { point }),
});
const described = (
  result: ExperimentResult,
  change: Partial<ScenarioDigest>,
): ExperimentResult => ({
  ...result,
  scenario: { ...result.scenario, ...change },
});

describe('two results joined', () => {
  const before = two(6);
  const after = { ...described(two(8), { settings: [{ name: 'churn', text: '60/s' }] }), model: 2 };
  const joined = joinResults([part('before', before), part('after', after)], HASH);

  it('have the designs of both, each under the name of its folder, the first baseline first', () => {
    const names = joined.result.scenario.designs.map(({ name }) => name);
    expect(names).toEqual([
      'module_alloc [before]',
      'bpf_prog_pack [before]',
      'module_alloc [after]',
      'bpf_prog_pack [after]',
    ]);
    expect(joined.result.scenario.baseline).toBe('module_alloc [before]');
    expect(joined.designs.get('bpf_prog_pack [after]')).toEqual({
      part: 1,
      design: 'bpf_prog_pack',
    });
  });

  it('are paired over the seeds that both have, and complete when these are', () => {
    expect(joined.result.scenario.seeds).toEqual([1, 2, 3, 4, 5, 6]);
    expect(joined.result.runs).toHaveLength(24);
    expect(joined.result.complete).toBe(true);
    const row = buildComparison(joined.result).rows[0];
    expect(row?.cells[2]?.difference).toMatchObject({ kind: 'equal', pairCount: 6 });
  });

  it('say everything in which the scenarios differ, and what follows from it', () => {
    const texts = joined.differences.map(differenceText);
    expect(texts).toContain('model 1 and 2: numbers are not comparable');
    expect(texts).toContain('churn 40/s and 60/s');
    expect(texts.some((text) => text.startsWith('seeds 1..6 and 1..8'))).toBe(true);
  });

  it('make a report that names both, marks the models, and repeats both', () => {
    const text = renderMailReport(joined.result);
    expect(text).toMatch(/^before: scenario 9f3c21d07ab4, xlab \S+ model 1, seeds 1\.\.6$/m);
    expect(text).toMatch(/^after: scenario 9f3c21d07ab4, xlab \S+ model 2, seeds 1\.\.8$/m);
    expect(text).toContain('differs   model 1 and 2: numbers are not comparable');
    expect(text).toContain('xlab run before.xlab');
    expect(text).toContain('xlab run after.xlab');
    expect(renderShortReport(joined.result)).toContain('xlab run after.xlab');
    const kinds = lintReport(text, { result: joined.result }).map(({ check }) => check);
    expect(kinds).not.toContain('width');
    expect(kinds).not.toContain('line-start');
  });

  it('keep the verdicts of both, each with its name', () => {
    const texts = joined.result.verdicts.map(({ text }) => text);
    expect(texts).toContain('expect no alloc.failed [before]');
    expect(texts).toContain('expect no alloc.failed [after]');
  });

  it('without a common seed show all seeds and claim nothing', () => {
    const late = two(6);
    const shifted = described(
      { ...late, runs: late.runs.map((run) => ({ ...run, seed: run.seed + 100 })) },
      { seeds: late.scenario.seeds.map((seed) => seed + 100), seedsText: '101..106' },
    );
    const { result } = joinResults([part('a', before), part('b', shifted)], HASH);
    expect(result.scenario.seeds).toHaveLength(12);
    expect(result.complete).toBe(false);
    const row = buildComparison(result).rows[0];
    expect(row?.cells[2]?.difference.pairCount).toBe(0);
  });
});

describe('sweep points', () => {
  const ladder = two(2, ['n=1', 'n=2', 'n=4']);

  it('of one result stand side by side as one point, with nothing said to differ', () => {
    const { result, differences, points } = joinResults(
      [part('n=1', ladder, 0), part('n=4', ladder, 2)],
      HASH,
    );
    expect(differences).toEqual([]);
    expect(points).toEqual([[0, 2]]);
    expect(result.scenario.points).toEqual([{ label: '' }]);
    expect(result.runs).toHaveLength(8);
    const row = buildComparison(result).rows.find(({ metric }) => metric.name === 'text.pte_4k');
    expect(row?.cells[2]?.value).toBeGreaterThan(row?.cells[0]?.value ?? Infinity);
  });

  it('of two results are matched by their label', () => {
    const other = two(2, ['n=4', 'n=8', 'n=2']);
    const { result, points } = joinResults([part('a', ladder), part('b', other)], HASH);
    expect(result.scenario.points.map(({ label }) => label)).toEqual(['n=2', 'n=4']);
    expect(points).toEqual([
      [1, 2],
      [2, 0],
    ]);
    const seen = result.runs.filter(({ design }) => design.endsWith('[b]'));
    expect(new Set(seen.map(({ point }) => point))).toEqual(new Set([0, 1]));
  });
});

describe('differences of scenarios', () => {
  const base = factsOf(two(2));

  it('are none between a scenario and itself', () => {
    expect(scenarioDifferences(base, base)).toEqual([]);
  });

  it('name what only one has', () => {
    const other = { ...base, designs: (base.designs ?? []).slice(1), settings: [] };
    expect(scenarioDifferences(base, other).map(differenceText)).toEqual([
      'churn 40/s and as in the file',
      'design module_alloc module_alloc and none',
    ]);
  });

  it('compare only what both tell', () => {
    const { scenarioHash } = base;
    const told = { scenarioHash: '51aa90c3e2f0', settings: [{ name: 'churn', text: '60/s' }] };
    expect(scenarioDifferences(base, told).map(differenceText)).toEqual([
      `hash ${scenarioHash.slice(0, 12)} and 51aa90c3e2f0`,
      'churn 40/s and 60/s',
    ]);
  });
});
