// The elementary functions against the definitions, summed in whole numbers with 400 bits after the point.
import { describe, expect, test } from 'vitest';
import * as elementary from '../../src/base/elementary.ts';

const BITS = 400n;
const ONE = 1n << BITS;

/** A double as a fixed-point number; exact for |x| from 2^-300 up. */
function fixed(x: number): bigint {
  let scale = 0n;
  let value = x;
  while (!Number.isInteger(value)) {
    value *= 2;
    scale++;
  }
  return (BigInt(value) << BITS) >> scale;
}

/** The double nearest to a fixed-point number; halfway cases do not occur. */
function nearest(value: bigint): number {
  if (value < 0n) return -nearest(-value);
  const length = BigInt(value.toString(2).length);
  const drop = length > 53n ? length - 53n : 0n;
  const half = drop > 0n ? 1n << (drop - 1n) : 0n;
  return Number((value + half) >> drop) * 2 ** Number(drop - BITS);
}

const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const over = (a: bigint, b: bigint): bigint => (a << BITS) / b;

/** Sums the series whose terms follow from the one before. */
function sum(first: bigint, next: (term: bigint, n: bigint) => bigint): bigint {
  let total = 0n;
  let term = first;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    total += term;
    term = next(term, n);
  }
  return total;
}

const fixedExp = (x: bigint): bigint => {
  const halved = sum(ONE, (term, n) => times(term, x >> 12n) / n);
  let power = halved;
  for (let i = 0; i < 12; i++) power = times(power, power);
  return power;
};
const fixedSin = (x: bigint): bigint => sum(x, (term, n) => -times(times(term, x), x) / (2n * n * (2n * n + 1n)));
const fixedCos = (x: bigint): bigint => sum(ONE, (term, n) => -times(times(term, x), x) / (2n * n * (2n * n - 1n)));

/** The root of an increasing function with a known derivative, by Newton's steps from a double. */
function root(guess: number, step: (y: bigint) => bigint): bigint {
  let y = fixed(guess);
  for (let i = 0; i < 4; i++) y -= step(y);
  return y;
}

const fixedLog = (x: number): bigint => root(Math.log(x), y => ONE - over(fixed(x), fixedExp(y)));
const fixedAtan = (x: number): bigint =>
  root(Math.atan(x), y => {
    const c = fixedCos(y);
    return times(fixedSin(y) - times(fixed(x), c), c);
  });
const fixedAsin = (x: number): bigint => root(Math.asin(x), y => over(fixedSin(y) - fixed(x), fixedCos(y)));
const LN2 = fixedLog(2);
const LN10 = fixedLog(10);
const PI = 4n * fixedAtan(1);

/** Numbers without a pattern, the same in every run. */
function* samples(low: number, high: number, count: number): Generator<number> {
  let state = 12345;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield low + ((high - low) * state) / 2 ** 32;
  }
}

const CASES: readonly [(x: number) => number, number, number, (x: number) => bigint][] = [
  [elementary.exp, -20, 20, x => fixedExp(fixed(x))],
  [elementary.log, 0.001, 3, fixedLog],
  [elementary.log2, 0.5, 100, x => over(fixedLog(x), LN2)],
  [elementary.log10, 0.5, 100, x => over(fixedLog(x), LN10)],
  [elementary.sin, -10, 10, x => fixedSin(fixed(x))],
  [elementary.cos, -10, 10, x => fixedCos(fixed(x))],
  [elementary.tan, -10, 10, x => over(fixedSin(fixed(x)), fixedCos(fixed(x)))],
  [elementary.asin, -0.99, 0.99, fixedAsin],
  [elementary.acos, -0.99, 0.99, x => PI / 2n - fixedAsin(x)],
  [elementary.atan, -5, 5, fixedAtan],
];

describe.each(CASES)('%o', (compute, low, high, exactly) => {
  test('gives the nearest double', () => {
    for (const x of samples(low, high, 150)) expect(compute(x), `${compute.name} ${x}`).toBe(nearest(exactly(x)));
  });
});

test('pow gives the nearest double', () => {
  for (const base of samples(0.1, 30, 100)) {
    for (const exponent of [0.5, -1.25, 7, -12, 33.3]) {
      const exactly = fixedExp(times(fixed(exponent), fixedLog(base)));
      expect(elementary.pow(base, exponent), `${base}^${exponent}`).toBe(nearest(exactly));
    }
  }
});

test('atan2 gives the nearest double in every quadrant', () => {
  for (const ratio of samples(0.01, 5, 60)) {
    // A power of two keeps the ratio exact.
    expect(elementary.atan2(4 * ratio, 4)).toBe(nearest(fixedAtan(ratio)));
    expect(elementary.atan2(-4 * ratio, -4)).toBe(nearest(fixedAtan(ratio) - PI));
    expect(elementary.atan2(ratio, -1)).toBe(nearest(PI - fixedAtan(ratio)));
  }
});

test('large angles are reduced exactly', () => {
  const reduced = (x: number): bigint => fixed(x) % (2n * PI);
  for (const x of [1e10, 123456789.25, 2 ** 60 + 2 ** 8, 1e22]) {
    expect(elementary.sin(x)).toBe(nearest(fixedSin(reduced(x))));
    expect(elementary.cos(-x)).toBe(nearest(fixedCos(reduced(x))));
  }
  // Known to be the worst case of this reduction: the double nearest to a multiple of π/2.
  expect(elementary.cos(6381956970095103 * 2 ** 797)).toBe(-4.687165924254628e-19);
});

test('special values are those of IEEE 754', () => {
  const { exp, log, pow, sin, cos, tan, atan, atan2, asin, acos, log10, log2 } = elementary;
  expect([exp(-Infinity), exp(710), exp(-746), exp(0)]).toEqual([0, Infinity, 0, 1]);
  expect([log(0), log(-0), log(Infinity), log(1)]).toEqual([-Infinity, -Infinity, Infinity, 0]);
  expect([log10(1000), log10(1e-5), log2(2 ** -1074), log2(8)]).toEqual([3, -5, -1074, 3]);
  expect([pow(0, -1), pow(-0, -3), pow(2, -1074), pow(10, 308), pow(-2, 3), pow(9, 0.5)]).toEqual([
    Infinity,
    -Infinity,
    5e-324,
    1e308,
    -8,
    3,
  ]);
  expect([pow(1, Number.NaN), pow(Number.NaN, 0), pow(-1, Infinity), pow(-1, 1e308)]).toEqual([1, 1, 1, 1]);
  expect([sin(-0), tan(-0), atan(-0), asin(-0), atan2(-0, 1)]).toEqual([-0, -0, -0, -0, -0]);
  expect([atan(Infinity), atan2(1, -Infinity), acos(-1), asin(1)]).toEqual([
    Math.PI / 2,
    Math.PI,
    Math.PI,
    Math.PI / 2,
  ]);
  for (const nan of [sin(Infinity), cos(Number.NaN), log(-1), pow(-8, 1 / 3), asin(1.1), acos(-2), exp(Number.NaN)]) {
    expect(nan).toBeNaN();
  }
});
