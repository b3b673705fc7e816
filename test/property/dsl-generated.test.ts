/**
 * Generated scenarios check and lower, damaged ones end in diagnostics with valid places; nothing
 * throws. XLAB_FUZZ_TEXTS sets the number of texts (2,000 without it), XLAB_FUZZ_SEED the first seed.
 */
import { describe, expect, it } from 'vitest';
import { checkScenario, compileScenario } from '../../dsl/compile.js';
import { renderDiagnostics } from '../../dsl/render-diagnostic.js';
import { createDraws } from '../support/draws.js';
import { generateScenario } from '../support/generate-scenario.js';
import { mutateText } from '../support/mutate-text.js';
import { CATALOG, hostOf } from '../unit/dsl/lab-double.js';

const TEXTS = Number(process.env['XLAB_FUZZ_TEXTS'] ?? 2000);
const FIRST_SEED = Number(process.env['XLAB_FUZZ_SEED'] ?? 1);
/** One text in four is left whole. */
const VALID = Math.floor(TEXTS / 4);

describe('generated scenarios', () => {
  it(`check without an error and give a plan (${VALID} texts)`, () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + VALID; seed += 1) {
      const text = generateScenario(createDraws(seed));
      const { plan, diagnostics } = compileScenario({ text, file: 'a' }, CATALOG, hostOf());
      const errors = diagnostics.filter((found) => found.severity === 'error');
      const shown = renderDiagnostics(errors, { file: `seed ${seed}`, text });
      expect(shown).toBe('');
      expect(plan, `seed ${seed}`).toBeDefined();
    }
  });

  it(`end in diagnostics with valid places once they are damaged (${TEXTS - VALID} texts)`, () => {
    let refused = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + TEXTS - VALID; seed += 1) {
      const draws = createDraws(1e9 + seed);
      const text = mutateText(generateScenario(draws), draws);
      const { diagnostics, sources, summary } = checkScenario(
        { text, file: 'a' },
        CATALOG,
        hostOf(),
      );
      for (const { span, source, code } of diagnostics) {
        const length = source === undefined ? text.length : (sources[source] ?? '').length;
        const valid =
          span !== undefined && span.start >= 0 && span.end >= span.start && span.end <= length;
        expect(valid, `seed ${seed}: ${code} ${JSON.stringify(span)}`).toBe(true);
      }
      const wrong = diagnostics.some((found) => found.severity === 'error');
      if (wrong) refused += 1;
      // A damage may leave a scenario whole, or a library without anything to run.
      const library = !/^\s*(machine|compare|phase)\b/m.test(text);
      expect(wrong || summary !== undefined || library, `seed ${seed}`).toBe(true);
      renderDiagnostics(diagnostics, { file: 'a', text, sources });
    }
    expect(refused).toBeGreaterThan((TEXTS - VALID) * 0.7);
  });
});
