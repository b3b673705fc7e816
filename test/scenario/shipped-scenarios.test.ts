/** Every shipped scenario checks, runs and does what its expectations say. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatScenario } from '../../dsl/format.js';
import { runExperiment } from '../../src/app/run-experiment.js';
import { compileScenario } from '../../src/app/compile-scenario.js';
import { lintReport } from '../../src/export/report-lint.js';
import { renderMailReport } from '../../src/export/report-mail.js';
import { inProcessExecutor } from '../support/in-process-executor.js';

/** All runs of a scenario, one after the other, on a busy machine. */
const RUN_TIMEOUT_MS = 900_000;

/** Runs of a scenario in the normal suite; larger ones run with XLAB_LONG=1 and from the command line. */
const RUNS_MAX = 20;
const isLong = process.env.XLAB_LONG === '1';

const folder = resolve('scenarios');
const files = readdirSync(folder).filter((name) => name.endsWith('.xlab'));

const compile = (file: string) =>
  compileScenario({
    file,
    folder,
    text: readFileSync(resolve(folder, file), 'utf8'),
    settings: {},
    seeds: '',
    only: [],
  });

function isLarge(file: string): boolean {
  const { plan } = compile(file);
  if (plan === undefined) return false;
  return plan.points.length * plan.seeds.length * plan.designNames.length > RUNS_MAX;
}

describe('shipped scenarios', () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThan(10);
  });

  it.each([...files, 'std/sizes.xlab', 'plugins/gate.xlab'])(
    '%s stands in the layout of xlab fmt',
    (file) => {
      const text = readFileSync(resolve(folder, file), 'utf8');
      expect(formatScenario(text)).toEqual({ text, diagnostics: [] });
    },
  );

  it.each(files)('%s checks without an error or a warning', (file) => {
    expect(compile(file).diagnostics).toEqual([]);
  });

  it.for(files)(
    '%s runs to its end, and its expectations hold',
    { timeout: RUN_TIMEOUT_MS },
    async (file, { skip }) => {
      if (!isLong && isLarge(file)) skip('more than 20 runs');
      const { plan } = compile(file);
      if (plan === undefined) throw new Error(`${file} does not compile`);
      const result = await runExperiment(plan, {
        executor: inProcessExecutor(plan),
        signal: new AbortController().signal,
        onProgress: () => undefined,
        onPartial: () => undefined,
      });
      const troubles = result.runs.flatMap((run) => run.diagnostics.map(({ message }) => message));
      expect(troubles).toEqual([]);
      expect(result.complete).toBe(true);
      const open = result.verdicts
        .filter(({ severity, state }) => severity === 'expect' && state !== 'pass')
        .map(({ line, text, state, detail }) => `${state} ${String(line)}: ${text}: ${detail}`);
      expect(open).toEqual([]);
      const report = renderMailReport(result);
      const errors = lintReport(report, { result }).filter(({ severity }) => severity === 'error');
      expect(errors).toEqual([]);
    },
  );
});
