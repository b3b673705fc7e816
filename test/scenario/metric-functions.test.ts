/**
 * Every function of an expectation on a run whose values are known by hand: five programs before the
 * phase, none left at its start, then one more each second. Samples of a phase are the value that it
 * starts from, those of the probe, and the one at its end; each holds until the next.
 */
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../../src/app/compile-scenario.js';
import { runExperiment } from '../../src/app/run-experiment.js';
import { inProcessExecutor } from '../support/in-process-executor.js';

/** A program of 1 KiB with its header; claims about its samples 5, 2, 3, 4, 4, 4. */
const CLAIMS = [
  'first(text.live_bytes) == 5 * unit in a',
  'last(text.live_bytes) == 4 * unit in a',
  'text.live_bytes == 4 * unit in a',
  'text.live_bytes == 4 * unit at end of a',
  'text.live_bytes == 0B at end of b',
  'min(text.live_bytes) == 2 * unit in a',
  'max(text.live_bytes) == 5 * unit in a',
  'mean(text.live_bytes) == 3.5 * unit in a',
  'p50(text.live_bytes) == 4 * unit in a',
  'p90(text.live_bytes) == 4.5 * unit in a',
  'abs(p99(text.live_bytes) - 4.95 * unit) < 1B in a',
  'delta(text.live_bytes) + unit == 0B in a',
  'integral(text.live_bytes) == 14 * unit in a',
  'rate(text.live_bytes) * 4 == delta(text.live_bytes) in a',
  'abs(first(text.live_bytes) - last(text.live_bytes)) == unit in a',
  'abs(last(text.live_bytes) - first(text.live_bytes)) == unit in a',
  // Two calls for each program that comes; those that went wait for a purge.
  'cpa.calls == 8 in a for module_alloc',
  'delta(cpa.calls) == 8 in a for module_alloc',
  'rate(cpa.calls) == 2/s in a for module_alloc',
  'first(cpa.calls) == 10 in a for module_alloc',
  'last(cpa.calls) == 18 in a for module_alloc',
  'cpa.calls == 18 at end of a for module_alloc',
  'pool.underflow == 4 in b',
  'no alloc.failed',
  'no pool.underflow in a',
  'never text.live_bytes > 5 * unit',
  'never text.live_bytes > 4 * unit in b',
  'text.live_bytes == text.live_bytes @ module_alloc in a for execmem_rox',
];

const text = `xlab 1
machine { ram 4GiB; cpu skl }
compare module_alloc, execmem_rox
pool p
param unit = 1032B
phase before for 2s { repeat 5 { load bpf size 1KiB into p } }
phase a for 4s {
  free all p
  repeat 4 { load bpf size 1KiB into p; wait 1s }
}
phase b for 4s { every 500ms { mark "tick"; free 1 newest of p } }
probe every 1s: text.live_bytes
probe on mark "tick": layout_snapshot
${CLAIMS.map((claim) => `expect ${claim}\n`).join('')}`;

describe('functions of metrics over a phase', () => {
  it('have the values that the samples give by hand', async () => {
    const request = { file: 'a.xlab', folder: '.', text, settings: {}, seeds: '', only: [] };
    const { plan, diagnostics } = compileScenario(request);
    expect(diagnostics).toEqual([]);
    if (plan === undefined) throw new Error('the scenario compiles');
    const { verdicts, runs } = await runExperiment(plan, {
      executor: inProcessExecutor(plan),
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onPartial: () => undefined,
    });
    expect(verdicts).toHaveLength(CLAIMS.length);
    expect(
      verdicts
        .filter(({ state }) => state !== 'pass')
        .map(({ text: claim, detail }) => [claim, detail]),
    ).toEqual([]);
    expect(runs.map(({ snapshots }) => snapshots.length)).toEqual([8, 8]);
  });
});
