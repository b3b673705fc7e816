/**
 * JSON-RPC 2.0 form of LabApi, shared by both ends of every transport: the methods' arguments as
 * schemas, message sizes, and text encoding of numbers that JSON lacks. Pure: no Node, no DOM.
 */
import * as v from 'valibot';
import { INPUT_FILES_MAX, inputsProblem, isScenarioName } from '../contract/bundle-form.js';
import { isShared, joinParts } from '../base/shared-parts.js';
import { LAB_API_METHODS } from '../contract/lab-api.js';
import {
  REPORT_SECTIONS,
  RESULT_TEXT_CHARS_MAX,
  RESULTS_LINK_CHARS_MAX,
} from '../contract/report-check.js';
import type { LabApi, LabApiMethod, LabEvent } from '../contract/lab-api.js';

/** Longest result that a window may hand in: bundles from mails are bounded before they are read. */
export const RESULT_CHARS_MAX = 64 * 1024 * 1024;
/** Longest message a client may send, in UTF-16 units: a result as a JSON string, with its escapes. */
export const REQUEST_CHARS_MAX = 2 * RESULT_CHARS_MAX;
/** Longest message a host sends: results of a large sweep. */
export const REPLY_CHARS_MAX = 256 * 1024 * 1024;
/** The host says something at least this often; a client that hears nothing for 3x reconnects. */
export const HEARTBEAT_INTERVAL_MS = 10_000;
/** WebSocket subprotocol; the second offered protocol is `TOKEN_PROTOCOL_PREFIX + token`. */
export const LAB_PROTOCOL = 'xlab.v1';
export const TOKEN_PROTOCOL_PREFIX = 'xlab-token.';

/** JSON-RPC error codes. `lab` is an answer for the user (LabError), the others are defects. */
export const RpcErrorCode = {
  lab: 1,
  parse: -32700,
  invalidRequest: -32600,
  unknownMethod: -32601,
  invalidArguments: -32602,
  internal: -32603,
} as const;

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
const scenarioText = v.pipe(v.string(), v.maxLength(2 * 1024 * 1024));
const runId = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const settings = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(128)), v.pipe(v.string(), v.maxLength(1024))),
  v.check((record) => Object.keys(record).length <= 64, 'more than 64 settings'),
);

const seeds = v.pipe(v.string(), v.maxLength(256));

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const languageQuestion = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['complete', 'hover', 'definition']), offset: count }),
  v.strictObject({
    kind: v.literal('rename'),
    offset: count,
    newName: v.pipe(v.string(), v.maxLength(256)),
  }),
  v.strictObject({ kind: v.picklist(['format', 'outline', 'counts', 'designs', 'size']) }),
  v.strictObject({ kind: v.literal('unread'), path: id }),
  v.strictObject({
    kind: v.literal('add-design'),
    added: v.strictObject({
      design: v.pipe(v.string(), v.maxLength(128)),
      name: v.pipe(v.string(), v.maxLength(128)),
      options: settings,
    }),
  }),
]);
const mapTarget = v.variant('kind', [
  v.strictObject({ kind: v.literal('time'), timeNs: v.pipe(v.number(), v.finite()) }),
  v.strictObject({ kind: v.literal('step'), step: count }),
  v.strictObject({
    kind: v.literal('next'),
    step: count,
    direction: v.picklist([1, -1]),
    effect: v.pipe(v.string(), v.maxLength(64)),
  }),
]);

const scenarioSource = v.strictObject({ id, text: scenarioText, settings, seeds });

/** Names, sizes and letters are checked here; sums by whoever unpacks it. */
const bundledScenario = v.pipe(
  v.strictObject({
    file: v.pipe(v.string(), v.check(isScenarioName, 'not the name of a scenario')),
    text: scenarioText,
    inputs: v.pipe(
      v.array(v.strictObject({ path: v.string(), sha256: v.string(), data: v.string() })),
      v.maxLength(INPUT_FILES_MAX),
    ),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    const { typed, value } = dataset;
    const problem = typed ? inputsProblem(value.inputs, value.file) : '';
    if (problem !== '') addIssue({ message: problem });
  }),
);

const comparedRun = v.strictObject({
  runId,
  name: v.pipe(v.string(), v.maxLength(128)),
  point: v.nullable(count),
});

const mapRequest = v.strictObject({
  runId,
  point: count,
  seed: count,
  design: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
});

