// Reading and writing JSON beside V8's own, where both mean the same.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeJson } from '../../src/core/value/json.ts';
import { parseJson } from '../../src/core/value/json-parse.ts';
import { List } from '../../src/core/value/list.ts';
import { RecordValue } from '../../src/core/value/record.ts';
import type { Value } from '../../src/core/value/value.ts';

/** A value as V8 would have it. Names that look like numbers are not made here: V8 puts them first. */
function plain(value: Value): unknown {
  if (value instanceof List) return value.view().map(plain);
  if (!(value instanceof RecordValue)) return value;
  return value.shape.names.map((name, i) => [name, plain(value.values[i]!)]);
}

function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  return typeof value === 'object' && value !== null
    ? Object.entries(value).map(([name, each]) => [name, plainOf(each)])
    : value;
}

function read(text: string): unknown {
  const parsed = parseJson(text);
  if ('err' in parsed) throw new Error(`${parsed.err}: ${text}`);
  return plain(parsed.ok);
}

describe('numbers', () => {
  const digits = (most: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: most });
  test('the same double, however they are spelled', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', '-'),
        digits(18).map(text => text.replace(/^0+(?=.)/, '')),
        fc.option(digits(18)),
        fc.option(fc.tuple(fc.constantFrom('e', 'E-', 'e+'), digits(2))),
        (sign, whole, fraction, exponent) => {
          const text = `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent?.join('') ?? ''}`;
          expect(read(`[${text}]`)).toEqual([Number(text)]);
        },
      ),
      { numRuns: 3000 },
    );
  });
  test.each(['-0', '-0.0', '0.1', '999999999999999', '123456789012345.5', '1e5', '0e0'])('%s', text => {
    expect(Object.is((read(`[${text}]`) as number[])[0], Number(text))).toBe(true);
  });
  test.each(['[1', '[1.', '[01]', '[-]', '[1.e5]', '[1e]', '[1e400]', '[.5]'])('not %s', text => {
    expect(parseJson(text)).toHaveProperty('err');
  });
});

describe('objects', () => {
  const name = fc.constantFrom('a', 'b', 'ab', 'a"', 'a\\', '\n', 'é', '😀', '__proto__', '');
  const leaf = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.constant(null),
  );
  const { value } = fc.letrec<{ value: unknown }>(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.uniqueArray(fc.tuple(name, tie('value')), { maxLength: 4, selector: ([key]) => key }).map(pairs => {
        const object: Record<string, unknown> = Object.create(null);
        for (const [key, each] of pairs) object[key] = each;
        return object;
      }),
    ),
  }));
  test('one after the other, with and without the same names', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), fc.constantFrom(undefined, 1), (values, space) => {
        const text = JSON.stringify(values, null, space);
        expect(read(text)).toEqual(plainOf(JSON.parse(text)));
      }),
      { numRuns: 2000 },
    );
  });
  test.each([
    [
      '[{"a":1,"b":2},{"a":3}]',
      [
        [
          ['a', 1],
          ['b', 2],
        ],
        [['a', 3]],
      ],
    ],
    [
      '[{"a":1},{"a":3,"b":4}]',
      [
        [['a', 1]],
        [
          ['a', 3],
          ['b', 4],
        ],
      ],
    ],
    [
      '[{"a":1,"b":2},{"a":3,"c":4},{"a":5,"c":6}]',
      [
        [
          ['a', 1],
          ['b', 2],
        ],
        [
          ['a', 3],
          ['c', 4],
        ],
        [
          ['a', 5],
          ['c', 6],
        ],
      ],
    ],
    ['[{"a\\\\":1},{"a\\\\":2},{"a":3}]', [[['a\\', 1]], [['a\\', 2]], [['a', 3]]]],
    ['[{"a":1,"a":2},{"a":3,"a":4}]', [[['a', 2]], [['a', 4]]]],
    ['[{},{"a":1},{}]', [[], [['a', 1]], []]],
    ['[{"a":{"a":1}},{"a":{"b":2}}]', [[['a', [['a', 1]]]], [['a', [['b', 2]]]]]],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
  test.each(['[{"a":1},{"a"]', '[{"a":1},{"a', '[{"a":1},{"ab":2', '[{"a":1},{a:2}]', '[{"a":1},{"a" 2}]'])(
    'not %s',
    text => {
      expect(parseJson(text)).toHaveProperty('err');
    },
  );
});

test('texts are written as V8 writes them', () => {
  const unit = fc.constantFrom('a', ' ', '"', '\\', '\n', '\u0000', '\u001f', '\u007f', 'é', '\u2028', '😀');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 40 }), text => {
      expect(writeJson(text, { results: 'unwrap' })).toBe(JSON.stringify(text));
      expect(writeJson(new List([text, 1, -0, 1.5]), { results: 'unwrap' })).toBe(`[${JSON.stringify(text)},1,0,1.5]`);
    }),
  );
});
