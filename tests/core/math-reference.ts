// The elementary functions to some 300 bits beyond the point of the result, to hold the real ones against. Written for clarity,
// and otherwise than the accurate phase in src/core/math on purpose: other series, other reductions, another π, and V8's
// reading of decimal numbers (which is exact) for the last step. Inverse functions start from Math's result and add what the
// forward function shows that it lacks.

/** A number as mantissa · 2^-bits. */
export interface Big {
  readonly mantissa: bigint;
  readonly bits: number;
}

/** A finite double, exactly. */
export function exactly(x: number): Big {
  let value = Math.abs(x);
  let bits = 0;
  while (!Number.isInteger(value)) {
    value *= 2;
    bits++;
  }
  return { mantissa: x < 0 ? -BigInt(value) : BigInt(value), bits };
}

/** With so many bits after the point, cut down. */
function at({ mantissa, bits }: Big, wanted: number): bigint {
  return wanted >= bits ? mantissa << BigInt(wanted - bits) : mantissa >> BigInt(bits - wanted);
}

/** The nearest double, by way of the exact decimal expansion. */
export function toDouble({ mantissa, bits }: Big): number {
  return bits <= 0 ? Number(mantissa << BigInt(-bits)) : Number(`${mantissa * 5n ** BigInt(bits)}e-${bits}`);
}

/** Sums terms, each from the one before, until they vanish. */
function series(first: bigint, next: (term: bigint, n: bigint) => bigint): bigint {
  let sum = 0n;
  for (let term = first, n = 1n; term !== 0n && term !== -1n; n++) {
    sum += term;
    term = next(term, n);
  }
  return sum;
}

const BITS = 420;
const WIDE = BigInt(BITS);
const ONE = 1n << WIDE;
const times = (a: bigint, b: bigint): bigint => (a * b) >> WIDE;
const over = (a: bigint, b: bigint): bigint => (a << WIDE) / b;

const E = series(ONE, (term, n) => term / n);

/** e^x: a power of e by its whole part, the series for the rest. Keeps BITS bits whatever the size. */
export function exp(x: Big): Big {
  const fixed = at(x, BITS);
  const whole = fixed >> WIDE;
  const fraction = fixed - (whole << WIDE);
  let mantissa = series(ONE, (term, n) => times(term, fraction) / n);
  let bits = BITS;
  let power = whole < 0n ? over(ONE, E) : E;
  let powerBits = BITS;
  for (let left = whole < 0n ? -whole : whole; left > 0n; left >>= 1n) {
    if (left & 1n) [mantissa, bits] = shortened(mantissa * power, bits + powerBits);
    [power, powerBits] = shortened(power * power, 2 * powerBits);
  }
  return { mantissa, bits };
}

/** Without the bits beyond BITS + 8. */
function shortened(mantissa: bigint, bits: number): [bigint, number] {
  const excess = Math.max(0, mantissa.toString(16).length * 4 - BITS - 8);
  return [mantissa >> BigInt(excess), bits - excess];
}

/** ln x = guess + ln(x e^-guess). */
export function log(x: number): Big {
  const guess = Math.log(x);
  const { mantissa, bits } = exp(exactly(-guess));
  const value = exactly(x);
  const z = at({ mantissa: mantissa * value.mantissa, bits: bits + value.bits }, BITS) - ONE;
  let power = z;
  let sum = 0n;
  for (let n = 1n; n < 14n; n++) {
    sum += n % 2n === 1n ? power / n : -(power / n);
    power = times(power, z);
  }
  return { mantissa: at(exactly(guess), BITS) + sum, bits: BITS };
}

const LN2 = log(2).mantissa;
const LN10 = log(10).mantissa;

export const log2 = (x: number): Big => ({ mantissa: over(log(x).mantissa, LN2), bits: BITS });
export const log10 = (x: number): Big => ({ mantissa: over(log(x).mantissa, LN10), bits: BITS });

/** For results that are neither doubles nor halfway between two. */
export function pow(base: number, exponent: number): Big {
  const logarithm = log(base);
  const factor = exactly(exponent);
  return exp({ mantissa: logarithm.mantissa * factor.mantissa, bits: logarithm.bits + factor.bits });
}

/** π with 1500 bits, as 4 (atan 1/2 + atan 1/3) (Euler). */
const PI_BITS = 1500;
const PI = ((): bigint => {
  const one = 1n << BigInt(PI_BITS + 20);
  const arc = (n: bigint): bigint => {
    let sum = 0n;
    let power = one / n;
    for (let k = 1n; power !== 0n; k += 2n, power /= -(n * n)) sum += power / k;
    return sum;
  };
  return (4n * (arc(2n) + arc(3n))) >> 20n;
})();
const FULL_TURN = 2n * PI;

/** The angle without its full turns. */
function withoutTurns(x: number): bigint {
  const scaled = at(exactly(x), PI_BITS);
  return (scaled % FULL_TURN) >> BigInt(PI_BITS - BITS);
}

const fixedSin = (x: bigint): bigint => series(x, (term, n) => -times(times(term, x), x) / (2n * n * (2n * n + 1n)));
const fixedCos = (x: bigint): bigint => series(ONE, (term, n) => -times(times(term, x), x) / (2n * n * (2n * n - 1n)));

export const sin = (x: number): Big => ({ mantissa: fixedSin(withoutTurns(x)), bits: BITS });
export const cos = (x: number): Big => ({ mantissa: fixedCos(withoutTurns(x)), bits: BITS });
export const tan = (x: number): Big => {
  const angle = withoutTurns(x);
  return { mantissa: over(fixedSin(angle), fixedCos(angle)), bits: BITS };
};

/** The angle of the point (x, y), which Math places at `guess`. */
function angleOf(guess: number, y: Big, x: Big): Big {
  const angle = at(exactly(guess), BITS);
  const s = fixedSin(angle);
  const c = fixedCos(angle);
  const bits = Math.max(y.bits, x.bits);
  const up = at(y, bits);
  const along = at(x, bits);
  const z = over(up * c - along * s, along * c + up * s);
  let power = z;
  let sum = 0n;
  for (let n = 1n; n < 16n; n += 2n) {
    sum += n % 4n === 1n ? power / n : -(power / n);
    power = times(power, times(z, z));
  }
  return { mantissa: angle + sum, bits: BITS };
}

export const atan2 = (y: number, x: number): Big => angleOf(Math.atan2(y, x), exactly(y), exactly(x));
export const atan = (x: number): Big => atan2(x, 1);

/** √(1 - x²), with bits to spare. */
function otherSide(x: number): Big {
  const { mantissa, bits } = exactly(x);
  const wanted = BigInt(bits + BITS + 60);
  const square = ((1n << BigInt(2 * bits)) - mantissa * mantissa) << (2n * (wanted - BigInt(bits)));
  let root = 1n << (wanted + 1n);
  for (let next = root - 1n; next < root; next = (root + square / root) >> 1n) root = next;
  return { mantissa: root, bits: Number(wanted) };
}

export const asin = (x: number): Big => angleOf(Math.asin(x), exactly(x), otherSide(x));
export const acos = (x: number): Big => angleOf(Math.acos(x), otherSide(x), exactly(x));
