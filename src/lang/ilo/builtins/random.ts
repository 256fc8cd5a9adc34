// Random numbers, from the generator of the run. They are not fit for secrets.
import { builtinFault } from '../../../core/fault.ts';
import { log } from '../../../core/math/exponential.ts';
import { cos } from '../../../core/math/trigonometric.ts';
import { showNumber } from '../../../core/value/show.ts';
import type { Value } from '../../../core/value/value.ts';
import { argument, constantCost, numberArgument } from './arguments.ts';
import type { BuiltinContext, BuiltinRow } from './row.ts';

/** A bound cut to an integer; NaN to 0. */
function bound(value: Value): number {
  const number = Math.trunc(numberArgument('rnd', 'requires two numbers', value)) || 0;
  return Math.max(-(2 ** 63), Math.min(2 ** 63, number));
}

function uniform(args: readonly Value[], context: BuiltinContext): Value {
  if (args.length === 0) return context.random();
  const low = bound(argument(args, 0));
  const high = bound(argument(args, 1));
  if (low > high) throw builtinFault('rnd', `lower bound ${showNumber(low)} > upper bound ${showNumber(high)}`);
  // Rounding may reach `high + 1` where the range is so wide that neighbouring integers are one double.
  return Math.min(high, low + Math.floor(context.random() * (high - low + 1)));
}

/** One sample of the normal distribution (Box and Muller, 1958). */
function normal(mean: number, deviation: number, random: () => number): number {
  if (deviation === 0) return mean;
  // 1 - u lies in (0, 1], so its logarithm is finite.
  const radius = Math.sqrt(-2 * log(1 - random()));
  return mean + deviation * radius * cos(2 * Math.PI * random());
}

export const RANDOM_BUILTINS: readonly BuiltinRow[] = [
  {
    name: 'rnd',
    aliases: ['random'],
    topic: 'random',
    signatures: ['rnd > n', 'rnd low:n high:n > n'],
    effect: 'random',
    cost: constantCost,
    doc: 'A random number from 0 to below 1, or a random integer from `low` to `high`, both included.',
    example: { code: 'f>b;x=rnd 1 6;&>=x 1 <=x 6', out: 'true' },
    run: uniform,
  },
  {
    name: 'rndn',
    topic: 'random',
    signatures: ['rndn mean:n deviation:n > n'],
    effect: 'random',
    cost: constantCost,
    doc: 'A sample of the normal distribution with that mean and standard deviation.',
    example: { code: 'f>n;rndn 5 0', out: '5' },
    run: (args, context) =>
      normal(
        numberArgument('rndn', 'requires two numbers', argument(args, 0)),
        numberArgument('rndn', 'requires two numbers', argument(args, 1)),
        context.random,
      ),
  },
];
