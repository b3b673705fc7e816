import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkResult } from '../../../src/app/check-result.js';
import { junitText, ktapOutput } from '../../../src/app/ci-reports.js';
import { designVerdicts, type DesignVerdict } from '../../../src/app/design-verdicts.js';
import { outputProblem, writeOutput } from '../../../src/app/output-folder.js';
import { diffResults } from '../../../src/analysis/result-diff.js';
import { joinShards, saveShard, ShardError } from '../../../src/app/shard-file.js';
import type { ExperimentResult } from '../../../src/contract/run-result.js';
import { renderJson } from '../../../src/export/result-json.js';
import { filesOfFolder } from '../../support/files-of-folder.js';
import { SMALL_PLAN } from '../../support/small-plan.js';
import {
  SYNTHETIC_METRICS,
  syntheticExperiment,
  syntheticRun,
} from '../../support/synthetic-experiment.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';

const root = temporaryFolder();
const experiment = (designs: readonly string[], seeds: readonly number[]): ExperimentResult =>
  syntheticExperiment({
    file: 'fleet.xlab',
    title: 'Fleet',
    designs,
    seeds,
    hash: 'ab'.repeat(32),
    runs: designs.flatMap((design) => seeds.map((seed) => syntheticRun(design, seed, 20))),
  });
const RESULT = experiment(['module_alloc', 'bpf_prog_pack'], [1, 2]);
/** Few charts: drawing them is not the subject. */
const SHOWN: ExperimentResult = {
  ...RESULT,
  metrics: RESULT.metrics.filter(({ name }) => name === 'DirectMap4k'),
};

describe('result.json', () => {
  it('comes back as the result it was made of', () => {
    expect(checkResult(renderJson(RESULT)).result).toEqual(RESULT);
  });

  it.each([
    ['no JSON', 'xlab', 'it is not JSON'],
    ['another shape', '{"schema": 1}', 'tool'],
    ['another schema', renderJson({ ...RESULT, schema: 99 }), 'it has schema 99'],
    [
      'a hash that leads elsewhere',
      renderJson({ ...RESULT, scenarioHash: '../../etc' }),
      'scenarioHash',
    ],
  ])('is refused for %s', (_what, json, part) => {
    const { result, problem } = checkResult(json);
    expect(result).toBeUndefined();
    expect(problem).toContain(part);
  });
});

