/** result.json is read line by line: of any size, in chunks of any size, and in other layouts too. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readResultFile } from '../../../src/app/result-file.js';
import { renderJson } from '../../../src/export/result-json.js';
import { fakeResult } from '../../support/fake-result.js';
import { runCli } from '../../support/run-cli.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';

const root = temporaryFolder();
const RESULT = fakeResult({ seedCount: 2, samplesPerPhase: 4, title: 'Größe "x", \\n' });
const TEXT = renderJson(RESULT);
let count = 0;
const fileOf = (text: string): string => {
  count += 1;
  return writeInto(root, `result-${String(count)}.json`, text);
};
const longestLine = Math.max(...TEXT.split('\n').map((line) => Buffer.byteLength(line)));

describe('a result file', () => {
  it.each([1, 7, 4096, 4_194_304])('comes back whole from chunks of %d bytes', (chunkBytes) => {
    const path = fileOf(TEXT);
    expect(readResultFile(path, { chunkBytes }).result).toEqual(RESULT);
  });

  it('that is longer than any string is read, as long as each of its runs is not', () => {
    const path = fileOf(TEXT);
    expect(TEXT.length).toBeGreaterThan(longestLine * 2);
    expect(readResultFile(path, { textBytesMax: longestLine, chunkBytes: 512 }).result).toEqual(
      RESULT,
    );
  });

  it('with a run that is too long says so', () => {
    const path = fileOf(TEXT);
    for (const chunkBytes of [512, 4_194_304]) {
      const limits = { textBytesMax: longestLine - 1, chunkBytes };
      expect(readResultFile(path, limits).problem).toMatch(/^one of its (runs|lines) is too long/);
    }
  });

  it.each([
    ['with indentation', JSON.stringify(RESULT, null, 2)],
    ['on one line', JSON.stringify(RESULT)],
    ['without runs', renderJson({ ...RESULT, runs: [], complete: false })],
  ])('laid out by another program is read whole: %s', (_, text) => {
    const { result } = readResultFile(fileOf(text));
    expect(result?.scenarioHash).toBe(RESULT.scenarioHash);
    expect(result?.runs.length).toBe(
      text.includes('"design":') && !text.includes('"runs": []') ? RESULT.runs.length : 0,
    );
  });

  it('in another layout is refused where no string could hold it', () => {
    const path = fileOf(JSON.stringify(RESULT, null, 2));
    expect(readResultFile(path, { textBytesMax: 1000 }).problem).toMatch(/another layout/);
  });

  it.each([
    ['empty', ''],
    ['cut in a run', TEXT.slice(0, TEXT.length / 2)],
    ['cut before its last line', TEXT.slice(0, -2)],
    ['with something behind it', `${TEXT}more\n`],
    ['a list', '[1]'],
  ])('that is none is refused: %s', (_, text) => {
    expect(readResultFile(fileOf(text)).problem).toBeDefined();
  });

  it('names the run and the entry that is wrong', () => {
    const runs = TEXT.split('\n').map((line) => line.replace('"seed":2', '"seed":"two"'));
    expect(readResultFile(fileOf(runs.join('\n'))).problem).toMatch(/^runs\.\d+\.seed: /);
    const schema = TEXT.replace(/"schema": \d+/, '"schema": 99');
    expect(readResultFile(fileOf(schema)).problem).toContain('schema 99');
  });

  it('of another scenario hash is refused before a run is parsed', () => {
    const broken = TEXT.replace(/"seed":\d+/g, '"seed":"x"');
    const path = fileOf(broken);
    const other = 'ab'.repeat(32);
    expect(readResultFile(path, { scenarioHash: other }).problem).toContain('another scenario');
    expect(readResultFile(path, { scenarioHash: RESULT.scenarioHash }).problem).toMatch(/seed/);
  });
});

describe('the folder of a run', () => {
  it('is continued, reported and compared whatever the layout of its result', async () => {
    const scenario = writeInto(
      root,
      'small.xlab',
      `xlab 1
machine { ram 8GiB; cpus 4; cpu skl; kernel "6.12" }
compare module_alloc
pool progs
phase load for 2s { repeat 10 { load bpf size 168B into progs } }
probe every 1s: DirectMap4k
`,
    );
    const folder = join(root, 'out');
    const run = () => runCli('run', scenario, '--out', folder, '--quiet');
    expect((await run()).simulated).toBe(1);
    expect((await run()).simulated).toBe(0);
    const path = join(folder, 'result.json');
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, JSON.stringify(JSON.parse(before), null, 2));
    expect((await run()).simulated).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(before);
    const report = await runCli('report', folder);
    expect(report.out).toBe(readFileSync(join(folder, 'report.txt'), 'utf8'));
  });
});
