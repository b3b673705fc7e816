/** What panes say in words, drawn to text without a browser: status, inspector, maps for screen readers. */
import { createPinia, setActivePinia, type Pinia } from 'pinia';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSSRApp, type Component } from 'vue';
import { renderToString } from 'vue/server-renderer';
import MapCanvas from '../../../renderer/components/MapCanvas.vue';
import StatusBar from '../../../renderer/components/StatusBar.vue';
import WhyPane from '../../../renderer/components/WhyPane.vue';
import { errorText, finishedText } from '../../../renderer/charts/spoken-text.js';
import { useExperimentStore } from '../../../renderer/stores/experiment.js';
import { useFocusStore } from '../../../renderer/stores/focus.js';
import { useMapsStore } from '../../../renderer/stores/maps.js';
import { useScenarioStore } from '../../../renderer/stores/scenario.js';
import { useWhyStore } from '../../../renderer/stores/why.js';
import type { ExperimentResult, Verdict } from '../../../src/contract/run-result.js';
import { PageStateBit, type MapInfo, type MapMoment } from '../../../src/contract/map-data.js';
import { fakeResult } from '../../support/fake-result.js';

let pinia: Pinia;

beforeAll(() => {
  vi.stubGlobal('navigator', { platform: 'Linux x86_64' });
  vi.stubGlobal('window', new EventTarget());
});
afterAll(() => vi.unstubAllGlobals());
beforeEach(() => {
  pinia = createPinia();
  setActivePinia(pinia);
});

