// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: all pieces are written alike.
// Made by scripts/math-constants.mjs; do not edit. Constants in pieces that multiply exactly: a piece of n bits times a whole
// number below 2^(53 - n) is a double.

/** How many steps of ln 2 / 256 there are in 1. */
export const INVERSE_STEP = 369.3299304675746;

/** ln 2 / 256 in three pieces; the first two have at most 33 bits. */
export const STEP_1 = 0.0027076061737716373;
export const STEP_2 = 2.906491058516789e-13;
export const STEP_3 = 8.18036886433622e-24;

/** ln 2 in two pieces, the first of 42 bits. */
export const LN2_HIGH = 0.6931471805598903;
export const LN2_LOW = 5.497923018708371e-14;

/** 1 / ln 2, to 106 bits. */
export const INVERSE_LN2 = 1.4426950408889634;
export const INVERSE_LN2_LOW = 2.0355273740931033e-17;

/** 1 / ln 10, to 106 bits. */
export const INVERSE_LN10 = 0.4342944819032518;
export const INVERSE_LN10_LOW = 1.098319650216765e-17;

/** π / 2, to 106 bits. */
export const HALF_PI = 1.5707963267948966;
export const HALF_PI_LOW = 6.123233995736766e-17;

/** 2 / π. */
export const INVERSE_HALF_PI = 0.6366197723675814;

/** π / 2 in four pieces; the first three have at most 30 bits. */
export const QUARTER_1 = 1.570796325802803;
export const QUARTER_2 = 9.920935791635221e-10;
export const QUARTER_3 = 5.17018297889025e-19;
export const QUARTER_4 = 2.9038559739793605e-28;

/** How many bits after the point TWO_OVER_PI has: enough for the largest double, with 140 more than its own. */
export const TWO_OVER_PI_BITS = 1200;
/** 2 / π, cut down, in hexadecimal. */
export const TWO_OVER_PI =
  '0xa2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1d' +
  'eb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b' +
  '5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b';
