// Every result is the double nearest to the true value: against an independent reference, on random and on edge arguments; and
// the accurate phase by itself, which random arguments seldom reach.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CONSTANTS_FILE } from '../../scripts/math-constants.mjs';
import * as accurate from '../../src/core/math/accurate.ts';
import { exp, log, log2, log10 } from '../../src/core/math/exponential.ts';
import { nearestDouble } from '../../src/core/math/fixed.ts';
import { acos, asin, atan, atan2 } from '../../src/core/math/inverse.ts';
import { pow } from '../../src/core/math/power.ts';
import { cos, sin, tan } from '../../src/core/math/trigonometric.ts';
import { type Random, random } from './math-random.ts';
import * as reference from './math-reference.ts';

type Source = (next: Random) => number;

const between =
  (low: number, high: number): Source =>
  next =>
    low + (high - low) * next();
/** Of any magnitude between two powers of two. */
const magnitude =
  (low: number, high: number): Source =>
  next =>
    2 ** (low + (high - low) * next()) * (1 + next());
const signed =
  (source: Source): Source =>
  next =>
    next() < 0.5 ? source(next) : -source(next);
/** Around a number, nearer and nearer, but never that number. */
const near =
  (center: number): Source =>
  next => {
    const offset = (next() - 0.5) * 2 ** (-50 * next());
    return center * (1 + (Math.abs(offset) < 2 ** -52 ? 2 ** -52 : offset));
  };

/** Arguments, found by trying, where the fast path comes within a 2^-76th of the middle between two doubles. */
const HARD: Readonly<Record<string, readonly number[]>> = {
  exp: [387.9587969428824, 528.1036890214633, 639.8632417646924, 429.36056583198274],
  log2: [142.30351686735798, 575.2548728648658],
  log10: [7.805470430314654, 799.1468899696056, 369.76157048763804],
  sin: [1.1925477113805294, 1.2441491779450453, 1.5891915728238215],
  cos: [9.87627399994192, 1.9560263917360143, 8.864214059358279],
  tan: [7.245231359063345, 8.156841907213654, 9.251676050019292],
  atan: [1.9524942672476386],
};
const HARD_POWERS = [
  [18.324983854499067, -91.85749997913149],
  [12.0043414747004, 88.84417737200702],
  [13.121770401281116, 17.226196999674602],
] as const;

interface Case {
  readonly name: string;
  readonly compute: (x: number) => number;
  readonly accurately: (x: number) => number;
  readonly exactly: (x: number) => reference.Big;
  readonly sources: readonly Source[];
  readonly edges: readonly number[];
}

const TURNS = [1, 2, 3, 4, 7, 1e6, 2 ** 23, 2 ** 24].map(quarters => (quarters * Math.PI) / 2);
/** Doubles next to multiples of π/2 for their size; the last is the nearest of all. */
const NEAR_TURNS = [...TURNS, 5319372648326541 * 2 ** 200, 6381956970095103 * 2 ** 797];
const ANGLES: readonly Source[] = [
  signed(magnitude(-27, 3)),
  signed(magnitude(3, 24)),
  signed(magnitude(20, 1022)),
  next => TURNS[Math.floor(next() * TURNS.length)]! * (1 + Math.floor(next() * 9 - 4) * 2 ** -52),
];
const SINES: readonly Source[] = [
  signed(between(0, 1)),
  signed(magnitude(-27, -1)),
  signed(next => 1 - 2 ** (-1 - 50 * next())),
];