/** Arguments of each method, as one tuple per method. */
export const ARGUMENT_SCHEMAS = {
  describe: v.strictTuple([]),
  listScenarios: v.strictTuple([]),
  openScenario: v.strictTuple([id]),
  saveScenario: v.strictTuple([
    v.strictObject({ id, text: scenarioText, replaces: v.exactOptional(scenarioText) }),
  ]),
  check: v.strictTuple([
    v.strictObject({ id, text: scenarioText, settings, seeds: v.exactOptional(seeds) }),
  ]),
  run: v.strictTuple([
    v.strictObject({
      id,
      text: scenarioText,
      settings,
      seeds,
      only: v.pipe(v.array(v.pipe(v.string(), v.maxLength(128))), v.maxLength(64)),
      continues: v.pipe(v.string(), v.maxLength(64)),
      phaseLine: count,
    }),
  ]),
  namePlugin: v.strictTuple([v.strictObject({ id, path: id })]),
  cancel: v.strictTuple([runId]),
  report: v.strictTuple([
    v.strictObject({ runId, format: v.picklist(['mail', 'short', 'md', 'csv', 'json']) }),
  ]),
  previewReport: v.strictTuple([
    v.strictObject({
      runId,
      scenario: scenarioSource,
      without: v.pipe(v.array(v.picklist(REPORT_SECTIONS)), v.maxLength(REPORT_SECTIONS.length)),
      resultText: v.pipe(v.string(), v.maxLength(RESULT_TEXT_CHARS_MAX)),
      resultsLink: v.pipe(v.string(), v.maxLength(RESULTS_LINK_CHARS_MAX)),
    }),
  ]),
  chart: v.strictTuple([
    v.strictObject({
      runId,
      metric: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
      format: v.picklist(['svg', 'png']),
    }),
  ]),
  language: v.strictTuple([v.strictObject({ id, text: scenarioText, question: languageQuestion })]),
  adopt: v.strictTuple([
    v.strictObject({
      text: v.pipe(v.string(), v.maxLength(RESULT_CHARS_MAX)),
      scenario: v.exactOptional(scenarioSource),
    }),
  ]),
  compare: v.strictTuple([v.strictObject({ a: comparedRun, b: comparedRun })]),
  mergeShares: v.strictTuple([
    v.strictObject({
      scenario: scenarioSource,
      runId: v.pipe(v.string(), v.maxLength(64)),
      shares: v.pipe(
        v.array(
          v.strictObject({
            name: v.pipe(v.string(), v.maxLength(256)),
            data: v.pipe(v.string(), v.maxLength(RESULT_CHARS_MAX), v.base64()),
          }),
        ),
        v.minLength(1),
        v.maxLength(1024),
      ),
    }),
  ]),
  bundleInputs: v.strictTuple([v.strictObject({ runId, scenario: scenarioSource })]),
  openBundle: v.strictTuple([bundledScenario]),
  takeOverBundle: v.strictTuple([id]),
  openMap: v.strictTuple([mapRequest]),
  mapAt: v.strictTuple([v.strictObject({ mapId: runId, target: mapTarget })]),
  mapPlace: v.strictTuple([v.strictObject({ mapId: runId, step: count, byte: count })]),
  mapRecords: v.strictTuple([
    v.strictObject({
      mapId: runId,
      effect: v.pipe(v.string(), v.maxLength(64)),
      phase: v.pipe(v.string(), v.maxLength(256)),
      line: count,
      path: v.pipe(v.string(), v.maxLength(4096)),
    }),
  ]),
  mapPool: v.strictTuple([
    v.strictObject({ mapId: runId, pool: v.pipe(v.string(), v.maxLength(128)) }),
  ]),
  tlbExecuted: v.strictTuple([
    v.strictObject({ viewId: runId, byte: count, timeNs: v.pipe(v.number(), v.finite()) }),
  ]),
  openTlb: v.strictTuple([mapRequest]),
  firstRun: v.strictTuple([]),
  tlbAt: v.strictTuple([v.strictObject({ viewId: runId, timeNs: v.pipe(v.number(), v.finite()) })]),
} as const satisfies Record<LabApiMethod, v.GenericSchema<unknown, readonly unknown[]>>;

export const RequestSchema = v.strictObject({
  jsonrpc: v.literal('2.0'),
  id: v.pipe(v.number(), v.integer(), v.minValue(0)),
  method: v.pipe(v.string(), v.maxLength(64)),
  params: v.array(v.unknown()),
});
export type RpcRequest = v.InferOutput<typeof RequestSchema>;

export interface RpcError {
  readonly code: number;
  readonly message: string;
}

export type RpcReply =
  | { readonly jsonrpc: '2.0'; readonly id: number | null; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: number | null; readonly error: RpcError };

export type RpcNotification =
  | { readonly jsonrpc: '2.0'; readonly method: 'event'; readonly params: readonly [LabEvent] }
  | { readonly jsonrpc: '2.0'; readonly method: 'heartbeat'; readonly params: readonly [] };

export type HostMessage = RpcReply | RpcNotification;

const HostMessageSchema = v.union([
  v.object({ jsonrpc: v.literal('2.0'), id: v.nullable(v.number()), result: v.unknown() }),
  v.object({
    jsonrpc: v.literal('2.0'),
    id: v.nullable(v.number()),
    error: v.object({ code: v.number(), message: v.string() }),
  }),
  v.object({ jsonrpc: v.literal('2.0'), method: v.literal('heartbeat') }),
  v.object({
    jsonrpc: v.literal('2.0'),
    method: v.literal('event'),
    params: v.tuple([v.looseObject({ kind: v.string(), runId: v.string() })]),
  }),
]);

