// Lists, and the operations that lists share with text. Text counts by code point here, except that `len` gives UTF-8 bytes.
// Everything gives a new value; sizes are checked before the result is built.
import { builtinFault, builtinSentence } from '../../../core/fault.ts';
import { checkListSize, checkMapSize } from '../../../core/limits.ts';
import { deepEqual, type IdentityKey, identityKeys } from '../../../core/value/equal.ts';
import { List } from '../../../core/value/list.ts';
import { type MapKey, MapValue } from '../../../core/value/map.ts';
import { describe, showNumber } from '../../../core/value/show.ts';
import {
  codePointAt,
  codePointLength,
  codePointsOf,
  findText,
  sliceCodePoints,
  textOfCodePoints,
  utf8Length,
  withoutFirst,
} from '../../../core/value/text.ts';
import type { Value } from '../../../core/value/value.ts';
import {
  argument,
  constantCost,
  costPerItem,
  ENTRY_BYTES,
  groupKey,
  ITEM_BYTES,
  integerArgument,
  LIST_BYTES,
  listArgument,
  numberArgument,
  positiveArgument,
  sizeOf,
  textArgument,
} from './arguments.ts';
import type { BuiltinContext, BuiltinRow, Cost } from './row.ts';

/** `range` makes no longer lists than this, as in the original language. */
const MAX_RANGE = 1_000_000;

/** Applies one of two functions, by whether the value is a list or text. */
function byKind<T>(builtin: string, value: Value, onList: (list: List) => T, onText: (text: string) => T): T {
  if (value instanceof List) return onList(value);
  if (typeof value === 'string') return onText(value);
  throw builtinSentence(builtin, `requires a list or text, got ${describe(value)}`);
}

/** Charges and checks a list of lists before it is built: `count` lists with `items` items in all. */
function chargeNested(context: BuiltinContext, count: number, items: number): void {
  // An empty list takes about as much memory as eight items.
  checkListSize(items + 8 * count);
  context.charge(count + items, LIST_BYTES * (count + 1) + ITEM_BYTES * (count + items));
}

/** The index that an index counted from either end means: -1 is `length - 1`. */
function fromEitherEnd(index: number, length: number): number {
  return index < 0 ? index + length : index;
}

/** A bound of a slice: counted from either end, then moved into 0 … length. */
function sliceBound(bound: number, length: number): number {
  return Math.max(0, Math.min(length, fromEitherEnd(bound, length)));
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return utf8Length(value);
  if (value instanceof List) return value.length;
  if (value instanceof MapValue) return value.size;
  throw builtinSentence('len', `requires string, list, or map, got ${describe(value)}`);
}

function at(collection: Value, position: Value): Value {
  const index = Math.floor(numberArgument('at', 'index', position));
  if (Number.isNaN(index)) throw builtinFault('at', 'index must be a number, got NaN');
  const outside = (kind: string, length: number): never => {
    throw builtinFault('at', `index ${showNumber(index)} out of range for ${kind} of length ${length}`);
  };
  return byKind<Value>(
    'at',
    collection,
    list => {
      // Not `??`: an item may be nil.
      const item = list.get(fromEitherEnd(index, list.length));
      return item === undefined ? outside('list', list.length) : item;
    },
    text => (Number.isFinite(index) ? codePointAt(text, index) : undefined) ?? outside('text', codePointLength(text)),
  );
}

function head(collection: Value): Value {
  return byKind<Value>(
    'hd',
    collection,
    list => {
      if (list.length === 0) throw builtinFault('hd', 'empty list');
      return list.get(0)!;
    },
    text => {
      if (text === '') throw builtinFault('hd', 'empty text');
      return codePointAt(text, 0)!;
    },
  );
}

function tail(collection: Value): Value {
  return byKind<Value>(
    'tl',
    collection,
    list => {
      if (list.length === 0) throw builtinFault('tl', 'empty list');
      return list.part(1, list.length);
    },
    text => {
      if (text === '') throw builtinFault('tl', 'empty text');
      return withoutFirst(text);
    },
  );
}

