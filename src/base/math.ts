/**
 * The engine's own exp, log and pow. The language's library functions may differ in the last digit
 * from one platform to the next, and one digit moves a simulated request; these use only + - * /
 * and exact bit access, so every platform gives the same bits. Accuracy: 2 units in the last place
 * against a correctly rounded result (test/unit/base/math.test.ts). Methods: two-part reduction by
 * ln 2 with a Taylor series (exp), the series of atanh (log), and log in double-double arithmetic
 * (pow), as in T. J. Dekker, "A floating-point technique for extending the available precision".
 */

/** ln 2 to 32 bits, so that its product with any exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
/** ln 2 - LN2_HIGH. */
const LN2_LOW = 1.9082149292705877e-10;
const LOG2_E = 1.4426950408889634;
const SQRT_2 = 1.4142135623730951;
/** Largest x with a finite exp(x); below the second exp(x) is 0. */
const EXP_MAX = 709.782712893384;
const EXP_MIN = -745.1332191019412;
/** 2^27 + 1: splits a double into two halves of 26 bits. */
const SPLITTER = 134217729;
const THIRD_HIGH = 0.3333333333333333;
const THIRD_LOW = 1.850371707708594e-17;

const view = new DataView(new ArrayBuffer(8));

/** 2^exponent, exactly; exponent -1022..1023. */
function powerOfTwo(exponent: number): number {
  view.setUint32(0, (exponent + 1023) * 1048576);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}

/** value x 2^exponent; rounds once, also into the subnormal range. */
function scaleByPowerOfTwo(value: number, exponent: number): number {
  if (exponent > 1023) return value * powerOfTwo(1023) * powerOfTwo(exponent - 1023);
  if (exponent < -1022) return value * powerOfTwo(exponent + 120) * powerOfTwo(-120);
  return value * powerOfTwo(exponent);
}

/** exp(x) - 1 - x over x^2 for |x| <= 0.35: Taylor to the 13th power, remainder below 5e-18. */
function expTail(x: number): number {
  let sum = 1 / 6227020800;
  sum = sum * x + 1 / 479001600;
  sum = sum * x + 1 / 39916800;
  sum = sum * x + 1 / 3628800;
  sum = sum * x + 1 / 362880;
  sum = sum * x + 1 / 40320;
  sum = sum * x + 1 / 5040;
  sum = sum * x + 1 / 720;
  sum = sum * x + 1 / 120;
  sum = sum * x + 1 / 24;
  sum = sum * x + 1 / 6;
  return sum * x + 0.5;
}

/** exp(high + low) for |low| far below |high|. */
function expOfSum(high: number, low: number): number {
  if (high > EXP_MAX + 1) return Infinity;
  if (high < EXP_MIN - 1) return 0;
  const exponent = Math.floor(high * LOG2_E + 0.5);
  const reduced = high - exponent * LN2_HIGH;
  const correction = low - exponent * LN2_LOW;
  const x = reduced + correction;
  const rest = reduced - x + correction;
  const value = 1 + (x + (x * x * expTail(x) + rest));
  return scaleByPowerOfTwo(value, exponent);
}

/** e^x. */
export function exp(x: number): number {
  if (x !== x) return x;
  if (x > EXP_MAX) return Infinity;
  if (x < EXP_MIN) return 0;
  return expOfSum(x, 0);
}

/** Mantissa in [sqrt(1/2), sqrt(2)) and exponent of the last positive finite number taken apart. */
let mantissa = 1;
let binaryExponent = 0;

function takeApart(x: number): void {
  let shift = 0;
  let value = x;
  if (value < 2.2250738585072014e-308) {
    value *= 18014398509481984;
    shift = -54;
  }
  view.setFloat64(0, value);
  const high = view.getUint32(0);
  binaryExponent = Math.floor(high / 1048576) - 1023 + shift;
  view.setUint32(0, (high % 1048576) + 1023 * 1048576);
  mantissa = view.getFloat64(0);
  if (mantissa >= SQRT_2) {
    mantissa /= 2;
    binaryExponent += 1;
  }
}

