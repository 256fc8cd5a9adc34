// sin, cos and tan, rounded correctly (see exponential.ts for the idea).
//
// An angle is first reduced to [-π/4, π/4] and a number of quarter turns, as a pair of doubles: by subtracting a multiple of π/2 given
// in four pieces (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions", 1980), or for large angles, and those
// next to a multiple of π/2, by multiplying with just those bits of 2/π that matter (M. Payne and R. Hanek, "Radian reduction for
// trigonometric functions", 1983). Then a table of sines and cosines leaves an angle below 2^-9 for the series.
import { accurateCos, accurateSin, accurateTan } from './accurate.ts';
import {
  HALF_PI,
  HALF_PI_LOW,
  INVERSE_HALF_PI,
  QUARTER_1,
  QUARTER_2,
  QUARTER_3,
  QUARTER_4,
  TWO_OVER_PI,
  TWO_OVER_PI_BITS,
} from './constants.ts';
import { fixedSineCosine, splitInto, TABLE_BITS } from './fixed.ts';
import { divide, LOW, multiply } from './pair.ts';
import { wholeOf } from './words.ts';

/** Below it the first term of the series of sin and tan is the nearest double, and cos gives 1. */
const TINY = 2 ** -27;

/** Up to here a multiple of π/2 has at most 2^23 quarters, and its pieces are exact. */
const LARGE = 2 ** 23;

/** The reduced angle, as a pair. */
const REDUCED = new Float64Array(2);

/** Reduces an angle above 0, into REDUCED; gives how many quarter turns were taken off, modulo 4. */
function reduce(angle: number): number {
  if (angle <= 0.7853981633974483) {
    REDUCED[0] = angle;
    REDUCED[1] = 0;
    return 0;
  }
  if (angle >= LARGE) return reduceByWindow(angle);
  const quarters = Math.floor(angle * INVERSE_HALF_PI + 0.5);
  // Exact, as are the products but the last: multiples of 2^-53 below 1.
  const start = angle - quarters * QUARTER_1;
  const second = quarters * QUARTER_2;
  const difference = start - second;
  const secondBack = difference - start;
  const differenceRest = start - (difference - secondBack) - (second + secondBack);
  const third = quarters * QUARTER_3;
  const value = difference - third;
  // Without so much cancellation, the relative error is below 2^-85.
  if (Math.abs(value) < 2 ** -30) return reduceByWindow(angle);
  const thirdBack = value - difference;
  const valueRest = difference - (value - thirdBack) - (third + thirdBack);
  const rest = differenceRest + valueRest - quarters * QUARTER_4;
  const high = value + rest;
  REDUCED[0] = high;
  REDUCED[1] = rest - (high - value);
  return quarters & 3;
}

/** The bits kept after the point in angle · 2/π: no double is so near to a multiple of π/2 that fewer than 98 of them are left. */
const FRACTION_BITS = 213;

let twoOverPi: bigint | undefined;

function reduceByWindow(angle: number): number {
  twoOverPi ??= BigInt(TWO_OVER_PI);
  const { integer, exponent } = wholeOf(angle);
  // Bits of 2/π that give multiples of four quarters are left away, as are those below the fraction.
  const last = exponent + FRACTION_BITS;
  const first = Math.max(0, exponent - 2);
  const window = BigInt.asUintN(last - first, twoOverPi >> BigInt(TWO_OVER_PI_BITS - last));
  const product = integer * window;
  const fraction = BigInt.asIntN(FRACTION_BITS, product);
  const quarters = Number(((product - fraction) >> BigInt(FRACTION_BITS)) & 3n);
  const high = Number(fraction);
  const low = Number(fraction - BigInt(high));
  const unit = 2 ** -FRACTION_BITS;
  REDUCED[0] = multiply(high * unit, low * unit, HALF_PI, HALF_PI_LOW);
  REDUCED[1] = LOW[0]!;
  return quarters;
}

/** For every i/256 from 0 to beyond π/4: its sine and its cosine, each as a multiple of 2^-26 and the rest. */
let circle: Float64Array | undefined;
const CIRCLE_POINTS = 203;

function makeCircle(): Float64Array {
  const wide = BigInt(TABLE_BITS);
  const step = fixedSineCosine(1n << (wide - 8n), TABLE_BITS);
  const table = new Float64Array(4 * CIRCLE_POINTS);
  let sine = 0n;
  let cosine = 1n << wide;
  for (let i = 0; i < CIRCLE_POINTS; i++) {
    splitInto(table, 4 * i, sine, 26);
    splitInto(table, 4 * i + 2, cosine, 26);
    const turned = (sine * step.cosine + cosine * step.sine) >> wide;
    cosine = (cosine * step.cosine - sine * step.sine) >> wide;
    sine = turned;
  }
  circle = table;
  return table;
}

/** The relative error of the two following functions is less. */
export const CIRCLE_ERROR = 2 ** -67;

/** Adding and subtracting it rounds a number far below 1 to a multiple of 2^-35. */
const TO_35_BITS = 196608;

