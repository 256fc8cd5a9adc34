// atan, atan2, asin and acos, rounded correctly (see exponential.ts for the idea).
//
// All four are the angle of a point: atan x that of (1, x), asin x that of (√(1 - x²), x). An angle below π/4 is taken from a
// table of arc tangents, and what it lacks from the series: atan (n/d) = atan c + atan ((n - c d) / (d + c n)).
import { accurateAcos, accurateAsin, accurateAtan2, accurateObtuse } from './accurate.ts';
import { HALF_PI, HALF_PI_LOW } from './constants.ts';
import { splitInto, TABLE_BITS } from './fixed.ts';
import { divide, LOW, multiply, SPLITTER } from './pair.ts';
import { exponentOf, powerOfTwo, SMALLEST_NORMAL } from './words.ts';

/** Below it the first term of the series of atan and asin is the nearest double. */
const TINY = 2 ** -27;

/** atan(i/256) for i from 0 to 256, each as a multiple of 2^-53 and the rest. */
let arcs: Float64Array | undefined;

function makeArcs(): Float64Array {
  const wide = BigInt(TABLE_BITS);
  const table = new Float64Array(514);
  let arc = 0n;
  for (let i = 1; i <= 256; i++) {
    // What atan(i/256) is above the one before: atan(256 / (256² + i (i-1))), by the series.
    let power = (256n << wide) / BigInt(65536 + i * (i - 1));
    const square = -((power * power) >> wide);
    for (let n = 1n; power > 1n || power < -1n; n += 2n) {
      arc += power / n;
      power = (power * square) >> wide;
    }
    splitInto(table, 2 * i, arc, 53);
  }
  arcs = table;
  return table;
}

/** The relative error of arcPair, and of the pairs that are made of it, is less. */
export const ARC_ERROR = 2 ** -68;

/**
 * The arc tangent of the quotient of two pairs, as a pair (see LOW); 0 < n <= d, and d next to 1. The quotient lies within 1/512 of
 * some c = i/256, whose products with halves of doubles are exact. Rounding the cube of the difference costs most.
 */
export function arcPair(n: number, nRest: number, d: number, dRest: number): number {
  const i = Math.floor((n / d) * 256 + 0.5);
  if (i === 0) {
    const quotient = divide(n, nRest, d, dRest);
    const square = quotient * quotient;
    const tail = LOW[0]! * (1 - square) + quotient * square * arcSeries(square);
    const small = quotient + tail;
    LOW[0] = tail - (small - quotient);
    return small;
  }
  const c = i / 256;
  const bigN = SPLITTER * n;
  const upperN = bigN - (bigN - n);
  const lowerN = n - upperN;
  const bigD = SPLITTER * d;
  const upperD = bigD - (bigD - d);
  const lowerD = d - upperD;
  // n - c d, of which the first difference is exact or leaves its rounding error.
  const first = n - c * upperD;
  const firstBack = first - n;
  const firstRest = n - (first - firstBack) - (c * upperD + firstBack);
  const above = first - c * lowerD;
  const aboveBack = above - first;
  const aboveRest = first - (above - aboveBack) - (c * lowerD + aboveBack) + (firstRest + (nRest - c * dRest));
  // d + c n.
  const product = c * n;
  const below = d + product;
  const belowRest = product - (below - d) + (c * upperN - product + c * lowerN + (dRest + c * nRest));
  const quotient = above / below;
  const bigQ = SPLITTER * quotient;
  const upperQ = bigQ - (bigQ - quotient);
  const lowerQ = quotient - upperQ;
  const bigB = SPLITTER * below;
  const upperB = bigB - (bigB - below);
  const lowerB = below - upperB;
  const back = quotient * below;
  const backRest = upperQ * upperB - back + upperQ * lowerB + lowerQ * upperB + lowerQ * lowerB;
  const quotientRest = (above - back - backRest + (aboveRest - quotient * belowRest)) / below;
  const square = quotient * quotient;
  const table = arcs ?? makeArcs();
  const known = table[2 * i]!;
  const sum = known + quotient;
  const lower = quotient - (sum - known) + (table[2 * i + 1]! + (quotientRest + quotient * square * arcSeries(square)));
  const result = sum + lower;
  LOW[0] = lower - (result - sum);
  return result;
}

/** (atan q - q) / q³ for small q, from its square. */
function arcSeries(square: number): number {
  return -1 / 3 + square * (1 / 5 - square * (1 / 7 - square * (1 / 9)));
}

/** quarters · π/2 plus (sign 1) or minus (sign -1) the pair that is given and in LOW, as a pair; the first is the larger. */
function fromQuarters(quarters: 1 | 2, sign: 1 | -1, high: number): number {
  const base = quarters * HALF_PI;
  const term = sign * high;
  const sum = base + term;
  const rest = term - (sum - base) + (quarters * HALF_PI_LOW + sign * LOW[0]!);
  const result = sum + rest;
  LOW[0] = rest - (result - sum);
  return result;
}

/** Whether the pair with LOW rounds to its first part whatever its error. */
function isDecided(high: number): boolean {
  const low = LOW[0]!;
  const error = high * ARC_ERROR;
  return high + (low + error) === high + (low - error);
}

