/** Events on the time axis of charts. */
import { describe, expect, it } from 'vitest';
import { lanePath, placesOf } from '../../../renderer/charts/event-lanes.js';

const AXIS = { startNs: 100, endNs: 200, widthPx: 400 };

describe('events in charts', () => {
  it('stand on the pixels of their time, once each, and only those in view', () => {
    expect(placesOf([99, 100, 150, 150.01, 200, 201], AXIS)).toEqual([0, 200, 400]);
  });

  it('have a lane for each design, one under the other', () => {
    const [first, second] = [0, 1].map((lane) => lanePath([100, 150], AXIS, lane));
    expect(first?.match(/M/g)).toHaveLength(2);
    expect(second).not.toBe(first);
  });
});