const drawn = (pane: Component, props: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  renderToString(createSSRApp(pane, props).use(pinia));

/** Without markup, and with one space between words. */
const words = async (pane: Component, props?: Readonly<Record<string, unknown>>): Promise<string> =>
  (await drawn(pane, props))
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

const result = fakeResult({ seedCount: 3 });
const DESIGN = result.scenario.designs[0]?.name ?? '';

const info = (logHash: string): MapInfo => ({
  mapId: 'map-1',
  areaPages: 16,
  areaAddress: '0xffffffffc0000000',
  stepCount: 9,
  durationNs: 1e9,
  keptEvery: 1,
  logBytes: 100,
  logHash,
  density: [],
  ticks: [],
  tickCounts: {},
});
const MOMENT: MapMoment = {
  step: 3,
  timeNs: 5e8,
  phase: 'steady',
  request: { kind: 'load bpf', object: 7, sizeBytes: 192, line: 4, label: 'load bpf size 192B' },
  effects: [],
  effectCount: 0,
  pages: Int32Array.of(
    ...[1, 2, PageStateBit.mapped | PageStateBit.executable],
    ...[4, 1, PageStateBit.mapped | PageStateBit.writable],
  ),
  extents: Int32Array.of(),
  directMap: Float64Array.of(),
};

function showMap(change: Partial<MapInfo> | null): void {
  const run = result.runs.find(({ design, seed }) => design === DESIGN && seed === 1);
  const maps = useMapsStore();
  useExperimentStore().result = result;
  maps.subject = { runId: 'run-1', point: 0, seed: 1, designs: [DESIGN] };
  maps.maps = [
    {
      design: DESIGN,
      state: change === null ? 'opening' : 'open',
      problem: '',
      info: change === null ? null : { ...info(run?.logHash ?? ''), ...change },
      moment: change === null ? null : MOMENT,
    },
  ];
}

describe('the status line', () => {
  it('says that a run is deterministic once its map has repeated it, not before', async () => {
    showMap(null);
    expect(await words(StatusBar)).not.toContain('deterministic');
    showMap({});
    expect(await words(StatusBar)).toContain('deterministic');
  });

  it('names the design whose repeated run came out differently', async () => {
    showMap({ logHash: 'somethingelse' });
    const text = await words(StatusBar);
    expect(text).toContain(`${DESIGN} came out differently when repeated`);
    expect(text).not.toContain('deterministic');
  });

  it('tells what was done and what is wrong to screen readers, and no tick of progress', async () => {
    useFocusStore().announce('Run finished');
    const scenario = useScenarioStore();
    scenario.text = 'xlab 1\nsise 3\n';
    scenario.diagnostics = [
      { code: 'X0102', severity: 'warning', message: 'rather not', span: { start: 0, end: 1 } },
      { code: 'X0102', severity: 'error', message: "no 'sise'", span: { start: 7, end: 11 } },
    ];
    const experiment = useExperimentStore();
    experiment.state = 'running';
    experiment.progress = { done: 3, total: 9, requests: 1000, elapsedMs: 500 };
    experiment.message = 'bad.xlabrun: no JSON in it';
    const html = await drawn(StatusBar);
    const live = [...html.matchAll(/<span[^>]*role="(?:status|alert)"[^>]*>([^<]*)</g)];
    const said = live.map(([, text = '']) => text.replace(/&#39;/g, "'"));
    expect(said.sort()).toEqual([
      "Error in line 2: no 'sise'",
      'Run finished',
      'bad.xlabrun: no JSON in it',
    ]);
  });
});

describe('what is said of a run and of a text', () => {
  const withVerdicts = (...states: readonly Verdict['state'][]): ExperimentResult => {
    const [verdict] = result.verdicts;
    if (verdict === undefined) throw new Error('the result has no verdict');
    const verdicts = states.map((state, i) => ({ ...verdict, state, text: `claim ${String(i)}` }));
    return { ...result, verdicts };
  };

  it('names the expectation that failed, the first of several', () => {
    expect(finishedText(withVerdicts('pass', 'warn', 'unknown'))).toBe('Run finished');
    expect(finishedText(withVerdicts('pass', 'fail'))).toBe(
      'Run finished; 1 expectation failed: claim 1',
    );
    expect(finishedText(withVerdicts('fail', 'fail'))).toBe(
      'Run finished; 2 expectations failed, first: claim 0',
    );
  });

  it('names the file of an error that lies in another one, and is silent without errors', () => {
    const error = { code: 'X0102', severity: 'error', message: 'no such key' } as const;
    expect(errorText([{ ...error, source: 'own.xlab', span: { start: 0, end: 1 } }], '')).toBe(
      'Error in own.xlab: no such key',
    );
    expect(errorText([error], '')).toBe('Error: no such key');
    expect(errorText([{ ...error, severity: 'warning' }], '')).toBe('');
  });
});

describe('the inspector', () => {
  it('says what to click while nothing is selected, and offers nothing', async () => {
    const html = await drawn(WhyPane, { result });
    expect(await words(WhyPane, { result })).toBe(
      'Click a split, a miss, a failed request or a cell.',
    );
    expect(html).not.toContain('<button');
  });

  it('says that a failed run is simulated again while its map opens, and why it does not open', async () => {
    const why = useWhyStore();
    why.explain({ kind: 'opening', design: 'mine', seed: 3, problem: '' });
    expect(await words(WhyPane, { result })).toBe(
      'mine is simulated again with seed 3, up to the request that failed.',
    );
    why.explain({ kind: 'opening', design: 'mine', seed: 3, problem: 'it takes too long' });
    expect(await words(WhyPane, { result })).toBe(
      'The state before the failure cannot be shown: it takes too long.',
    );
  });
});

describe('a map for screen readers', () => {
  it('is a list of ranges with their state', async () => {
    const html = await drawn(MapCanvas, {
      ...{ letter: 'A', design: DESIGN, color: '#000000', info: info(''), moment: MOMENT },
      ...{ base: null, startByte: 0, spanBytes: 65_536 },
    });
    expect(html).toContain(`aria-label="Ranges of ${DESIGN}"`);
    expect([...html.matchAll(/<li[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
      '0xffffffffc0001000, 8 KiB: text, 4K entries, r-x',
      '0xffffffffc0004000, 4 KiB: data or rodata, rw-',
    ]);
  });
});
