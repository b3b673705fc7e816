/** Runs set side by side, and shares joined to what is here, through the service of a window. */
import { describe, expect, it } from 'vitest';
import type { RunRequest, ScenarioSource } from '../../../src/contract/lab-api.js';
import { argumentProblem } from '../../../src/host/dispatch.js';
import type { LabService } from '../../../src/host/lab-service.js';
import { CHURN_TEXT, fakeLab } from '../../support/fake-lab.js';

const SOURCE: ScenarioSource = {
  id: 'fleet-churn.xlab',
  text: CHURN_TEXT,
  settings: {},
  seeds: '',
};
const requestOf = (source: ScenarioSource, continues = ''): RunRequest => ({
  ...source,
  only: [],
  continues,
  phaseLine: 0,
});

/** The run's id once it has ended. */
async function finished(service: LabService, request: RunRequest): Promise<string> {
  const reply = await service.run(request);
  if (reply.kind !== 'started') throw new Error('rejected');
  await new Promise<void>((done) => {
    const stop = service.subscribe((event) => {
      if (event.runId !== reply.runId || event.kind !== 'result' || !event.result.complete) return;
      setTimeout(() => {
        stop();
        done();
      }, 0);
    });
  });
  return reply.runId;
}
const whole = (runId: string, name: string) => ({ runId, name, point: null });

describe('two kept runs', () => {
  it('become one result that has reports, charts and maps of its own', async () => {
    const { service } = fakeLab();
    const before = await finished(service, requestOf(SOURCE));
    const after = await finished(service, requestOf({ ...SOURCE, settings: { churn: '60/s' } }));
    const { runId, result } = await service.compare({
      a: whole(before, 'before'),
      b: whole(after, 'after'),
    });
    expect(result.scenario.designs).toHaveLength(6);
    expect(result.complete).toBe(true);
    expect(await service.report({ runId, format: 'mail' })).toContain(result.scenarioHash);
    expect(await service.chart({ runId, metric: 'DirectMap4k', format: 'svg' })).toContain('<svg');
    const design = 'bpf_prog_pack [after]';
    const map = await service.openMap({ runId, point: 0, seed: 2, design });
    expect(map.mapId).not.toBe('');
    await expect(
      service.openMap({ runId, point: 0, seed: 2, design: 'bpf_prog_pack' }),
    ).rejects.toThrow('there is no such run');
  });

  it('that came from a file have no maps, and say why', async () => {
    const { service } = fakeLab();
    const own = await finished(service, requestOf(SOURCE));
    const text = JSON.stringify(
      (await service.compare({ a: whole(own, 'a'), b: whole(own, 'b') })).result,
    );
    const file = await service.adopt({ text });
    const { runId } = await service.compare({ a: whole(own, 'own'), b: whole(file.runId, 'file') });
    const design = 'module_alloc [a] [file]';
    await expect(service.openMap({ runId, point: 0, seed: 1, design })).rejects.toThrow(
      'the result came from a file',
    );
  });

  it('that are not there are refused', async () => {
    const { service } = fakeLab();
    const own = await finished(service, requestOf(SOURCE));
    const compare = (a: string, point: number | null) =>
      Promise.resolve().then(() =>
        service.compare({ a: { runId: a, name: 'a', point }, b: whole(own, 'b') }),
      );
    await expect(compare('run-99', null)).rejects.toThrow('there is no run run-99');
    await expect(compare(own, 7)).rejects.toThrow('the run has no sweep point 8');
  });
});

describe('shares of a scenario', () => {
  const shares = (hash: string, ...keys: readonly string[]) =>
    keys.map((key) => ({ name: `${key}.xlabshard`, data: btoa(`${hash.slice(0, 12)} ${key}`) }));

  it('join a stopped run, which then continues with what is missing', async () => {
    const { service } = fakeLab();
    const summary = (await service.check({ ...SOURCE })).summary;
    const hash = summary?.scenarioHash ?? '';
    const keys = [1, 2, 3, 4, 5].map((seed) => `module_alloc ${String(seed)}`);
    const first = await service.mergeShares({
      scenario: SOURCE,
      runId: '',
      shares: shares(hash, ...keys),
    });
    expect(first.result.runs).toHaveLength(5);
    expect(first.result.complete).toBe(false);
    const more = await service.mergeShares({
      scenario: SOURCE,
      runId: first.runId,
      shares: shares(hash, 'module_alloc 6'),
    });
    expect(more.result.runs).toHaveLength(6);
    let simulated = 0;
    service.subscribe((event) => {
      if (event.kind === 'progress') simulated = event.total;
    });
    const done = await finished(service, requestOf(SOURCE, more.runId));
    expect(simulated).toBe(18);
    expect(await service.report({ runId: done, format: 'short' })).toContain('18 runs');
  });

  it('of another scenario are refused', async () => {
    const { service } = fakeLab();
    const request = {
      scenario: SOURCE,
      runId: '',
      shares: shares('0'.repeat(64), 'module_alloc 1'),
    };
    await expect(service.mergeShares(request)).rejects.toThrow('is of scenario 000000000000');
  });

  it('wait until a run is stopped', async () => {
    const { service } = fakeLab({ runMs: 50 });
    const reply = await service.run(requestOf(SOURCE));
    const runId = reply.kind === 'started' ? reply.runId : '';
    const request = { scenario: SOURCE, runId, shares: shares('0'.repeat(64), 'module_alloc 1') };
    await expect(service.mergeShares(request)).rejects.toThrow('stop it before');
    service.close();
  });
});

describe('the hash of a scenario in the window', () => {
  it('depends on its seeds too', async () => {
    const { service } = fakeLab();
    const hashWith = async (seeds: string) =>
      (await service.check({ ...SOURCE, seeds })).summary?.scenarioHash;
    expect(await hashWith('1..2')).not.toBe(await hashWith(''));
    expect(await hashWith('')).toBe((await service.check({ ...SOURCE })).summary?.scenarioHash);
  });
});

describe('arguments from a window', () => {
  const side = { runId: 'run-1', name: 'a', point: null };
  const share = { name: 's', data: 'AAAA' };
  it.each([
    ['compare', { a: side }],
    ['compare', { a: side, b: { ...side, point: -1 } }],
    ['compare', { a: side, b: { ...side, path: '/etc' } }],
    ['mergeShares', { scenario: SOURCE, runId: '', shares: [] }],
    ['mergeShares', { scenario: SOURCE, runId: '', shares: [{ ...share, data: 'not base64!' }] }],
    ['mergeShares', { scenario: SOURCE, runId: '', shares: [{ ...share, path: '/etc/passwd' }] }],
  ] as const)('of %s are checked', (method, argument) => {
    expect(argumentProblem(method, [argument])).not.toBeNull();
    expect(argumentProblem('compare', [{ a: side, b: { ...side, point: 2 } }])).toBeNull();
    expect(
      argumentProblem('mergeShares', [{ scenario: SOURCE, runId: '', shares: [share] }]),
    ).toBeNull();
  });
});
