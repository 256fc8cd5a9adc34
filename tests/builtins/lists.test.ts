import { describe, expect, test } from 'vitest';
import { MapValue } from '../../src/core/value/map.ts';
import type { Value } from '../../src/core/value/value.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { call, context, faultOf, list, show } from './calls.ts';

const range = (count: number): Value => list(...Array.from({ length: count }, (_, i) => i));

describe('len', () => {
  test('counts items, entries and UTF-8 bytes', () => {
    expect(call('len', list(1, 2))).toBe(2);
    expect(call('len', new MapValue(new Map([['a', 1]])))).toBe(1);
    expect(call('len', 'aé€😀')).toBe(10);
    expect(call('len', 'aé€😀'.repeat(1000))).toBe(10_000);
  });
});

describe('indexing', () => {
  test.each([
    [0, 'a'],
    [2, 'c'],
    [-1, 'c'],
    [-3, 'a'],
    [1.9, 'b'],
    [-0.5, 'c'],
  ])('at … %d', (index, item) => {
    expect(call('at', list('a', 'b', 'c'), index)).toBe(item);
    expect(call('at', 'abc', index)).toBe(item);
  });

  test('outside is a fault that names both sizes', () => {
    expect(faultOf('at', list(1, 2), 2)).toBe('ILO-R009 at: index 2 out of range for list of length 2');
    expect(faultOf('at', list(1, 2), -3)).toBe('ILO-R009 at: index -3 out of range for list of length 2');
    expect(faultOf('at', '😀', 1)).toBe('ILO-R009 at: index 1 out of range for text of length 1');
    expect(faultOf('at', 'ab', Infinity)).toBe('ILO-R009 at: index inf out of range for text of length 2');
    expect(faultOf('at', list(1), Number.NaN)).toBe('ILO-R009 at: index must be a number, got NaN');
    expect(faultOf('at', 5, 0)).toBe('ILO-R009 at requires a list or text, got number 5');
  });

  test('text is indexed by code point', () => {
    expect(call('at', 'a😀b', 1)).toBe('😀');
    expect(call('at', 'a😀b', -1)).toBe('b');
    expect(call('hd', '😀b')).toBe('😀');
    expect(call('tl', '😀b')).toBe('b');
  });

  test('hd and tl need something', () => {
    expect(faultOf('hd', list())).toBe('ILO-R009 hd: empty list');
    expect(faultOf('tl', '')).toBe('ILO-R009 tl: empty text');
    expect(show('tl', list(1))).toBe('[]');
  });

  test('lst replaces and leaves the old list alone', () => {
    const old = list(1, 2, 3);
    expect(show('lst', old, 1, 9)).toBe('[1, 9, 3]');
    expect(show('rev', old)).toBe('[3, 2, 1]');
    expect(faultOf('lst', old, -1, 0)).toBe('ILO-R009 lst: index must be a non-negative integer');
    expect(faultOf('lst', old, 0.5, 0)).toBe('ILO-R009 lst: index must be a non-negative integer');
    expect(faultOf('lst', old, 3, 0)).toBe('ILO-R009 lst: index 3 out of range for list of length 3');
  });
});

describe('parts', () => {
  test.each([
    [0, 2, '[0, 1]', 'ab'],
    [1, -1, '[1, 2]', 'bc'],
    [-2, 4, '[2, 3]', 'cd'],
    [-99, 99, '[0, 1, 2, 3]', 'abcd'],
    [3, 1, '[]', ''],
    [9, 12, '[]', ''],
  ])('slc … %d %d', (from, to, items, text) => {
    expect(show('slc', range(4), from, to)).toBe(items);
    expect(call('slc', 'abcd', from, to)).toBe(text);
  });

  test.each([
    [2, '[0, 1]', '[2, 3]'],
    [9, '[0, 1, 2, 3]', '[]'],
    [-1, '[0, 1, 2]', '[3]'],
    [-9, '[]', '[0, 1, 2, 3]'],
    [0, '[]', '[0, 1, 2, 3]'],
  ])('take and drop %d', (count, taken, dropped) => {
    expect(show('take', count, range(4))).toBe(taken);
    expect(show('drop', count, range(4))).toBe(dropped);
  });

  test('text is cut between code points', () => {
    expect(call('take', 2, '😀é😀')).toBe('😀é');
    expect(call('drop', -1, '😀é😀')).toBe('😀');
    expect(call('slc', 'a😀b😀', 1, -1)).toBe('😀b');
  });

  test('bounds are whole numbers', () => {
    expect(faultOf('take', 1.5, list())).toBe('ILO-R009 take: count must be an integer, got 1.5');
    expect(faultOf('slc', list(), 0, Infinity)).toBe('ILO-R009 slc: end index must be an integer, got inf');
  });
});

