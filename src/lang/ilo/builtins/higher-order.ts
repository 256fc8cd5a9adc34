// Builtins that call a function for every item, left to right. The function is a function value or a text that names one; an
// argument between it and the list is handed on as the last argument of every call. A call may do anything, also to newer
// versions of the list that is being walked, so items are read one at a time and no view is held across a call. Each builtin is a walk
// (core/walk.ts), so that it need not stay on JavaScript's stack while its function runs.
import { builtinFault } from '../../../core/fault.ts';
import { checkListSize, checkMapSize } from '../../../core/limits.ts';
import { List } from '../../../core/value/list.ts';
import { type MapKey, MapValue } from '../../../core/value/map.ts';
import { Err, Ok } from '../../../core/value/result.ts';
import { describe } from '../../../core/value/show.ts';
import type { Value } from '../../../core/value/value.ts';
import { runWalk, type Walk } from '../../../core/walk.ts';
import {
  argument,
  costPerItem,
  ENTRY_BYTES,
  functionArgument,
  groupKey,
  ITEM_BYTES,
  LIST_BYTES,
  listArgument,
} from './arguments.ts';
import type { BuiltinContext, BuiltinRow } from './row.ts';

/**
 * Calls the function with every item. `take` gets each result with its item, and ends the walk by giving true; `finish` gives what
 * the builtin gives.
 */
function walk(
  name: string,
  args: readonly Value[],
  take: (result: Value, item: Value) => boolean | undefined,
  finish: () => Value,
): Walk {
  const fn = functionArgument(name, argument(args, 0));
  const extra = args.length === 3 ? [argument(args, 1)] : [];
  const list = listArgument(name, 'list arg', argument(args, args.length - 1));
  let i = 0;
  let item: Value = null;
  let ended: boolean | undefined = false;
  return {
    fn,
    next: () => {
      if (i >= list.length || ended === true) return undefined;
      item = list.get(i++)!;
      return [item, ...extra];
    },
    take: result => {
      ended = take(result, item);
    },
    finish,
  };
}

/** As walk, for functions that must give a bool. */
function walkPredicate(
  name: string,
  args: readonly Value[],
  take: (holds: boolean, item: Value) => undefined,
  finish: () => Value,
): Walk {
  const check = (result: Value, item: Value): undefined => {
    if (typeof result !== 'boolean') throw builtinFault(name, `predicate must return bool, got ${describe(result)}`);
    return take(result, item);
  };
  return walk(name, args, check, finish);
}

function map(args: readonly Value[]): Walk {
  const results: Value[] = [];
  const take = (result: Value): undefined => {
    results.push(result);
  };
  return walk('map', args, take, () => new List(results));
}

function filter(args: readonly Value[]): Walk {
  const kept: Value[] = [];
  const take = (holds: boolean, item: Value): undefined => {
    if (holds) kept.push(item);
  };
  return walkPredicate('flt', args, take, () => new List(kept));
}

function count(args: readonly Value[]): Walk {
  let total = 0;
  const take = (holds: boolean): undefined => {
    if (holds) total++;
  };
  return walkPredicate('ct', args, take, () => total);
}

function partition(args: readonly Value[]): Walk {
  const passing: Value[] = [];
  const failing: Value[] = [];
  const take = (holds: boolean, item: Value): undefined => {
    (holds ? passing : failing).push(item);
  };
  return walkPredicate('partition', args, take, () => new List([new List(passing), new List(failing)]));
}

function fold(args: readonly Value[]): Walk {
  const fn = functionArgument('fld', argument(args, 0));
  const extra = args.length === 4 ? [argument(args, 1)] : [];
  const list = listArgument('fld', 'list arg', argument(args, args.length - 2));
  let result = argument(args, args.length - 1);
  let i = 0;
  return {
    fn,
    next: () => (i < list.length ? [result, list.get(i++)!, ...extra] : undefined),
    take: next => {
      result = next;
    },
    finish: () => result,
  };
}

function flatMap(args: readonly Value[], context: BuiltinContext): Walk {
  const results: Value[] = [];
  const take = (result: Value): undefined => {
    if (!(result instanceof List))
      throw builtinFault('flatmap', `function must return a list, got ${describe(result)}`);
    checkListSize(results.length + result.length);
    context.charge(result.length, ITEM_BYTES * result.length);
    for (const item of result.view()) results.push(item);
  };
  return walk('flatmap', args, take, () => new List(results));
}

function mapResults(args: readonly Value[]): Walk {
  const results: Value[] = [];
  let failure: Err | undefined;
  const take = (result: Value): boolean => {
    if (result instanceof Ok) results.push(result.value);
    else if (result instanceof Err) failure = result;
    else throw builtinFault('mapr', `fn must return a Result (~v or ^e), got ${describe(result)}`);
    return failure !== undefined;
  };
  return walk('mapr', args, take, () => failure ?? new Ok(new List(results)));
}

