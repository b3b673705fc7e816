/** Formatting generated and damaged texts: idempotent, same meaning, same comments. */
import { describe, expect, it } from 'vitest';
import { canonicalTree } from '../../dsl/canonical.js';
import { checkScenario } from '../../dsl/compile.js';
import { formatScenario } from '../../dsl/format.js';
import { parseScenario } from '../../dsl/parse.js';
import { createDraws } from '../support/draws.js';
import { generateScenario } from '../support/generate-scenario.js';
import { mutateText } from '../support/mutate-text.js';
import { CATALOG, EXAMPLES, example, hostOf } from '../unit/dsl/lab-double.js';

const TEXTS = Number(process.env['XLAB_FUZZ_TEXTS'] ?? 2000);

const commentsOf = (text: string): string[] =>
  parseScenario(text).comments.map((comment) => comment.text.trimEnd());

const hashOf = (text: string): string | undefined =>
  checkScenario({ text, file: 'a' }, CATALOG, hostOf()).summary?.scenarioHash;

describe('formatting', () => {
  it('changes nothing the second time, and neither hash nor comments the first time', () => {
    const texts = Array.from({ length: Math.ceil(TEXTS / 20) }, (_, index) =>
      generateScenario(createDraws(5000 + index)),
    );
    for (const text of [...texts, ...EXAMPLES.map(example)]) {
      const once = formatScenario(text);
      expect(once.diagnostics).toEqual([]);
      expect(formatScenario(once.text).text).toBe(once.text);
      expect(hashOf(once.text)).toBe(hashOf(text));
      expect(hashOf(text)).toBeDefined();
      expect(commentsOf(once.text)).toEqual(commentsOf(text));
    }
  });

  it('keeps what damaged texts say, or leaves them alone', () => {
    let printed = 0;
    for (let seed = 1; seed <= TEXTS / 8; seed += 1) {
      const draws = createDraws(2e9 + seed);
      const text = mutateText(generateScenario(draws), draws);
      const once = formatScenario(text);
      if (once.diagnostics.length > 0) {
        expect(once.text, `seed ${seed}`).toBe(text);
        continue;
      }
      printed += 1;
      expect(formatScenario(once.text).text, `seed ${seed}`).toBe(once.text);
      const [before, after] = [parseScenario(text), parseScenario(once.text)];
      expect(canonicalTree(after.tree), `seed ${seed}`).toBe(canonicalTree(before.tree));
      expect(commentsOf(once.text), `seed ${seed}`).toEqual(commentsOf(text));
    }
    expect(printed).toBeGreaterThan(TEXTS / 100);
  });
});
