import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FirstRun, LabEvent, RunRequest } from '../../../src/contract/lab-api.js';
import { ACTIVE_RUNS_MAX, LabService } from '../../../src/host/lab-service.js';
import { withSharedRuns } from '../../../src/app/shared-result.js';
import { createLabService } from '../../../src/host/create-lab.js';
import { parseHostMessage } from '../../../src/host/wire.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';
import { FakeLabEngine } from '../../support/fake-lab-engine.js';
import type { FakeLabEngineOptions } from '../../support/fake-lab-engine.js';
import { renderJson } from '../../../src/export/result-json.js';
import { MemoryScenarioStore } from '../../support/memory-scenario-store.js';
import { syntheticExperiment, syntheticRun } from '../../support/synthetic-experiment.js';

const TEXT = 'xlab 1\ntitle "T"\ncompare module_alloc, bpf_prog_pack\nseeds 1..3\nparam n = 40/s\n';
const REQUEST: RunRequest = {
  id: 'a.xlab',
  text: TEXT,
  settings: {},
  seeds: '',
  only: [],
  continues: '',
  phaseLine: 0,
};

function setUp(options: FakeLabEngineOptions = {}) {
  let clockMs = 0;
  const service = new LabService({
    engine: new FakeLabEngine(options),
    store: new MemoryScenarioStore({ 'a.xlab': TEXT }),
    host: 'browser',
    now: () => (clockMs += 1000),
  });
  const events: LabEvent[] = [];
  const waiting: { wanted: LabEvent['kind']; done: () => void }[] = [];
  service.subscribe((event) => {
    events.push(event);
    for (const entry of waiting) if (entry.wanted === event.kind) entry.done();
  });
  const until = (wanted: LabEvent['kind']): Promise<void> =>
    new Promise((done) => waiting.push({ wanted, done }));
  return { service, events, until };
}

async function started(service: LabService): Promise<string> {
  const reply = await service.run(REQUEST);
  if (reply.kind !== 'started') throw new Error('rejected');
  return reply.runId;
}

const lastResult = (events: readonly LabEvent[]) =>
  events.flatMap((event) => (event.kind === 'result' ? [event.result] : [])).at(-1);

