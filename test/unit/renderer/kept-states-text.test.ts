/** What the window says of maps that keep a part of the states. */
import { describe, expect, it } from 'vitest';
import { keptStatesDetails, keptStatesText } from '../../../renderer/maps/kept-states-text.js';
import { placeText } from '../../../renderer/maps/map-text.js';

const whole = { keptEvery: 1, logBytes: 2 ** 20, stepCount: 90 };
const long = { keptEvery: 1000, logBytes: 3.1 * 2 ** 30, stepCount: 12_345_678 };
const longer = { keptEvery: 4000, logBytes: 9.6 * 2 ** 30, stepCount: 40_000_000 };

describe('maps of a run whose event log is too long', () => {
  it('say how long it is, which states are kept, and what that costs', () => {
    expect(keptStatesText([whole, long])).toBe(
      'Event log is 3.1 GiB. Maps keep every 1,000th state; stepping is slower.',
    );
    expect(keptStatesText([longer, long])).toContain('9.6 GiB. Maps keep every 4,000th state');
    expect(keptStatesText([whole, whole])).toBe('');
    expect(keptStatesText([])).toBe('');
  });

  it('say it of each design on demand', () => {
    const lines = keptStatesDetails([
      { name: 'A module_alloc', info: whole },
      { name: 'B bpf_prog_pack', info: long },
    ]);
    expect(lines[0]).toBe('A module_alloc: 90 requests, 1 MiB, all states kept.');
    expect(lines[1]).toBe(
      'B bpf_prog_pack: 12,345,678 requests, 3.1 GiB, every 1,000th state kept.',
    );
    expect(lines[2]).toContain('the map says its time');
  });

  it('say of a page since when its history is known', () => {
    const place = { address: '0xffffffffc0000000', state: 0, history: [], keptFromNs: 2e9 };
    expect(placeText(place)).toBe('page never changed since 2.000000 s');
    const history = [{ timeNs: 3e9, step: 9, state: 0 }];
    expect(placeText({ ...place, history })).toMatch(/; changes before 2\.000000 s are not kept$/);
  });
});
