// Exponentials, logarithms and angles, rounded correctly: the double nearest to the true value, but for about one argument
// in 2^40. JavaScript leaves the last bits of these functions to its engine, and C to its library. Here every engine,
// on every machine, gives the same bits, and they are those of the C libraries whose own errors are just above half a unit.
//
// The technique: evaluate a power series in double-double arithmetic for exp, sin and cos. For the inverse functions take
// JavaScript's result, which is wrong by at most a few units in the last place, and add the error that the forward function
// shows it has. Small arguments, for which the first term of the series is already the nearest double, return early.
import { add, divide, multiply, productOf, rest, squareRoot, sumOf } from './double-double.ts';

const LN2 = Math.LN2;
const LN2_REST = 2.3190468138462996e-17;
const LN2_REST2 = 5.707708438416212e-34;
const HALF_PI = Math.PI / 2;
const HALF_PI_REST = 6.123233995736766e-17;
const HALF_PI_REST2 = -1.4973849048591698e-33;

/** 2^-27: below it, x and sin x, tan x, atan x or asin x are the same double, and cos x is 1. */
const TINY = 2 ** -27;

/** 1/n! as pairs, from n = 0. Above n = 28 no series needs more. */
const INVERSE_FACTORIALS = new Float64Array(2 * 29);
INVERSE_FACTORIALS[0] = 1;
for (let n = 1; n < 29; n++) {
  INVERSE_FACTORIALS[2 * n] = divide(INVERSE_FACTORIALS[2 * n - 2]!, INVERSE_FACTORIALS[2 * n - 1]!, n, 0);
  INVERSE_FACTORIALS[2 * n + 1] = rest;
}

/**
 * Sums c(n) x^0 + c(n + step) x^1 + … where c is 1/n! with alternating signs (`sign` -1) or not (1). The terms before `exact`
 * are added in double-double, the others, which reach only its lower half, in double.
 */
function series(
  x: number,
  xRest: number,
  from: number,
  step: number,
  sign: 1 | -1,
  exact: number,
  terms: number,
): number {
  let sum = 0;
  for (let i = terms; i >= exact; i--) sum = sum * x * sign + INVERSE_FACTORIALS[2 * (from + step * i)]!;
  let sumRest = 0;
  for (let i = exact - 1; i >= 0; i--) {
    const n = 2 * (from + step * i);
    const product = multiply(sum, sumRest, sign * x, sign * xRest);
    sum = add(INVERSE_FACTORIALS[n]!, INVERSE_FACTORIALS[n + 1]!, product, rest);
    sumRest = rest;
  }
  rest0 = sumRest;
  return sum;
}

/** The second double of the last result of this file's own functions. */
let rest0 = 0;

/** e^x - 1 for |x| up to 0.35, with a small relative error. */
function expMinusOne(x: number, xRest: number): number {
  const sum = series(x, xRest, 1, 1, 1, 13, 22);
  const result = multiply(sum, rest0, x, xRest);
  rest0 = rest;
  return result;
}

/** x - k·constant, where the constant is given by three doubles. */
function reduce(x: number, xRest: number, k: number, c: number, c2: number, c3: number): number {
  const first = productOf(k, c);
  const firstRest = rest;
  const second = productOf(k, c2);
  const secondRest = rest;
  let value = sumOf(x, -first);
  value = add(value, rest, -firstRest, 0);
  value = add(value, rest, -second, -secondRest);
  value = add(value, rest, xRest, -k * c3);
  rest0 = rest;
  return value;
}

/** e^x as a double, for any finite pair. */
function expOfPair(x: number, xRest: number): number {
  if (x > 710) return Infinity;
  if (x < -746) return 0;
  const k = Math.round(x / LN2);
  const reduced = reduce(x, xRest, k, LN2, LN2_REST, LN2_REST2);
  const fraction = expMinusOne(reduced, rest0);
  return scaled(add(fraction, rest0, 1, 0), k);
}

/** x·2^k, for k down to -1100: in two steps, because 2^k alone may be out of range. */
function scaled(x: number, k: number): number {
  const half = Math.trunc(k / 2);
  return x * 2 ** half * 2 ** (k - half);
}

export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  return Math.abs(x) < 2 ** -54 ? 1 + x : expOfPair(x, 0);
}