describe('the first start', () => {
  const shippedWith = (
    change: { scenario?: string; model?: number; durationNs?: number; shared?: boolean } = {},
  ) => {
    const engine = new FakeLabEngine();
    const place = { file: 'a.xlab', folder: '/', text: TEXT, settings: {}, only: [] };
    const made = engine.compile({ ...place, seeds: '1..2' });
    const result = syntheticExperiment({
      file: 'a.xlab',
      title: 'T',
      designs: ['module_alloc'],
      seeds: [1, 2],
      hash: made.plan?.scenarioHash ?? '',
      runs: [1, 2].map((seed) => ({
        ...syntheticRun('module_alloc', seed),
        ...(change.durationNs === undefined ? {} : { durationNs: change.durationNs }),
      })),
    });
    const files = {
      id: 'a.xlab',
      scenario: change.scenario ?? TEXT,
      result: (change.shared === true ? withSharedRuns : String)(
        renderJson({ ...result, model: change.model ?? engine.model }),
      ),
    };
    const service = new LabService({
      engine,
      store: new MemoryScenarioStore({ 'a.xlab': TEXT }),
      host: 'browser',
      now: () => 0,
      readFirstRun: () => Promise.resolve(files),
    });
    return { service, engine };
  };

  test('shows a shipped result that was made with fewer seeds than the scenario has', async () => {
    const first = await shippedWith().service.firstRun();
    expect(first?.result.runs).toHaveLength(2);
    expect(first?.scenario.text).toBe(TEXT);
    expect(first?.seeds).toBe('1..2');
  });

  test('is the same whether the lab had time to prepare it or not, and again', async () => {
    const { service } = shippedWith();
    const plain = await service.firstRun();
    service.prepareFirstRun();
    const prepared = await service.firstRun();
    const again = await service.firstRun();
    expect([plain?.runId, prepared?.runId, again?.runId]).toEqual(['run-1', 'run-2', 'run-3']);
    expect(prepared?.result).toEqual(plain?.result);
    expect(again?.result).toEqual(plain?.result);
  });

  test('is the same when equal parts of its runs stand once', async () => {
    const { service } = shippedWith({ shared: true });
    const text = await service.firstRunText();
    expect(text).toContain('"$shared"');
    const sent = parseHostMessage(`{"jsonrpc":"2.0","id":1,"result":${text ?? ''}}`);
    const { result } = (await service.firstRun()) ?? {};
    expect(sent).toMatchObject({ result: { result, seeds: '1..2' } });
    expect(result).toEqual((await shippedWith().service.firstRun())?.result);
  });

  test('shows nothing when the scenario is no longer the one that the result was made with', async () => {
    const { service } = shippedWith({ scenario: `${TEXT}# other\n` });
    expect(await service.firstRun()).toBeNull();
    expect(await service.firstRunText()).toBeNull();
  });

  test('shows nothing when the shipped result is of another model', async () => {
    const { service } = shippedWith({ model: 99 });
    expect(await service.firstRun()).toBeNull();
  });

  test('is a text before anything of it is read, and the same as the value', async () => {
    const { service, engine } = shippedWith();
    const text = await service.firstRunText();
    expect(engine.compiled).toHaveLength(1);
    const { runId, ...rest } = JSON.parse(text ?? '') as FirstRun;
    const { runId: valueId, ...value } = (await service.firstRun()) ?? { runId: '' };
    expect(rest).toEqual(value);
    expect([runId, valueId]).toEqual(['run-1', 'run-2']);
  });

  test('that was sent as text can be reported, compared and opened as a map like any run', async () => {
    const { service } = shippedWith();
    await service.firstRunText();
    expect(await service.report({ runId: 'run-1', format: 'mail' })).toMatch(/^report mail of/);
    const side = { runId: 'run-1', name: 'here', point: null };
    const joined = await service.compare({ a: side, b: { ...side, name: 'there' } });
    expect(joined.result.scenario.designs).toHaveLength(2);
    const map = { runId: 'run-1', point: 0, seed: 1, design: 'module_alloc' };
    expect((await service.openMap(map)).stepCount).toBeGreaterThan(0);
  });

  test('that was sent as text is told to a window that connects again', async () => {
    const { service } = shippedWith();
    await service.firstRunText();
    const event = await new Promise<LabEvent>((done) => service.subscribe(done));
    expect(event).toMatchObject({ kind: 'result', runId: 'run-1' });
  });

  test('is not sent as text when it has numbers that JSON lacks', async () => {
    const { service } = shippedWith({ durationNs: Number.NaN });
    expect(await service.firstRunText()).toBeNull();
    expect((await service.firstRun())?.result.runs[0]?.durationNs).toBeNaN();
  });
});