describe('the output folder', () => {
  it('holds report, result, charts and tables, the same bytes each time', async () => {
    const [a, b] = [join(root, 'a'), join(root, 'b')];
    await writeOutput(a, SHOWN, { report: 'report\n', lines: '{}' });
    await writeOutput(b, SHOWN, { report: 'report\n', lines: '{}' });
    const files = filesOfFolder(a);
    expect(filesOfFolder(b)).toEqual(files);
    const names = Object.keys(files);
    expect(names).toContain('report.txt');
    expect(names).toContain('result.json');
    expect(names).toContain('charts/fleet-abababababab-directmap4k.svg');
    expect(names).toContain('charts/fleet-abababababab-directmap4k.png');
    expect(names).toContain('data/fleet-abababababab-phases.csv');
    expect(names).toContain('data/fleet-abababababab-series.csv');
    expect(names.filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('replaces the files of an earlier run and leaves those of others alone', async () => {
    const folder = join(root, 'again');
    writeInto(folder, 'charts/notes.txt', 'mine');
    writeInto(folder, 'mine.svg', 'mine');
    await writeOutput(folder, SHOWN, { report: 'old\n', lines: '{}' });
    const other = { ...SHOWN, scenarioHash: 'cd'.repeat(32) };
    await writeOutput(folder, other, { report: 'new\n', lines: '{}' });
    const names = Object.keys(filesOfFolder(folder));
    expect(names.filter((name) => name.includes('abababababab'))).toEqual([]);
    expect(names.some((name) => name.includes('cdcdcdcdcdcd'))).toBe(true);
    expect(names).toContain('charts/notes.txt');
    expect(names).toContain('mine.svg');
    expect(readFileSync(join(folder, 'report.txt'), 'utf8')).toBe('new\n');
  });

  it('leaves nothing behind when writing fails', async () => {
    const folder = join(root, 'broken');
    mkdirSync(folder);
    const broken = { ...SHOWN, runs: null as unknown as ExperimentResult['runs'] };
    await expect(writeOutput(folder, broken, { report: '', lines: '{}' })).rejects.toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('cannot be a file, nor lie below one', () => {
    const file = writeInto(root, 'plain', '');
    expect(outputProblem(file)).toBe('it is a file, not a folder');
    expect(outputProblem(join(file, 'below'))).toBe('it is a file, not a folder');
    expect(outputProblem(join(root, 'new', 'folder'))).toBeUndefined();
    expect(existsSync(join(root, 'new'))).toBe(false);
  });
});

describe('shares of a run', () => {
  const share = (index: number, designs: readonly string[], plan = SMALL_PLAN): string => {
    const folder = join(root, `share-${String(index)}-${plan.scenarioHash.slice(0, 2)}`);
    const runs = designs.flatMap((design) => [1, 2].map((seed) => syntheticRun(design, seed, 4)));
    saveShard(folder, { shard: { index, count: 2 }, plan, runs });
    return folder;
  };
  const first = share(1, ['first']);
  const second = share(2, ['second']);
  const stray = share(2, ['second'], { ...SMALL_PLAN, scenarioHash: 'cd'.repeat(32) });

  it('join to the whole', () => {
    const { plan, runs } = joinShards([first, second]);
    expect(plan).toEqual(SMALL_PLAN);
    expect(runs).toHaveLength(4);
  });

  it.each([
    ['a missing share', () => [first], /2 of 4 runs are missing/],
    ['a share of another scenario', () => [first, stray], /another scenario hash/],
    ['a folder without a share', () => [root], /holds no share/],
    ['no folder', () => [join(root, 'nowhere')], /there is no folder/],
    [
      'a share whose runs are others',
      () => {
        const folder = join(root, 'share-of-others');
        const runs = [1, 2].map((seed) => ({
          ...syntheticRun('first', seed, 4),
          logHash: 'f'.repeat(16),
        }));
        saveShard(folder, { shard: { index: 1, count: 2 }, plan: SMALL_PLAN, runs });
        return [first, second, folder];
      },
      /two shares hold different runs of first, seed 1, point 1/,
    ],
    [
      'a damaged share',
      () => {
        const folder = share(3, ['first']);
        const [name = ''] = readdirSync(folder);
        const bytes = readFileSync(join(folder, name));
        writeInto(folder, name, bytes.subarray(0, -3));
        return [folder];
      },
      /is damaged/,
    ],
    [
      'another file under its name',
      () => [join(writeInto(root, 'odd/shard-1-of-2.xlabshard', 'xlab 1\n'), '..')],
      /is not a share/,
    ],
  ])('do not join with %s', (_what, folders, message) => {
    expect(() => joinShards(folders())).toThrow(ShardError);
    expect(() => joinShards(folders())).toThrow(message);
  });
});

describe('the difference of two results', () => {
  it('is empty for a result and itself', () => {
    const diff = diffResults(RESULT, RESULT);
    expect(diff).toMatchObject({ sameHash: true, sameLogs: true, differences: [], onlyA: [] });
    expect(diff.equalCount).toBeGreaterThan(10);
  });

  it('lists medians that moved and designs that only one has', () => {
    const other = experiment(['module_alloc', 'vmalloc_exec'], [1, 2, 3]);
    const diff = diffResults(RESULT, other);
    expect(diff.onlyA).toEqual(['design bpf_prog_pack']);
    expect(diff.onlyB).toEqual(['design vmalloc_exec']);
    expect(new Set(diff.differences.map(({ design }) => design))).toEqual(
      new Set(['module_alloc']),
    );
    const entry = diff.differences.find(({ metric }) => metric === 'DirectMap4k');
    expect(entry?.b).toBeGreaterThan(entry?.a ?? Infinity);
  });
});

/** What is wrong with an XML text, by the rules of the standard for elements, attributes and text. */
function wellFormed(xml: string): string | undefined {
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml)) return 'a character';
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  const open: string[] = [];
  const token =
    /<(\/?)([a-z-]+)((?: [a-z]+="(?:[^<&"]|&(?:amp|lt|gt|quot|apos);)*")*)(\/?)>|((?:[^<&]|&(?:amp|lt|gt|quot|apos);)+)/y;
  let at = 0;
  while (at < body.length) {
    token.lastIndex = at;
    const match = token.exec(body);
    if (match === null) return body.slice(at, at + 20);
    at = token.lastIndex;
    const [, close, name = '', , empty, text] = match;
    if (text !== undefined) {
      if (open.length === 0 && text.trim() !== '') return text;
    } else if (close === '/') {
      if (open.pop() !== name) return `</${name}>`;
    } else if (empty !== '/') open.push(name);
  }
  return open.length === 0 ? undefined : `<${open.join(' ')}>`;
}

const verdict = (state: DesignVerdict['state'], more: Partial<DesignVerdict> = {}) => ({
  expectation: 0,
  text: 'max(a) < "b" & c # d',
  line: 7,
  severity: 'expect' as const,
  state,
  held: 1,
  total: 2,
  detail: 'found 3 > 2',
  design: 'module_alloc',
  ...more,
});

describe('verdicts for CI', () => {
  const list = [
    verdict('pass'),
    verdict('fail'),
    verdict('unknown'),
    verdict('warn', { severity: 'warn' }),
  ];

  it('as KTAP: a plan, a line each, remarks as comments', () => {
    expect(ktapOutput(list)).toBe(
      [
        'KTAP version 1',
        '1..4',
        'ok 1 line 7: max(a) < "b" & c d [module_alloc]',
        '# fail: found 3 > 2',
        'not ok 2 line 7: max(a) < "b" & c d [module_alloc]',
        '# unknown: found 3 > 2',
        'not ok 3 line 7: max(a) < "b" & c d [module_alloc]',
        '# warn: found 3 > 2',
        'ok 4 line 7: max(a) < "b" & c d [module_alloc]',
        '',
      ].join('\n'),
    );
  });

  it('as JUnit: counts, and text that stays inside its attribute', () => {
    const xml = junitText('a<b.xlab', list);
    expect(xml).toContain('<testsuites tests="4" failures="1" errors="1">');
    expect(xml).toContain('classname="a&lt;b.xlab"');
    expect(xml).toContain('max(a) &lt; &quot;b&quot; &amp; c # d');
    expect(xml).toContain('<failure message="found 3 &gt; 2"/>');
    expect(xml.match(/<testcase/g)).toHaveLength(4);
  });

  it('are well-formed XML whatever a claim holds', () => {
    const text = 'a < b && "c" > \'d\' ]]> \u0000\u001b\uffff \ud800 \u00e9 \u{1f600}';
    const xml = junitText(text, [verdict('fail', { text, detail: text, design: '<&>' })]);
    expect(wellFormed(xml)).toBeUndefined();
    expect(xml).toContain('a &lt; b &amp;&amp; &quot;c&quot; &gt; &apos;d&apos;');
    expect(xml).toContain('\u00e9 \u{1f600}');
  });

  it('as KTAP: a scenario without expectations is skipped, as kselftest does it', () => {
    expect(ktapOutput([])).toBe('KTAP version 1\n1..0 # SKIP no expectations\n');
  });

  it('are lines that a KTAP reader takes, with the plan before them', () => {
    const claims = list.map((entry) => ({ ...entry, text: `${entry.text}\n# SKIP all` }));
    const [version, plan, ...lines] = ktapOutput(claims).trimEnd().split('\n');
    expect(version).toBe('KTAP version 1');
    expect(plan).toBe('1..4');
    const results = lines.filter((line) => !line.startsWith('# '));
    results.forEach((line, i) => {
      const match = /^(ok|not ok) (\d+) ([^#]+)$/.exec(line);
      expect(Number(match?.[2])).toBe(i + 1);
    });
    expect(results).toHaveLength(4);
  });

  it('hold in nothing when runs are missing', () => {
    const point = SMALL_PLAN.points[0];
    const claim = {
      text: 'no alloc.failed',
      line: 3,
      severity: 'expect' as const,
      claim: { kind: 'no' as const, metric: 'alloc.failed' },
      atEnd: false,
      designs: [],
    };
    const plan = { ...SMALL_PLAN, points: point ? [{ ...point, expectations: [claim] }] : [] };
    const runs = [syntheticRun('first', 1), syntheticRun('first', 2), syntheticRun('second', 1)];
    const found = designVerdicts({ plan, runs, metrics: SYNTHETIC_METRICS });
    expect(found.map(({ design, state, detail }) => [design, state, detail])).toEqual([
      ['first', 'pass', 'in every run'],
      ['second', 'unknown', '1 of 2 runs are missing'],
    ]);
    expect(ktapOutput(found)).toContain('not ok 2 line 3: no alloc.failed [second]');
  });

  it('are made for each design that an expectation covers', () => {
    const point = SMALL_PLAN.points[0];
    const claim = {
      text: 'no alloc.failed',
      line: 3,
      severity: 'expect' as const,
      claim: { kind: 'no' as const, metric: 'alloc.failed' },
      atEnd: false,
    };
    const expectations = [
      { ...claim, designs: [] },
      { ...claim, line: 4, designs: ['second'] },
    ];
    const plan = { ...SMALL_PLAN, points: point ? [{ ...point, expectations }] : [] };
    const runs = plan.designNames.flatMap((name) => [1, 2].map((seed) => syntheticRun(name, seed)));
    const found = designVerdicts({ plan, runs, metrics: SYNTHETIC_METRICS });
    expect(found.map(({ line, design, state, total }) => [line, design, state, total])).toEqual([
      [3, 'first', 'pass', 2],
      [3, 'second', 'pass', 2],
      [4, 'second', 'pass', 2],
    ]);
  });
});
