/**
 * Every call of LabApi against messages that no window sends: each part of good arguments is taken away,
 * doubled, given another type or another size, and none of it reaches the lab.
 */
import { describe, expect, it } from 'vitest';
import { LAB_API_METHODS } from '../../../src/contract/lab-api.js';
import type { LabApiMethod } from '../../../src/contract/lab-api.js';
import { answer, argumentProblem } from '../../../src/host/dispatch.js';
import { RpcErrorCode } from '../../../src/host/wire.js';
import type { LabCalls } from '../../../src/host/wire.js';

const SOURCE = { id: 'a.xlab', text: 'xlab 1\n', settings: { n: '40/s' }, seeds: '1..3' };
const RUN = { runId: 'run-1', point: 0, seed: 1, design: 'module_alloc' };

const INPUT = { path: 'host/a.txt', sha256: '0'.repeat(64), data: 'AAAA' };

/** Arguments that are taken, one set for each call. */
const GOOD: Readonly<Record<LabApiMethod, readonly unknown[]>> = {
  describe: [],
  listScenarios: [],
  openScenario: ['a.xlab'],
  saveScenario: [{ id: 'a.xlab', text: 'xlab 1\n' }],
  check: [SOURCE],
  run: [{ ...SOURCE, only: ['mine'], continues: '', phaseLine: 0 }],
  namePlugin: [{ id: 'a.xlab', path: 'mine.ts' }],
  cancel: ['run-1'],
  report: [{ runId: 'run-1', format: 'mail' }],
  previewReport: [
    {
      ...{ runId: 'run-1', scenario: SOURCE, without: ['chart'] },
      ...{ resultText: 'B wins.', resultsLink: 'https://example.org/r/' },
    },
  ],
  chart: [{ runId: 'run-1', metric: 'DirectMap4k', format: 'svg' }],
  language: [{ id: 'a.xlab', text: 'xlab 1\n', question: { kind: 'hover', offset: 0 } }],
  adopt: [{ text: '{}', scenario: SOURCE }],
  compare: [
    {
      a: { runId: 'run-1', name: 'old', point: null },
      b: { runId: 'run-2', name: 'new', point: 0 },
    },
  ],
  mergeShares: [{ scenario: SOURCE, runId: '', shares: [{ name: 'a', data: 'AAAA' }] }],
  openMap: [RUN],
  mapAt: [{ mapId: 'map-1', target: { kind: 'step', step: 1 } }],
  mapPlace: [{ mapId: 'map-1', step: 1, byte: 4096 }],
  mapRecords: [{ mapId: 'map-1', effect: 'tlb.flush_all', phase: 'p', line: 1, path: '' }],
  openTlb: [RUN],
  tlbAt: [{ viewId: 'tlb-1', timeNs: 1 }],
  mapPool: [{ mapId: 'map-1', pool: 'progs' }],
  tlbExecuted: [{ viewId: 'tlb-1', byte: 4096, timeNs: 1 }],
  bundleInputs: [{ runId: 'run-1', scenario: SOURCE }],
  openBundle: [{ file: 'a.xlab', text: 'xlab 1\n', inputs: [INPUT] }],
  takeOverBundle: ['bundle-1/a.xlab'],
  firstRun: [],
};

/** Fields that may be missing, null, or as long as a whole result. */
const OPTIONAL = new Set(['scenario', 'seeds']);
const NULLABLE = new Set(['point']);
const LONG = new Set(['data']);
const TOO_LONG = 'x'.repeat(2 * 1024 * 1024 + 1);

interface Mutation {
  readonly what: string;
  readonly args: readonly unknown[];
}

