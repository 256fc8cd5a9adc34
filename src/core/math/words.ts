// Doubles as bits: exponents, powers of two, and halves of a mantissa. Nothing here makes an object, but for wholeOf.

const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);
DOUBLE[0] = 1;
/** Which of the two words holds the exponent: that depends on the machine's byte order. */
const UPPER = WORDS[1] === 0 ? 0 : 1;
const LOWER = 1 - UPPER;

/** The power of two, `exponent` from -1074 to 1023. */
export function powerOfTwo(exponent: number): number {
  if (exponent < -1022) return powerOfTwo(exponent + 64) * 5.421010862427522e-20;
  WORDS[UPPER] = (exponent + 1023) << 20;
  WORDS[LOWER] = 0;
  return DOUBLE[0]!;
}

/** floor(log2 x) for a normal x above 0. */
export function exponentOf(x: number): number {
  DOUBLE[0] = x;
  return (WORDS[UPPER]! >>> 20) - 1023;
}

/** A normal x above 0 divided by the power of two that takes it into [1, 2). */
export function mantissaOf(x: number): number {
  DOUBLE[0] = x;
  WORDS[UPPER] = (WORDS[UPPER]! & 0xfffff) | 0x3ff00000;
  return DOUBLE[0]!;
}

/** `x` without the 27 lowest bits of its mantissa: the 26 that stay times 27 others are exact. */
export function upperHalf(x: number): number {
  DOUBLE[0] = x;
  WORDS[LOWER] = WORDS[LOWER]! & 0xf8000000;
  return DOUBLE[0]!;
}

/** The smallest normal double. */
export const SMALLEST_NORMAL = 2 ** -1022;

/** A finite double above 0 as integer · 2^exponent. */
export function wholeOf(x: number): { readonly integer: bigint; readonly exponent: number } {
  if (x < SMALLEST_NORMAL) return { integer: BigInt(x * 2 ** 537 * 2 ** 537), exponent: -1074 };
  const exponent = exponentOf(x);
  return { integer: BigInt(mantissaOf(x) * 2 ** 52), exponent: exponent - 52 };
}
