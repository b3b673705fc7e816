/** Events on a slow line: the newest partial result is enough, and an end is never late. */
import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../../src/contract/lab-api.js';
import { PacedEvents } from '../../../src/host/paced-events.js';
import { fakeResult } from '../../support/fake-result.js';

const RESULT = fakeResult({ seedCount: 2 });
const partial = (done: number, runId = 'run-1'): LabEvent => ({
  kind: 'result',
  runId,
  result: { ...RESULT, complete: false, runs: RESULT.runs.slice(0, done) },
});
const whole: LabEvent = { kind: 'result', runId: 'run-1', result: { ...RESULT, complete: true } };
const progress: LabEvent = { kind: 'progress', runId: 'run-1', done: 1, total: 6, requests: 9 };
const cancelled: LabEvent = { kind: 'cancelled', runId: 'run-1', done: 3, total: 6 };

/** A line that sends when it is told to. */
function slowLine() {
  const delivered: LabEvent[] = [];
  const open: (() => void)[] = [];
  const paced = new PacedEvents((event, sent) => {
    delivered.push(event);
    open.push(sent);
  });
  const flush = (): void => {
    for (const sent of open.splice(0)) sent();
  };
  return { paced, delivered, flush };
}

describe('events on a slow line', () => {
  it('keep one partial result on its way, and then the newest', () => {
    const { paced, delivered, flush } = slowLine();
    for (const done of [1, 2, 3]) paced.offer(partial(done));
    expect(delivered).toEqual([partial(1)]);
    flush();
    expect(delivered).toEqual([partial(1), partial(3)]);
    flush();
    flush();
    expect(delivered).toHaveLength(2);
  });

  it('tell progress at once', () => {
    const { paced, delivered } = slowLine();
    for (const event of [partial(1), partial(2), progress]) paced.offer(event);
    expect(delivered).toEqual([partial(1), progress]);
  });

  it('tell a stop at once, behind the last result', () => {
    const { paced, delivered, flush } = slowLine();
    for (const event of [partial(1), partial(2), partial(3), cancelled]) paced.offer(event);
    expect(delivered).toEqual([partial(1), partial(3), cancelled]);
    flush();
    expect(delivered).toHaveLength(3);
  });

  it('tell the whole result in place of the partial one that waits', () => {
    const { paced, delivered, flush } = slowLine();
    for (const event of [partial(1), partial(2), whole]) paced.offer(event);
    expect(delivered).toEqual([partial(1), whole]);
    flush();
    expect(delivered).toHaveLength(2);
  });

  it('let every run have its turn', () => {
    const { paced, delivered, flush } = slowLine();
    for (const event of [partial(1), partial(1, 'run-2'), partial(2)]) paced.offer(event);
    flush();
    flush();
    expect(delivered).toEqual([partial(1), partial(1, 'run-2'), partial(2)]);
  });
});
