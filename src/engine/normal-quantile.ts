/**
 * Inverse of the standard normal distribution, algorithm AS 241 (Wichura 1988, PPND16): about 16
 * digits. Built on base/math, so that the last digit is the same on every machine.
 */
import { log } from '../base/math.js';

const CENTRE_A = [
  3.3871328727963666, 133.14166789178438, 1971.5909503065513, 13731.693765509461, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const CENTRE_B = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852545,
];
const MIDDLE_C = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const MIDDLE_D = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
  0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
];
const TAIL_E = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
  0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const TAIL_F = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i -= 1) value = value * x + (coefficients[i] ?? 0);
  return value;
}

/** z with P(Z <= z) = share; share in (0, 1), ends give -Infinity and Infinity. */
export function normalQuantile(share: number): number {
  if (share <= 0) return -Infinity;
  if (share >= 1) return Infinity;
  const q = share - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_A, r)) / polynomial(CENTRE_B, r);
  }
  const r = Math.sqrt(-log(q < 0 ? share : 1 - share));
  const value =
    r <= 5
      ? polynomial(MIDDLE_C, r - 1.6) / polynomial(MIDDLE_D, r - 1.6)
      : polynomial(TAIL_E, r - 5) / polynomial(TAIL_F, r - 5);
  return q < 0 ? -value : value;
}

/** P(Z <= z), to the precision of bisection on the quantile (about 1e-15). */
export function normalShare(z: number): number {
  if (z === -Infinity) return 0;
  if (z === Infinity) return 1;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 80; step += 1) {
    const middle = (low + high) / 2;
    if (normalQuantile(middle) < z) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