/**
 * The sine of a pair in [0, 0.79], as a pair (see LOW): sin(a + t) = sin a cos t + cos a sin t with a from the table and
 * |t| at most 2^-9. The table's leading parts have 26 bits, so that the one large product, of cos a and the upper half of t, is exact.
 */
export function sinePair(angle: number, rest: number): number {
  const i = Math.floor(angle * 256 + 0.5);
  const t = angle - i / 256;
  const square = t * t;
  const sineTail = t * square * (-1 / 6 + square * (1 / 120 - square * (1 / 5040)));
  if (i === 0) {
    const tail = rest + sineTail;
    const small = t + tail;
    LOW[0] = tail - (small - t);
    return small;
  }
  const table = circle ?? makeCircle();
  const sine = table[4 * i]!;
  const sineRest = table[4 * i + 1]!;
  const cosine = table[4 * i + 2]!;
  const cosineRest = table[4 * i + 3]!;
  const cosineTail = square * (-1 / 2 + square * (1 / 24 - square * (1 / 720))) - t * rest;
  const coarse = t + TO_35_BITS - TO_35_BITS;
  const product = cosine * coarse;
  const sum = sine + product;
  const smallest = sineRest * cosineTail + cosineRest * (t + sineTail);
  const lower =
    product -
    (sum - sine) +
    (sineRest + cosine * (t - coarse) + (sine * cosineTail + cosine * (sineTail + rest) + smallest));
  const result = sum + lower;
  LOW[0] = lower - (result - sum);
  return result;
}

/** The cosine of a pair in [0, 0.79], as a pair, in the same way. */
export function cosinePair(angle: number, rest: number): number {
  const table = circle ?? makeCircle();
  const i = Math.floor(angle * 256 + 0.5);
  const t = angle - i / 256;
  const square = t * t;
  const sineTail = t * square * (-1 / 6 + square * (1 / 120 - square * (1 / 5040)));
  const cosineTail = square * (-1 / 2 + square * (1 / 24 - square * (1 / 720))) - t * rest;
  const sine = table[4 * i]!;
  const sineRest = table[4 * i + 1]!;
  const cosine = table[4 * i + 2]!;
  const cosineRest = table[4 * i + 3]!;
  const coarse = t + TO_35_BITS - TO_35_BITS;
  const product = sine * coarse;
  const sum = cosine - product;
  const smallest = cosineRest * cosineTail - sineRest * (t + sineTail);
  const lower =
    cosine -
    sum -
    product +
    (cosineRest - sine * (t - coarse) + (cosine * cosineTail - sine * (sineTail + rest) + smallest));
  const result = sum + lower;
  LOW[0] = lower - (result - sum);
  return result;
}

/** The sine of an angle of at least TINY, turned on by `quarters`; NaN where the accurate phase is needed. */
function turnedSine(angle: number, quarters: 0 | 1): number {
  const turned = reduce(angle) + quarters;
  const backwards = REDUCED[0]! < 0;
  const size = backwards ? -REDUCED[0]! : REDUCED[0]!;
  const rest = backwards ? -REDUCED[1]! : REDUCED[1]!;
  const isSine = (turned & 1) === 0;
  const high = isSine ? sinePair(size, rest) : cosinePair(size, rest);
  const low = LOW[0]!;
  const error = high * CIRCLE_ERROR;
  if (high + (low + error) !== high + (low - error)) return Number.NaN;
  return ((turned & 2) !== 0) !== (isSine && backwards) ? -high : high;
}

/** The sine of an angle in radians. */
export function sin(x: number): number {
  const size = Math.abs(x);
  if (!(size < Infinity)) return Number.NaN;
  if (size < TINY) return x;
  const sine = turnedSine(size, 0);
  if (Number.isNaN(sine)) return accurateSin(x);
  return x < 0 ? -sine : sine;
}

/** The cosine of an angle in radians. */
export function cos(x: number): number {
  const size = Math.abs(x);
  if (!(size < Infinity)) return Number.NaN;
  if (size < TINY) return 1;
  const cosine = turnedSine(size, 1);
  return Number.isNaN(cosine) ? accurateCos(x) : cosine;
}

/** The tangent of an angle in radians. */
export function tan(x: number): number {
  const size = Math.abs(x);
  if (!(size < Infinity)) return Number.NaN;
  if (size < TINY) return x;
  const quarters = reduce(size);
  const backwards = REDUCED[0]! < 0;
  const angle = backwards ? -REDUCED[0]! : REDUCED[0]!;
  const rest = backwards ? -REDUCED[1]! : REDUCED[1]!;
  const sine = sinePair(angle, rest);
  const sineRest = LOW[0]!;
  const cosine = cosinePair(angle, rest);
  const cosineRest = LOW[0]!;
  const isOdd = (quarters & 1) === 1;
  const high = isOdd ? divide(cosine, cosineRest, sine, sineRest) : divide(sine, sineRest, cosine, cosineRest);
  const low = LOW[0]!;
  const error = high * (3 * CIRCLE_ERROR);
  if (high + (low + error) !== high + (low - error)) return accurateTan(x);
  // A quarter turn takes the tangent to minus its inverse.
  return (isOdd !== backwards) !== x < 0 ? -high : high;
}
