// Values as text: numbers never show an exponent, nesting is no limit.
import { describe, expect, test } from 'vitest';
import { List } from '../../src/core/value/list.ts';
import { MapValue } from '../../src/core/value/map.ts';
import { RecordValue, Shape } from '../../src/core/value/record.ts';
import { Err, Ok } from '../../src/core/value/result.ts';
import { showNumber, showValue } from '../../src/core/value/show.ts';
import { compareText } from '../../src/core/value/text-order.ts';
import type { Value } from '../../src/core/value/value.ts';

describe('numbers', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [5, '5'],
    [-2.5, '-2.5'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e20, '100000000000000000000'],
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-1e-10, '-0.0000000001'],
    [123456789.125, '123456789.125'],
    [Number.NaN, 'NaN'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
  ])('%d', (n, text) => {
    expect(showNumber(n)).toBe(text);
  });

  test('the smallest and largest are written out in full and read back', () => {
    for (const n of [Number.MIN_VALUE, Number.MAX_VALUE, 2 ** -1074 * 3, 1.7e308]) {
      const text = showNumber(n);
      expect(text).not.toContain('e');
      expect(Number(text)).toBe(n);
    }
  });
});

describe('values', () => {
  test('each kind', () => {
    const shape = new Shape('point', ['x', 'y']);
    const value = new List([
      1,
      'a',
      true,
      null,
      new Ok(2),
      new Err('no'),
      new RecordValue(shape, [1, 2]),
      new MapValue(
        new Map<string | number, Value>([
          ['b', 1],
          [10, 2],
          [9, 3],
        ]),
      ),
    ]);
    expect(showValue(value)).toBe('[1, a, true, nil, ~2, ^no, point {x: 1, y: 2}, {9: 3; 10: 2; b: 1}]');
  });

  test('a list nested 100,000 deep', () => {
    let value: Value = 1;
    for (let i = 0; i < 100_000; i++) value = new List([value]);
    expect(showValue(value)).toHaveLength(200_001);
  });
});

describe('order of text', () => {
  test('by code point, not by UTF-16 unit', () => {
    const texts = ['\u{1F600}', '\uFFFD', 'z', 'a', '', '\uE000', '\u{10000}', 'ab'];
    const sorted = [...texts].sort(compareText);
    expect(sorted).toEqual([...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });
});

test('a value that shares its parts does not become endless text', () => {
  let value: Value = 1;
  for (let i = 0; i < 60; i++) value = new List([value, value]);
  expect(() => showValue(value)).toThrow(expect.objectContaining({ code: 'ILO-R041' }));
});
