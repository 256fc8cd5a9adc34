// Builtins written in place do what the builtin does, for every kind of argument.
import { expect, test } from 'vitest';
import type { Fault } from '../../../src/core/fault.ts';
import { List } from '../../../src/core/value/list.ts';
import { MapValue } from '../../../src/core/value/map.ts';
import { showValue } from '../../../src/core/value/show.ts';
import type { Value } from '../../../src/core/value/value.ts';
import { createVirtualHost } from '../../../src/runtime/host/virtual-host.ts';
import { loadProgram, runProgram } from '../../../src/runtime/program.ts';

const { unit } = loadProgram(
  'length x:_>_;len x\nitem x:_ i:_>_;at x i\nrest x:_ y:_>_;mod x y\nsize x:_>_;abs x\nlow x:_>_;flr x\nroot x:_>_;sqrt x\ntotal x:_ y:_>_;z=-x y;abs z\nrest3 x:_>_;mod x 3\nitem1 x:_>_;at x 1\nput x:_ i:_>_;lst x i 9\nwritten x:_>_;str x\nentry m:_ k:_>_;mget m k\nenter m:_ k:_>_;a=mset m k 9;b=mset a k 8;[a b]\ntwice x:n>n;*x 2\nodd x:n>b;=(mod x 2) 1\nany-odd x:_>_;?x{n v:=(mod v 2) 1;_:x}\njoin a:_ b:n>_;+a b\nmapped xs:_>_;map twice xs\nkept xs:_>_;flt odd xs\nkept-any xs:_>_;flt any-odd xs\nfolded xs:_>_;fld join xs 1\nshifted xs:_ by:_>_;map (x:n>n;+x by) xs\nown n:n>_;xs=[];ys=[1 2];@i 0..n{xs=+=xs i;ys=lst ys 1 i;zs=lst xs 0 7;xs=lst xs i len zs};[xs ys]\ncounts n:n>_;m=mmap;@i 0..n{m=mset m (mod i 3) i};old=m;m=mset m 9 9;[(mvals old) (mvals m)]',
  { readFile: () => ({ err: 'none' }) },
);

const list = new List([10, 20, 30]);
const older = new List([1, 2, 3]);
older.append(4);
const collections: readonly Value[] = [
  list,
  older,
  list.part(1, 3),
  new List([]),
  'größe',
  '',
  new MapValue(new Map([['k', 1]])),
  7,
  null,
];
const indexes: readonly Value[] = [
  0,
  -0,
  1,
  2,
  3,
  -1,
  -3,
  -4,
  0.5,
  2.999,
  Number.NaN,
  Infinity,
  2 ** 40,
  '1',
  null,
  true,
];

const lists: readonly Value[][] = [
  [list],
  [older],
  [list.part(1, 3)],
  [new List([])],
  [new List([1, 2, 'x', 4])],
  [new List([1, null])],
  [new List([true, 3])],
  ['abc'],
  [null],
  [5],
];

test.each([
  ['length', collections.map(each => [each])],
  ['item1', collections.map(each => [each])],
  ['rest', indexes.flatMap(a => indexes.map(b => [a, b]))],
  ['size', indexes.map(each => [each])],
  ['low', indexes.map(each => [each])],
  ['root', indexes.map(each => [each])],
  ['total', indexes.flatMap(a => indexes.map(b => [a, b]))],
  ['rest3', indexes.map(each => [each])],
  ['item', collections.flatMap(each => indexes.map(index => [each, index]))],
  ['put', collections.flatMap(each => indexes.map(index => [each, index]))],
  ['written', [...indexes, 1e21, -1e21, 1e20, 123456789.25, 5e-324].map(each => [each])],
  ['entry', collections.flatMap(each => [...indexes, 'k', 2 ** 53].map(key => [each, key]))],
  ['enter', collections.flatMap(each => [...indexes, 'k', 2 ** 53].map(key => [each, key]))],
  ['mapped', lists],
  ['kept', lists],
  ['kept-any', lists],
  ['folded', lists],
  ['shifted', lists.flatMap(([xs]) => [1, 'a', null].map(by => [xs!, by]))],
  ['own', [0, 1, 2, 40, 100].map(n => [n])],
  ['counts', [0, 1, 2, 40].map(n => [n])],
])('%s', (name, calls) => {
  for (const args of calls as Value[][]) {
    // Without limits, with limits that are not reached, and stopped after a little work.
    for (const limits of [{}, { fuel: 1e6, alloc: 1e6 }, { fuel: 3 }, { alloc: 30 }]) {
      const [tree, js] = (['tree', 'js'] as const).map(engine => {
        const { usage, ...result } = runProgram(unit!, name as string, args, {
          host: createVirtualHost({}),
          engine,
          limits,
        });
        const { span, calls: chain, code, message } = 'fault' in result ? result.fault : ({} as Partial<Fault>);
        return { usage, value: 'value' in result ? showValue(result.value) : undefined, span, chain, code, message };
      });
      expect(js, `${name} ${args.map(showValue).join(' ')}`).toEqual(tree);
    }
  }
});
