// Maps from text or integers to values. A numeric key is rounded down. Setting and deleting give a new map; the old one
// stays as it was (core/value/map.ts makes that cheap). Keys and values come in key order: integers, then texts.
import { checkMapSize } from '../../../core/limits.ts';
import { List } from '../../../core/value/list.ts';
import { MapValue } from '../../../core/value/map.ts';
import type { Value } from '../../../core/value/value.ts';
import { argument, constantCost, ENTRY_BYTES, keyArgument, mapArgument, sortCost } from './arguments.ts';
import type { BuiltinRow } from './row.ts';

function set(map: Value, key: Value, value: Value): Value {
  const target = mapArgument('mset', map);
  const name = keyArgument('mset', key);
  if (!target.has(name)) checkMapSize(target.size + 1);
  return target.set(name, value);
}

function row(
  signature: string,
  doc: string,
  example: readonly [code: string, out: string],
  cost: BuiltinRow['cost'],
  run: BuiltinRow['run'],
): BuiltinRow {
  return {
    name: signature.slice(0, signature.indexOf(' ')),
    topic: 'maps',
    signatures: [signature],
    effect: 'pure',
    cost,
    doc,
    example: { code: example[0], out: example[1] },
    run,
  };
}

export const MAP_BUILTINS: readonly BuiltinRow[] = [
  row('mmap > M _ _', 'An empty map.', ['f>n;len mmap', '0'], constantCost, () => new MapValue(new Map())),
  row(
    'mget m:M k a key:k > O a',
    'The value of a key, or nil.',
    ['f>n;m=mset mmap "a" 1;??mget m "b" 0', '0'],
    constantCost,
    args => mapArgument('mget', argument(args, 0)).get(keyArgument('mget', argument(args, 1))) ?? null,
  ),
  row(
    'mset m:M k a key:k v:a > M k a',
    'The map with the value of a key set.',
    ['f>M t n;m=mset mmap "a" 1;mset m "b" 2', '{a: 1; b: 2}'],
    () => ({ fuel: 1, bytes: ENTRY_BYTES }),
    args => set(argument(args, 0), argument(args, 1), argument(args, 2)),
  ),
  row(
    'mhas m:M k _ key:k > b',
    'Whether the map has a key.',
    ['f>b;m=mset mmap 7 "x";mhas m 7', 'true'],
    constantCost,
    args => mapArgument('mhas', argument(args, 0)).has(keyArgument('mhas', argument(args, 1))),
  ),
  row(
    'mkeys m:M k _ > L k',
    'The keys, sorted.',
    ['f>L t;m=mset mmap "b" 1;m=mset m "a" 2;mkeys m', '[a, b]'],
    sortCost(0),
    args => new List(mapArgument('mkeys', argument(args, 0)).sortedKeys()),
  ),
  row(
    'mvals m:M _ a > L a',
    'The values, in the order of their keys.',
    ['f>L n;m=mset mmap "b" 1;m=mset m "a" 2;mvals m', '[2, 1]'],
    sortCost(0),
    args => {
      const map = mapArgument('mvals', argument(args, 0));
      return new List(map.sortedKeys().map(key => map.get(key)!));
    },
  ),
  row(
    'mdel m:M k a key:k > M k a',
    'The map without a key.',
    ['f>n;m=mset mmap "a" 1;len (mdel m "a")', '0'],
    () => ({ fuel: 1, bytes: ENTRY_BYTES }),
    args => mapArgument('mdel', argument(args, 0)).delete(keyArgument('mdel', argument(args, 1))),
  ),
];
