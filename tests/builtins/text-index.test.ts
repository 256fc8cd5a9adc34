import { describe, expect, test } from 'vitest';
import { deepEqual, identityKeys } from '../../src/core/value/equal.ts';
import { List } from '../../src/core/value/list.ts';
import { MapValue } from '../../src/core/value/map.ts';
import { RecordValue, Shape } from '../../src/core/value/record.ts';
import { Err, Ok } from '../../src/core/value/result.ts';
import {
  codePointAt,
  codePointLength,
  codePointsOf,
  findText,
  sliceCodePoints,
  textOfCodePoints,
  utf8Length,
  withoutFirst,
} from '../../src/core/value/text.ts';
import type { Value } from '../../src/core/value/value.ts';

const TEXTS = [
  '',
  'a',
  '😀',
  'a😀é€b',
  'abc'.repeat(100),
  '😀'.repeat(200),
  'aé😀'.repeat(150),
  `${'x'.repeat(300)}😀`,
];

describe.each(TEXTS)('text %#', text => {
  const points = [...text];

  test('has as many code points and bytes as it should', () => {
    expect(codePointLength(text)).toBe(points.length);
    expect(utf8Length(text)).toBe(Buffer.from(text).length);
  });

  test('gives every code point from either end', () => {
    points.forEach((point, i) => {
      expect(codePointAt(text, i)).toBe(point);
      expect(codePointAt(text, i - points.length)).toBe(point);
    });
    expect(codePointAt(text, points.length)).toBe(undefined);
    expect(codePointAt(text, -points.length - 1)).toBe(undefined);
    expect(codePointAt(text, 1e18)).toBe(undefined);
  });

  test('is cut between code points', () => {
    for (const start of [0, 1, 63, 64, 65, 130, 1000]) {
      for (const end of [0, 1, 2, 64, 128, 129, 449, 1000]) {
        expect(sliceCodePoints(text, start, end)).toBe(points.slice(start, Math.max(start, end)).join(''));
      }
    }
  });

  test('keeps its length right while it is taken apart', () => {
    let left = text;
    for (let i = 0; i < Math.min(3, points.length); i++) {
      expect(utf8Length(left)).toBe(Buffer.from(points.slice(i).join('')).length);
      left = withoutFirst(left);
    }
    expect(utf8Length(left)).toBe(Buffer.from(points.slice(3).join('')).length);
    expect(withoutFirst('')).toBe('');
  });

  test('comes back from its code points', () => {
    expect(textOfCodePoints(codePointsOf(text))).toBe(text);
  });
});

test('walking a long text costs the same at every step', () => {
  const text = `${'lorem ipsum '.repeat(20_000)}😀`;
  let found = 0;
  for (let i = 0; i < codePointLength(text); i++) if (codePointAt(text, i) === '😀') found += utf8Length(text);
  expect(found).toBe(240_004);
});

test('findText agrees with indexOf', () => {
  const text = 'ab'.repeat(500) + 'abc'.repeat(200);
  for (const wanted of ['abc', 'ab'.repeat(100), `${'ab'.repeat(90)}abc`, 'abc'.repeat(70), `${'ab'.repeat(100)}x`]) {
    for (const from of [0, 3, 999, 1500]) expect(findText(text, wanted, from)).toBe(text.indexOf(wanted, from));
  }
});

describe('whole values', () => {
  const point = new Shape('point', ['x', 'y']);
  const turned = new Shape('point', ['y', 'x']);
  const equal: [Value, Value][] = [
    [0.3, 0.1 + 0.2],
    [new List([1, 'a']), new List([1, 'a'])],
    [new MapValue(new Map([['k', new List([])]])), new MapValue(new Map([['k', new List([])]]))],
    [new RecordValue(point, [1, 2]), new RecordValue(turned, [2, 1])],
    [new Ok(new Err(null)), new Ok(new Err(null))],
  ];
  const different: [Value, Value][] = [
    [1, '1'],
    [new List([1]), new List(['1'])],
    [new List([]), new MapValue(new Map())],
    [new Ok(1), new Err(1)],
    [new MapValue(new Map([[1, 1]])), new MapValue(new Map([['1', 1]]))],
    [new RecordValue(point, [1, 2]), new RecordValue(point, [2, 1])],
    [null, false],
    [new List(['a', 'b']), new List(['a, b'])],
  ];

  test.each(equal)('are equal %#', (a, b) => expect(deepEqual(a, b)).toBe(true));
  test.each(different)('are different %#', (a, b) => {
    expect(deepEqual(a, b)).toBe(false);
    const identityKey = identityKeys();
    expect(identityKey(a)).not.toBe(identityKey(b));
  });

  test('have one key when their parts are the same', () => {
    const identityKey = identityKeys();
    for (const [a, b] of equal.slice(1)) expect(identityKey(a)).toBe(identityKey(b));
    expect(identityKey(`${identityKey(new List([]))}`)).not.toBe(identityKey(new List([])));
  });

  test('may be nested deeply', () => {
    const deep = (): Value => {
      let value: Value = 1;
      for (let i = 0; i < 100_000; i++) value = new List([value]);
      return value;
    };
    expect(deepEqual(deep(), deep())).toBe(true);
    const identityKey = identityKeys();
    expect(identityKey(deep())).toBe(identityKey(deep()));
  });

  test('may share their parts so often that nobody could look at each', () => {
    const shared = (last: Value): Value => {
      let value: Value = new List([last, 0]);
      for (let i = 0; i < 100; i++) value = new List([value, value]);
      return value;
    };
    expect(deepEqual(shared(1), shared(1))).toBe(true);
    expect(deepEqual(shared(1), shared(2))).toBe(false);
    const identityKey = identityKeys();
    expect(identityKey(shared(1))).toBe(identityKey(shared(1)));
    expect(identityKey(shared(1))).not.toBe(identityKey(shared(2)));
  });
});
