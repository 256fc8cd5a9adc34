// Builtins with instructions of their own do what the builtin does, for every kind of argument, and what is changed in place is
// seen by nobody else.
import { expect, test } from 'vitest';
import { List } from '../../src/core/value/list.ts';
import { MapValue } from '../../src/core/value/map.ts';
import type { Value } from '../../src/core/value/value.ts';
import { RegisterMachine } from '../../src/vm/register/machine.ts';
import { TreeMachine } from '../../src/vm/tree/machine.ts';
import { load, type MakeMachine, observe } from './register-kit.ts';

const tree: MakeMachine = (unit, services) => new TreeMachine(unit, services);
const register: MakeMachine = (unit, services) => new RegisterMachine(unit, services, { fresh: false });

const unit = load(`length x:_>_;len x
item x:_ i:_>_;at x i
rest x:_ y:_>_;mod x y
size x:_>_;abs x
low x:_>_;flr x
root x:_>_;sqrt x
entry m:_ k:_>_;mget m k
change xs:_ i:_ v:_>_;lst xs i v
changes xs:_ i:_ v:_>_;ys=lst xs i v;@k 0..3{ys=lst ys k i;xs=+=xs v};zs=lst ys 0 v;[xs ys zs]
grow xs:_ v:_>_;ys=+=xs v;ys=+=ys 1;zs=+=ys 2;[xs ys zs]
kept n:_>_;xs=[];old=[];@i 0..n{xs=+=xs i;=i 3{old=xs}};xs=lst xs 0 9;[xs old]
put m:_ k:_ v:_>_;a=mset m k v;@i 0..3{a=mset a "x" i;m=mset m "y" i};c=mset a "z" v;[m a c]
type p{x:n;y:n}
fields n:n>_;a=p x:n y:2;b=a with x:3;@i 0..n{b=b with y:i};d=b with x:9;[a b d]`);

const numbers: readonly Value[] = [0, -0, 1, 2, 3, -1, -3, -4, 0.5, -7.25, 2.999, Number.NaN, Infinity, 2 ** 40];
const others: readonly Value[] = ['1', 'k', null, true];
const anything = [...numbers, ...others];

/** New ones for each call, because a call may leave versions behind. */
const collections: readonly (() => Value)[] = [
  () => new List([10, 20, 30]),
  () => {
    const older = new List([1, 2, 3]);
    older.append(4);
    return older;
  },
  () => new List([1, 2, 3]).append(4),
  () => new List(['a', null, true, 0.5]),
  () => new List(Array.from({ length: 100 }, (_, i) => i)).part(1, 90),
  () => new List([]),
  () => 'größe',
  () => '',
  () =>
    new MapValue(
      new Map<string | number, Value>([
        ['k', 1],
        [3, 'three'],
        ['x', null],
      ]),
    ),
  () => new MapValue(new Map([['a', 1]])).set('k', 2),
  () => 7,
  () => null,
];

type Calls = readonly (() => readonly Value[])[];
const ones = anything.map(each => () => [each]);
const pairs = anything.flatMap(a => anything.map(b => () => [a, b]));
const ofCollection = collections.map(make => () => [make()]);
const withKey = collections.flatMap(make => anything.map(key => () => [make(), key]));
const withValue = collections.flatMap(make =>
  anything.flatMap(key => [1.5, 'v', null].map(value => () => [make(), key, value])),
);

test.each<[string, Calls]>([
  ['length', ofCollection],
  ['item', withKey],
  ['rest', pairs],
  ['size', ones],
  ['low', ones],
  ['root', ones],
  ['entry', withKey],
  ['change', withValue],
  ['changes', withValue],
  ['grow', withKey],
  ['kept', [() => [1], () => [4], () => [5], () => [60]]],
  ['put', withValue],
  ['fields', [() => [0], () => [4]]],
])('%s', (name, calls) => {
  const callee = unit.byName.get(name)!;
  for (const args of calls) {
    const run = { label: name, unit, callee };
    expect(observe({ ...run, args: args() }, register)).toEqual(observe({ ...run, args: args() }, tree));
  }
});