/** The angle from -π/2 to π/2 whose tangent is x. */
export function atan(x: number): number {
  const size = Math.abs(x);
  if (!(size > TINY)) return x;
  // What is missing is below 2^-60, and π/2 is not so near to the middle between two doubles.
  if (size > 2 ** 60) return x < 0 ? -HALF_PI : HALF_PI;
  const high = size <= 1 ? arcPair(size, 0, 1, 0) : fromQuarters(1, -1, arcPair(1, 0, size, 0));
  const angle = isDecided(high) ? high : accurateAtan2(size, 1);
  return x < 0 ? -angle : angle;
}

/** The cases of atan2 where one of the two is not finite or zero. */
function specialAngle(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const isLeft = x < 0 || Object.is(x, -0);
  const isUp = y > 0 || Object.is(y, 0);
  let angle: number;
  if (y === 0 || (Math.abs(x) === Infinity && Math.abs(y) !== Infinity)) angle = isLeft ? 2 * HALF_PI : 0;
  else if (Math.abs(x) !== Infinity) angle = HALF_PI;
  else angle = isLeft ? 1.5 * HALF_PI : HALF_PI / 2;
  return isUp ? angle : -angle;
}

/** floor(log2 x) for any finite x above 0. */
function anyExponentOf(x: number): number {
  return x < SMALLEST_NORMAL ? exponentOf(x * 2 ** 64) - 64 : exponentOf(x);
}

/** The angle of the point (x, y), from -π to π. */
export function atan2(y: number, x: number): number {
  const up = Math.abs(y);
  const along = Math.abs(x);
  if (!(up > 0 && along > 0 && up < Infinity && along < Infinity)) return specialAngle(y, x);
  const angle = angleOf(up, along, x < 0);
  return y < 0 ? -angle : angle;
}

/** The angle of a point above the axis, from its distances to the axes. */
function angleOf(up: number, along: number, isLeft: boolean): number {
  const exponent = anyExponentOf(along);
  const gap = anyExponentOf(up) - exponent;
  if (gap > 62) return HALF_PI;
  if (gap < -62) {
    if (isLeft) return 2 * HALF_PI;
    // The arc tangent is less than the ratio by a 2^-120th of it. No ratio of doubles is so near to the middle between two
    // others; but with subnormal numbers it can be that middle.
    const ratio = up / along;
    return ratio > 2 ** -1020 ? ratio : accurateAtan2(up, along);
  }
  // Brings the distance along the axis into [1, 2), in two steps where one factor alone would be out of range.
  const lift = exponent < -900 ? 2 ** 128 : 1;
  const scale = powerOfTwo(-exponent - (exponent < -900 ? 128 : 0));
  const n = up * lift * scale;
  const d = along * lift * scale;
  let high: number;
  if (n <= d) {
    high = arcPair(n, 0, d, 0);
    if (isLeft) high = fromQuarters(2, -1, high);
  } else {
    high = fromQuarters(1, isLeft ? 1 : -1, arcPair(d, 0, n, 0));
  }
  if (isDecided(high)) return high;
  return isLeft ? accurateObtuse(up, along) : accurateAtan2(up, along);
}

/** √(1 - x²), as a pair, for x from 2^-60 to below 1. */
export function otherSide(x: number): number {
  const less = 1 - x;
  const more = 1 + x;
  const square = multiply(less, 1 - less - x, more, x - (more - 1));
  const squareRest = LOW[0]!;
  const root = Math.sqrt(square);
  const back = multiply(root, 0, root, 0);
  const rest = (square - back - LOW[0]! + squareRest) / (2 * root);
  const result = root + rest;
  LOW[0] = rest - (result - root);
  return result;
}

/** The angle from -π/2 to π/2 whose sine is x. */
export function asin(x: number): number {
  const size = Math.abs(x);
  if (!(size < 1)) return size === 1 ? x * HALF_PI : Number.NaN;
  if (size < TINY) return x;
  const side = otherSide(size);
  const sideRest = LOW[0]!;
  const high = size <= side ? arcPair(size, 0, side, sideRest) : fromQuarters(1, -1, arcPair(side, sideRest, size, 0));
  const angle = isDecided(high) ? high : accurateAsin(size);
  return x < 0 ? -angle : angle;
}

/** The angle from 0 to π whose cosine is x. */
export function acos(x: number): number {
  const size = Math.abs(x);
  if (!(size < 1)) {
    if (size !== 1) return Number.NaN;
    return x < 0 ? 2 * HALF_PI : 0;
  }
  // See atan.
  if (size < 2 ** -60) return HALF_PI;
  const side = otherSide(size);
  const sideRest = LOW[0]!;
  let high: number;
  if (size <= side) {
    high = fromQuarters(1, x < 0 ? 1 : -1, arcPair(size, 0, side, sideRest));
  } else {
    high = arcPair(side, sideRest, size, 0);
    if (x < 0) high = fromQuarters(2, -1, high);
  }
  return isDecided(high) ? high : accurateAcos(x);
}
