// Writes src/core/math/constants.ts: ln 2, π and the like, cut into the pieces that the functions there multiply exactly. Run it
// again after a change here; a test compares the file with what this script makes.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Bits after the point while computing; above the 1200 that 2/π is wanted to. */
const BITS = 1400n;
const ONE = 1n << BITS;

/** Sums 1/(n·1) ± 1/(n³·3) + …: the arc tangent of 1/n for sign -1, the hyperbolic one for sign 1. */
function arcTangent(n, sign) {
  let power = ONE / n;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += (sign === -1n && k % 4n === 3n ? -power : power) / k;
    power /= n * n;
  }
  return sum;
}

// Machin's formula, and ln 2 and ln 10 as 2·atanh of (x - 1)/(x + 1) for x = 2 and, ten being 8·1.25, x = 1.25.
const PI = 4n * (4n * arcTangent(5n, -1n) - arcTangent(239n, -1n));
const LN2 = 2n * arcTangent(3n, 1n);
const LN10 = 3n * LN2 + 2n * arcTangent(9n, 1n);

/** The double nearest to a fixed-point number with BITS bits after the point, of magnitude 2^-200 to 2^53. */
function nearest(value) {
  if (value < 0n) return -nearest(-value);
  const drop = BigInt(value.toString(2).length) - 53n;
  const half = 1n << (drop - 1n);
  return Number((value + half) >> drop) * 2 ** Number(drop - BITS);
}

/** `value` as the pieces that lie on the given grids (numbers of bits after the point), each cut down, then the rest rounded. */
function pieces(value, ...grids) {
  const result = [];
  let left = value;
  for (const grid of grids) {
    const units = left >> (BITS - BigInt(grid));
    result.push(Number(units) * 2 ** -grid);
    left -= units << (BITS - BigInt(grid));
  }
  return [...result, nearest(left)];
}

/** `value` as the nearest double and what that lacks. */
function pair(value) {
  const first = nearest(value);
  // 2^-100 divides every double in question.
  return [first, nearest(value - (BigInt(first * 2 ** 100) << (BITS - 100n)))];
}

const rows = [];
const constants = (names, values, doc) => {
  rows.push(`/** ${doc} */`);
  for (const [i, name] of names.entries()) rows.push(`export const ${name} = ${values[i]};`);
  rows.push('');
};

constants(['INVERSE_STEP'], [nearest((256n * ONE * ONE) / LN2)], 'How many steps of ln 2 / 256 there are in 1.');
constants(
  ['STEP_1', 'STEP_2', 'STEP_3'],
  pieces(LN2 / 256n, 41, 74),
  'ln 2 / 256 in three pieces; the first two have at most 33 bits.',
);
constants(['LN2_HIGH', 'LN2_LOW'], pieces(LN2, 42), 'ln 2 in two pieces, the first of 42 bits.');
constants(['INVERSE_LN2', 'INVERSE_LN2_LOW'], pair((ONE * ONE) / LN2), '1 / ln 2, to 106 bits.');
constants(['INVERSE_LN10', 'INVERSE_LN10_LOW'], pair((ONE * ONE) / LN10), '1 / ln 10, to 106 bits.');
constants(['HALF_PI', 'HALF_PI_LOW'], pair(PI / 2n), 'π / 2, to 106 bits.');
constants(['INVERSE_HALF_PI'], [nearest((2n * ONE * ONE) / PI)], '2 / π.');
constants(
  ['QUARTER_1', 'QUARTER_2', 'QUARTER_3', 'QUARTER_4'],
  pieces(PI / 2n, 29, 59, 89),
  'π / 2 in four pieces; the first three have at most 30 bits.',
);
const WINDOW = 1200n;
const digits = (((2n * ONE * ONE) / PI) >> (BITS - WINDOW)).toString(16);
rows.push(
  `/** How many bits after the point TWO_OVER_PI has: enough for the largest double, with 140 more than its own. */`,
  `export const TWO_OVER_PI_BITS = ${WINDOW};`,
  '/** 2 / π, cut down, in hexadecimal. */',
  'export const TWO_OVER_PI =',
  ...digits
    .match(/.{1,100}/g)
    .map((line, i, all) => `  '${i === 0 ? '0x' : ''}${line}'${i === all.length - 1 ? ';' : ' +'}`),
);

/** The text of the generated file. */
export const CONSTANTS_FILE = `// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: all pieces are written alike.
// Made by scripts/math-constants.mjs; do not edit. Constants in pieces that multiply exactly: a piece of n bits times a whole
// number below 2^(53 - n) is a double.\n\n${rows.join('\n')}\n`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL('../src/core/math/constants.ts', import.meta.url), CONSTANTS_FILE);
}
