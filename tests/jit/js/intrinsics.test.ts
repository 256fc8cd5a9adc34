// Builtins written in place do what the builtin does, for every kind of argument.
import { expect, test } from 'vitest';
import { List } from '../../../src/core/value/list.ts';
import { MapValue } from '../../../src/core/value/map.ts';
import { showValue } from '../../../src/core/value/show.ts';
import type { Value } from '../../../src/core/value/value.ts';
import { createVirtualHost } from '../../../src/runtime/host/virtual-host.ts';
import { loadProgram, runProgram } from '../../../src/runtime/program.ts';

const { unit } = loadProgram(
  'length x:_>_;len x\nitem x:_ i:_>_;at x i\nrest x:_ y:_>_;mod x y\nsize x:_>_;abs x\nlow x:_>_;flr x\nroot x:_>_;sqrt x\ntotal x:_ y:_>_;z=-x y;abs z\nrest3 x:_>_;mod x 3\nitem1 x:_>_;at x 1',
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
])('%s', (name, calls) => {
  for (const args of calls as Value[][]) {
    const [tree, js] = (['tree', 'js'] as const).map(engine => {
      const result = runProgram(unit!, name as string, args, { host: createVirtualHost({}), engine });
      return 'value' in result ? showValue(result.value) : `${result.fault.code} ${result.fault.message}`;
    });
    expect(js).toBe(tree);
  }
});
