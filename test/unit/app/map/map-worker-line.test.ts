/** The thread of maps: slow work is waited for, work that does not come on is ended and others go on. */
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { MapWorkerLine } from '../../../../src/app/map/map-worker-line.js';

const workerFile = fileURLToPath(new URL('../../../support/odd-map-worker.mjs', import.meta.url));
const line = new MapWorkerLine({ workerFile, silenceMs: 1200 });
afterAll(() => line.close());
const ask = (step: number) => line.ask({ call: 'place', mapId: 'm', step, byte: 0 });

describe('the thread of maps', () => {
  it('is given all the time that it needs while it shows that it goes on', async () => {
    expect(await ask(2)).toEqual({ step: 2 });
  });

  it('is ended with the open questions when a design does not come back, and started again', async () => {
    const stuck = ask(3);
    const behind = ask(1);
    await expect(stuck).rejects.toThrow('the simulation has not come on for 1.2 s');
    await expect(behind).rejects.toThrow('has not come on');
    expect(await ask(1)).toEqual({ step: 1 });
  });
});
