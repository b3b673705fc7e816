import { describe, expect, test } from 'vitest';
import { LAB_API_METHODS } from '../../../src/contract/lab-api.js';
import { argumentProblem } from '../../../src/host/dispatch.js';
import {
  ARGUMENT_SCHEMAS,
  decodeMessage,
  encodeMessage,
  parseHostMessage,
} from '../../../src/host/wire.js';

describe('wire', () => {
  test('every call of LabApi has an argument schema and no other does', () => {
    expect(Object.keys(ARGUMENT_SCHEMAS).sort()).toEqual([...LAB_API_METHODS].sort());
  });

  test('numbers that JSON lacks survive', () => {
    const value = { a: [Number.NaN, Infinity, -Infinity, 1.5, 0], b: 'NaN' };
    expect(decodeMessage(encodeMessage(value))).toEqual(value);
  });

  test('typed arrays survive, empty ones and long ones too', () => {
    const long = Int32Array.from({ length: 70_000 }, (_, i) => i * 30_011 - 1_000_000_000);
    const value = { a: long, b: [Float64Array.of(0.1, Number.NaN, 2 ** 52)], c: new Int32Array() };
    expect(decodeMessage(encodeMessage(value))).toEqual(value);
  });

  test('what stands beside arrays and numbers stays, whatever its keys are called', () => {
    const text =
      '[{"$i32":"AQAAAA==","b":1},{"__proto__":{"$number":"NaN"}},{"$number":"toString"},[null,[{"$i32":"AQAAAA=="}]]]';
    const decoded = decodeMessage(text) as unknown[];
    expect(decoded[0]).toEqual({ $i32: 'AQAAAA==', b: 1 });
    expect(Object.getPrototypeOf(decoded[1])).toBe(Object.prototype);
    expect(Object.entries(decoded[1] ?? {})).toEqual([['__proto__', Number.NaN]]);
    expect(decoded[2]).toEqual({ $number: 'toString' });
    expect(decoded[3]).toEqual([null, [Int32Array.of(1)]]);
  });

  test('parts that stand once are joined in what a host says, never in what a client says', () => {
    const parts = '{"$shared":[[1,2]],"$in":[{"$ref":0},{"$ref":0}]}';
    const reply = parseHostMessage(`{"jsonrpc":"2.0","id":1,"result":{"runs":${parts}}}`);
    expect(reply).toMatchObject({
      result: {
        runs: [
          [1, 2],
          [1, 2],
        ],
      },
    });
    expect(decodeMessage(parts)).toEqual(JSON.parse(parts));
  });

  test.each(['not base64!', 'AAA=', 7])(
    'what only looks like an array stays as it is: %s',
    (text) => {
      const value = { a: { $i32: text } };
      expect(decodeMessage(JSON.stringify(value))).toEqual(value);
    },
  );

  test.each([
    ['reply', '{"jsonrpc":"2.0","id":1,"result":5}', true],
    ['error', '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}', true],
    ['heartbeat', '{"jsonrpc":"2.0","method":"heartbeat","params":[]}', true],
    ['event', '{"jsonrpc":"2.0","method":"event","params":[{"kind":"x","runId":"r"}]}', true],
    ['event without run', '{"jsonrpc":"2.0","method":"event","params":[{}]}', false],
    ['text', 'hello', false],
    ['other version', '{"jsonrpc":"1.0","id":1,"result":5}', false],
  ])('a host message: %s', (_name, text, wanted) => {
    expect(parseHostMessage(text) !== null).toBe(wanted);
  });

  test.each([
    ['too many settings', { id: 'a', text: '', settings: many(65) }],
    ['settings that are not text', { id: 'a', text: '', settings: { n: 5 } }],
    ['empty id', { id: '', text: '', settings: {} }],
    ['missing text', { id: 'a', settings: {} }],
  ])('check refuses %s', (_name, argument) => {
    expect(argumentProblem('check', [argument])).not.toBeNull();
  });
});

function many(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${String(i)}`, '1']));
}
