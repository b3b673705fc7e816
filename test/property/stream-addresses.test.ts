/**
 * Draws have addresses without line numbers: comments, layout and edits elsewhere in the file leave
 * the address of every statement and of every stream as it was, and with it every draw.
 */
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../../dsl/compile.js';
import { formatScenario } from '../../dsl/format.js';
import type { PointPlan } from '../../src/contract/scenario-plan.js';
import { createDraws } from '../support/draws.js';
import { generateScenario } from '../support/generate-scenario.js';
import { CATALOG, hostOf } from '../unit/dsl/lab-double.js';

const TEXTS = Number(process.env['XLAB_FUZZ_TEXTS'] ?? 2000) / 80;

/** Every `stream` of a plan, in its order. */
function streamsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(streamsOf);
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'stream' && typeof inner === 'string' ? [inner] : streamsOf(inner),
  );
}

function pointOf(text: string, seed: number): PointPlan {
  const { plan } = compileScenario({ text, file: 'a' }, CATALOG, hostOf());
  const point = plan?.points[0];
  if (point === undefined) throw new Error(`seed ${String(seed)} gives no plan`);
  return point;
}

const addressesOf = (point: PointPlan): readonly string[] =>
  point.sites.map(({ address }) => address);

const withComments = (text: string): string =>
  text.replace(/^(xlab 1)$/m, '$1  # one').replace(/\n(?!xlab)/g, '\n\n# more\n');

/** A statement of another kind at the start of each phase, a phase and names at the end. */
const withMore = (text: string): string =>
  `${text.replace(/^(phase [^\n{]*\{)/gm, '$1 mark "inserted"; ')}
pool late_pool
param late_param = 3
phase late { repeat late_param { load bpf size ~ uniform(64B, 1KiB) into late_pool } }
`;

describe('addresses of draws', () => {
  it('stay when comments, line ends and layout change', () => {
    let streams = 0;
    for (let seed = 1; seed <= TEXTS; seed += 1) {
      const text = generateScenario(createDraws(3e8 + seed));
      const before = pointOf(text, seed);
      streams += streamsOf(before.phases).length;
      for (const other of [withComments(text), formatScenario(text).text]) {
        const after = pointOf(other, seed);
        expect(streamsOf(after.phases), `seed ${String(seed)}`).toEqual(streamsOf(before.phases));
        expect(addressesOf(after), `seed ${String(seed)}`).toEqual(addressesOf(before));
      }
    }
    expect(streams).toBeGreaterThan(TEXTS);
  });

  it('stay when statements of other kinds, phases and names are added elsewhere', () => {
    for (let seed = 1; seed <= TEXTS; seed += 1) {
      const text = generateScenario(createDraws(4e8 + seed));
      const before = pointOf(text, seed);
      const after = pointOf(withMore(text), seed);
      expect(after.phases.length).toBe(before.phases.length + 1);
      const kept = after.phases.slice(0, -1);
      expect(streamsOf(kept), `seed ${String(seed)}`).toEqual(streamsOf(before.phases));
      const others = addressesOf(after).filter((address) => !/^late|mark\.\d+$/.test(address));
      const own = addressesOf(before).filter((address) => !/mark\.\d+$/.test(address));
      expect(others, `seed ${String(seed)}`).toEqual(own);
    }
  });
});
