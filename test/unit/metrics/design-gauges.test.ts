/** Every gauge that a design offers, under any of its options, is a metric. */
import { expect, it } from 'vitest';
import type { OptionSpec } from '../../../src/contract/catalog.js';
import type { OptionValue } from '../../../src/contract/scenario-plan.js';
import { designOptions } from '../../../src/engine/design-driver.js';
import { DESIGN_METRICS } from '../../../src/metrics/design-gauges.js';
import { designs } from '../../../src/mm/designs/index.js';
import { createMachineMm } from '../../../src/mm/machine-mm.js';
import { TEST_MACHINE } from '../../support/point-plan.js';

const valuesOf = (spec: OptionSpec): readonly OptionValue[] =>
  spec.kind === 'choice' ? spec.values : spec.kind === 'switch' ? [true, false] : [spec.default];

function gaugesOf(name: string): ReadonlySet<string> {
  const design = designs.get(name);
  const found = new Set<string>();
  const given = design.options.flatMap((spec) =>
    valuesOf(spec).map((value) => ({ [spec.name]: value })),
  );
  for (const options of [{}, ...given]) {
    const mm = createMachineMm({
      machine: TEST_MACHINE,
      release: design.kernel ?? TEST_MACHINE.kernel,
      collapse: 'off',
      seed: 1,
      sink: () => undefined,
    });
    const instance = design.create(mm, designOptions(design, options));
    for (const gauge of Object.keys(instance.gauges ?? {})) found.add(`design.${gauge}`);
  }
  return found;
}

it('every gauge of every design is a metric, and every such metric is some gauge', () => {
  const offered = new Set(designs.names.flatMap((name) => [...gaugesOf(name)]));
  const listed = DESIGN_METRICS.map(({ info }) => info.name);
  expect([...offered].sort()).toEqual([...listed].sort());
});