function slice(collection: Value, from: Value, to: Value): Value {
  const start = integerArgument('slc', 'start index', from);
  const end = integerArgument('slc', 'end index', to);
  return byKind<Value>(
    'slc',
    collection,
    list => {
      const last = sliceBound(end, list.length);
      return list.part(Math.min(sliceBound(start, list.length), last), last);
    },
    text => {
      // The number of code points is asked for only where it matters: counting them means reading the whole text.
      const length = start < 0 || end < 0 ? codePointLength(text) : text.length;
      return sliceCodePoints(text, sliceBound(start, length), sliceBound(end, length));
    },
  );
}

function takeOrDrop(name: 'take' | 'drop', count: Value, collection: Value): Value {
  const wanted = integerArgument(name, 'count', count);
  const taking = name === 'take';
  return byKind<Value>(
    name,
    collection,
    list => {
      const border = sliceBound(wanted, list.length);
      return taking ? list.part(0, border) : list.part(border, list.length);
    },
    text => {
      const border = sliceBound(wanted, wanted < 0 ? codePointLength(text) : text.length);
      return taking ? sliceCodePoints(text, 0, border) : sliceCodePoints(text, border, text.length);
    },
  );
}

function replaceItem(collection: Value, position: Value, value: Value): Value {
  const index = numberArgument('lst', 'index', position);
  if (!Number.isInteger(index) || index < 0) throw builtinFault('lst', 'index must be a non-negative integer');
  const list = listArgument('lst', 'requires a list', collection);
  if (index >= list.length) {
    throw builtinFault('lst', `index ${showNumber(index)} out of range for list of length ${list.length}`);
  }
  return list.set(index, value);
}

function has(collection: Value, wanted: Value): Value {
  return byKind<Value>(
    'has',
    collection,
    list => list.view().some(item => deepEqual(item, wanted)),
    text => findText(text, textArgument('has', 'text search requires text needle', wanted), 0) >= 0,
  );
}

function unique(collection: Value): Value {
  const seen = new Set<IdentityKey>();
  const identityKey = identityKeys();
  const isNew = (key: IdentityKey): boolean => {
    const before = seen.size;
    seen.add(key);
    if (seen.size > before) checkMapSize(seen.size);
    return seen.size > before;
  };
  return byKind<Value>(
    'unq',
    collection,
    list => new List(list.view().filter(item => isNew(identityKey(item)))),
    text => textOfCodePoints(codePointsOf(text).filter(point => isNew(point))),
  );
}

function flatten(value: Value, context: BuiltinContext): Value {
  const items = listArgument('flat', 'arg', value).view();
  let size = 0;
  for (const item of items) size += item instanceof List ? item.length : 1;
  checkListSize(size);
  context.charge(size, LIST_BYTES + ITEM_BYTES * size);
  const flat: Value[] = [];
  for (const item of items) {
    if (item instanceof List) for (const inner of item.view()) flat.push(inner);
    else flat.push(item);
  }
  return new List(flat);
}

function zip(first: Value, second: Value, context: BuiltinContext): Value {
  const left = listArgument('zip', 'arg 1', first);
  const right = listArgument('zip', 'arg 2', second);
  const count = Math.min(left.length, right.length);
  chargeNested(context, count, 2 * count);
  const pairs: Value[] = [];
  for (let i = 0; i < count; i++) pairs.push(new List([left.get(i)!, right.get(i)!]));
  return new List(pairs);
}

function enumerate(value: Value, context: BuiltinContext): Value {
  const list = listArgument('enumerate', 'requires a list', value);
  chargeNested(context, list.length, 2 * list.length);
  return new List(list.view().map((item, i) => new List([i, item])));
}

function range(from: Value, to: Value, context: BuiltinContext): Value {
  const start = numberArgument('range', 'requires two numbers', from);
  const end = numberArgument('range', 'requires two numbers', to);
  if (!Number.isInteger(start) || !Number.isInteger(end)) throw builtinFault('range', 'bounds must be integers');
  const count = Math.max(0, end - start);
  if (count > MAX_RANGE) {
    throw builtinSentence('range', `too large: ${showNumber(count)} elements (max ${MAX_RANGE})`);
  }
  context.charge(count, LIST_BYTES + ITEM_BYTES * count);
  const items: Value[] = [];
  // Counting the items, not up to `end`: above 2^53 adding one changes nothing.
  for (let i = 0; i < count; i++) items.push(start + i);
  return new List(items);
}

