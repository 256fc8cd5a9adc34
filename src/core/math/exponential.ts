// exp, log, log2 and log10, rounded correctly: the double nearest to the true value, for every argument.
//
// The idea (A. Ziv, 1991; J.-M. Muller et al., "Handbook of Floating-Point Arithmetic", chapter 11): compute the value as the sum
// of two doubles with an error far below half a unit in the last place. Where the whole interval of error rounds to the same
// double, that is the result; else, about once in ten thousand calls, the accurate phase decides. Each bound on an error stands
// beside its computation, and holds with a factor of at least two in reserve.
//
// Arguments are reduced by tables, so that few terms of a series are needed and only the first ones beyond a double's
// precision. Table entries have few bits where a product with them must be exact: JavaScript has no fused multiply-add.
import { accurateExp, accurateLog, accurateLog2, accurateLog10 } from './accurate.ts';
import {
  INVERSE_LN2,
  INVERSE_LN2_LOW,
  INVERSE_LN10,
  INVERSE_LN10_LOW,
  INVERSE_STEP,
  LN2_HIGH,
  LN2_LOW,
  STEP_1,
  STEP_2,
  STEP_3,
} from './constants.ts';
import { fixedLn2, inverseArcTangent, splitInto, squareRoot, TABLE_BITS } from './fixed.ts';
import { LOW, multiply, SPLITTER } from './pair.ts';
import { exponentOf, mantissaOf, powerOfTwo, SMALLEST_NORMAL, upperHalf } from './words.ts';

/** 2^(i/256) for i from 0 to 255, each as 26 bits and the rest. */
let powers: Float64Array | undefined;

function makePowers(): Float64Array {
  const wide = BigInt(TABLE_BITS);
  let root = 2n << wide;
  for (let i = 0; i < 8; i++) root = squareRoot(root << wide);
  const table = new Float64Array(512);
  let power = 1n << wide;
  for (let i = 0; i < 256; i++) {
    splitInto(table, 2 * i, power, 25);
    power = (power * root) >> wide;
  }
  powers = table;
  return table;
}

/** The relative error of expPair is less. */
export const EXP_ERROR = 2 ** -68;

/** The power of two by which the result of expPair is to be multiplied. */
export const EXP_SCALE = new Int32Array(1);

/** Adding and subtracting it rounds a number far below 1 to a multiple of 2^-35. */
const TO_35_BITS = 196608;

/**
 * e^(x + rest) as a pair (see LOW) times the power of two in EXP_SCALE, for |x| up to 1100 and a rest of at most 2^-52 |x|.
 *
 * x = k ln 2 / 256 + r with |r| < 2^-9.5, and e^x = 2^(k/256) (1 + r + r²/2 + …). The first power comes from the table as T + t,
 * where T has 26 bits: its product with the upper half of r is exact. Rounding the terms from r²/2 on costs 2^-71 at most, all
 * the rest as much again.
 */
export function expPair(x: number, rest: number): number {
  const table = powers ?? makePowers();
  const k = Math.floor(x * INVERSE_STEP + 0.5);
  // Exact: both are multiples of 2^-62, or k is 0; and what is left is small.
  const start = x - k * STEP_1;
  const step = k * STEP_2;
  const reduced = start - step;
  const back = reduced - start;
  const reducedRest = start - (reduced - back) - (step + back) + (rest - k * STEP_3);
  const high = reduced + reducedRest;
  const low = reducedRest - (high - reduced);
  const tail = low + high * high * (1 / 2 + high * (1 / 6 + high * (1 / 24 + high * (1 / 120 + high * (1 / 720)))));
  const index = (k & 255) << 1;
  const factor = table[index]!;
  const factorRest = table[index + 1]!;
  const coarse = high + TO_35_BITS - TO_35_BITS;
  const product = factor * coarse;
  const sum = factor + product;
  const lower =
    product - (sum - factor) + (factorRest + factor * (high - coarse) + (factorRest * (high + tail) + factor * tail));
  EXP_SCALE[0] = k >> 8;
  const result = sum + lower;
  LOW[0] = lower - (result - sum);
  return result;
}

/** e^x. */
export function exp(x: number): number {
  const size = Math.abs(x);
  if (!(size < 708)) {
    if (x > 710) return Infinity;
    if (x < -746) return 0;
    return Number.isNaN(x) ? x : accurateExp(x);
  }
  if (size < 2 ** -54) return 1;
  const high = expPair(x, 0);
  const low = LOW[0]!;
  const error = high * EXP_ERROR;
  if (high + (low + error) !== high + (low - error)) return accurateExp(x);
  return high * powerOfTwo(EXP_SCALE[0]!);
}

/**
 * For each of the 128 equal parts of [1, 2): a factor c with 8 bits that takes the part near to 1, and -ln c (above √2 -ln 2c) as
 * a multiple of 2^-42 and the rest; then one unused.
 */
let coarseLogs: Float64Array | undefined;
/** For i from -FINE_LIMIT to FINE_LIMIT: -ln(1 - i/2^13), in the same way. */
let fineLogs: Float64Array | undefined;
const FINE_LIMIT = 80;
/** The first part above √2. */
const UPPER_PART = 53;