/** Series 1/5 + z/7 + z^2/9 + ... for z <= 0.0295; remainder below 1e-19. */
function atanhTail(z: number): number {
  let sum = 1 / 27;
  sum = sum * z + 1 / 25;
  sum = sum * z + 1 / 23;
  sum = sum * z + 1 / 21;
  sum = sum * z + 1 / 19;
  sum = sum * z + 1 / 17;
  sum = sum * z + 1 / 15;
  sum = sum * z + 1 / 13;
  sum = sum * z + 1 / 11;
  sum = sum * z + 1 / 9;
  sum = sum * z + 1 / 7;
  return sum * z + 0.2;
}

/** Natural logarithm; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (x !== x || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  takeApart(x);
  const f = mantissa - 1;
  const k = binaryExponent;
  if (f === 0) return k * LN2_HIGH + k * LN2_LOW;
  const s = f / (2 + f);
  const z = s * s;
  const halfSquare = 0.5 * f * f;
  const series = 2 * z * (1 / 3 + z * atanhTail(z));
  return k * LN2_HIGH - (halfSquare - (s * (halfSquare + series) + k * LN2_LOW) - f);
}

/** Result of the double-double helpers: `ddHigh + ddLow`. */
let ddHigh = 0;
let ddLow = 0;

function twoSum(a: number, b: number): void {
  ddHigh = a + b;
  const part = ddHigh - a;
  ddLow = a - (ddHigh - part) + (b - part);
}

function twoProduct(a: number, b: number): void {
  ddHigh = a * b;
  const aScaled = SPLITTER * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = SPLITTER * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  ddLow = aHigh * bHigh - ddHigh + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** (aHigh + aLow) x (bHigh + bLow). */
function multiplyPairs(aHigh: number, aLow: number, bHigh: number, bLow: number): void {
  twoProduct(aHigh, bHigh);
  const low = ddLow + (aHigh * bLow + aLow * bHigh);
  const high = ddHigh;
  ddHigh = high + low;
  ddLow = high - ddHigh + low;
}

/** log(x) as a double-double for positive finite x, good to about 2^-66 of its size. */
function logPair(x: number): void {
  takeApart(x);
  const k = binaryExponent;
  const f = mantissa - 1;
  // s = f / (2 + f) as a pair; 2 + f = mantissa + 1.
  twoSum(mantissa, 1);
  const bottomHigh = ddHigh;
  const bottomLow = ddLow;
  const sHigh = f / bottomHigh;
  twoProduct(sHigh, bottomHigh);
  const sLow = (f - ddHigh - ddLow - sHigh * bottomLow) / bottomHigh;
  multiplyPairs(sHigh, sLow, sHigh, sLow);
  const zHigh = ddHigh;
  const zLow = ddLow;
  multiplyPairs(zHigh, zLow, THIRD_HIGH, THIRD_LOW);
  const tail = ddLow + zHigh * zHigh * atanhTail(zHigh);
  const third = ddHigh;
  const seriesHigh = third + tail;
  const seriesLow = third - seriesHigh + tail;
  multiplyPairs(2 * sHigh, 2 * sLow, seriesHigh, seriesLow);
  const productHigh = ddHigh;
  const productLow = ddLow;
  // 2s + 2s x series + k ln 2, largest parts first.
  twoSum(k * LN2_HIGH, 2 * sHigh);
  const firstHigh = ddHigh;
  const firstLow = ddLow;
  twoSum(firstHigh, productHigh);
  const low = ddLow + firstLow + (productLow + 2 * sLow) + k * LN2_LOW;
  const high = ddHigh;
  ddHigh = high + low;
  ddLow = high - ddHigh + low;
}

/** base^exponent for base >= 0 (NaN below 0, except that any base to the 0 is 1). */
export function pow(base: number, exponent: number): number {
  if (exponent === 0) return 1;
  if (base !== base || exponent !== exponent || base < 0) return NaN;
  if (base === 1) return 1;
  if (base === 0 || base === Infinity) return (base === 0) === exponent > 0 ? 0 : Infinity;
  if (exponent === Infinity || exponent === -Infinity) {
    return base > 1 === exponent > 0 ? Infinity : 0;
  }
  logPair(base);
  const logHigh = ddHigh;
  const logLow = ddLow;
  const estimate = logHigh * exponent;
  if (estimate > EXP_MAX + 1) return Infinity;
  if (estimate < EXP_MIN - 1) return 0;
  twoProduct(logHigh, exponent);
  return expOfSum(ddHigh, ddLow + logLow * exponent);
}