export const isLabApiMethod = (name: string): name is LabApiMethod =>
  (LAB_API_METHODS as readonly string[]).includes(name);

/** Typed arrays travel as base64 of their bytes, little endian as every machine of today has them. */
const ARRAY_KEYS = { $i32: Int32Array, $f64: Float64Array } as const;
const BASE64_CODES = new TextEncoder().encode(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
);
const BASE64_PADDING = 61;
const NON_FINITE_KEY = '$number';
const SPECIAL = /"\$(?:number|i32|f64|shared)"/;
const NON_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** True when JSON keeps all of a value: no typed array in it, every number finite. */
function isPlainJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isPlainJson);
  return !ArrayBuffer.isView(value) && Object.values(value).every(isPlainJson);
}

/**
 * JSON text in which NaN, the infinities and typed arrays survive. Looking first is several times faster
 * than a replacer for every number of a large result.
 */
export function encodeMessage(message: unknown): string {
  if (isPlainJson(message)) return JSON.stringify(message);
  return JSON.stringify(message, (_key, value: unknown) => {
    if (typeof value === 'number') {
      return Number.isFinite(value) ? value : { [NON_FINITE_KEY]: String(value) };
    }
    if (value instanceof Int32Array) return { $i32: base64Of(value) };
    if (value instanceof Float64Array) return { $f64: base64Of(value) };
    return value;
  });
}

/** By a table: the platform's `btoa` is many times slower on Node. */
function base64Of(array: Int32Array | Float64Array): string {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text[at] = BASE64_CODES[bits >> 18] ?? 0;
    text[at + 1] = BASE64_CODES[(bits >> 12) & 63] ?? 0;
    text[at + 2] = BASE64_CODES[(bits >> 6) & 63] ?? 0;
    text[at + 3] = BASE64_CODES[bits & 63] ?? 0;
    at += 4;
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  text.fill(BASE64_PADDING, text.length - missing);
  return new TextDecoder().decode(text);
}

const nativeFromBase64: unknown = Reflect.get(Uint8Array, 'fromBase64');

/** By the platform where it has a decoder for bytes; throws on text that is not base64. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  if (typeof nativeFromBase64 === 'function') {
    const decoded: unknown = Reflect.apply(nativeFromBase64, Uint8Array, [text]);
    if (decoded instanceof Uint8Array && decoded.buffer instanceof ArrayBuffer) {
      return decoded as Uint8Array<ArrayBuffer>;
    }
  }
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Undefined for text that is not base64 of whole elements. */
function arrayOf(
  key: keyof typeof ARRAY_KEYS,
  text: string,
): Int32Array | Float64Array | undefined {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = bytesOf(text);
  } catch {
    return undefined;
  }
  const kind = ARRAY_KEYS[key];
  return bytes.length % kind.BYTES_PER_ELEMENT === 0 ? new kind(bytes.buffer) : undefined;
}

/** The inverse of `encodeMessage`; throws SyntaxError on text that is not JSON. */
export function decodeMessage(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return SPECIAL.test(text) ? restored(value, false) : value;
}

/** As `decodeMessage`, of a host: parts that stand once are joined, which needs trust in the sender. */
function decodeHostMessage(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return SPECIAL.test(text) ? restored(value, true) : value;
}

/**
 * Puts typed arrays and numbers that JSON lacks in their places, in a value that nobody else has yet. A
 * walk over what can hold them is several times faster than a reviver, which is called for every number.
 */
function restored(value: unknown, joins: boolean): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const list: unknown[] = value;
    for (let i = 0; i < list.length; i += 1) {
      const entry = list[i];
      if (typeof entry === 'object') list[i] = restored(entry, joins);
    }
    return list;
  }
  const keys = Object.keys(value);
  const [only] = keys;
  if (only !== undefined && keys.length === 1) {
    const inner: unknown = Reflect.get(value, only);
    if (typeof inner === 'string') return specialOf(only, inner) ?? value;
  }
  for (const key of keys) {
    const entry: unknown = Reflect.get(value, key);
    const made = restored(entry, joins);
    if (made !== entry) Reflect.set(value, key, made);
  }
  return joins && isShared(value) ? joinParts(value) : value;
}

/** What a key with a text stands for; undefined for itself. */
function specialOf(key: string, text: string): number | Int32Array | Float64Array | undefined {
  if (key === NON_FINITE_KEY) return Object.hasOwn(NON_FINITE, text) ? NON_FINITE[text] : undefined;
  return key === '$i32' || key === '$f64' ? arrayOf(key, text) : undefined;
}

/** A host's message, or null when it is none. */
export function parseHostMessage(text: string): HostMessage | null {
  try {
    const parsed = v.safeParse(HostMessageSchema, decodeHostMessage(text));
    return parsed.success ? (parsed.output as HostMessage) : null;
  } catch {
    return null;
  }
}

/** Calls of LabApi without the subscription, which each transport does its own way. */
export type LabCalls = Omit<LabApi, 'subscribe'>;
