// The special values of the elementary functions, as IEEE 754 and annex F of C99 list them; zeros with their signs.
import { describe, expect, test } from 'vitest';
import { exp, log, log2, log10 } from '../../src/core/math/exponential.ts';
import { acos, asin, atan, atan2 } from '../../src/core/math/inverse.ts';
import { pow } from '../../src/core/math/power.ts';
import { cos, sin, tan } from '../../src/core/math/trigonometric.ts';

const nan = Number.NaN;
const inf = Infinity;
const PI = Math.PI;
const TINY = 5e-324;
const MAX = Number.MAX_VALUE;

type Row = readonly [argument: number, result: number];

const ONE_ARGUMENT: readonly (readonly [(x: number) => number, readonly Row[]])[] = [
  [
    exp,
    [
      [nan, nan],
      [inf, inf],
      [-inf, 0],
      [0, 1],
      [-0, 1],
      [TINY, 1],
      [-TINY, 1],
      [710, inf],
      [-746, 0],
      [MAX, inf],
      [-MAX, 0],
    ],
  ],
  [
    log,
    [
      [nan, nan],
      [inf, inf],
      [-inf, nan],
      [0, -inf],
      [-0, -inf],
      [-1, nan],
      [-TINY, nan],
      [1, 0],
    ],
  ],
  [
    log2,
    [
      [nan, nan],
      [inf, inf],
      [-inf, nan],
      [0, -inf],
      [-0, -inf],
      [-1, nan],
      [1, 0],
      [TINY, -1074],
      [2 ** -1022, -1022],
      [2 ** 1023, 1023],
    ],
  ],
  [
    log10,
    [
      [nan, nan],
      [inf, inf],
      [-inf, nan],
      [0, -inf],
      [-0, -inf],
      [-1, nan],
      [1, 0],
      [1e22, 22],
      [1e-7, -7],
    ],
  ],
  [
    sin,
    [
      [nan, nan],
      [inf, nan],
      [-inf, nan],
      [0, 0],
      [-0, -0],
      [TINY, TINY],
      [-TINY, -TINY],
      [2 ** -30, 2 ** -30],
    ],
  ],
  [
    cos,
    [
      [nan, nan],
      [inf, nan],
      [-inf, nan],
      [0, 1],
      [-0, 1],
      [TINY, 1],
      [2 ** -28, 1],
    ],
  ],
  [
    tan,
    [
      [nan, nan],
      [inf, nan],
      [-inf, nan],
      [0, 0],
      [-0, -0],
      [TINY, TINY],
      [-TINY, -TINY],
      [-(2 ** -30), -(2 ** -30)],
    ],
  ],
  [
    asin,
    [
      [nan, nan],
      [inf, nan],
      [1 + 2 ** -52, nan],
      [-2, nan],
      [0, 0],
      [-0, -0],
      [1, PI / 2],
      [-1, -PI / 2],
      [TINY, TINY],
      [-TINY, -TINY],
    ],
  ],
  [
    acos,
    [
      [nan, nan],
      [-inf, nan],
      [1 + 2 ** -52, nan],
      [-2, nan],
      [0, PI / 2],
      [-0, PI / 2],
      [1, 0],
      [-1, PI],
      [TINY, PI / 2],
      [2 ** -70, PI / 2],
    ],
  ],
  [
    atan,
    [
      [nan, nan],
      [inf, PI / 2],
      [-inf, -PI / 2],
      [0, 0],
      [-0, -0],
      [TINY, TINY],
      [-TINY, -TINY],
      [MAX, PI / 2],
      [-MAX, -PI / 2],
    ],
  ],
];

test.each(ONE_ARGUMENT)('%o', (compute, rows) => {
  for (const [argument, result] of rows) expect(compute(argument), `of ${argument}`).toBe(result);
});

test('log10 of every power of ten, log2 and exp2 of every power of two', () => {
  for (let n = 0; n <= 22; n++) expect(log10(Number(`1e${n}`))).toBe(n);
  for (let n = -1074; n <= 1023; n++) {
    const power = Number(n < 0 ? `${5n ** BigInt(-n)}e${n}` : 2n ** BigInt(n));
    expect(log2(power)).toBe(n);
    expect(pow(2, n)).toBe(power);
  }
});

