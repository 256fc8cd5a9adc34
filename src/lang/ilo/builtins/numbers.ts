// Conversion between numbers and text, and arithmetic on single numbers. Numbers are IEEE doubles; nothing here faults on
// NaN or an infinity, they follow the arithmetic. Exponentials, logarithms and angles come from core/math, where each result is
// the double nearest to the true value, on every machine.
import { builtinFault, fault } from '../../../core/fault.ts';
import { exp, log, log2, log10 } from '../../../core/math/exponential.ts';
import { acos, asin, atan, atan2 } from '../../../core/math/inverse.ts';
import { pow } from '../../../core/math/power.ts';
import { cos, sin, tan } from '../../../core/math/trigonometric.ts';
import { Err, Ok } from '../../../core/value/result.ts';
import { describe, showShortestNumber } from '../../../core/value/show.ts';
import type { Value } from '../../../core/value/value.ts';
import { argument, constantCost, costPerItem, listArgument, numberArgument, textArgument } from './arguments.ts';
import type { BuiltinRow } from './row.ts';

/** A decimal number as programs and data write it: no blanks, no digit groups, no hexadecimal. */
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const NOT_FINITE = /^([+-]?)(inf|infinity|nan)$/i;

/** The number that a text writes, or undefined. */
export function parseNumber(text: string): number | undefined {
  if (DECIMAL.test(text)) return Number(text);
  const word = NOT_FINITE.exec(text);
  if (!word) return undefined;
  if (word[2]!.toLowerCase() === 'nan') return Number.NaN;
  return word[1] === '-' ? -Infinity : Infinity;
}

/** The nearest integer; halfway between two, the even one. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  // Not a number, an infinity, or too large to have a fraction.
  if (!(rest > 0)) return x;
  if (rest < 0.5) return below;
  return rest > 0.5 || below % 2 !== 0 ? below + 1 : below;
}

/** The smaller of two; NaN counts as missing. */
function smaller(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : Math.min(a, b);
}

/** The larger of two; NaN counts as missing. */
function larger(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : Math.max(a, b);
}

function modulo(a: number, b: number): number {
  if (b === 0) throw fault('ILO-R003', 'modulo', {});
  return a % b;
}

/** A builtin from numbers to a number, as many as `compute` takes. */
function arithmetic(
  signature: string,
  compute: (a: number, b: number, c: number) => number,
  doc: string,
  example: readonly [code: string, out: string],
  aliases?: readonly string[],
): BuiltinRow {
  const name = signature.slice(0, signature.indexOf(' '));
  const demand = ['requires a number', 'requires two numbers', 'requires three numbers'][compute.length - 1]!;
  const number = (args: readonly Value[], index: number): number => numberArgument(name, demand, argument(args, index));
  const runs: readonly BuiltinRow['run'][] = [
    args => compute(number(args, 0), 0, 0),
    args => compute(number(args, 0), number(args, 1), 0),
    args => compute(number(args, 0), number(args, 1), number(args, 2)),
  ];
  return {
    name,
    ...(aliases && { aliases }),
    topic: 'math',
    signatures: [signature],
    effect: 'pure',
    cost: constantCost,
    doc,
    example: { code: example[0], out: example[1] },
    run: runs[compute.length - 1]!,
  };
}

/** `min` and `max`, of two numbers or of a list. In a list, one NaN makes the result NaN. */
function extreme(name: 'min' | 'max', pick: (a: number, b: number) => number, which: string, out: string): BuiltinRow {
  const ofList = (value: Value): number => {
    const items = listArgument(name, 'arg', value).view();
    if (items.length === 0) throw builtinFault(name, `cannot take ${name} of an empty list`);
    let best = Number.NaN;
    for (const item of items) {
      if (typeof item !== 'number') throw builtinFault(name, `list elements must be numbers, got ${describe(item)}`);
      if (Number.isNaN(item)) return item;
      best = pick(best, item);
    }
    return best;
  };
  const ofTwo = (args: readonly Value[], index: number): number =>
    numberArgument(name, 'requires two numbers', argument(args, index));
  return {
    name,
    topic: 'math',
    signatures: [`${name} a:n b:n > n`, `${name} xs:L n > n`],
    effect: 'pure',
    cost: costPerItem(0, 1, 0),
    doc: `The ${which} of two numbers, or of a list that is not empty.`,
    example: { code: `f>n;+(${name} 3 8) (${name} [4 1 6])`, out },
    run: args => (args.length === 1 ? ofList(argument(args, 0)) : pick(ofTwo(args, 0), ofTwo(args, 1))),
  };
}

