/** What the window says about a result or report from elsewhere, and the commands for other machines. */
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../src/analysis/scenario-differences.js';
import { theirsNotice, type OwnScenario } from '../../../renderer/charts/comparison-text.js';
import { shardCommands } from '../../../renderer/charts/shard-commands.js';
import type { ExperimentResult } from '../../../src/contract/run-result.js';
import { fakeResult } from '../../support/fake-result.js';

const RESULT = fakeResult({ seedCount: 2 });
const THEIRS = {
  scenarioHash: '9f3c21d07ab4',
  settings: [{ name: 'churn', text: '40/s' }],
  seedsText: '1..30',
  model: 1,
};
const OWN: OwnScenario = {
  scenarioHash: '51aa90c3e2f0'.padEnd(64, '0'),
  params: [
    { name: 'churn', text: '60/s' },
    { name: 'n', text: '5' },
  ],
  settings: { churn: '60/s' },
  seedsText: '1..30',
  seedCount: 30,
  model: 1,
  result: null,
};
const report = { name: 'The report', facts: THEIRS, run: null };
const underTheirs = (hash: string) => ({
  hash,
  params: [
    { name: 'churn', text: '40/s' },
    { name: 'n', text: '5' },
  ],
  seedCount: 30,
});

describe('a report that is held against the open scenario', () => {
  it('of another hash is said to differ in the parameters that do', () => {
    const notice = theirsNotice(report, underTheirs('9f3c21d07ab4'), OWN);
    expect(notice).toMatchObject({
      id: 'hash-differs',
      text: 'The report says 9f3c21d07ab4, this scenario is 51aa90c3e2f0: churn 40/s and 60/s.',
      canUse: true,
    });
  });

  it('says that the text differs where their settings do not make the hashes equal', () => {
    const notice = theirsNotice(report, underTheirs('0123456789ab'), OWN);
    expect(notice.lines).toEqual([
      'churn 40/s and 60/s',
      'the text of the scenario, or a file that it reads',
    ]);
    const same = { ...OWN, params: underTheirs('').params, settings: { churn: '40/s' } };
    expect(theirsNotice(report, underTheirs('0123456789ab'), same).canUse).toBe(false);
  });

  it('names seeds and models', () => {
    const own = { ...OWN, seedsText: '', seedCount: 6, model: 2 };
    expect(theirsNotice(report, underTheirs('9f3c21d07ab4'), own).lines).toEqual([
      'churn 40/s and 60/s',
      'seeds 1..30 and the 6 of this scenario',
      'model 1 and 2',
    ]);
  });
});

describe('a result of the same hash', () => {
  const own = (result: ExperimentResult | null): OwnScenario => ({
    ...OWN,
    scenarioHash: RESULT.scenarioHash,
    result,
  });
  const theirs = {
    name: 'posted',
    facts: factsOf(RESULT),
    run: { runId: 'run-1', result: RESULT },
  };
  const text = (result: ExperimentResult | null): string =>
    theirsNotice(theirs, underTheirs(''), own(result)).text;

  it('asks for a run where there is none yet', () => {
    expect(text(null)).toMatch(/has the hash of this scenario.* Run it to compare the numbers\.$/);
  });

  it('agrees with itself', () => {
    expect(text(RESULT)).toMatch(
      /All \d+ medians agree, and the event logs of 6 common runs are equal/,
    );
  });

  it('names the first number that differs', () => {
    const runs = RESULT.runs.map((run) => ({
      ...run,
      logHash: 'f'.repeat(16),
      phases: run.phases.map((phase) => {
        const known = phase.metrics['text.pte_4k'];
        return known === undefined || phase.name !== 'steady'
          ? phase
          : { ...phase, metrics: { ...phase.metrics, 'text.pte_4k': { ...known, last: 7 } } };
      }),
    }));
    expect(text({ ...RESULT, runs })).toMatch(
      /3 medians differ; first: phase steady, module_alloc: text\.pte_4k \d+ and 7 here\./,
    );
    const logs = RESULT.runs.map((run) => ({ ...run, logHash: 'f'.repeat(16) }));
    expect(text({ ...RESULT, runs: logs })).toContain('event logs of 6 common runs differ');
  });
});

describe('commands for other machines', () => {
  const request = {
    id: 'scenarios/my fleet.xlab',
    settings: { churn: '60/s' },
    seeds: '1..30',
    hash: '9f3c21d07ab4'.padEnd(64, '0'),
    count: 4,
  };

  it('are one a machine, each with its share, its folder and the hash', () => {
    const commands = shardCommands(request);
    expect(commands).toHaveLength(4);
    expect(commands[1]).toBe(
      "xlab run 'my fleet.xlab' --set churn=60/s --seeds 1..30 " +
        '--expect-hash 9f3c21d07ab4 --shard 2/4 --out shard-2',
    );
  });

  it.each([
    [1, 2],
    [0, 2],
    [1000, 64],
    [2.4, 2],
  ])('for %d machines are for %d', (count, wanted) => {
    expect(shardCommands({ ...request, count })).toHaveLength(wanted);
  });
});