const CASES: readonly Case[] = [
  {
    name: 'exp',
    compute: exp,
    accurately: accurate.accurateExp,
    exactly: x => reference.exp(reference.exactly(x)),
    sources: [signed(magnitude(-54, 8)), between(-745, 709), between(-745.2, -708), between(709, 709.79)],
    edges: [
      2 ** -53,
      -(2 ** -53),
      2 ** -52,
      709.782712893384,
      -745.1332191019411,
      -745.1332191019412,
      -708.3964185322641,
    ],
  },
  {
    name: 'log',
    compute: log,
    accurately: accurate.accurateLog,
    exactly: reference.log,
    sources: [magnitude(-1074, 1022), between(0.5, 2), near(1), between(0, 1000)],
    edges: [5e-324, Number.MAX_VALUE, 1 - 2 ** -53, 1 + 2 ** -52, 2, 0.5, Math.SQRT2, 2.2250738585072014e-308],
  },
  {
    name: 'log2',
    compute: log2,
    accurately: accurate.accurateLog2,
    exactly: reference.log2,
    sources: [magnitude(-1074, 1022), between(0.5, 2), near(1), near(2 ** 40)],
    edges: [Number.MAX_VALUE, 1 - 2 ** -53, 1 + 2 ** -52, 3, 10, 1.5e-323],
  },
  {
    name: 'log10',
    compute: log10,
    accurately: accurate.accurateLog10,
    exactly: reference.log10,
    sources: [magnitude(-1074, 1022), between(0.5, 2), near(1), near(1000)],
    edges: [5e-324, Number.MAX_VALUE, 1 - 2 ** -53, 1e22, 1e23, 1e-5, 1e-300, 10, 1000],
  },
  {
    name: 'sin',
    compute: sin,
    accurately: accurate.accurateSin,
    exactly: reference.sin,
    sources: ANGLES,
    edges: NEAR_TURNS,
  },
  {
    name: 'cos',
    compute: cos,
    accurately: accurate.accurateCos,
    exactly: reference.cos,
    sources: ANGLES,
    edges: NEAR_TURNS,
  },
  {
    name: 'tan',
    compute: tan,
    accurately: accurate.accurateTan,
    exactly: reference.tan,
    sources: ANGLES,
    edges: NEAR_TURNS,
  },
  {
    name: 'asin',
    compute: asin,
    accurately: x => (x < 0 ? -accurate.accurateAsin(-x) : accurate.accurateAsin(x)),
    exactly: reference.asin,
    sources: SINES,
    edges: [0.5, Math.SQRT1_2, 1 - 2 ** -53, 2 ** -26],
  },
  {
    name: 'acos',
    compute: acos,
    accurately: accurate.accurateAcos,
    exactly: reference.acos,
    sources: SINES,
    edges: [0.5, Math.SQRT1_2, 1 - 2 ** -53, 2 ** -53 - 1, 2 ** -26, 2 ** -59, 0.5403023058681398],
  },
  {
    name: 'atan',
    compute: atan,
    accurately: x => (x < 0 ? -accurate.accurateAtan2(-x, 1) : accurate.accurateAtan2(x, 1)),
    exactly: reference.atan,
    sources: [signed(magnitude(-27, 3)), signed(magnitude(0, 60)), between(0, 1)],
    edges: [1, 1 + 2 ** -52, 1 - 2 ** -53, 1 / 256, 2 ** 59, 1e16],
  },
];

describe.each(CASES)('$name', ({ name, compute, accurately, exactly, sources, edges }) => {
  const next = random(name.charCodeAt(0) * 1000 + name.length);

  test('gives the nearest double', () => {
    const random = sources.flatMap(source => Array.from({ length: 1200 }, () => source(next)));
    for (const x of [...edges, ...(HARD[name] ?? []), ...random]) {
      const nearest = reference.toDouble(exactly(x));
      if (!Object.is(compute(x), nearest)) expect.unreachable(`${name} ${x} is ${nearest}, not ${compute(x)}`);
    }
  });

  test('so does its accurate phase alone', () => {
    const random = sources.flatMap(source => Array.from({ length: 150 }, () => source(next)));
    for (const x of [...edges, ...(HARD[name] ?? []), ...random]) {
      const nearest = reference.toDouble(exactly(x));
      if (!Object.is(accurately(x), nearest)) expect.unreachable(`${name} ${x} is ${nearest}, not ${accurately(x)}`);
    }
  });
});

describe('pow', () => {
  const next = random(77);
  const check = (base: number, exponent: number): void => {
    const nearest = reference.toDouble(reference.pow(base, exponent));
    const ours = [pow(base, exponent), accurate.accuratePow(base, exponent)];
    if (ours.some(result => !Object.is(result, nearest))) {
      expect.unreachable(`${base} ^ ${exponent} is ${nearest}, not ${ours}`);
    }
  };

  test('gives the nearest double', () => {
    for (const [base, exponent] of HARD_POWERS) check(base, exponent);
    const wide = magnitude(-1000, 1000);
    for (let i = 0; i < 1500; i++) {
      check(0.1 + 30 * next(), 40 * next() - 20);
      // Results of all sizes, subnormal ones and overflow included.
      const base = wide(next);
      check(base, (1500 * next() - 750) / Math.log(base));
      const nearOne = near(1)(next);
      check(nearOne, (20 * next() - 10) / Math.log(nearOne));
    }
  });

  test('whole exponents, whole and other bases', () => {
    for (let i = 0; i < 1000; i++) {
      check(0.5 + 3 * next(), Math.floor(80 * next()) - 40);
      check(2 ** -300 * (1 + next()), Math.floor(9 * next()) - 4 || 3);
    }
    for (const [base, exponent] of [
      [1.05, 10],
      [1.1, 17],
      [7, -3],
      [10, -5],
      [3, -7],
      [1e100, 3],
      [1e-100, 3],
    ] as const) {
      check(base, exponent);
    }
  });

  test('powers of whole numbers are rounded as the exact power, halfway to even', () => {
    for (let base = 2; base <= 40; base++) {
      for (let exponent = 1; exponent <= 60; exponent++) {
        const exact = Number(BigInt(base) ** BigInt(exponent));
        if (pow(base, exponent) !== exact) expect.unreachable(`${base} ^ ${exponent}`);
        if (pow(-base, exponent) !== (exponent % 2 === 1 ? -exact : exact))
          expect.unreachable(`-${base} ^ ${exponent}`);
      }
    }
    // 54 binary digits, so that they lie halfway between two doubles.
    expect(pow(3, 34)).toBe(Number(3n ** 34n));
    expect(pow(5, 23)).toBe(Number(5n ** 23n));
    expect(accurate.accuratePow(3, 34)).toBe(16677181699666568);
  });

  test('roots that are exact', () => {
    expect([pow(4, 0.5), pow(81, 0.25), pow(2.25, 1.5), pow(2 ** 60, 0.25), pow(2 ** -40, 0.375)]).toEqual([
      2,
      3,
      3.375,
      32768,
      2 ** -15,
    ]);
    // The square of 3^17, and its inverse power of two.
    expect(pow(3 ** 17 * 3 ** 17, 0.5)).toBe(3 ** 17);
    expect([accurate.accuratePow(2.25, 1.5), accurate.accuratePow(16, -0.75)]).toEqual([3.375, 0.125]);
  });

  test('powers of two down to the smallest double, and halfway below it', () => {
    expect([pow(2, -1074), pow(2, -1075), pow(0.5, 1074), pow(4, -537), pow(16, -268.5)]).toEqual([
      5e-324, 0, 5e-324, 5e-324, 5e-324,
    ]);
    // 3·2^-1075 is halfway between two doubles; its even neighbour is the larger.
    expect(accurate.accuratePow(9 * 2 ** -1000, 1)).toBe(9 * 2 ** -1000);
    expect([pow(2, 1023), pow(2, 1024), pow(10, 308), pow(10, 309)]).toEqual([2 ** 1023, Infinity, 1e308, Infinity]);
  });
});

