/** Bundles: what goes in comes out; anything else is refused with a reason. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BundleError,
  packBundle,
  parseBundle,
  unpackBundle,
} from '../../../renderer/stores/bundle-file.js';

const BUNDLE = {
  file: 'churn.xlab',
  text: 'xlab 1\n',
  settings: { churn: '40/s' },
  seeds: '1..3',
  view: {
    mode: 'side',
    timeNs: 5e9,
    zoom: { startNs: 1e9, endNs: 6e9 },
    seed: 2,
    point: null,
    metrics: ['DirectMap4k'],
    freeScales: ['DirectMap4k'],
    baseline: 'bpf_prog_pack',
    pins: [{ name: 'before storm', timeNs: 2e9 }],
  },
  result: { schema: 1, runs: [] },
} as const;

describe('bundles', () => {
  it('come out as they went in', async () => {
    expect(await unpackBundle(await packBundle(BUNDLE))).toEqual(BUNDLE);
  });

  it('carry a file name without folders', () => {
    const value = { format: 'xlabrun', version: 1, ...BUNDLE, file: '../../home/me/secret.xlab' };
    expect(parseBundle(value).file).toBe('secret.xlab');
  });

  it('of an older window open with the usual view', () => {
    const value = { format: 'xlabrun', version: 1, ...BUNDLE, view: { timeNs: 7, pins: [] } };
    const usual = { mode: 'over', timeNs: 7, seed: null, metrics: [], freeScales: [] };
    expect(parseBundle(value).view).toMatchObject(usual);
  });

  it.each([
    ['another format', { format: 'zip', version: 1 }, 'not a bundle of this lab'],
    ['a later version', { format: 'xlabrun', version: 2 }, 'has version 2'],
    ['no scenario', { format: 'xlabrun', version: 1, settings: {} }, 'no scenario'],
    [
      'strange settings',
      { format: 'xlabrun', version: 1, ...BUNDLE, settings: { a: 1 } },
      'settings of the bundle',
    ],
  ])('with %s are refused', (_name, value, reason) => {
    expect(() => parseBundle(value)).toThrow(reason);
  });

  it('never fail with anything but a reason', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        try {
          parseBundle(value);
        } catch (error) {
          expect(error).toBeInstanceOf(BundleError);
        }
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
