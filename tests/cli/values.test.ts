import { describe, expect, test } from 'vitest';
import { fits, readArgument, readNumber } from '../../src/cli/values.ts';
import { ANY, BOOL, listOf, NUM, optionalOf, TEXT, type Type } from '../../src/core/type.ts';
import { List } from '../../src/core/value/list.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';

/** Lists as arrays, so that kinds of items can be compared. */
function plain(value: Value): unknown {
  return value instanceof List ? value.view().map(plain) : value;
}

const read = (text: string, type?: Type): unknown => plain(readArgument(text, type));

describe('arguments without a known type', () => {
  test.each<[string, unknown]>([
    ['5', 5],
    ['-3.5', -3.5],
    ['1e3', 1000],
    ['.5', 0.5],
    ['true', true],
    ['nil', null],
    ['abc', 'abc'],
    ['0x10', '0x10'],
    ['inf', 'inf'],
    ['1e999', '1e999'],
    ['', ''],
    ['"5"', '5'],
    ['1,2,3', [1, 2, 3]],
    ['[1, 2]', [1, 2]],
    ['[]', []],
    ['[[1,2],[3]]', [[1, 2], [3]]],
    ['[1],[2]', [[1], [2]]],
    ['["a,b","c"]', ['a,b', 'c']],
    ['{"a":1,"b":2}', '{"a":1,"b":2}'],
    ['-3,-1,0', [-3, -1, 0]],
    ['a,', ['a', '']],
  ])('%s', (text, value) => expect(read(text)).toEqual(value));

  test('nesting is bounded', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    expect(showValue(readArgument(deep, ANY)).length).toBeGreaterThan(10_000);
  });
});

describe('a declared type guides', () => {
  test('text is taken as it stands', () => {
    for (const text of ['42', 'true', 'nil', '1,2', '[1]', '{"a":1}']) expect(read(text, TEXT)).toBe(text);
    expect(read('"hi"', TEXT)).toBe('hi');
  });
  test('a lone value becomes a list of one', () => {
    expect(read('5', listOf(NUM))).toEqual([5]);
    expect(read('a', listOf(TEXT))).toEqual(['a']);
    expect(read('[5]', listOf(NUM))).toEqual([5]);
  });
  test('items of a list of text stay text', () => {
    expect(read('1,2', listOf(TEXT))).toEqual(['1', '2']);
    expect(read('[1,true,"x"]', listOf(TEXT))).toEqual(['1', 'true', 'x']);
    expect(read('[[1],[2,3]]', listOf(listOf(TEXT)))).toEqual([['1'], ['2', '3']]);
  });
  test('optionals take nil', () => {
    expect(read('nil', optionalOf(TEXT))).toBe(null);
    expect(read('7', optionalOf(TEXT))).toBe('7');
    expect(read('nil', optionalOf(listOf(NUM)))).toBe(null);
  });
});

test('numbers are decimal and finite', () => {
  expect(readNumber('+5')).toBe(5);
  expect(readNumber('5.')).toBe(5);
  for (const text of ['', ' 5', '5 ', '1_000', 'NaN', '--5', '1e', '٣']) expect(readNumber(text)).toBe(undefined);
});

test('what may be passed where', () => {
  expect(fits(1, NUM)).toBe(true);
  expect(fits('1', NUM)).toBe(false);
  expect(fits(new List([1, 'a']), listOf(NUM))).toBe(true);
  expect(fits('1,2', listOf(NUM))).toBe(false);
  expect(fits(null, optionalOf(BOOL))).toBe(true);
  expect(fits('x', optionalOf(BOOL))).toBe(false);
  expect(fits('green', { kind: 'sum', variants: ['red', 'green'] })).toBe(true);
  expect(fits('blue', { kind: 'sum', variants: ['red', 'green'] })).toBe(false);
  expect(fits('dbl', { kind: 'fn', params: [NUM], result: NUM })).toBe(true);
});