describe('atan2', () => {
  const next = random(99);
  const check = (y: number, x: number): void => {
    const nearest = reference.toDouble(reference.atan2(y, x));
    if (!Object.is(atan2(y, x), nearest)) expect.unreachable(`atan2 ${y} ${x} is ${nearest}, not ${atan2(y, x)}`);
    const alone = x > 0 ? accurate.accurateAtan2(Math.abs(y), x) : accurate.accurateObtuse(Math.abs(y), -x);
    expect(y < 0 ? -alone : alone).toBe(nearest);
  };

  test('gives the nearest double in every quadrant', () => {
    const side = signed(magnitude(-30, 30));
    const wide = signed(magnitude(-1070, 1020));
    for (let i = 0; i < 1200; i++) {
      check(side(next), side(next));
      const x = wide(next);
      check(x * signed(magnitude(-3, 3))(next), x);
      check(wide(next) * 2 ** -40 || 1, -Math.abs(wide(next)));
    }
  });

  test('small ratios, subnormal ones included', () => {
    const check = (y: number, x: number, nearest: number): void => {
      expect(atan2(y, x)).toBe(nearest);
      expect(accurate.accurateAtan2(y, x)).toBe(nearest);
    };
    check(1e-300, 1, 1e-300);
    check(5e-324, 1, 5e-324);
    // Half of the smallest double is halfway to 0, and the arc tangent lies below it; three halves lie below the halfway point.
    check(5e-324, 2, 0);
    check(1.5e-323, 2, 5e-324);
    check(2.5e-323, 2, 1e-323);
    check(1, 2 ** 100, 2 ** -100);
    check(3, 2 ** 1000 * 7, 3 / (2 ** 1000 * 7));
    check(2 ** -1000, 3 * 2 ** 60, 2 ** -1000 / (3 * 2 ** 60));
  });
});

test('rounding a fixed-point number: halfway to even, subnormal numbers, overflow', () => {
  expect([nearestDouble(5n, 1), nearestDouble(-5n, 1), nearestDouble(0n, 10)]).toEqual([2.5, -2.5, 0]);
  const odd = (1n << 53n) + 1n;
  expect([nearestDouble(odd, 0), nearestDouble(odd + 2n, 0), nearestDouble(2n * odd + 1n, 1)]).toEqual([
    2 ** 53,
    2 ** 53 + 4,
    2 ** 53 + 2,
  ]);
  expect([nearestDouble(1n, 1074), nearestDouble(1n, 1075), nearestDouble(3n, 1075), nearestDouble(3n, 1076)]).toEqual([
    5e-324, 0, 1e-323, 5e-324,
  ]);
  expect([
    nearestDouble(1n, -1024),
    nearestDouble((1n << 54n) - 1n, -970),
    nearestDouble((1n << 53n) - 1n, -971),
  ]).toEqual([Infinity, Infinity, Number.MAX_VALUE]);
});

test('the constants are those that the script makes', () => {
  expect(readFileSync('src/core/math/constants.ts', 'utf8')).toBe(CONSTANTS_FILE);
});