describe('pow', () => {
  const rows: readonly (readonly [base: number, exponent: number, result: number])[] = [
    // 1 and exponent 0 win over NaN.
    [1, nan, 1],
    [1, inf, 1],
    [1, -inf, 1],
    [nan, 0, 1],
    [nan, -0, 1],
    [inf, 0, 1],
    [0, 0, 1],
    [-0, -0, 1],
    [-7, 0, 1],
    [nan, 1, nan],
    [nan, 2, nan],
    [nan, 0.5, nan],
    [nan, inf, nan],
    [2, nan, nan],
    [-1, nan, nan],
    [0, nan, nan],
    [inf, nan, nan],
    [-1, inf, 1],
    [-1, -inf, 1],
    [-1, 1e300, 1],
    [-1, 3, -1],
    [-1, -3, -1],
    [-1, 2 ** 53 - 1, -1],
    [-1, 0.5, nan],
    // Zeros: the sign survives odd whole exponents alone.
    [0, 1, 0],
    [-0, 1, -0],
    [-0, 3, -0],
    [-0, 2, 0],
    [-0, 0.5, 0],
    [0, 0.5, 0],
    [-0, 1e300, 0],
    [0, inf, 0],
    [-0, inf, 0],
    [0, -1, inf],
    [-0, -1, -inf],
    [-0, -3, -inf],
    [-0, -2, inf],
    [0, -0.5, inf],
    [-0, -0.5, inf],
    [0, -inf, inf],
    [-0, -inf, inf],
    [0.5, inf, 0],
    [-0.5, inf, 0],
    [0.5, -inf, inf],
    [-0.5, -inf, inf],
    [2, inf, inf],
    [-2, inf, inf],
    [2, -inf, 0],
    [-2, -inf, 0],
    [inf, 1, inf],
    [inf, 0.5, inf],
    [inf, inf, inf],
    [inf, -0.5, 0],
    [inf, -inf, 0],
    [inf, TINY, inf],
    [inf, -1, 0],
    [-inf, 3, -inf],
    [-inf, 2, inf],
    [-inf, 0.5, inf],
    [-inf, -3, -0],
    [-inf, -2, 0],
    [-inf, -0.5, 0],
    [-inf, -1, -0],
    [-inf, inf, inf],
    // Negative bases have powers for whole exponents only.
    [-8, 1 / 3, nan],
    [-2, 0.5, nan],
    [-2, 3, -8],
    [-2, 2, 4],
    [-2, -1, -0.5],
    [-2, -2, 0.25],
    [-2, 1e300, inf],
    [-0.5, 1e300, 0],
    [-2, 1025, -inf],
    [-2, -1075, -0],
    [-3, 101, -Number(3n ** 101n)],
    // Overflow, underflow, and next to 1.
    [10, 400, inf],
    [10, -400, 0],
    [MAX, 2, inf],
    [MAX, 1, MAX],
    [TINY, 1, TINY],
    [TINY, 2, 0],
    [TINY, -1, inf],
    [MAX, MAX, inf],
    [1 + 2 ** -52, 2 ** 70, inf],
    [1 - 2 ** -53, 2 ** 70, 0],
    [1 + 2 ** -52, 0.25, 1],
    [1 + 2 ** -52, TINY, 1],
    [2, TINY, 1],
    [2, 2 ** -54, 1],
    [TINY, TINY, 1],
    [TINY, 0.5, 2 ** -537],
  ];

  test.each(rows)('%d to the power of %d is %d', (base, exponent, result) => {
    expect(pow(base, exponent)).toBe(result);
  });
});

describe('atan2', () => {
  const rows: readonly (readonly [y: number, x: number, angle: number])[] = [
    [nan, 1, nan],
    [1, nan, nan],
    [nan, inf, nan],
    [0, nan, nan],
    [0, 1, 0],
    [-0, 1, -0],
    [0, 0, 0],
    [-0, 0, -0],
    [0, inf, 0],
    [-0, inf, -0],
    [0, -1, PI],
    [-0, -1, -PI],
    [0, -0, PI],
    [-0, -0, -PI],
    [0, -inf, PI],
    [-0, -inf, -PI],
    [1, 0, PI / 2],
    [1, -0, PI / 2],
    [-1, 0, -PI / 2],
    [-1, -0, -PI / 2],
    [TINY, 0, PI / 2],
    [inf, 0, PI / 2],
    [1, inf, 0],
    [-1, inf, -0],
    [1, -inf, PI],
    [-1, -inf, -PI],
    [inf, 1, PI / 2],
    [inf, -1, PI / 2],
    [-inf, 1, -PI / 2],
    [-inf, -1, -PI / 2],
    [inf, inf, PI / 4],
    [-inf, inf, -PI / 4],
    [inf, -inf, (3 * PI) / 4],
    [-inf, -inf, (-3 * PI) / 4],
    [1, 1, PI / 4],
    [-1, 1, -PI / 4],
    [1, -1, (3 * PI) / 4],
    [-1, -1, (-3 * PI) / 4],
    [MAX, TINY, PI / 2],
    [TINY, MAX, 0],
    [-TINY, MAX, -0],
    [TINY, -MAX, PI],
    [TINY, TINY, PI / 4],
    [MAX, MAX, PI / 4],
    [TINY, 1, TINY],
    [-TINY, 1, -TINY],
    [TINY, -1, PI],
    [-TINY, -1, -PI],
  ];

  test.each(rows)('of y %d and x %d is %d', (y, x, angle) => {
    expect(atan2(y, x)).toBe(angle);
  });
});
