/**
 * Generated scenarios run: with the designs and metrics of the lab, on the real machine, to an end that
 * is either whole or one of the run-time codes. XLAB_FUZZ_TEXTS sets the number of texts (a fiftieth of
 * it), XLAB_FUZZ_SEED the first seed.
 */
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../../dsl/compile.js';
import { renderDiagnostics } from '../../dsl/render-diagnostic.js';
import { labCatalog } from '../../src/app/catalog.js';
import { runOne } from '../../src/app/run-one.js';
import { createDraws } from '../support/draws.js';
import { generateScenario } from '../support/generate-scenario.js';
import { hostOf } from '../unit/dsl/lab-double.js';

const TEXTS = Math.ceil(Number(process.env['XLAB_FUZZ_TEXTS'] ?? 2000) / 50);
const FIRST_SEED = Number(process.env['XLAB_FUZZ_SEED'] ?? 1);
/** Events of a run; a generated scenario may ask for a hundred million. */
const EVENTS_MAX = 20_000;
/** The time that a slow machine may need. */
const TIMEOUT_MS = 3_600_000;

/** Ends of a run that a scenario may ask for without a mistake of its text. */
const RUN_CODES: ReadonlySet<string> = new Set(['X0507', 'X0508', 'X0509', 'X0903']);

const catalog = labCatalog();

describe('generated scenarios in a run', () => {
  it(`end whole or with a code of runs (${TEXTS} texts)`, { timeout: TIMEOUT_MS }, () => {
    let whole = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + TEXTS; seed += 1) {
      const text = generateScenario(createDraws(seed));
      const { plan, diagnostics } = compileScenario({ text, file: 'a' }, catalog, hostOf());
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(renderDiagnostics(errors, { file: `seed ${seed}`, text })).toBe('');
      const design = plan?.points[0]?.designs.at(seed % (plan.points[0].designs.length || 1));
      if (plan === undefined || design === undefined) continue;
      const points = plan.points.map((point) => ({
        ...point,
        limits: { ...point.limits, events: Math.min(point.limits.events, EVENTS_MAX) },
      }));
      const job = { point: 0, seed: plan.seeds[0] ?? 1, design: design.name };
      const run = runOne({ ...plan, points }, job);
      expect(run.status, `seed ${seed}`).not.toBe('misbehaved');
      for (const { code } of run.diagnostics) expect(RUN_CODES, `seed ${seed}`).toContain(code);
      expect(run.status === 'ok').toBe(run.diagnostics.length === 0);
      if (run.status === 'ok') whole += 1;
    }
    expect(whole).toBeGreaterThan(TEXTS / 10);
  });
});
