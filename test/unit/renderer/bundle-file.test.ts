/** Bundles: what goes in comes out; anything else is refused with a reason. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BundleError, INPUT_BYTES_MAX } from '../../../src/contract/bundle-form.js';
import { packBundle, parseBundle, unpackBundle } from '../../../renderer/stores/bundle-file.js';

const BUNDLE = {
  file: 'churn.xlab',
  text: 'xlab 1\n',
  settings: { churn: '40/s' },
  seeds: '1..3',
  inputs: [{ path: 'host/a.txt', sha256: 'ab'.repeat(32), data: 'YWJj' }],
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
  report: { without: ['strip'], resultText: 'B wins.', resultsLink: 'https://example.org/r/' },
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

  it.each([
    ['my fleet (v2).xlab', true],
    ['Größe.xlab', true],
    ['.xlab', false],
    ['-rf.xlab', false],
    [' a.xlab', false],
    ['a\u202eb.xlab', false],
    ['a\nb.xlab', false],
    ['a:b.xlab', false],
    ['CON.xlab', false],
    ['fleet.txt', false],
    [`${'x'.repeat(200)}.xlab`, false],
    [`${'ж'.repeat(120)}.xlab`, false],
  ])('keep the name %j: %s', (file, isKept) => {
    const value = { format: 'xlabrun', version: 1, ...BUNDLE, file };
    expect(parseBundle(value).file).toBe(isKept ? file : 'bundle.xlab');
  });

  it('of an older window open with the usual view', () => {
    const value = { format: 'xlabrun', version: 1, ...BUNDLE, view: { timeNs: 7, pins: [] } };
    const usual = { mode: 'over', timeNs: 7, seed: null, metrics: [], freeScales: [] };
    expect(parseBundle(value).view).toMatchObject(usual);
  });

  it('of an older window, or with a strange choice of report, open with the report as generated', () => {
    const { report: _, inputs: __, ...old } = BUNDLE;
    const asGenerated = { without: [], resultText: '', resultsLink: '' };
    const value = { format: 'xlabrun', version: 1, ...old };
    expect(parseBundle(value)).toMatchObject({ inputs: [], report: asGenerated });
    const report = { without: ['limits', 7], resultText: 'x'.repeat(5000), resultsLink: 3 };
    expect(parseBundle({ ...value, report }).report).toEqual(asGenerated);
  });

  const withInputs = (...inputs: readonly unknown[]) =>
    parseBundle({ format: 'xlabrun', version: 1, ...BUNDLE, inputs });
  const [INPUT] = BUNDLE.inputs;

  it.each([
    '../outside.txt',
    'host/../../outside.txt',
    '/etc/passwd',
    'host//a.txt',
    './a.txt',
    'host/',
    '',
    'C:/a.txt',
    'host\\a.txt',
    'host/a\0.txt',
    'host/a\n.txt',
    `${'x/'.repeat(300)}a`,
    'y'.repeat(300),
  ])('with an input at %j are refused', (path) => {
    expect(() => withInputs({ ...INPUT, path })).toThrow(/an input with the name/);
  });

  it('with inputs that are too many, too large, twice the same or in the place of each other are refused', () => {
    const many = Array.from({ length: 10_001 }, (_, i) => ({ ...INPUT, path: String(i) }));
    expect(() => withInputs(...many)).toThrow('10001 inputs, at most 10000');
    const large = 'A'.repeat(Math.ceil(INPUT_BYTES_MAX / 3) * 4 + 4);
    expect(() => withInputs({ ...INPUT, data: large })).toThrow('25 MiB, a bundle takes 24 MiB');
    expect(() => withInputs(INPUT, { ...INPUT, path: 'host/A.txt' })).toThrow('two files');
    expect(() => withInputs({ ...INPUT, path: BUNDLE.file })).toThrow('two files');
    const inside = { ...INPUT, path: 'host/a.txt/b' };
    expect(() => withInputs(INPUT, inside)).toThrow('as a file and as a folder');
  });

  it.each([
    ['no list', 7],
    ['no files', [7]],
    ['no bytes', [{ ...INPUT, data: 5 }]],
    ['bytes that are not base64', [{ ...INPUT, data: 'ab$=' }]],
    ['a sum that is none', [{ ...INPUT, sha256: 'abc' }]],
  ])('whose inputs are %s are refused', (_name, inputs) => {
    const value = { format: 'xlabrun', version: 1, ...BUNDLE, inputs };
    expect(() => parseBundle(value)).toThrow(/cannot be read/);
  });

  it('that nobody could open are not packed', async () => {
    const text = 'x'.repeat(61 * 1024 * 1024);
    await expect(packBundle({ ...BUNDLE, text })).rejects.toThrow('at most 60 are opened');
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