function makeLogs(): Float64Array {
  // ln(n + 1) - ln n = 2 atanh(1 / (2n + 1)), with few terms.
  const step = (n: number): bigint => 2n * inverseArcTangent(BigInt(2 * n + 1), TABLE_BITS, 1n);
  const of256: bigint[] = [];
  of256[256] = 0n;
  for (let n = 255; n >= 128; n--) of256[n] = of256[n + 1]! + step(n);
  const ln2 = fixedLn2(TABLE_BITS);
  const coarse = new Float64Array(512);
  for (let part = 0; part < 128; part++) {
    // The factors of the outer parts are exactly 1 and 1/2, so that nothing is added to logarithms near 0.
    const n = part === 127 ? 128 : part === 0 ? 256 : Math.round(32768 / (128.5 + part));
    coarse[4 * part] = n / 256;
    const logarithm = n === 128 ? 0n : part < UPPER_PART ? of256[n]! : of256[n]! - ln2;
    splitInto(coarse, 4 * part + 1, logarithm, 42);
  }
  fineLogs = new Float64Array(4 * FINE_LIMIT + 2);
  let below = 0n;
  let above = 0n;
  for (let i = 1; i <= FINE_LIMIT; i++) {
    below += step(8192 - i);
    splitInto(fineLogs, 2 * (FINE_LIMIT + i), below, 42);
    above -= step(8192 + i - 1);
    splitInto(fineLogs, 2 * (FINE_LIMIT - i), above, 42);
  }
  coarseLogs = coarse;
  return coarse;
}

/** The relative error of logPair is less. */
export const LOG_ERROR = 2 ** -77;

/**
 * ln x as a pair (see LOW), for finite x above 0.
 *
 * x = 2^e m and r = m c - 1, where c is the product of two factors from tables: it has 21 bits, so that its products with the
 * halves of m are exact, and |r| < 2^-13.5. Then ln x = e ln 2 - ln c + r - r²/2 + r³/3 …. The leading parts of the first two are
 * multiples of 2^-42, and their sum is exact. Near 1, c is 1 and r exact; elsewhere |ln x| is above 2^-14, and the error below 2^-92.
 */
export function logPair(x: number): number {
  const coarse = coarseLogs ?? makeLogs();
  const subnormal = x < SMALLEST_NORMAL;
  const normal = subnormal ? x * 2 ** 54 : x;
  const mantissa = mantissaOf(normal);
  const part = ((mantissa * 128) | 0) - 128;
  const exponent = exponentOf(normal) + (part >= UPPER_PART ? 1 : 0) - (subnormal ? 54 : 0);
  const factor1 = coarse[4 * part]!;
  const near = mantissa * factor1 - 1;
  const i = Math.floor((near - near * near) * 8192 + 0.5);
  const factor = factor1 * (1 - i / 8192);
  const upper = upperHalf(mantissa);
  const first = upper * factor - 1;
  const second = (mantissa - upper) * factor;
  const r = first + second;
  const back = r - first;
  const rRest = first - (r - back) + (second - back);
  const fine = fineLogs!;
  const known = exponent * LN2_HIGH + coarse[4 * part + 1]! + fine[2 * (i + FINE_LIMIT)]!;
  const knownRest = exponent * LN2_LOW + coarse[4 * part + 2]! + fine[2 * (i + FINE_LIMIT) + 1]!;
  const big = SPLITTER * r;
  const rUpper = big - (big - r);
  const rLower = r - rUpper;
  const square = r * r;
  const squareRest = rUpper * rUpper - square + 2 * rUpper * rLower + rLower * rLower;
  const sum = known + r;
  const half = square / 2;
  const total = sum - half;
  const tail = r * square * (1 / 3 - r * (1 / 4 - r * (1 / 5 - r * (1 / 6))));
  const low = r - (sum - known) + (sum - total - half + (knownRest + (rRest - r * rRest - squareRest / 2 + tail)));
  const result = total + low;
  LOW[0] = low - (result - total);
  return result;
}

/** What a logarithm of a number that is not finite and above 0 gives. */
function specialLog(x: number): number {
  if (x === 0) return -Infinity;
  return x === Infinity ? x : Number.NaN;
}

/** The natural logarithm. */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return specialLog(x);
  const high = logPair(x);
  const low = LOW[0]!;
  const error = high * LOG_ERROR;
  if (high + (low + error) === high + (low - error)) return high;
  return accurateLog(x);
}

/** The logarithm to base 2. */
export function log2(x: number): number {
  if (!(x > 0 && x < Infinity)) return specialLog(x);
  const normal = x < SMALLEST_NORMAL ? x * 2 ** 54 : x;
  if (mantissaOf(normal) === 1) return exponentOf(normal) - (normal === x ? 0 : 54);
  const natural = logPair(x);
  const high = multiply(natural, LOW[0]!, INVERSE_LN2, INVERSE_LN2_LOW);
  const low = LOW[0]!;
  const error = high * (2 * LOG_ERROR);
  return high + (low + error) === high + (low - error) ? high : accurateLog2(x);
}

/** The logarithm to base 10. */
export function log10(x: number): number {
  if (!(x > 0 && x < Infinity)) return specialLog(x);
  const natural = logPair(x);
  const high = multiply(natural, LOW[0]!, INVERSE_LN10, INVERSE_LN10_LOW);
  const low = LOW[0]!;
  const error = high * (2 * LOG_ERROR);
  return high + (low + error) === high + (low - error) ? high : accurateLog10(x);
}
