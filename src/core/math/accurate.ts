// The accurate phase of every function: for the arguments whose result lies so near to the middle between two doubles that the
// fast paths cannot tell on which side. It works with as many bits as that takes, and is some hundred times slower; the fast
// paths ask for it about once in ten thousand calls.
//
// Arguments with special results (not finite, zero, or so small that the result is known) do not come here.
import {
  type Approximation,
  bitLength,
  fixedArcTangent,
  fixedExp,
  fixedLn2,
  fixedLn10,
  fixedLog,
  fixedPi,
  fixedSineCosine,
  nearestDouble,
  roundWhenDecided,
  shiftLeft,
  squareRoot,
} from './fixed.ts';
import { exponentOf, wholeOf } from './words.ts';

/** e^argument, where the argument has `bits` bits after the point and may be off by `error` units. */
function exponential(argument: bigint, bits: number, error: bigint): Approximation {
  const ln2 = fixedLn2(bits);
  let quotient = argument / ln2;
  let reduced = argument - quotient * ln2;
  if (reduced < 0n) {
    quotient--;
    reduced += ln2;
  }
  const size = quotient < 0n ? -quotient : quotient;
  return { value: fixedExp(reduced, bits), scale: bits - Number(quotient), error: 2n * (error + size + 1n) + 4n };
}

/** For |x| from 2^-54 to 746. */
export function accurateExp(x: number): number {
  const { integer, exponent } = wholeOf(Math.abs(x));
  return roundWhenDecided(bits => {
    const argument = shiftLeft(integer, bits + 64 + exponent);
    return exponential(x < 0 ? -argument : argument, bits + 64, 0n);
  });
}

/** ln x for finite x above 0; off by at most 2^12 + 2·bits units. */
function naturalLog(x: number, bits: number): bigint {
  const { integer, exponent } = wholeOf(x);
  const length = bitLength(integer);
  // The ratio integer / 2^length lies in [1/2, 1). Below 0.7 it is doubled, so that ln x has no cancellation.
  const one = 1n << BigInt(length);
  const low = integer * 10n < one * 7n;
  const scale = exponent + length - (low ? 1 : 0);
  return BigInt(scale) * fixedLn2(bits) + fixedLog(low ? 2n * integer : integer, one, bits);
}

/** For x other than 1. */
export function accurateLog(x: number): number {
  return roundWhenDecided(bits => {
    const wide = bits + 64;
    return { value: naturalLog(x, wide), scale: wide, error: 4096n + 2n * BigInt(wide) };
  });
}

/** The logarithm to the base whose natural logarithm `ln` gives. The result must not be rational. */
function logTo(x: number, ln: (bits: number) => bigint): number {
  return roundWhenDecided(bits => {
    const wide = bits + 64;
    const value = (naturalLog(x, wide) << BigInt(wide)) / ln(wide);
    return { value, scale: wide, error: 16384n + 4n * BigInt(wide) };
  });
}

/** For x that is not a power of two. */
export function accurateLog2(x: number): number {
  return logTo(x, fixedLn2);
}

/** For any finite x above 0. */
export function accurateLog10(x: number): number {
  // Of all doubles only 10^0 to 10^22 have rational logarithms.
  if (Number.isInteger(x) && x <= 1e22) {
    let power = 1;
    for (let n = 0; power <= x; n++, power *= 10) if (power === x) return n;
  }
  return logTo(x, fixedLn10);
}

/**
 * base^exponent where that is a number of few binary digits, so that it could be a double or halfway between two; otherwise
 * undefined. For a base above 0 and |exponent| at most 2^64.
 */
function exactPower(base: number, exponent: number): number | undefined {
  let { integer: odd, exponent: twos } = wholeOf(base);
  while ((odd & 1n) === 0n) {
    odd >>= 1n;
    twos++;
  }
  let power = Math.abs(exponent);
  // Powers of other numbers than 2 to negative exponents have infinitely many binary digits.
  if (odd !== 1n && exponent < 0) return undefined;
  for (; !Number.isInteger(power); power *= 2) {
    const root = squareRoot(odd);
    // Here the power is irrational; and only roots of roots of 1 go on without end.
    if (root * root !== odd || (twos & 1) !== 0 || power < 2 ** -12) return undefined;
    odd = root;
    twos /= 2;
  }
  if (odd !== 1n && power * bitLength(odd) > 400) return undefined;
  const wholePower = BigInt(power);
  const scale = BigInt(exponent < 0 ? twos : -twos) * wholePower;
  if (scale > 4096n) return 0;
  return scale < -4096n ? Infinity : nearestDouble(odd === 1n ? 1n : odd ** wholePower, Number(scale));
}

/** For a finite base above 0 and an exponent where |exponent · ln base| lies between 2^-56 and 2000. */
export function accuratePow(base: number, exponent: number): number {
  const exact = exactPower(base, exponent);
  if (exact !== undefined) return exact;
  const factor = wholeOf(Math.abs(exponent));
  return roundWhenDecided(bits => {
    const wide = bits + 80;
    // The exponent is below 2^110 (ln of the base is at least 2^-54 or 0), and the logarithm's error grows by as much.
    const logBits = wide + 128 + Math.max(0, exponentOf(Math.abs(exponent)));
    const product = shiftLeft(naturalLog(base, logBits) * factor.integer, factor.exponent + wide - logBits);
    return exponential(exponent < 0 ? -product : product, wide, 2n);
  });
}

