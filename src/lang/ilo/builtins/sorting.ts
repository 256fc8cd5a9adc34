// Sorting, ascending and descending, by the items themselves or by a key computed once for each, in order. Equal items stay
// in their order. NaN counts as larger than every number, so the result never depends on where NaN stood.
import { builtinFault, builtinSentence } from '../../../core/fault.ts';
import { List } from '../../../core/value/list.ts';
import { describe } from '../../../core/value/show.ts';
import { codePointsOf, isOneUnitPerCodePoint, textOfCodePoints } from '../../../core/value/text.ts';
import { compareText, sortTexts } from '../../../core/value/text-order.ts';
import type { Value } from '../../../core/value/value.ts';
import { runWalk, type Walk } from '../../../core/walk.ts';
import { argument, functionArgument, listArgument, sortCost } from './arguments.ts';
import type { BuiltinRow } from './row.ts';

type Name = 'srt' | 'rsrt';

function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1;
}

function areNumbers(values: readonly Value[]): values is readonly number[] {
  return values.every(value => typeof value === 'number');
}

function areTexts(values: readonly Value[]): values is readonly string[] {
  return values.every(value => typeof value === 'string');
}

/** JavaScript's own order of strings is ours as long as no text holds a surrogate, and its comparison is much faster. */
function textOrder(texts: readonly string[]): (a: string, b: string) => number {
  return texts.every(isOneUnitPerCodePoint) ? (a, b) => (a < b ? -1 : a > b ? 1 : 0) : compareText;
}

function sortItems(name: Name, value: Value): Value {
  const descending = name === 'rsrt';
  if (typeof value === 'string') {
    const points = codePointsOf(value).sort();
    return textOfCodePoints(descending ? points.reverse() : points);
  }
  if (!(value instanceof List)) throw builtinSentence(name, `requires a list or text, got ${describe(value)}`);
  const items = value.view();
  if (areNumbers(items)) {
    // Puts NaN last.
    const numbers = new Float64Array(items).sort();
    return new List(Array.from(descending ? numbers.reverse() : numbers));
  }
  if (!areTexts(items)) throw builtinFault(name, 'list must contain all numbers or all text');
  const texts = sortTexts(items.slice());
  return new List(descending ? texts.reverse() : texts);
}

/** The order of indexes that sorts `keys`; undefined when the keys are of a kind that has no order. */
function orderOf(name: Name, keys: readonly Value[]): number[] | undefined {
  const order = Array.from(keys, (_, i) => i);
  const sign = name === 'srt' ? 1 : -1;
  if (areNumbers(keys)) return order.sort((i, j) => sign * compareNumbers(keys[i]!, keys[j]!));
  if (areTexts(keys)) {
    const compare = textOrder(keys);
    return order.sort((i, j) => sign * compare(keys[i]!, keys[j]!));
  }
  if (keys.some(key => typeof key === 'number' || typeof key === 'string')) {
    throw builtinFault(name, 'keys must be all numbers or all text');
  }
  return undefined;
}

function sortByKey(name: Name, args: readonly Value[]): Walk {
  const fn = functionArgument(name, argument(args, 0), 'key arg');
  const extra = args.length === 3 ? [argument(args, 1)] : [];
  const list = listArgument(name, 'list arg', argument(args, args.length - 1));
  const keys: Value[] = [];
  return {
    fn,
    next: () => (keys.length < list.length ? [list.get(keys.length)!, ...extra] : undefined),
    take: key => {
      keys.push(key);
    },
    finish: () => {
      const order = orderOf(name, keys);
      return order === undefined ? list : new List(order.map(i => list.get(i)!));
    },
  };
}

/** A walk without a call. */
function sortAtOnce(name: Name, value: Value): Walk {
  return { fn: null, next: () => undefined, take: () => {}, finish: () => sortItems(name, value) };
}

function sorter(name: Name, how: string, out: string, aliases?: readonly string[]): BuiltinRow {
  const walk = (args: readonly Value[]): Walk =>
    args.length === 1 ? sortAtOnce(name, argument(args, 0)) : sortByKey(name, args);
  return {
    name,
    ...(aliases && { aliases }),
    topic: 'lists',
    signatures: [
      `${name} xs:L a > L a`,
      `${name} s:t > t`,
      `${name} key:F a k xs:L a > L a`,
      `${name} key:F a c k ctx:c xs:L a > L a`,
    ],
    effect: 'pure',
    cost: sortCost(-1),
    doc: `The numbers or texts of a list, or the characters of a text, sorted ${how}; with a function, items by its result.`,
    example: { code: `f>L n;${name} (x:n>n;abs x) [3 -1 -2]`, out },
    walk,
    run: (args, context) => runWalk(walk(args), context.call),
  };
}

export const SORTING_BUILTINS: readonly BuiltinRow[] = [
  sorter('srt', 'in ascending order', '[-1, -2, 3]', ['sort']),
  sorter('rsrt', 'in descending order', '[3, -2, -1]'),
];