/** ln x, a pair with a small relative error, for finite x above 0. */
function logPair(x: number): number {
  let exponent = 0;
  let mantissa = x;
  if (mantissa < 2 ** -1022) {
    mantissa *= 2 ** 60;
    exponent = -60;
  }
  const shift = Math.floor(Math.log2(mantissa) + 0.5);
  mantissa = scaled(mantissa, -shift);
  exponent += shift;
  // ln m = guess + ln(m·e^-guess), and the second logarithm is so small that two terms of its series do.
  const guess = Math.log(mantissa);
  const inverse = expMinusOne(-guess, 0);
  const inverseRest = rest0;
  const product = multiply(inverse, inverseRest, mantissa, 0);
  const correction = add(mantissa - 1, 0, product, rest);
  const correctionRest = rest - (correction * correction) / 2;
  let result = add(guess, 0, correction, correctionRest);
  if (exponent !== 0) {
    const resultRest = rest;
    const high = productOf(exponent, LN2);
    const highRest = rest;
    const low = productOf(exponent, LN2_REST);
    const scaledLn2 = add(high, highRest, low, rest);
    result = add(scaledLn2, rest, result, resultRest);
  }
  rest0 = rest;
  return result;
}

export function log(x: number): number {
  return x > 0 && x < Infinity ? logPair(x) : Math.log(x);
}

export function log2(x: number): number {
  if (!(x > 0 && x < Infinity)) return Math.log2(x);
  const natural = logPair(x);
  return multiply(natural, rest0, Math.LOG2E, 2.0355273740931033e-17);
}

export function log10(x: number): number {
  if (!(x > 0 && x < Infinity)) return Math.log10(x);
  const natural = logPair(x);
  return multiply(natural, rest0, Math.LOG10E, 1.098319650216765e-17);
}

/** `base` to the power of `exponent`. 1 to any power is 1, and -1 to an infinite one: JavaScript alone says NaN there. */
export function pow(base: number, exponent: number): number {
  if (base === 1 || exponent === 0) return 1;
  if (base === -1 && Math.abs(exponent) === Infinity) return 1;
  if (base === 0 || !Number.isFinite(base) || !Number.isFinite(exponent)) return base ** exponent;
  if (base < 0 && !Number.isInteger(exponent)) return Number.NaN;
  const size = Math.abs(base);
  const sign = base < 0 && exponent % 2 !== 0 ? -1 : 1;
  if (size === 1) return sign;
  const magnitude = exponent * Math.log2(size);
  if (magnitude > 1025) return sign * Infinity;
  if (magnitude < -1080) return sign * 0;
  // Powers by multiplication are exact where the true result is, also halfway between two doubles.
  if (Number.isInteger(exponent) && Math.abs(exponent) <= 64 && Math.abs(magnitude) < 900) {
    return sign * smallPower(size, exponent);
  }
  const natural = logPair(size);
  const naturalRest = rest0;
  const product = multiply(natural, naturalRest, exponent, 0);
  return sign * expOfPair(product, rest);
}

function smallPower(base: number, exponent: number): number {
  let power = base;
  let powerRest = 0;
  let result = 1;
  let resultRest = 0;
  for (let left = Math.abs(exponent); ; ) {
    if (left % 2 === 1) {
      result = multiply(result, resultRest, power, powerRest);
      resultRest = rest;
    }
    left = Math.floor(left / 2);
    if (left === 0) break;
    power = multiply(power, powerRest, power, powerRest);
    powerRest = rest;
  }
  return exponent > 0 ? result : divide(1, 0, result, resultRest);
}

let sine = 0;
let sineRest = 0;
let cosine = 0;
let cosineRest = 0;

/** Leaves sine and cosine of a finite angle, as pairs, in the variables above. */
function turn(angle: number): void {
  let quarter = 0;
  let x = angle;
  let xRest = 0;
  if (Math.abs(angle) > 2 ** 25) {
    quarter = reduceLarge(angle);
    x = largeRemainder;
    xRest = largeRemainderRest;
  } else if (Math.abs(angle) > Math.PI / 4) {
    const k = Math.round(angle / HALF_PI);
    quarter = k & 3;
    x = reduce(angle, 0, k, HALF_PI, HALF_PI_REST, HALF_PI_REST2);
    xRest = rest0;
  }
  const square = multiply(x, xRest, x, xRest);
  const squareRest = rest;
  const overX = series(square, squareRest, 1, 2, -1, 8, 13);
  const s = multiply(overX, rest0, x, xRest);
  const sRest = rest;
  const c = series(square, squareRest, 0, 2, -1, 8, 14);
  const cRest = rest0;
  // A quarter turn takes the sine to the cosine, and the cosine to minus the sine.
  const odd = quarter % 2 === 1;
  const sineSign = quarter >= 2 ? -1 : 1;
  const cosineSign = quarter === 1 || quarter === 2 ? -1 : 1;
  sine = sineSign * (odd ? c : s);
  sineRest = sineSign * (odd ? cRest : sRest);
  cosine = cosineSign * (odd ? s : c);
  cosineRest = cosineSign * (odd ? sRest : cRest);
}