function windows(size: Value, value: Value, context: BuiltinContext): Value {
  const width = positiveArgument('window', 'size', size);
  const list = listArgument('window', 'arg 2', value);
  const count = Math.max(0, list.length - width + 1);
  chargeNested(context, count, count * width);
  const items = list.view();
  const result: Value[] = [];
  for (let i = 0; i < count; i++) result.push(new List(items.slice(i, i + width)));
  return new List(result);
}

function chunks(size: Value, value: Value, context: BuiltinContext): Value {
  const width = positiveArgument('chunks', 'size', size);
  const list = listArgument('chunks', 'requires a list', value);
  chargeNested(context, Math.ceil(list.length / width), list.length);
  const items = list.view();
  const result: Value[] = [];
  for (let i = 0; i < items.length; i += width) result.push(new List(items.slice(i, i + width)));
  return new List(result);
}

function frequencies(value: Value, context: BuiltinContext): Value {
  const counts = new Map<MapKey, Value>();
  for (const item of listArgument('frq', 'arg', value).view()) {
    const key = groupKey('frq', 'list elements must be text, number, or bool', item);
    const count = counts.get(key) as number | undefined;
    if (count === undefined) {
      checkMapSize(counts.size + 1);
      context.charge(1, ENTRY_BYTES);
    }
    counts.set(key, (count ?? 0) + 1);
  }
  return new MapValue(counts);
}

/** Copying a part of a list or a text costs a little for every eight items: memory moves in large pieces. */
function copyCost(position: number): (args: readonly Value[]) => Cost {
  return args => {
    const size = sizeOf(args.at(position));
    return { fuel: 1 + Math.ceil(size / 8), bytes: LIST_BYTES + ITEM_BYTES * size };
  };
}

function row(
  name: string,
  signatures: readonly string[],
  doc: string,
  example: readonly [code: string, out: string],
  cost: BuiltinRow['cost'],
  run: BuiltinRow['run'],
  aliases?: readonly string[],
): BuiltinRow {
  return {
    name,
    ...(aliases && { aliases }),
    topic: 'lists',
    signatures: signatures.map(signature => `${name} ${signature}`),
    effect: 'pure',
    cost,
    doc,
    example: { code: example[0], out: example[1] },
    run,
  };
}

