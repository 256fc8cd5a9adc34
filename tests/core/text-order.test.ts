// The order of texts, and that sorting them as numbers gives the same as comparing them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MapValue } from '../../src/core/value/map.ts';
import { compareText, sortTexts } from '../../src/core/value/text-order.ts';

/** By the bytes of UTF-8, which are in the order of code points. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const word = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('a', 'b', '~', '\u007f', '\u0080', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}'),
    maxLength: 6,
  }),
  fc.nat(2000).map(String),
);

describe('many texts', () => {
  test('in the order of their bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom('', 'item-', 'é', '😀'), fc.array(word, { maxLength: 200 }), (start, words) => {
        const texts = words.map(each => start + each);
        const expected = texts.slice().sort(byBytes);
        expect(texts.slice().sort(compareText)).toEqual(expected);
        expect(sortTexts(texts)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('that differ late, or not at all', () => {
    const texts = Array.from({ length: 500 }, (_, i) => `${'x'.repeat(i % 3)}${'y'.repeat(20)}${(i * 7) % 50}`);
    expect(sortTexts(texts.slice())).toEqual(texts.slice().sort(byBytes));
    expect(sortTexts(new Array(100).fill('same'))).toEqual(new Array(100).fill('same'));
  });

  test('more than there is room for with a whole unit', () => {
    const texts = Array.from({ length: 70_000 }, (_, i) => `é${(i * 7919) % 70_001}`);
    expect(sortTexts(texts.slice())).toEqual(texts.slice().sort(byBytes));
  });
});

test('keys of a map: numbers ascending, then texts', () => {
  const entries = new Map<string | number, number>();
  for (const key of ['10', 'b', 10, -3, 'a', 9, '9', 1e15]) entries.set(key, 0);
  for (let i = 0; i < 40; i++) entries.set(`k${i}`, i);
  const texts = [...entries.keys()].filter(key => typeof key === 'string').sort(byBytes);
  expect(new MapValue(entries).sortedKeys()).toEqual([-3, 9, 10, 1e15, ...texts]);
});
