/** What one run is expected to do, before anything has run: for the time that the window announces. */
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../../../src/app/compile-scenario.js';
import { LazyEngine } from '../../../src/app/lazy-engine.js';
import { expectedRunSize } from '../../../src/app/run-size.js';

const TEXT = `xlab 1
machine { ram 8GiB; cpus 4; cpu skl; kernel "6.12" }
param n = 10
compare module_alloc baseline module_alloc
pool progs
phase load for 3s { repeat n { load bpf size 200B into progs } }
phase drop for 1s { free all progs }
`;

const sizeOf = (text: string, settings: Readonly<Record<string, string>>) => {
  const request = { file: 'a.xlab', folder: '/nowhere', text, settings, seeds: '', only: [] };
  const { plan, diagnostics } = compileScenario(request);
  if (plan === undefined) throw new Error(diagnostics[0]?.message);
  return expectedRunSize(plan);
};

describe('the expected size of a run', () => {
  it('follows the settings', () => {
    const small = sizeOf(TEXT, {});
    expect(small.durationNs).toBe(4e9);
    expect(sizeOf(TEXT, { n: '1000' }).requests - small.requests).toBe(990);
  });

  it('is the mean over the points of a sweep', () => {
    const swept = TEXT.replace('pool progs', 'sweep n over 10, 30\npool progs');
    const size = sizeOf(swept, {});
    expect(size.durationNs).toBe(4e9);
    expect(size.requests - sizeOf(TEXT, {}).requests).toBe(10);
  });

  it('is worked on by as many workers as the lab has', () => {
    expect(new LazyEngine({ threads: 3 }).workers).toBe(3);
    expect(new LazyEngine({ threads: 900 }).workers).toBe(64);
  });
});