describe('lab service', () => {
  test('check reports errors without a summary, and a summary without errors', async () => {
    const { service } = setUp();
    const bad = await service.check({ id: 'a.xlab', text: 'load sise', settings: {} });
    expect(bad.summary).toBeUndefined();
    expect(bad.diagnostics[0]?.code).toBe('X0102');
    const good = await service.check({ id: 'a.xlab', text: TEXT, settings: { n: '60/s' } });
    expect(good.summary).toMatchObject({
      runs: 6,
      designs: ['module_alloc', 'bpf_prog_pack'],
      seeds: 3,
      params: [{ name: 'n', text: '60/s' }],
    });
  });

  test('a run sends partial results and ends with a complete one', async () => {
    const { service, events } = setUp();
    const runId = await started(service);
    expect(events).toEqual([]);
    await expect.poll(() => lastResult(events)?.complete).toBe(true);
    const counts = events.flatMap((event) =>
      event.kind === 'result' ? [event.result.runs.length] : [],
    );
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 6]);
    expect(await service.report({ runId, format: 'mail' })).toContain('6 runs');
  });

  test('the mail report is checked against the scenario as it is now', async () => {
    const { service, events } = setUp();
    const runId = await started(service);
    await expect.poll(() => lastResult(events)?.complete).toBe(true);
    const preview = (text: string) =>
      service.previewReport({
        ...{ runId, without: ['chart'], resultText: 'B wins.', resultsLink: '' },
        scenario: { id: 'a.xlab', text, settings: {}, seeds: '' },
      });
    const { text, findings } = await preview(TEXT);
    expect(text).toMatch(/6 runs\nwithout chart\nB wins\.\n$/);
    expect(findings.map(({ check }) => check)).not.toContain('inputs-changed');
    expect((await preview(`${TEXT}# edited\n`)).findings).toContainEqual({
      severity: 'error',
      check: 'inputs-changed',
      line: 0,
      message: "'a.xlab' changed since the run",
    });
  });

  test('cancel keeps the finished runs and tells how many there are', async () => {
    const { service, events, until } = setUp({ runMs: 5 });
    const runId = await started(service);
    await until('result');
    expect(await service.cancel(runId)).toBe(true);
    await until('cancelled');
    const last = events.at(-1);
    expect(last).toMatchObject({ kind: 'cancelled', total: 6 });
    expect(lastResult(events)?.complete).toBe(false);
    expect(await service.report({ runId, format: 'short' })).toContain('report short');
    expect(await service.cancel(runId)).toBe(false);
  });

  test('a scenario with errors is rejected and nothing starts', async () => {
    const { service, events } = setUp();
    const reply = await service.run({ ...REQUEST, text: 'load sise' });
    expect(reply).toMatchObject({ kind: 'rejected', diagnostics: [{ code: 'X0102' }] });
    expect(events).toEqual([]);
  });

  test('a failing engine ends the run with its message', async () => {
    const { service, events, until } = setUp({ failure: 'worker 2 ended' });
    const runId = await started(service);
    await until('failed');
    expect(events.at(-1)).toMatchObject({ kind: 'failed', runId, message: 'worker 2 ended' });
    await expect(service.report({ runId, format: 'mail' })).rejects.toThrow('no run has finished');
  });

  test('more experiments at a time than allowed are refused with a reason', async () => {
    const { service } = setUp({ runMs: 1000 });
    for (let i = 0; i < ACTIVE_RUNS_MAX; i += 1) await started(service);
    expect(await service.run(REQUEST)).toMatchObject({
      kind: 'rejected',
      diagnostics: [{ message: expect.stringContaining('stop one of them') as string }],
    });
    service.close();
  });

  test('a late subscriber hears the last state of each run', async () => {
    const { service, events } = setUp();
    await started(service);
    await expect.poll(() => lastResult(events)?.complete).toBe(true);
    const late: LabEvent[] = [];
    service.subscribe((event) => late.push(event));
    expect(lastResult(late)?.complete).toBe(true);
  });

  test('a chart of a metric that the run has not is refused by name', async () => {
    const { service, events } = setUp();
    const runId = await started(service);
    await expect.poll(() => lastResult(events)?.complete).toBe(true);
    await expect(service.chart({ runId, metric: 'vmap.holes', format: 'svg' })).rejects.toThrow(
      'vmap.holes was not probed in this run',
    );
    expect(await service.chart({ runId, metric: 'DirectMap4k', format: 'png' })).toBe('iVBORw==');
  });
});

describe('design plugins', () => {
  const folder = temporaryFolder();
  const text = 'xlab 1\nmachine { ram 4GiB; cpu zen4 }\nallocator a = plugin "./a.ts"\ncompare a\n';
  const file = writeInto(folder, 'a.xlab', `${text}phase p { load bpf size 64B lifetime 1ns }\n`);
  const plugin = readFileSync(resolve('scenarios/plugins/buddy-text.ts'));
  writeInto(folder, 'a.ts', plugin);
  const lab = () => createLabService('browser', { userFolder: folder, threads: 1 });

  test('load for checks and runs once the user has named them, and no file outside', async () => {
    const made = lab();
    const { service } = made;
    const request = { ...(await service.openScenario(file)), settings: {} };
    const before = await service.check(request);
    expect(before.diagnostics).toMatchObject([{ code: 'X0802', plugin: 'a.ts' }]);
    await expect(service.namePlugin({ id: file, path: '../a.ts' })).rejects.toThrow(
      "there is no '../a.ts' beside the scenario",
    );
    expect(await service.namePlugin({ id: file, path: 'a.ts' })).toBe(true);
    expect((await service.check(request)).diagnostics).toEqual([]);
    await made.close();
  });

  test('are forgotten when the lab ends', async () => {
    const made = lab();
    const { service } = made;
    const request = { ...(await service.openScenario(file)), settings: {} };
    expect((await service.check(request)).summary).toBeUndefined();
    await made.close();
  });
});
