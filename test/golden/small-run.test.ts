/** One small run, event by event: a module with init memory, a packed program, a poke. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { SimEvent } from '../../src/engine/event-ledger.js';
import { fixed, PlanWriter } from '../support/point-plan.js';
import { simulateNaive } from '../support/simulate-plan.js';
import { traceText } from '../support/trace-text.js';

const MS = 1_000_000;

it('a small run makes exactly these events, causes and values', () => {
  const w = new PlanWriter();
  const pool = w.pool('a');
  const point = w.point([
    w.phase('boot', [w.module([9000, 500, 200, 0, 300, 0, 0], { pool }), w.wait(2 * MS)]),
    w.phase('work', [w.bpf(168, { lifetime: fixed(3 * MS) }), w.execute(1e6), w.wait(1 * MS)], {
      durationNs: 5 * MS,
    }),
    w.phase('drain', [w.freeAll()]),
  ]);
  const events: SimEvent[] = [];
  const { result } = simulateNaive(point, { hooks: { onEvent: (event) => events.push(event) } });
  const wanted = readFileSync(new URL('small-run.txt', import.meta.url), 'utf8');
  expect(`${traceText(events, result)}\n`).toBe(wanted);
});