/** All values that stand at one place of `value`, with `change` applied there. */
function* mutated(
  method: LabApiMethod,
  value: unknown,
  name: string,
): Generator<[string, unknown]> {
  yield [`${name} is an object of another kind`, { toString: 7 }];
  yield [`${name} is true`, true];
  if (!NULLABLE.has(name)) yield [`${name} is null`, null];
  if (typeof value === 'string') {
    yield [`${name} is a number`, 7];
    yield [`${name} is a list`, [value]];
    if (!LONG.has(name) && !(method === 'adopt' && name === 'text')) {
      yield [`${name} is too long`, TOO_LONG];
    }
  }
  if (typeof value === 'number') {
    yield [`${name} is text`, String(value)];
    yield [`${name} is no number`, Number.NaN];
    yield [`${name} is infinite`, Number.POSITIVE_INFINITY];
    if (name !== 'timeNs') {
      yield [`${name} is negative`, -1];
      yield [`${name} is broken`, 1.5];
      yield [`${name} is no safe integer`, 2 ** 60];
    }
  }
  if (Array.isArray(value)) {
    for (const [i, entry] of value.entries()) {
      for (const [what, changed] of mutated(method, entry, `${name}[]`)) {
        yield [what, value.with(i, changed)];
      }
    }
    yield [`${name} has too many entries`, new Array(5000).fill(value[0])];
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const isRecord = name === 'settings';
  if (isRecord) {
    const many = Array.from({ length: 65 }, (_, i) => [`k${String(i)}`, 'v']);
    yield [`${name} has too many entries`, Object.fromEntries(many)];
  } else yield [`${name} has a field more`, { ...value, extra: 1 }];
  for (const [key, entry] of Object.entries(value)) {
    const rest = Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
    if (!isRecord && !OPTIONAL.has(key)) yield [`${name} lacks ${key}`, rest];
    for (const [what, changed] of mutated(method, entry, key)) {
      yield [`${name}: ${what}`, { ...value, [key]: changed }];
    }
  }
}

function mutations(method: LabApiMethod): readonly Mutation[] {
  const args = GOOD[method];
  const found: Mutation[] = [{ what: 'an argument more', args: [...args, 'more'] }];
  if (args.length > 0) found.push({ what: 'an argument less', args: args.slice(0, -1) });
  args.forEach((arg, i) => {
    for (const [what, changed] of mutated(method, arg, `argument ${String(i)}`)) {
      found.push({ what, args: args.with(i, changed) });
    }
  });
  return found;
}

/** A lab that nothing may reach. */
const untouchable = new Proxy({} as LabCalls, {
  get: (_target, name) => {
    throw new Error(`${String(name)} was reached`);
  },
});

describe.each(LAB_API_METHODS)('%s', (method) => {
  it('takes good arguments', () => {
    expect(argumentProblem(method, GOOD[method])).toBeNull();
  });

  it('refuses everything else before it reaches the lab', async () => {
    const taken: string[] = [];
    for (const { what, args } of mutations(method)) {
      const reply = await answer(untouchable, { jsonrpc: '2.0', id: 1, method, params: args });
      const code = 'error' in reply ? reply.error.code : 0;
      if (code !== RpcErrorCode.invalidArguments) taken.push(what);
    }
    expect(taken).toEqual([]);
  });
});

describe('a request', () => {
  it.each([
    ['no object', 5],
    ['nothing', null],
    ['a list', [{ jsonrpc: '2.0', id: 1, method: 'describe', params: [] }]],
    ['of another protocol', { jsonrpc: '1.0', id: 1, method: 'describe', params: [] }],
    ['with a field more', { jsonrpc: '2.0', id: 1, method: 'describe', params: [], auth: 'x' }],
    ['with arguments by name', { jsonrpc: '2.0', id: 1, method: 'cancel', params: { runId: 'r' } }],
    ['with a broken number', { jsonrpc: '2.0', id: 1.5, method: 'describe', params: [] }],
    ['without a number', { jsonrpc: '2.0', method: 'describe', params: [] }],
  ])('that is %s is refused', async (_what, message) => {
    expect(await answer(untouchable, message)).toMatchObject({
      error: { code: RpcErrorCode.invalidRequest },
    });
  });

  it.each(['subscribe', '__proto__', 'toString', 'hasOwnProperty', ''])(
    'for %j, which is no call, is refused',
    async (method) => {
      const message = { jsonrpc: '2.0', id: 1, method, params: [] };
      expect(await answer(untouchable, message)).toMatchObject({
        error: { code: RpcErrorCode.unknownMethod },
      });
    },
  );
});