const CONVERSION: readonly BuiltinRow[] = [
  {
    name: 'str',
    aliases: ['string'],
    topic: 'conversion',
    signatures: ['str x:n > t'],
    effect: 'pure',
    cost: constantCost,
    doc: 'The number in decimal, never with an exponent; whole numbers without a point.',
    example: { code: 'f>t;+str 42 str 0.5', out: '420.5' },
    run: args => showShortestNumber(numberArgument('str', 'requires a number', argument(args, 0))),
  },
  {
    name: 'num',
    aliases: ['number'],
    topic: 'conversion',
    signatures: ['num s:t > R n t'],
    effect: 'pure',
    cost: costPerItem(0, 1, 0),
    doc: 'The number that the text writes, or the text itself as an error. Blanks are not skipped.',
    example: { code: 'f>n;r=num "2.5e3";?r{~v:v;^_:0}', out: '2500' },
    run: args => {
      const text = textArgument('num', 'requires text', argument(args, 0));
      const number = parseNumber(text);
      return number === undefined ? new Err(text) : new Ok(number);
    },
  },
];

const MATH: readonly BuiltinRow[] = [
  arithmetic('abs x:n > n', Math.abs, 'The absolute value.', ['f>n;abs -7', '7']),
  arithmetic('flr x:n > n', Math.floor, 'The largest integer not above the number.', ['f>n;flr -2.5', '-3'], ['floor']),
  arithmetic('cel x:n > n', Math.ceil, 'The smallest integer not below the number.', ['f>n;cel 2.1', '3'], ['ceil']),
  arithmetic(
    'rou x:n > n',
    roundHalfEven,
    'The nearest integer; halfway between two, the even one.',
    ['f>L n;[rou 2.5 rou 3.5 rou 2.6]', '[2, 4, 3]'],
    ['round'],
  ),
  extreme('min', smaller, 'smaller', '4'),
  extreme('max', larger, 'larger', '14'),
  arithmetic(
    'mod a:n b:n > n',
    modulo,
    'What is left of `a` after dividing by `b`, with the sign of `a`; a fault when `b` is 0.',
    ['f>L n;[mod 7 3 mod -7 3]', '[1, -1]'],
  ),
  arithmetic(
    'clamp x:n low:n high:n > n',
    (x, low, high) => larger(smaller(x, high), low),
    'The number, moved into the range from `low` to `high`; `low` wins when it lies above `high`.',
    ['f>n;clamp 12 0 10', '10'],
  ),
  arithmetic('pow b:n e:n > n', pow, '`b` to the power of `e`.', ['f>n;pow 2 10', '1024']),
  arithmetic('sqrt x:n > n', Math.sqrt, 'The square root; NaN below 0.', ['f>n;sqrt 81', '9']),
  arithmetic('log x:n > n', log, 'The natural logarithm.', ['f>n;log 1', '0']),
  arithmetic('exp x:n > n', exp, 'e to the power of the number.', ['f>n;exp 0', '1']),
  arithmetic('sin x:n > n', sin, 'The sine of an angle in radians.', ['f>n;sin 0', '0']),
  arithmetic('cos x:n > n', cos, 'The cosine of an angle in radians.', ['f>n;cos 0', '1']),
  arithmetic('tan x:n > n', tan, 'The tangent of an angle in radians.', ['f>n;tan 0', '0']),
  arithmetic('log10 x:n > n', log10, 'The logarithm to base 10.', ['f>n;log10 1000', '3']),
  arithmetic('log2 x:n > n', log2, 'The logarithm to base 2.', ['f>n;log2 1024', '10']),
  arithmetic('asin x:n > n', asin, 'The angle from -π/2 to π/2 whose sine the number is; NaN outside -1 to 1.', [
    'f>n;asin 0',
    '0',
  ]),
  arithmetic('acos x:n > n', acos, 'The angle from 0 to π whose cosine the number is; NaN outside -1 to 1.', [
    'f>n;acos 1',
    '0',
  ]),
  arithmetic('atan x:n > n', atan, 'The angle from -π/2 to π/2 whose tangent the number is.', ['f>n;atan 0', '0']),
  arithmetic('atan2 y:n x:n > n', atan2, 'The angle of the point (x, y), from -π to π.', ['f>n;atan2 0 1', '0']),
];

export const NUMBER_BUILTINS: readonly BuiltinRow[] = [...CONVERSION, ...MATH];
