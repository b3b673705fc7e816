/** The view in the fragment of an address: it survives, and nothing else gets in. */
import { describe, expect, it } from 'vitest';
import { decodeViewLink, encodeViewLink } from '../../../renderer/stores/view-link.js';
import type { ViewLink } from '../../../renderer/stores/view-link.js';

const LINK: ViewLink = {
  scenario: 'fleet-churn.xlab',
  settings: { churn: '60/s' },
  seeds: '1..3',
  run: 'run-2',
  hash: '372a0457c5d7',
  mode: 'diff',
  timeNs: 2_100_000_000,
  zoom: { startNs: 1e9, endNs: 3e9 },
  seed: 4,
  point: 1,
  metrics: ['DirectMap4k'],
  freeScales: ['DirectMap4k'],
  baseline: 'execmem_rox',
  pins: [{ name: 'before the storm; ümlaut', timeNs: 5 }],
};

const fragmentOf = (value: unknown): string => `#view=${btoa(JSON.stringify(value))}`;

describe('view link', () => {
  it('survives the way through an address', () => {
    const text = encodeViewLink(LINK);
    expect(text).toMatch(/^view=[\w-]+$/);
    expect(decodeViewLink(`#${text}`)).toEqual(LINK);
    expect(decodeViewLink(`#token=abc&${text}`)).toEqual(LINK);
  });

  it.each([
    ['no fragment', ''],
    ['no view', '#token=abc'],
    ['no base64', '#view=%%%'],
    ['no JSON', `#view=${btoa('hello')}`],
    ['no object', fragmentOf([1])],
    ['another kind of file', fragmentOf({ ...LINK, scenario: 'x.txt' })],
    ['too long', `#view=${'A'.repeat(9000)}`],
  ])('is none with %s', (_name, fragment) => {
    expect(decodeViewLink(fragment)).toBeNull();
  });

  it('drops fields that are not what they should be', () => {
    const odd = { ...LINK, mode: 'x', timeNs: 'now', zoom: { startNs: 3, endNs: 1 }, seed: -1 };
    const found = decodeViewLink(fragmentOf({ ...odd, pins: [1, {}], metrics: [1, 'a'] }));
    expect(found).toMatchObject({ mode: 'over', timeNs: 0, zoom: null, seed: null });
    expect(found).toMatchObject({ pins: [], metrics: ['a'] });
  });
});
