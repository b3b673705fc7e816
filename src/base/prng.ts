/**
 * The lab's only source of chance: a counter-based generator (Squares-like mixing on 2 x 32 bits).
 * Draw number i of a stream is a pure function of (key, i), so a stream can be read at any point
 * and adding a draw in one place moves nothing elsewhere. Keys come from hash(seed, address), the
 * address being the chain of names around the statement that draws.
 */

/** Key of one stream: two unsigned 32-bit halves. */
export interface StreamKey {
  readonly high: number;
  readonly low: number;
}

const mix32 = (input: number): number => {
  let x = input | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
};

/** Key of the stream that belongs to `address` under `seed` (whole, 0..2^53). */
export function streamKey(seed: number, address: string): StreamKey {
  let a = mix32((seed % 4294967296) ^ 0x9e3779b9);
  let b = mix32(Math.floor(seed / 4294967296) ^ 0x85ebca6b ^ a);
  for (let i = 0; i < address.length; i += 1) {
    const unit = address.charCodeAt(i);
    a = mix32(a ^ Math.imul(unit + 1, 0x9e3779b1));
    b = mix32(b + a + unit);
  }
  return { high: mix32(a ^ address.length), low: mix32(b ^ Math.imul(address.length, 0xc2b2ae35)) };
}

/** 32 random bits: draw `index` (whole, 0..2^53) of the stream. */
export function drawUint32(key: StreamKey, index: number): number {
  // `| 0` keeps the low 32 bits of any whole number; a double remainder costs many times as much.
  const low = index | 0;
  const high = index < 4294967296 ? 0 : Math.floor(index / 4294967296) | 0;
  let x = mix32(key.low ^ Math.imul(low, 0x9e3779b1));
  let y = mix32(key.high ^ high ^ x);
  x = mix32(x + Math.imul(y, 0x85ebca6b) + low);
  y = mix32(y ^ x);
  return (x ^ Math.imul(y, 0xc2b2ae35)) >>> 0;
}

/** Uniform in [0, 1) with 53 bits: draw `index` of the stream. Uses two 32-bit draws. */
export function drawUnit(key: StreamKey, index: number): number {
  const a = drawUint32(key, index * 2) >>> 5;
  const b = drawUint32(key, index * 2 + 1) >>> 6;
  return (a * 67108864 + b) / 9007199254740992;
}

/** Uniform whole number in [0, bound), bound 1..2^32. */
export function drawBelow(key: StreamKey, index: number, bound: number): number {
  return Math.floor(drawUnit(key, index) * bound);
}

/** A stream with its own position, for callers that draw in sequence. */
export class PrngStream {
  readonly key: StreamKey;
  private position = 0;

  constructor(seed: number, address: string) {
    this.key = streamKey(seed, address);
  }

  /** Uniform in [0, 1). */
  unit(): number {
    const value = drawUnit(this.key, this.position);
    this.position += 1;
    return value;
  }

  /** Uniform whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }
}
