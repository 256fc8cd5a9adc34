// The fast paths trust bounds on the error of their pairs of doubles. That a bound is too small shows in a wrong result once in
// millions of calls; here the errors are measured, and have to stay below half of the bound.
import { expect, test } from 'vitest';
import { EXP_ERROR, EXP_SCALE, expPair, LOG_ERROR, logPair } from '../../src/core/math/exponential.ts';
import { ARC_ERROR, arcPair, otherSide } from '../../src/core/math/inverse.ts';
import { LOW } from '../../src/core/math/pair.ts';
import { CIRCLE_ERROR, cosinePair, sinePair } from '../../src/core/math/trigonometric.ts';
import { random } from './math-random.ts';
import * as reference from './math-reference.ts';

const BITS = 420;
const fixed = ({ mantissa, bits }: reference.Big): bigint =>
  bits <= BITS ? mantissa << BigInt(BITS - bits) : mantissa >> BigInt(bits - BITS);

/** The largest relative error of what `pair` gives and leaves in LOW, over arguments from `draw`. */
function worst(
  count: number,
  draw: () => number,
  pair: (x: number) => number,
  exactly: (x: number) => reference.Big,
): number {
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const x = draw();
    const high = pair(x);
    const given = fixed(reference.exactly(high)) + fixed(reference.exactly(LOW[0]!));
    const wanted = fixed(exactly(x));
    largest = Math.max(largest, Math.abs(Number(((given - wanted) << 120n) / wanted) / 2 ** 120));
  }
  return largest;
}

const next = random(2024);
const COUNT = 1500;

test('e^x', () => {
  const exactly = (x: number): reference.Big => {
    const { mantissa, bits } = reference.exp(reference.exactly(x));
    return { mantissa, bits: bits + EXP_SCALE[0]! };
  };
  for (const size of [1400, 2, 0.004]) {
    expect(
      worst(
        COUNT,
        () => (next() - 0.5) * size,
        x => expPair(x, 0),
        exactly,
      ),
    ).toBeLessThan(EXP_ERROR / 2);
  }
  // The second double of the argument counts in full.
  const both = (x: number): reference.Big => {
    const rest = reference.exactly(x * 2 ** -53);
    const bits = Math.max(rest.bits, BITS);
    const sum = fixed(reference.exactly(x)) + fixed(rest);
    const { mantissa, bits: scale } = reference.exp({ mantissa: sum << BigInt(bits - BITS), bits });
    return { mantissa, bits: scale + EXP_SCALE[0]! };
  };
  expect(
    worst(
      COUNT,
      () => (next() - 0.5) * 1400,
      x => expPair(x, x * 2 ** -53),
      both,
    ),
  ).toBeLessThan(EXP_ERROR / 2);
});

test('ln x', () => {
  for (const draw of [
    () => 2 ** (2000 * next() - 1000),
    () => 0.5 + 1.5 * next(),
    () => 1 + (next() - 0.5) * 2 ** -6,
    () => 1 + (next() - 0.5) * 2 ** -12,
    () => 1 - 2 ** (-10 - 30 * next()),
  ]) {
    expect(worst(COUNT, draw, logPair, reference.log)).toBeLessThan(LOG_ERROR / 2);
  }
});

test('sine and cosine', () => {
  for (const size of [0.785, 0.012, 0.002]) {
    const draw = (): number => size * next() + 1e-7;
    expect(worst(COUNT, draw, x => sinePair(x, 0), reference.sin)).toBeLessThan(CIRCLE_ERROR / 2);
    expect(worst(COUNT, draw, x => cosinePair(x, 0), reference.cos)).toBeLessThan(CIRCLE_ERROR / 2);
  }
});

test('arc tangent, also of pairs', () => {
  for (const size of [1, 0.03, 0.002]) {
    const draw = (): number => size * next() + 1e-7;
    expect(worst(COUNT, draw, x => arcPair(x, 0, 1, 0), reference.atan)).toBeLessThan(ARC_ERROR / 2);
    const ofRatio = (x: number): reference.Big => reference.atan2(x, 1.7);
    expect(worst(COUNT, draw, x => arcPair(x, 0, 1.7, 0), ofRatio)).toBeLessThan(ARC_ERROR / 2);
  }
  const asSine = (x: number): number => {
    const side = otherSide(x);
    return arcPair(x, 0, side, LOW[0]!);
  };
  const asCosine = (x: number): number => {
    const side = otherSide(x);
    return arcPair(side, LOW[0]!, x, 0);
  };
  expect(worst(COUNT, () => 0.7 * next() + 1e-7, asSine, reference.asin)).toBeLessThan(ARC_ERROR / 2);
  expect(worst(COUNT, () => 0.708 + 0.2919 * next(), asCosine, reference.acos)).toBeLessThan(ARC_ERROR / 2);
  expect(worst(COUNT, () => 1 - 2 ** (-9 - 40 * next()), asCosine, reference.acos)).toBeLessThan(ARC_ERROR / 2);
});
