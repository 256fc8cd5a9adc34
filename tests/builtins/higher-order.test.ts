import { describe, expect, test } from 'vitest';
import { List } from '../../src/core/value/list.ts';
import { Err, Ok } from '../../src/core/value/result.ts';
import type { Value } from '../../src/core/value/value.ts';
import { call, faultOf, fn, list, show } from './calls.ts';

const numbers = list(3, 1, 2);
const double = fn(x => (x as number) * 2);
const isOdd = fn(x => (x as number) % 2 === 1);

/** A callback that notes what it was called with. */
function noting(calls: Value[][], result: (item: Value) => Value): Value {
  return fn((...args) => {
    calls.push(args);
    return result(args[0]!);
  });
}

describe('one result for each item', () => {
  test('map, flt, ct, partition', () => {
    expect(show('map', double, numbers)).toBe('[6, 2, 4]');
    expect(show('flt', isOdd, numbers)).toBe('[3, 1]');
    expect(call('ct', isOdd, numbers)).toBe(2);
    expect(show('partition', isOdd, numbers)).toBe('[[3, 1], [2]]');
  });

  test.each(['map', 'flt', 'ct', 'srt', 'rsrt'])('%s hands the context on as the last argument', name => {
    const calls: Value[][] = [];
    call(
      name,
      noting(calls, () => true),
      'ctx',
      list(7, 8),
    );
    expect(calls).toEqual([
      [7, 'ctx'],
      [8, 'ctx'],
    ]);
  });

  test('text names a function', () => expect(show('map', 'abs', list(-1, 2))).toBe('[1, 2]'));

  test('predicates must give bools', () => {
    for (const name of ['flt', 'ct', 'partition']) {
      expect(faultOf(name, double, numbers)).toBe(`ILO-R009 ${name}: predicate must return bool, got number 6`);
    }
  });
});

describe('fld', () => {
  const chain = fn((acc, x, ctx) => `${acc}${x}${ctx ?? ''}`);

  test('goes from left to right, with or without a context', () => {
    expect(call('fld', chain, list('a', 'b'), '>')).toBe('>ab');
    expect(call('fld', chain, '.', list('a', 'b'), '>')).toBe('>a.b.');
    expect(call('fld', chain, list(), '>')).toBe('>');
  });

  test('checks its list', () =>
    expect(faultOf('fld', chain, 5, 0)).toBe('ILO-R009 fld: list arg must be a list, got number 5'));
});

describe('mapr', () => {
  test('collects values', () => expect(show('mapr', 'num', list('1', '2'))).toBe('~[1, 2]'));

  test('stops at the first error', () => {
    const calls: Value[][] = [];
    const result = call(
      'mapr',
      noting(calls, item => (item === 2 ? new Err('two') : new Ok(item))),
      list(1, 2, 3),
    );
    expect(result).toEqual(new Err('two'));
    expect(calls).toHaveLength(2);
  });

  test('needs results', () => {
    expect(faultOf('mapr', double, numbers)).toBe('ILO-R009 mapr: fn must return a Result (~v or ^e), got number 6');
  });
});

describe('grouping', () => {
  test('grp keeps the order within groups and rounds numeric keys down', () => {
    expect(
      show(
        'grp',
        fn(x => (x as number) / 2),
        list(1, 2, 3, 4, 5),
      ),
    ).toBe('{0: [1]; 1: [2, 3]; 2: [4, 5]}');
    expect(show('grp', isOdd, numbers)).toBe('{false: [2]; true: [3, 1]}');
    expect(
      faultOf(
        'grp',
        fn(() => null),
        numbers,
      ),
    ).toBe('ILO-R009 grp: key function must return a string, number, or bool, got nil');
  });

  test('uniqby keeps the first of each key and tells kinds apart', () => {
    expect(
      show(
        'uniqby',
        fn(x => x),
        list(1, '1', 1, true, 'true'),
      ),
    ).toBe('[1, 1, true, true]');
    expect(
      faultOf(
        'uniqby',
        fn(() => list()),
        numbers,
      ),
    ).toMatch('key function must return a string, number, or bool');
  });

  test('flatmap joins lists', () => {
    expect(
      show(
        'flatmap',
        fn(x => list(x!, x!)),
        numbers,
      ),
    ).toBe('[3, 3, 1, 1, 2, 2]');
    expect(faultOf('flatmap', double, numbers)).toBe('ILO-R009 flatmap: function must return a list, got number 6');
  });
});

describe('sorting by key', () => {
  test('is stable in both directions', () => {
    const words = list('bb', 'a', 'cc', 'd', 'ee');
    const length = fn(text => (text as string).length);
    expect(show('srt', length, words)).toBe('[a, d, bb, cc, ee]');
    expect(show('rsrt', length, words)).toBe('[bb, cc, ee, a, d]');
  });

  test('asks for every key once, in order', () => {
    const calls: Value[][] = [];
    call(
      'srt',
      noting(calls, item => item),
      numbers,
    );
    expect(calls.flat()).toEqual([3, 1, 2]);
  });

  test('leaves the order when keys have none, and refuses a mixture', () => {
    expect(show('srt', isOdd, numbers)).toBe('[3, 1, 2]');
    expect(
      faultOf(
        'srt',
        fn(x => (x === 1 ? 'one' : (x as number))),
        numbers,
      ),
    ).toBe('ILO-R009 srt: keys must be all numbers or all text');
  });
});

test('a callback may change newer versions of the list', () => {
  const items = list(1, 2, 3);
  const seen: Value[] = [];
  call(
    'map',
    fn(x => {
      seen.push(x!);
      items.append(99);
      items.set(2, 77);
      return null;
    }),
    items,
  );
  expect(seen).toEqual([1, 2, 3]);
});

test('what is no function is refused, even for an empty list', () => {
  for (const name of ['map', 'flt', 'ct', 'mapr', 'flatmap', 'partition', 'grp', 'uniqby']) {
    expect(faultOf(name, 5, new List([]))).toBe(
      `ILO-R009 ${name}: first arg must be a function reference, got number 5`,
    );
  }
});
