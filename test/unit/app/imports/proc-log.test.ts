/** Logs of /proc/meminfo and /proc/vmstat: series in base units, mistakes with their line. */
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../../../../src/app/compile-scenario.js';
import { createLanguageHost } from '../../../../src/app/language-host.js';
import { runExperiment } from '../../../../src/app/run-experiment.js';
import { inProcessExecutor } from '../../../support/in-process-executor.js';
import { temporaryFolder, writeInto } from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const MEMINFO = `1700000000.250000000
MemTotal:        8049212 kB
Active(anon):     123456 kB
HugePages_Total:       0
DirectMap4k:       87900 kB
1700000001.750000000
MemTotal:        8049212 kB
DirectMap4k:       89948 kB
`;
const VMSTAT = '12.5\nnr_free_pages 1081001\ndirect_map_level2_splits 7\n';

function read(format: string, text: string) {
  writeInto(root, 'a.log', text);
  return createLanguageHost(root).readImport({ path: 'a.log', format, options: {} });
}

describe('a log of /proc/meminfo', () => {
  it('gives series in bytes over the time since the first sample', () => {
    const { data, diagnostics } = read('meminfo_log', MEMINFO);
    expect(diagnostics).toEqual([]);
    expect(data?.series).toEqual({
      MemTotal: { timesNs: [0, 1.5e9], values: [8049212 * 1024, 8049212 * 1024] },
      HugePages_Total: { timesNs: [0], values: [0] },
      DirectMap4k: { timesNs: [0, 1.5e9], values: [87900 * 1024, 89948 * 1024] },
    });
    expect(data?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is what expectations compare a run with', async () => {
    writeInto(root, 'real.log', MEMINFO);
    const text = `xlab 1
import real from "real.log" format meminfo_log
machine { ram 8GiB; cpu skl }
compare module_alloc
phase p for 1s { load bpf size 64B lifetime 1ms }
probe at end: DirectMap4k
expect last(real.DirectMap4k) - first(real.DirectMap4k) == 2MiB
expect abs(last(DirectMap4k) - last(real.DirectMap4k)) < 1GiB
`;
    const request = { file: 'a.xlab', folder: root, text, settings: {}, seeds: '', only: [] };
    const { plan, diagnostics } = compileScenario(request);
    expect(diagnostics).toEqual([]);
    if (plan === undefined) throw new Error('the scenario compiles');
    const result = await runExperiment(plan, {
      executor: inProcessExecutor(plan),
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onPartial: () => undefined,
    });
    expect(result.verdicts.map(({ state }) => state)).toEqual(['pass', 'pass']);
  });

  it.each([
    ['a line of another file', MEMINFO.replace('MemTotal:', 'cpu'), 2],
    ['a time that goes back', MEMINFO.replace('1700000001', '1600000001'), 6],
    ['values before the first time', MEMINFO.split('\n').slice(1).join('\n'), 1],
  ])('with %s is refused with its line', (_name, text, line) => {
    const { data, diagnostics } = read('meminfo_log', text);
    expect(data).toBeUndefined();
    expect(diagnostics).toMatchObject([
      { code: 'X0701', message: `line ${String(line)} of 'a.log' is not of a /proc/meminfo log` },
    ]);
  });

  it('without a sample is refused', () => {
    expect(read('meminfo_log', '12.5\n').diagnostics).toMatchObject([
      { code: 'X0701', message: "'a.log' has no sample of /proc/meminfo" },
    ]);
  });
});

describe('a log of /proc/vmstat', () => {
  it('gives counters by the name that the kernel prints', () => {
    expect(read('vmstat_log', VMSTAT).data?.series).toEqual({
      nr_free_pages: { timesNs: [0], values: [1081001] },
      direct_map_level2_splits: { timesNs: [0], values: [7] },
    });
  });

  it('is not one of /proc/meminfo', () => {
    expect(read('vmstat_log', MEMINFO).data).toBeUndefined();
    expect(read('meminfo_log', VMSTAT).data).toBeUndefined();
  });
});
