// Sums and statistics of lists of numbers. Written here rather than taken from a library: sums run from left to right and
// every formula is the reference's, so that results agree to the last bit. One NaN makes a result NaN.
import { builtinFault } from '../../../core/fault.ts';
import { List } from '../../../core/value/list.ts';
import type { Value } from '../../../core/value/value.ts';
import { argument, costPerItem, ITEM_BYTES, numberArgument, numbersArgument, sortCost } from './arguments.ts';
import type { BuiltinRow } from './row.ts';

function sum(numbers: Float64Array): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

function runningSum(numbers: Float64Array): Value {
  let total = 0;
  const sums: Value[] = [];
  for (const number of numbers) {
    total += number;
    sums.push(total);
  }
  return new List(sums);
}

/** The numbers of a list that has at least one. */
function someNumbers(builtin: string, verb: string, value: Value): Float64Array {
  const numbers = numbersArgument(builtin, value);
  if (numbers.length === 0) throw builtinFault(builtin, `cannot ${verb} an empty list`);
  return numbers;
}

function median(numbers: Float64Array): number {
  if (numbers.some(Number.isNaN)) return Number.NaN;
  const sorted = numbers.sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value below which the fraction `p` of the numbers lies, on the straight line between the two nearest ones. */
function quantile(numbers: Float64Array, p: number): number {
  if (numbers.some(Number.isNaN)) return Number.NaN;
  const sorted = numbers.sort();
  if (sorted.length === 1) return sorted[0]!;
  const position = Math.max(0, Math.min(1, p)) * (sorted.length - 1);
  if (Number.isNaN(position)) return Number.NaN;
  const low = Math.floor(position);
  const below = sorted[low]!;
  return below + (position - low) * (sorted[Math.ceil(position)]! - below);
}

/** The mean square distance from the mean, divided by one less than their number (a sample, not a whole population). */
function variance(builtin: string, value: Value): number {
  const numbers = someNumbers(builtin, `take ${builtin} of`, value);
  if (numbers.length === 1) throw builtinFault(builtin, 'at least 2 samples required');
  const mean = sum(numbers) / numbers.length;
  let squares = 0;
  for (const number of numbers) squares += (number - mean) * (number - mean);
  return squares / (numbers.length - 1);
}

function row(
  name: string,
  signature: string,
  doc: string,
  example: readonly [code: string, out: string],
  cost: BuiltinRow['cost'],
  run: BuiltinRow['run'],
  aliases?: readonly string[],
): BuiltinRow {
  return {
    name,
    ...(aliases && { aliases }),
    topic: 'statistics',
    signatures: [`${name} ${signature}`],
    effect: 'pure',
    cost,
    doc,
    example: { code: example[0], out: example[1] },
    run,
  };
}

const perNumber = costPerItem(0, 1, ITEM_BYTES);

export const STATISTICS_BUILTINS: readonly BuiltinRow[] = [
  row(
    'sum',
    'xs:L _ > n',
    'The sum of the numbers; 0 for an empty list.',
    ['f>n;sum [1 2 3.5]', '6.5'],
    perNumber,
    args => sum(numbersArgument('sum', argument(args, 0))),
  ),
  row(
    'cumsum',
    'xs:L n > L n',
    'The sums so far, one for each number.',
    ['f>L n;cumsum [1 2 3]', '[1, 3, 6]'],
    costPerItem(0, 1, 2 * ITEM_BYTES),
    args => runningSum(numbersArgument('cumsum', argument(args, 0))),
  ),
  row(
    'avg',
    'xs:L _ > n',
    'The mean of a list that is not empty.',
    ['f>n;avg [1 2 6]', '3'],
    perNumber,
    args => {
      const numbers = someNumbers('avg', 'average', argument(args, 0));
      return sum(numbers) / numbers.length;
    },
    ['average'],
  ),
  row(
    'median',
    'xs:L _ > n',
    'The number in the middle of the sorted list, or the mean of the two in the middle.',
    ['f>n;median [9 1 4 2]', '3'],
    sortCost(0),
    args => median(someNumbers('median', 'take median of', argument(args, 0))),
  ),
  row(
    'quantile',
    'xs:L _ p:n > n',
    'The value that the fraction `p` (0 to 1) of the list lies below, interpolated between neighbours.',
    ['f>n;quantile [10 20 30 40] 0.25', '17.5'],
    sortCost(0),
    args => {
      const p = numberArgument('quantile', 'second arg p', argument(args, 1));
      return quantile(someNumbers('quantile', 'take quantile of', argument(args, 0)), p);
    },
  ),
  row(
    'stdev',
    'xs:L _ > n',
    'The standard deviation of a sample: the square root of its variance.',
    ['f>n;stdev [2 4 6]', '2'],
    costPerItem(0, 2, ITEM_BYTES),
    args => Math.sqrt(variance('stdev', argument(args, 0))),
  ),
  row(
    'variance',
    'xs:L _ > n',
    'The variance of a sample of at least two numbers (divided by one less than their number).',
    ['f>n;variance [2 4 6]', '4'],
    costPerItem(0, 2, ITEM_BYTES),
    args => variance('variance', argument(args, 0)),
  ),
];