describe('building', () => {
  test('range is half open and bounded', () => {
    expect(show('range', 3, 3)).toBe('[]');
    expect(show('range', -1, 2)).toBe('[-1, 0, 1]');
    expect(faultOf('range', 0, 1.5)).toBe('ILO-R009 range: bounds must be integers');
    expect(faultOf('range', 0, 1e15)).toBe('ILO-R009 range too large: 1000000000000000 elements (max 1000000)');
    expect(call('len', call('range', 2 ** 53, 2 ** 53 + 10))).toBe(10);
  });

  test('window and chunks', () => {
    expect(show('window', 3, range(2))).toBe('[]');
    expect(show('window', 2, range(3))).toBe('[[0, 1], [1, 2]]');
    expect(show('chunks', 2, range(3))).toBe('[[0, 1], [2]]');
    expect(show('chunks', 5, list())).toBe('[]');
    expect(faultOf('window', 0, list())).toBe('ILO-R009 window: size must be a positive integer, got 0');
    expect(faultOf('chunks', 1.5, list())).toBe('ILO-R009 chunks: size must be a positive integer, got 1.5');
  });

  test('windows that would not fit into memory are refused, not begun', () => {
    const wide = call('range', 0, 1_000_000);
    expect(faultOf('window', 500_000, wide)).toMatch(/^ILO-R041 list of \d+ exceeds the limit/);
  });

  test('zip, enumerate and flat', () => {
    expect(show('zip', range(3), list('a', 'b'))).toBe('[[0, a], [1, b]]');
    expect(show('enumerate', list('x'))).toBe('[[0, x]]');
    expect(show('flat', list(list(1, list(2)), 3, list()))).toBe('[1, [2], 3]');
  });

  test('rev turns text around by code point', () => expect(call('rev', 'a😀b')).toBe('b😀a'));
});

describe('searching', () => {
  test('has compares numbers as `=` does and looks into lists', () => {
    expect(call('has', list(0.3), 0.1 + 0.2)).toBe(true);
    expect(call('has', list(1, 2), '1')).toBe(false);
    expect(call('has', list(list(1, 2)), list(1, 2))).toBe(true);
    expect(call('has', list(Number.NaN), Number.NaN)).toBe(false);
    expect(call('has', list(null), null)).toBe(true);
  });

  test('has finds text in text', () => {
    expect(call('has', 'hello', 'ell')).toBe(true);
    expect(call('has', 'hello', '')).toBe(true);
    expect(faultOf('has', 'a1', 1)).toBe('ILO-R009 has: text search requires text needle, got number 1');
  });

  test('a long needle that almost matches everywhere takes linear time', () => {
    expect(call('has', 'a'.repeat(1_000_000), `b${'a'.repeat(400_000)}`)).toBe(false);
    expect(call('has', `${'a'.repeat(1_000_000)}b${'a'.repeat(500)}`, `b${'a'.repeat(500)}`)).toBe(true);
  });

  test('unq tells kinds apart and looks into values', () => {
    expect(show('unq', list(1, '1', 1, true, 'true', 1))).toBe('[1, 1, true, true]');
    expect(show('unq', list(list(1, 'a'), list(1, 'a'), list('1', 'a')))).toBe('[[1, a], [1, a]]');
    expect(call('len', call('unq', list(list('a', 'b'), list('a, b'), list(list('a'), 'b'))))).toBe(3);
    expect(call('unq', 'abca😀b😀')).toBe('abc😀');
  });

  test('frq counts under keys', () => {
    expect(show('frq', list('b', 'a', 'b'))).toBe('{a: 1; b: 2}');
    expect(show('frq', list(1.2, 1.9, -0.5))).toBe('{-1: 1; 1: 2}');
    expect(show('frq', list(true, false, true))).toBe('{false: 1; true: 2}');
    expect(faultOf('frq', list(Number.NaN))).toBe('ILO-R009 frq: numeric key must be finite, got NaN');
    expect(faultOf('frq', list(list()))).toBe('ILO-R009 frq: list elements must be text, number, or bool, got a list');
  });
});

describe('sorting', () => {
  test('numbers, texts by code point, and the characters of a text', () => {
    expect(show('srt', list(10, 9, -1, Number.NaN, 2))).toBe('[-1, 2, 9, 10, NaN]');
    expect(show('rsrt', list(10, 9, -1))).toBe('[10, 9, -1]');
    expect(show('srt', list('b', 'B', 'a'))).toBe('[B, a, b]');
    expect(show('srt', list('😀', '\uff5e'))).toBe('[\uff5e, 😀]');
    expect(call('srt', 'hello😀\uff5e')).toBe('ehllo\uff5e😀');
    expect(call('rsrt', 'hello')).toBe('ollhe');
    expect(show('srt', list())).toBe('[]');
  });

  test('mixed lists are refused', () => {
    expect(faultOf('srt', list(1, 'a'))).toBe('ILO-R009 srt: list must contain all numbers or all text');
    expect(faultOf('rsrt', list(true))).toBe('ILO-R009 rsrt: list must contain all numbers or all text');
  });
});

test('work and memory are charged in proportion', () => {
  const charges = { fuel: 0, bytes: 0 };
  BUILTINS.get('range')!.run([0, 1000], context(charges));
  expect(charges.fuel).toBeGreaterThanOrEqual(1000);
  expect(charges.bytes).toBeGreaterThanOrEqual(8000);
});