let largeRemainder = 0;
let largeRemainderRest = 0;

/** π/2 times 2^1300, made on first use: only angles above 2^25 need it. */
let bigHalfPi: bigint | undefined;
const BIG_BITS = 1300n;

/** atan(1/n) times 2^1320, by its series. */
function bigArcTangent(n: bigint): bigint {
  let power = (1n << (BIG_BITS + 20n)) / n;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += k % 4n === 1n ? power / k : -(power / k);
    power /= n * n;
  }
  return sum;
}

/** Reduces a large angle exactly, by whole-number arithmetic; gives the quarter and leaves the remainder above. */
function reduceLarge(angle: number): number {
  // Machin's formula: π/4 = 4 atan 1/5 - atan 1/239.
  bigHalfPi ??= (8n * bigArcTangent(5n) - 2n * bigArcTangent(239n)) >> 20n;
  // A double above 2^25 is a whole number of 2^-28.
  const scaledAngle = BigInt(Math.abs(angle) >= 2 ** 53 ? angle : angle * 2 ** 28);
  const total = Math.abs(angle) >= 2 ** 53 ? scaledAngle << BIG_BITS : scaledAngle << (BIG_BITS - 28n);
  let quarter = total / bigHalfPi;
  let remainder = total % bigHalfPi;
  if (2n * remainder > bigHalfPi) {
    remainder -= bigHalfPi;
    quarter++;
  } else if (2n * remainder < -bigHalfPi) {
    remainder += bigHalfPi;
    quarter--;
  }
  // No double is nearer than 2^-62 to a multiple of π/2, so 200 bits after the point leave far more than a pair holds.
  const cut = remainder >> (BIG_BITS - 200n);
  largeRemainder = Number(cut);
  largeRemainderRest = Number(cut - BigInt(largeRemainder)) * 2 ** -200;
  largeRemainder *= 2 ** -200;
  return Number(((quarter % 4n) + 4n) % 4n);
}

export function sin(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  if (Math.abs(x) < TINY) return x;
  turn(x);
  return sine;
}

export function cos(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  if (Math.abs(x) < TINY) return 1;
  turn(x);
  return cosine;
}

export function tan(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  if (Math.abs(x) < TINY) return x;
  turn(x);
  return divide(sine, sineRest, cosine, cosineRest);
}

/**
 * The angle of the point (x, y), given as pairs, at distance `radius` from the origin. `guess` is nearly that angle; the sine
 * of what it lacks is (y·cos guess - x·sin guess) / radius.
 */
function angleOf(guess: number, y: number, yRest: number, x: number, xRest: number, radius: number): number {
  turn(guess);
  const up = multiply(y, yRest, cosine, cosineRest);
  const upRest = rest;
  const along = multiply(x, xRest, sine, sineRest);
  return guess + add(up, upRest, -along, -rest) / radius;
}

export function atan2(y: number, x: number): number {
  const guess = Math.atan2(y, x);
  if (y === 0 || x === 0 || !Number.isFinite(y) || !Number.isFinite(x)) return guess;
  if (Math.abs(guess) < TINY) return y / x;
  // Scaled so that the larger of the two is near 1: nothing overflows, and what then vanishes does not matter.
  const scale = -Math.floor(Math.log2(Math.max(Math.abs(x), Math.abs(y))));
  const scaledY = scaled(y, scale);
  const scaledX = scaled(x, scale);
  return angleOf(guess, scaledY, 0, scaledX, 0, Math.hypot(scaledX, scaledY));
}

export function atan(x: number): number {
  return Math.abs(x) < TINY || !Number.isFinite(x) ? Math.atan(x) : atan2(x, 1);
}

export function asin(x: number): number {
  if (!(Math.abs(x) <= 1)) return Number.NaN;
  if (Math.abs(x) < TINY) return x;
  const across = otherSide(x);
  return angleOf(Math.asin(x), x, 0, across, rest0, 1);
}

export function acos(x: number): number {
  if (!(Math.abs(x) <= 1)) return Number.NaN;
  const across = otherSide(x);
  return angleOf(Math.acos(x), across, rest0, x, 0, 1);
}

/** √(1 - x²), a pair. */
function otherSide(x: number): number {
  if (Math.abs(x) === 1) {
    rest0 = 0;
    return 0;
  }
  const less = sumOf(1, -x);
  const lessRest = rest;
  const more = sumOf(1, x);
  const product = multiply(less, lessRest, more, rest);
  const root = squareRoot(product, rest);
  rest0 = rest;
  return root;
}
