// pow, rounded correctly (see exponential.ts for the idea). In order:
//
//   1. C99's table of special values, which differs from JavaScript's where the base is 1 or -1;
//   2. powers by multiplication: exact where everything is a small whole number, else with pairs of doubles;
//   3. e^(exponent · ln base) with pairs of doubles, which bears the logarithm's relative error up to 745 times;
//   4. the accurate phase, which also knows the powers that are doubles, or lie halfway between two.
import { accuratePow } from './accurate.ts';
import { EXP_ERROR, EXP_SCALE, expPair, LOG_ERROR, logPair } from './exponential.ts';
import { divide, LOW, multiply } from './pair.ts';
import { powerOfTwo } from './words.ts';

/** The largest exponent for which multiplying pairs is quicker than the logarithm. */
const MOST_PRODUCTS = 16;
/** The relative error of at most 2·MOST_PRODUCTS pair operations is less. */
const PRODUCTS_ERROR = 2 ** -95;
/** Between these bounds a product's rounding error is a normal double, and nothing overflows. */
const SMALLEST_PRODUCT = 2 ** -900;
const LARGEST_PRODUCT = 2 ** 900;

/** The relative error of e^(exponent · logarithm) is less. */
const POWER_ERROR = 2 * EXP_ERROR + 746 * LOG_ERROR;

/** `base` to the power of `exponent`. */
export function pow(base: number, exponent: number): number {
  if (exponent === 0 || base === 1) return 1;
  if (exponent === 2) return base * base;
  if (exponent === 1) return base;
  if (exponent === -1) return 1 / base;
  const size = Math.abs(base);
  if (!(size > 0 && size < Infinity && Math.abs(exponent) < Infinity)) return specialPower(base, exponent);
  if (exponent === 0.5) return Math.sqrt(base);
  if (base < 0) {
    if (Math.floor(exponent) !== exponent) return Number.NaN;
    const power = size === 1 ? 1 : powerOf(size, exponent);
    return exponent % 2 === 0 ? power : -power;
  }
  return powerOf(size, exponent);
}

/** The cases where one of the two is not finite or the base is zero. */
function specialPower(base: number, exponent: number): number {
  if (Number.isNaN(base) || Number.isNaN(exponent)) return Number.NaN;
  const size = Math.abs(base);
  if (size === 1) return 1;
  const isLarge = size > 1 === exponent > 0;
  const isOdd = Number.isFinite(exponent) && Math.abs(exponent % 2) === 1;
  const result = isLarge ? Infinity : 0;
  return isOdd && (base < 0 || Object.is(base, -0)) ? -result : result;
}

/** base^exponent for whole numbers above 0, in doubles: exact when it is at most 2^53, since all products on the way are less. */
function wholePower(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let left = exponent; ; ) {
    if ((left & 1) === 1) result *= square;
    left >>= 1;
    if (left === 0) return result;
    square *= square;
  }
}

/** base^exponent as a pair (see LOW), for a whole exponent above 0. */
function productPair(base: number, exponent: number): number {
  let high = 1;
  let low = 0;
  let square = base;
  let squareRest = 0;
  for (let left = exponent; ; ) {
    if ((left & 1) === 1) {
      high = multiply(high, low, square, squareRest);
      low = LOW[0]!;
    }
    left >>= 1;
    if (left === 0) return high;
    square = multiply(square, squareRest, square, squareRest);
    squareRest = LOW[0]!;
  }
}

/** For a finite base above 0 and a finite exponent. */
function powerOf(base: number, exponent: number): number {
  if (Math.floor(exponent) === exponent && exponent <= 53 && exponent >= -MOST_PRODUCTS) {
    if (exponent > 0 && Math.floor(base) === base) {
      const product = wholePower(base, exponent);
      if (product <= 9007199254740992) return product;
    }
    if (exponent <= MOST_PRODUCTS) {
      let high = productPair(base, Math.abs(exponent));
      if (exponent < 0) high = divide(1, 0, high, LOW[0]!);
      const low = LOW[0]!;
      const error = high * PRODUCTS_ERROR;
      // After an overflow the rest is not a number, and no comparison holds.
      if (high + (low + error) === high + (low - error) && high > SMALLEST_PRODUCT && high < LARGEST_PRODUCT) {
        return high;
      }
    }
  }
  const logarithm = logPair(base);
  const logarithmRest = LOW[0]!;
  const product = exponent * logarithm;
  if (product > 746) return Infinity;
  if (product < -746) return 0;
  if (Math.abs(product) < 2 ** -55) return 1;
  const argument = multiply(logarithm, logarithmRest, exponent, 0);
  const high = expPair(argument, LOW[0]!);
  const low = LOW[0]!;
  const scale = EXP_SCALE[0]!;
  const error = high * POWER_ERROR;
  // Outside of these scales the result may not be a normal double.
  if (high + (low + error) !== high + (low - error) || scale > 1022 || scale < -1021) {
    return accuratePow(base, exponent);
  }
  return high * powerOfTwo(scale);
}