function group(args: readonly Value[], context: BuiltinContext): Walk {
  const groups = new Map<MapKey, Value[]>();
  const take = (result: Value, item: Value): undefined => {
    const key = groupKey('grp', 'key function must return a string, number, or bool', result);
    const members = groups.get(key);
    if (members) members.push(item);
    else {
      checkMapSize(groups.size + 1);
      context.charge(1, ENTRY_BYTES + LIST_BYTES);
      groups.set(key, [item]);
    }
  };
  const finish = (): Value => {
    const lists = new Map<MapKey, Value>();
    for (const [key, members] of groups) lists.set(key, new List(members));
    return new MapValue(lists);
  };
  return walk('grp', args, take, finish);
}

function uniqueBy(args: readonly Value[], context: BuiltinContext): Walk {
  // A set keeps text, numbers and bools apart, and takes every NaN as the same.
  const seen = new Set<string | number | boolean>();
  const kept: Value[] = [];
  const take = (key: Value, item: Value): undefined => {
    if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'boolean') {
      throw builtinFault('uniqby', `key function must return a string, number, or bool, got ${describe(key)}`);
    }
    if (!seen.has(key)) {
      checkMapSize(seen.size + 1);
      context.charge(1, ENTRY_BYTES);
      seen.add(key);
      kept.push(item);
    }
  };
  return walk('uniqby', args, take, () => new List(kept));
}

function row(
  name: string,
  signatures: readonly string[],
  doc: string,
  example: readonly [code: string, out: string],
  walk: NonNullable<BuiltinRow['walk']>,
  aliases?: readonly string[],
): BuiltinRow {
  return {
    name,
    ...(aliases && { aliases }),
    topic: 'functions',
    signatures: signatures.map(signature => `${name} ${signature}`),
    effect: 'pure',
    // The list stands last, except that `fld` ends with the first accumulator.
    cost: name === 'fld' ? costPerItem(-2, 1, 0) : costPerItem(-1, 1, name === 'ct' ? 0 : ITEM_BYTES),
    doc,
    example: { code: example[0], out: example[1] },
    walk,
    run: (args, context) => runWalk(walk(args, context), context.call),
  };
}

export const HIGHER_ORDER_BUILTINS: readonly BuiltinRow[] = [
  row(
    'map',
    ['fn:F a r xs:L a > L r', 'fn:F a c r ctx:c xs:L a > L r'],
    'What the function gives for each item.',
    ['f>L n;map (x:n>n;*x x) [1 2 3]', '[1, 4, 9]'],
    map,
  ),
  row(
    'flt',
    ['fn:F a b xs:L a > L a', 'fn:F a c b ctx:c xs:L a > L a'],
    'The items for which the function gives true.',
    ['f>L n;flt (x:n>b;>x 1) [3 1 2]', '[3, 2]'],
    filter,
    ['filter'],
  ),
  row(
    'ct',
    ['fn:F a b xs:L a > n', 'fn:F a c b ctx:c xs:L a > n'],
    'How many items there are for which the function gives true.',
    ['f>n;ct (x:n>b;>x 1) [3 1 2]', '2'],
    count,
  ),
  row(
    'fld',
    ['fn:F r a r xs:L a init:r > r', 'fn:F r a c r ctx:c xs:L a init:r > r'],
    'One value from a list: the function takes what came of the items so far, and the next item.',
    ['f>n;fld (acc:n x:n>n;+acc *x x) [1 2 3] 0', '14'],
    fold,
    ['fold'],
  ),
  row(
    'flatmap',
    ['fn:F a (L r) xs:L a > L r'],
    'The items of all the lists that the function gives, one after the other.',
    ['f>L n;flatmap (x:n>L n;[x (*x 10)]) [1 2]', '[1, 10, 2, 20]'],
    flatMap,
  ),
  row(
    'mapr',
    ['fn:F a (R r e) xs:L a > R (L r) e'],
    'The values of what the function gives, as long as it gives `~v`; the first `^e` ends it and is the result.',
    ['f>R (L n) t;mapr num ["1" "2"]', '[1, 2]'],
    mapResults,
  ),
  row(
    'partition',
    ['fn:F a b xs:L a > L (L a)'],
    'Two lists: the items for which the function gives true, and the others.',
    ['f>L (L n);partition (x:n>b;>x 1) [3 1 2]', '[[3, 2], [1]]'],
    partition,
  ),
  row(
    'grp',
    ['fn:F a k xs:L a > M k (L a)'],
    'The items by what the function gives for them: text, a number (rounded down) or a bool (as "true", "false").',
    ['f>M n (L n);grp (x:n>n;mod x 2) [1 2 3]', '{0: [2]; 1: [1, 3]}'],
    group,
    ['group'],
  ),
  row(
    'uniqby',
    ['fn:F a _ xs:L a > L a'],
    'The first item for each text, number or bool that the function gives.',
    ['f>L n;uniqby (x:n>n;mod x 2) [1 2 3 4]', '[1, 2]'],
    uniqueBy,
  ),
];
