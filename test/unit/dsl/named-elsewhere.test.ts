/** Imports of one scenario describe one machine: nothing is taken twice. */
import { describe, expect, it } from 'vitest';
import { withoutNamedElsewhere } from '../../../dsl/lower/named-elsewhere.js';
import type { ImportedData } from '../../../src/contract/catalog.js';
import type { RecordedCreate } from '../../../src/contract/scenario-plan.js';

const sha256 = 'ab'.repeat(32);
const account = { records: 3, used: 0, guessed: 3, dropped: 0, reasons: [] };
const module = (name: string): RecordedCreate => ({ kind: 'module', name, sections: [4096] });
const program = (name: string): RecordedCreate => ({ kind: 'bpf', name, sizeBytes: 64 });
const text: RecordedCreate = { kind: 'alloc', name: 'area', memory: 'text', sizeBytes: 4096 };

const areas: ImportedData = {
  sha256,
  account,
  layout: { name: 'areas', objects: [module('area 1'), program('area 2'), text] },
  unnamed: { objects: [0, 1, 2], keys: [] },
};
const namesOf = (data: ImportedData) => data.layout?.objects.map(({ name }) => name);
const layout = (...objects: RecordedCreate[]): ImportedData => ({
  sha256,
  layout: { name: 'named', objects },
});

describe('areas of a layout whose content is not told', () => {
  it('stay when no other import names what is in them', () => {
    expect(withoutNamedElsewhere(areas, [])).toEqual(areas);
    expect(withoutNamedElsewhere(areas, [areas])).toEqual(areas);
  });

  it('are left to the import that names objects of their kind', () => {
    const left = withoutNamedElsewhere(areas, [layout(module('nic'))]);
    expect(namesOf(left)).toEqual(['area 2', 'area']);
    expect(left.account).toEqual({
      ...account,
      guessed: 2,
      beside: 1,
      reasons: [{ reason: 'named by another import', count: 1 }],
    });
    const both = withoutNamedElsewhere(areas, [layout(module('nic')), layout(program('p'))]);
    expect(namesOf(both)).toEqual(['area']);
  });

  it('never make a named object go', () => {
    const named = layout(module('nic'));
    expect(withoutNamedElsewhere(named, [areas, named])).toEqual(named);
  });
});

describe('areas of a stream whose asker is not told', () => {
  const stream = (...creates: RecordedCreate[]): ImportedData => ({
    sha256,
    stream: {
      name: 'stream',
      account,
      events: creates.flatMap((create, index) => [
        { kind: 'create' as const, timeNs: index, key: String(index), create },
        { kind: 'release' as const, timeNs: index + 9, key: String(index) },
      ]),
    },
  });
  const traced: ImportedData = {
    ...stream(module('xfs'), text),
    unnamed: { objects: [], keys: ['1'] },
  };

  it('are left to the stream that names text as it comes and goes', () => {
    const left = withoutNamedElsewhere(traced, [stream(program('p'))]);
    expect(left.stream?.events.map(({ key }) => key)).toEqual(['0', '0']);
    expect(left.stream?.account).toMatchObject({ guessed: 2, beside: 1 });
  });

  it('stay beside a stream that has modules only, or areas of its own kind', () => {
    expect(withoutNamedElsewhere(traced, [stream(module('nic'))])).toEqual(traced);
    expect(withoutNamedElsewhere(traced, [traced])).toEqual(traced);
  });
});
