// Pairs of doubles: a number with about 106 bits is the sum of two doubles, the second at most half a unit in the last place of
// the first (T. J. Dekker, "A floating-point technique for extending the available precision", 1971).
//
// A function that gives a pair returns the first double and leaves the second in LOW[0], to be read before the next call. LOW is a
// typed array because V8 makes a new heap object for every double that is stored in a module's variable, and none for an
// element of this. Numbers stay between 2^-900 and 2^900, so that nothing overflows and no error term is subnormal.

/** The second double of the last pair that a function returned. */
export const LOW = new Float64Array(1);

/** 2^27 + 1: cuts a double into two halves, whose products are exact. */
export const SPLITTER = 134217729;

/** The product of two pairs; its relative error is below 2^-101. */
export function multiply(a: number, aRest: number, b: number, bRest: number): number {
  const product = a * b;
  const bigA = SPLITTER * a;
  const upperA = bigA - (bigA - a);
  const lowerA = a - upperA;
  const bigB = SPLITTER * b;
  const upperB = bigB - (bigB - b);
  const lowerB = b - upperB;
  const rest =
    upperA * upperB - product + upperA * lowerB + lowerA * upperB + lowerA * lowerB + (a * bRest + aRest * b);
  const sum = product + rest;
  LOW[0] = rest - (sum - product);
  return sum;
}

/** The quotient of two pairs; its relative error is below 2^-99. */
export function divide(a: number, aRest: number, b: number, bRest: number): number {
  const first = a / b;
  const back = multiply(b, bRest, first, 0);
  // Exact: the two agree in nearly all their bits.
  const second = (a - back - LOW[0]! + aRest) / b;
  const sum = first + second;
  LOW[0] = second - (sum - first);
  return sum;
}