/** Quarter turns in an angle above 0, and sine and cosine of what is left, which are off by at most 2·bits units. */
function turn(
  angle: number,
  bits: number,
): { readonly quarter: number; readonly sine: bigint; readonly cosine: bigint } {
  const { integer, exponent } = wholeOf(angle);
  // An error of π counts as often as the angle has quarter turns.
  const wide = bits + 64 + Math.max(0, exponentOf(angle));
  const halfPi = fixedPi(wide) >> 1n;
  const scaled = shiftLeft(integer, exponent + wide);
  const quarter = (2n * scaled + halfPi) / (2n * halfPi);
  const left = (scaled - quarter * halfPi) >> BigInt(wide - bits);
  return { quarter: Number(quarter & 3n), ...fixedSineCosine(left, bits) };
}

/** The bits that a result needs beside its precision: no double above 2^-27 is nearer than 2^-62 to a multiple of π/2. */
const NEAR_ZERO_BITS = 80;

/** The sine of an angle of at least 2^-27, turned on by `quarters`: 1 for the cosine. */
function sineOf(angle: number, quarters: 0 | 1): number {
  return roundWhenDecided(bits => {
    const scale = bits + NEAR_ZERO_BITS;
    const { quarter, sine, cosine } = turn(angle, scale);
    const turned = quarter + quarters;
    const value = (turned & 1) === 0 ? sine : cosine;
    return { value: (turned & 2) === 0 ? value : -value, scale, error: 4n * BigInt(scale) };
  });
}

/** For finite |x| of at least 2^-27, like the following two. */
export function accurateSin(x: number): number {
  return x < 0 ? -sineOf(-x, 0) : sineOf(x, 0);
}

export function accurateCos(x: number): number {
  return sineOf(Math.abs(x), 1);
}

export function accurateTan(x: number): number {
  if (x < 0) return -accurateTan(-x);
  return roundWhenDecided(bits => {
    const scale = bits + 2 * NEAR_ZERO_BITS;
    const { quarter, sine, cosine } = turn(x, scale);
    const odd = (quarter & 1) === 1;
    const value = shiftLeft(odd ? -cosine : sine, scale) / (odd ? sine : cosine);
    // A quotient of at most 2^62: the divisor's error counts by its square, above all others.
    const size = BigInt(bitLength(value < 0n ? -value : value) - scale + 2);
    return { value, scale, error: (16n * BigInt(scale)) << (size > 0n ? 2n * size : 0n) };
  });
}

/** The arc tangent of y/x for positive y and x. */
export function accurateAtan2(y: number, x: number): number {
  const up = wholeOf(y);
  const along = wholeOf(x);
  const shift = up.exponent - along.exponent;
  const numerator = shift > 0 ? up.integer << BigInt(shift) : up.integer;
  const denominator = shift < 0 ? along.integer << BigInt(-shift) : along.integer;
  const size = bitLength(numerator) - bitLength(denominator);
  if (size < -62) return slightlyBelow(numerator, denominator);
  return roundWhenDecided(bits => {
    const scale = bits + 64;
    return { value: fixedArcTangent(numerator, denominator, scale), scale, error: 2n * BigInt(scale) };
  });
}

/** π minus the arc tangent of y/x for positive y and x. */
export function accurateObtuse(y: number, x: number): number {
  const up = wholeOf(y);
  const along = wholeOf(x);
  const shift = up.exponent - along.exponent;
  const numerator = shift > 0 ? up.integer << BigInt(shift) : up.integer;
  const denominator = shift < 0 ? along.integer << BigInt(-shift) : along.integer;
  return roundWhenDecided(scale => {
    const value = fixedPi(scale) - fixedArcTangent(numerator, denominator, scale);
    return { value, scale, error: 2n * BigInt(scale) + 1n };
  });
}

/**
 * The arc tangent of a ratio so small that it is the ratio less a 2^-120th of it at most. Cut to some 60 bits, the ratio has
 * either nothing left, then the arc tangent is in the unit below, or at least a 2^-53th, then it is in the same unit.
 */
function slightlyBelow(numerator: bigint, denominator: bigint): number {
  const scale = 60 + bitLength(denominator) - bitLength(numerator);
  const cut = (numerator << BigInt(scale)) / denominator;
  const left = (numerator << BigInt(scale)) - cut * denominator;
  return nearestDouble(left === 0n ? 2n * cut - 1n : 2n * cut + 1n, scale + 1);
}

/** The sides of a right triangle with the longest side 1 and one side x, in units of equal size: x and √(1 - x²). */
function triangle(x: number, bits: number): { readonly near: bigint; readonly far: bigint } {
  const { integer, exponent } = wholeOf(x);
  const rest = (1n << BigInt(-2 * exponent)) - integer * integer;
  // The other side is at least 2^-27 of the longest, whose unit is 2^exponent.
  const more = BigInt(bits + 64);
  return { near: integer << more, far: squareRoot(rest << (2n * more)) };
}

/** For x from 2^-27 to 1, both excluded. */
export function accurateAsin(x: number): number {
  return roundWhenDecided(bits => {
    const scale = bits + 64;
    const { near, far } = triangle(x, scale);
    return { value: fixedArcTangent(near, far, scale), scale, error: 2n * BigInt(scale) + 2n };
  });
}

/** For |x| from 2^-60 to 1, the latter excluded. */
export function accurateAcos(x: number): number {
  return roundWhenDecided(bits => {
    const scale = bits + 64;
    const { near, far } = triangle(Math.abs(x), scale);
    const angle = fixedArcTangent(far, near, scale);
    const value = x < 0 ? fixedPi(scale) - angle : angle;
    return { value, scale, error: 2n * BigInt(scale) + 4n };
  });
}
