// Arithmetic with about 106 bits: a number is the sum of two doubles, the second at most half a unit in the last place of
// the first (T. J. Dekker, "A floating-point technique for extending the available precision", 1971).
//
// Every operation returns the first double and leaves the second in `rest`, to be read before the next operation: objects
// for the pairs would cost more than the arithmetic. Arguments are finite, and far enough from the ends of the exponent
// range that neither 2^27 times a number overflows nor an error term falls below the smallest double.

/** The second double of the last result. */
export let rest = 0;

/** The exact sum of two doubles. */
export function sumOf(a: number, b: number): number {
  const sum = a + b;
  const fromB = sum - a;
  rest = a - (sum - fromB) + (b - fromB);
  return sum;
}

/** The exact sum where the first double is not the smaller in magnitude. */
function joined(a: number, b: number): number {
  const sum = a + b;
  rest = b - (sum - a);
  return sum;
}

/** 2^27 + 1: cuts a double into two halves of 26 bits, whose products are exact. */
const SPLITTER = 134217729;

/** The exact product of two doubles. */
export function productOf(a: number, b: number): number {
  const product = a * b;
  const bigA = SPLITTER * a;
  const aHigh = bigA - (bigA - a);
  const aLow = a - aHigh;
  const bigB = SPLITTER * b;
  const bHigh = bigB - (bigB - b);
  const bLow = b - bHigh;
  rest = aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
  return product;
}

export function add(a: number, aRest: number, b: number, bRest: number): number {
  const high = sumOf(a, b);
  const error = rest;
  const low = sumOf(aRest, bRest);
  const lowError = rest;
  const first = joined(high, error + low);
  return joined(first, rest + lowError);
}

export function multiply(a: number, aRest: number, b: number, bRest: number): number {
  const product = productOf(a, b);
  return joined(product, rest + (a * bRest + aRest * b));
}

export function divide(a: number, aRest: number, b: number, bRest: number): number {
  const first = a / b;
  const back = multiply(b, bRest, first, 0);
  const left = add(a, aRest, -back, -rest);
  const second = left / b;
  const backAgain = multiply(b, bRest, second, 0);
  const third = add(left, 0, -backAgain, -rest) / b;
  const sum = joined(first, second);
  return add(sum, rest, third, 0);
}

/** The square root of a number above 0. */
export function squareRoot(a: number, aRest: number): number {
  const first = Math.sqrt(a);
  const square = productOf(first, first);
  return joined(first, add(a, aRest, -square, -rest) / (2 * first));
}
