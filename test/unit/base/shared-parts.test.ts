import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isShared, joinParts, shareParts } from '../../../src/base/shared-parts.js';

const LIST = Array.from({ length: 30 }, (_, i) => i * 1000);
const thereAndBack = (value: unknown): unknown => {
  const shared: unknown = JSON.parse(JSON.stringify(shareParts(value)));
  expect(typeof shared === 'object' && shared !== null && isShared(shared)).toBe(true);
  return joinParts(shared ?? {});
};

describe('equal parts that stand once', () => {
  it('are one object again, in whatever depth they stood', () => {
    const value = {
      a: LIST,
      b: [
        { c: LIST, d: { c: LIST } },
        { c: LIST, d: { c: LIST } },
      ],
      e: null,
    };
    const back = thereAndBack(value) as typeof value;
    expect(back).toEqual(value);
    expect(back.b[0]?.d.c).toBe(back.a);
    expect(back.b[0]).toBe(back.b[1]);
    const text = JSON.stringify(shareParts(value));
    expect(text.split(JSON.stringify(LIST))).toHaveLength(2);
  });

  it('come back whatever the value is', () => {
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(LIST, null, true, 'text', -1.5, LIST.map(String)),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'ref', 'toString'), tie('node'), {
          maxKeys: 3,
        }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(thereAndBack(plain)).toEqual(plain);
      }),
      { numRuns: 200 },
    );
  });

  it('that refer to nothing, or to later ones, stay as they are', () => {
    const odd = { $shared: [{ $ref: 1 }, 5], $in: [{ $ref: 7 }, { $ref: 0 }, { $ref: 1 }] };
    expect(joinParts(odd)).toEqual([{ $ref: 7 }, { $ref: 1 }, 5]);
  });

  it('are not made of values whose keys look like them', () => {
    expect(() => shareParts({ a: { $ref: 1 } })).toThrow(/stand for parts/);
  });
});