export const LIST_BUILTINS: readonly BuiltinRow[] = [
  row(
    'len',
    ['x:t|L _|M _ _ > n'],
    'How many items a list has, entries a map, or UTF-8 bytes a text.',
    ['f>L n;[len [7 8 9] len "größe"]', '[3, 7]'],
    constantCost,
    args => lengthOf(argument(args, 0)),
    ['length'],
  ),
  row(
    'hd',
    ['xs:L a > a', 's:t > t'],
    'The first item of a list, or the first character of a text; a fault when there is none.',
    ['f>n;hd [7 8 9]', '7'],
    constantCost,
    args => head(argument(args, 0)),
    ['head'],
  ),
  row(
    'at',
    ['xs:L a i:n > a', 's:t i:n > t'],
    'The item or character at an index, which counts from 0, or back from -1 at the end, and is rounded down.',
    ['f>n;at [7 8 9] -1', '9'],
    constantCost,
    args => at(argument(args, 0), argument(args, 1)),
  ),
  row(
    'tl',
    ['xs:L a > L a', 's:t > t'],
    'Everything after the first item or character; a fault when there is none.',
    ['f>L n;tl [7 8 9]', '[8, 9]'],
    // A tail shares the storage of the whole; the copying that happens now and then is two items for each call.
    () => ({ fuel: 1, bytes: LIST_BYTES + 2 * ITEM_BYTES }),
    args => tail(argument(args, 0)),
    ['tail'],
  ),
  row(
    'rev',
    ['xs:L a > L a', 's:t > t'],
    'The items or characters in reverse order.',
    ['f>t;rev "stop"', 'pots'],
    costPerItem(0, 1, ITEM_BYTES),
    args =>
      byKind<Value>(
        'rev',
        argument(args, 0),
        list => new List(list.view().slice().reverse()),
        text => textOfCodePoints(codePointsOf(text).reverse()),
      ),
    ['reverse'],
  ),
  row(
    'slc',
    ['xs:L a from:n to:n > L a', 's:t from:n to:n > t'],
    'The part from one index to before another; negative ones count from the end, and both stop at the ends.',
    ['f>t;slc "hello" 1 -1', 'ell'],
    copyCost(0),
    args => slice(argument(args, 0), argument(args, 1), argument(args, 2)),
    ['slice'],
  ),
  row(
    'lst',
    ['xs:L a i:n v:a > L a'],
    'The list with the item at an index replaced; a fault when there is no such index.',
    ['f>L n;lst [7 8 9] 1 0', '[7, 0, 9]'],
    () => ({ fuel: 1, bytes: ITEM_BYTES }),
    args => replaceItem(argument(args, 0), argument(args, 1), argument(args, 2)),
    ['lset'],
  ),
  row(
    'take',
    ['n:n xs:L a > L a', 'n:n s:t > t'],
    'The first `n` items or characters; for a negative `n`, all but the last `-n`.',
    ['f>L n;take 2 [7 8 9]', '[7, 8]'],
    copyCost(1),
    args => takeOrDrop('take', argument(args, 0), argument(args, 1)),
  ),
  row(
    'drop',
    ['n:n xs:L a > L a', 'n:n s:t > t'],
    'All but the first `n` items or characters; for a negative `n`, the last `-n`.',
    ['f>L n;drop 2 [7 8 9]', '[9]'],
    copyCost(1),
    args => takeOrDrop('drop', argument(args, 0), argument(args, 1)),
  ),
  row(
    'unq',
    ['xs:L a > L a', 's:t > t'],
    'The items or characters without repetitions, each where it first stands.',
    ['f>L n;unq [3 1 3 2 1]', '[3, 1, 2]'],
    costPerItem(0, 2, ENTRY_BYTES),
    args => unique(argument(args, 0)),
    ['unique'],
  ),
  row(
    'flat',
    ['xs:L (L a) > L a', 'xs:L _ > L _'],
    'One level of nesting removed: the items of the lists in a list.',
    ['f>L n;flat [[1 2] [3]]', '[1, 2, 3]'],
    costPerItem(0, 1, 0),
    (args, context) => flatten(argument(args, 0), context),
    ['flatten'],
  ),
  row(
    'has',
    ['x:t|L _ v:_ > b'],
    'Whether a list holds a value, or a text contains another.',
    ['f>b;has ["a" "b"] "b"', 'true'],
    costPerItem(0, 1, 0),
    args => has(argument(args, 0), argument(args, 1)),
    ['contains'],
  ),
  row(
    'zip',
    ['xs:L a ys:L a > L (L a)'],
    'Pairs of the items at the same index; as many as the shorter list has.',
    ['f>L (L n);zip [1 2 3] [4 5]', '[[1, 4], [2, 5]]'],
    constantCost,
    (args, context) => zip(argument(args, 0), argument(args, 1), context),
  ),
  row(
    'enumerate',
    ['xs:L _ > L (L _)'],
    'Pairs of each index and its item.',
    ['f>L (L _);enumerate ["a" "b"]', '[[0, a], [1, b]]'],
    constantCost,
    (args, context) => enumerate(argument(args, 0), context),
  ),
  row(
    'range',
    ['from:n to:n > L n'],
    'The integers from one number to before another, at most a million.',
    ['f>L n;range 2 6', '[2, 3, 4, 5]'],
    constantCost,
    (args, context) => range(argument(args, 0), argument(args, 1), context),
  ),
  row(
    'window',
    ['n:n xs:L a > L (L a)'],
    'Every run of `n` neighbouring items.',
    ['f>L (L n);window 2 [7 8 9]', '[[7, 8], [8, 9]]'],
    constantCost,
    (args, context) => windows(argument(args, 0), argument(args, 1), context),
  ),
  row(
    'chunks',
    ['n:n xs:L a > L (L a)'],
    'The list cut into pieces of `n` items; the last may be shorter.',
    ['f>L (L n);chunks 2 [7 8 9]', '[[7, 8], [9]]'],
    constantCost,
    (args, context) => chunks(argument(args, 0), argument(args, 1), context),
  ),
  row(
    'frq',
    ['xs:L k > M k n'],
    'How often each text, number (rounded down) or bool occurs; bools count under "true" and "false".',
    ['f>M t n;frq ["b" "a" "b"]', '{a: 1; b: 2}'],
    costPerItem(0, 2, 0),
    (args, context) => frequencies(argument(args, 0), context),
  ),
];
