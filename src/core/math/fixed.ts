// Fixed-point arithmetic of any precision, for the few arguments where the fast paths cannot decide how to round, and for making
// their tables. A number is a bigint that counts units of 2^-bits.
//
// The invariant: every function here states how many units its result may be off, and callers carry that on, so that
// `roundWhenDecided` can stop at the first precision whose whole interval of error rounds to one double (A. Ziv, "Fast
// evaluation of elementary mathematical functions with correctly rounded last bit", 1991). The functions concerned have no
// rational values at rational arguments other than the ones their callers remove, so that such a precision exists.
import { assert } from '../../base/assert.ts';
import { powerOfTwo } from './words.ts';

/** value · 2^-scale, which may be off by `error` units. */
export interface Approximation {
  readonly value: bigint;
  readonly scale: number;
  readonly error: bigint;
}

/** The number of binary digits of a whole number that is not negative. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const digits = value.toString(16);
  return 4 * digits.length - Math.clz32(Number.parseInt(digits[0]!, 16)) + 28;
}

export function shiftLeft(value: bigint, count: number): bigint {
  return count >= 0 ? value << BigInt(count) : value >> BigInt(-count);
}

/** The double nearest to value · 2^-scale; halfway between two, the even one. Subnormal results and overflow included. */
export function nearestDouble(value: bigint, scale: number): number {
  if (value < 0n) return -nearestDouble(-value, scale);
  const length = bitLength(value);
  if (length - scale > 1024) return Infinity;
  const lowest = Math.max(length - scale - 53, -1074);
  const drop = lowest + scale;
  // Less than half of the smallest double.
  if (drop > length) return 0;
  if (drop <= 0) return Number(value << BigInt(-drop)) * powerOfTwo(lowest);
  let kept = value >> BigInt(drop);
  const dropped = value - (kept << BigInt(drop));
  const half = 1n << BigInt(drop - 1);
  if (dropped > half || (dropped === half && (kept & 1n) === 1n)) kept++;
  return Number(kept) * powerOfTwo(lowest);
}

/**
 * Asks for ever more bits until the error no longer matters, and gives the nearest double. Throws an InternalError when even
 * 16,000 bits do not settle it: then the true value is a double or halfway between two, which the caller has to exclude.
 */
export function roundWhenDecided(approximate: (bits: number) => Approximation): number {
  for (let bits = 128; bits < 16384; bits *= 2) {
    const { value, scale, error } = approximate(bits);
    const below = nearestDouble(value - error, scale);
    if (Object.is(below, nearestDouble(value + error, scale))) return below;
  }
  assert(false, 'an exact value reached the accurate phase');
  return Number.NaN;
}

/** atanh(1/n) for sign 1, atan(1/n) for sign -1, n at least 2. Off by at most `bits` units. */
export function inverseArcTangent(n: bigint, bits: number, sign: 1n | -1n): bigint {
  const square = sign * n * n;
  let power = (1n << BigInt(bits)) / n;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power /= square;
  }
  return sum;
}

/** A constant that is computed once for the largest precision asked for. */
function constant(compute: (bits: number) => bigint): (bits: number) => bigint {
  let known = 0n;
  let knownBits = 0;
  return bits => {
    if (bits > knownBits) {
      knownBits = bits + 64;
      known = compute(knownBits + 32) >> 32n;
    }
    return known >> BigInt(knownBits - bits);
  };
}

/** ln 2; off by at most one unit, like the other constants. */
export const fixedLn2 = constant(bits => 2n * inverseArcTangent(3n, bits, 1n));
/** ln 10, as 3 ln 2 + ln 1.25. */
export const fixedLn10 = constant(bits => 6n * inverseArcTangent(3n, bits, 1n) + 2n * inverseArcTangent(9n, bits, 1n));
/** π, by Machin's formula. */
export const fixedPi = constant(
  bits => 16n * inverseArcTangent(5n, bits, -1n) - 4n * inverseArcTangent(239n, bits, -1n),
);

/** The whole part of the square root. */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((bitLength(value) + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** e^x for x in [0, 1]. Off by at most 2 units. */
export function fixedExp(x: bigint, bits: number): bigint {
  // e^x = (e^(x/256))^256; the 24 bits more take what the squarings make of the rounding.
  const wide = BigInt(bits + 24);
  const reduced = x << 16n;
  const one = 1n << wide;
  let sum = one;
  let term = one;
  for (let n = 1n; term !== 0n; n++) {
    term = ((term * reduced) >> wide) / n;
    sum += term;
  }
  for (let i = 0; i < 8; i++) sum = (sum * sum) >> wide;
  return sum >> 24n;
}

/** ln(numerator / denominator) for a ratio from 1/2 to 2. Off by at most 2·bits units. */
export function fixedLog(numerator: bigint, denominator: bigint, bits: number): bigint {
  // ln q = 2 atanh((q - 1) / (q + 1)).
  const wide = BigInt(bits);
  const z = ((numerator - denominator) << wide) / (numerator + denominator);
  const square = (z * z) >> wide;
  let power = z;
  let sum = 0n;
  for (let k = 1n; power !== 0n && power !== -1n; k += 2n) {
    sum += power / k;
    power = (power * square) >> wide;
  }
  return 2n * sum;
}

/** Sine and cosine of x in [-1, 1], off by at most `bits` units each. */
export function fixedSineCosine(x: bigint, bits: number): { readonly sine: bigint; readonly cosine: bigint } {
  const wide = BigInt(bits);
  const square = (x * x) >> wide;
  let sine = 0n;
  let cosine = 0n;
  let odd = x < 0n ? -x : x;
  let even = 1n << wide;
  for (let n = 1n; even !== 0n; n += 2n) {
    sine += odd;
    cosine += even;
    even = -((even * square) >> wide) / (n * (n + 1n));
    odd = -((odd * square) >> wide) / ((n + 1n) * (n + 2n));
  }
  return { sine: x < 0n ? -sine : sine, cosine };
}

/** The arc tangent of numerator / denominator, both above 0. Off by at most 2·bits units. */
export function fixedArcTangent(numerator: bigint, denominator: bigint, bits: number): bigint {
  if (numerator > denominator) return (fixedPi(bits) >> 1n) - fixedArcTangent(denominator, numerator, bits);
  // Three times atan z = 2 atan(z / (1 + √(1 + z²))), then the series.
  const wide = BigInt(bits + 8);
  const one = 1n << wide;
  let z = (numerator << wide) / denominator;
  for (let i = 0; i < 3; i++) z = (z << wide) / (one + squareRoot(one * one + z * z));
  const square = (z * z) >> wide;
  let power = z;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += (k & 2n) === 0n ? power / k : -(power / k);
    power = (power * square) >> wide;
  }
  return sum >> 5n;
}

/** The precision in which the tables of the fast paths are made. */
export const TABLE_BITS = 128;

/** Writes a number with TABLE_BITS bits after the point into two places: a multiple of 2^-grid, and the rest. */
export function splitInto(table: Float64Array, index: number, value: bigint, grid: number): void {
  const drop = BigInt(TABLE_BITS - grid);
  const head = value >> drop;
  table[index] = Number(head) * powerOfTwo(-grid);
  table[index + 1] = Number(value - (head << drop)) * powerOfTwo(-TABLE_BITS);
}
