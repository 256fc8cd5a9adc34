import { describe, expect, test } from 'vitest';
import { MapValue } from '../../src/core/value/map.ts';
import type { Value } from '../../src/core/value/value.ts';
import { call, faultOf, list, show } from './calls.ts';

function mapOf(...entries: [Value, Value][]): Value {
  return entries.reduce<Value>((map, [key, value]) => call('mset', map, key, value), call('mmap'));
}

describe('keys', () => {
  test('text and numbers are apart', () => {
    const map = mapOf([1, 'number'], ['1', 'text']);
    expect([call('mget', map, 1), call('mget', map, '1'), call('len', map)]).toEqual(['number', 'text', 2]);
  });

  test('numbers are rounded down, and -0 is 0', () => {
    const map = mapOf([1.9, 'one'], [-0.5, 'below'], [-0, 'zero']);
    expect(show('mkeys', map)).toBe('[-1, 0, 1]');
    expect(call('mget', map, 1.2)).toBe('one');
    expect(call('mhas', map, 0)).toBe(true);
  });

  test('have 64 bits', () => {
    expect(call('len', mapOf([1e300, 'a'], [1e301, 'b']))).toBe(1);
  });

  test('must be finite numbers or text', () => {
    expect(faultOf('mget', mapOf(), Number.NaN)).toBe('ILO-R009 mget: numeric key must be finite, got NaN');
    expect(faultOf('mset', mapOf(), true, 1)).toBe('ILO-R009 mset: key must be text or number, got bool true');
  });

  test('`__proto__` is a key like any other', () => {
    const map = mapOf(['__proto__', 1]);
    expect(call('mget', map, '__proto__')).toBe(1);
    expect(call('mget', map, 'constructor')).toBe(null);
  });

  test('come sorted, and values with them', () => {
    const map = mapOf(['b', 2], ['a', 1], [10, 10], [9, 9]);
    expect(show('mkeys', map)).toBe('[9, 10, a, b]');
    expect(show('mvals', map)).toBe('[9, 10, 1, 2]');
  });
});

test('setting and deleting leave the old map alone', () => {
  const old = mapOf(['a', 1]);
  const grown = call('mset', old, 'b', 2);
  const shrunk = call('mdel', grown, 'a');
  expect([show('mkeys', old), show('mkeys', grown), show('mkeys', shrunk)]).toEqual(['[a]', '[a, b]', '[b]']);
  expect(call('mget', old, 'b')).toBe(null);
  expect(call('mdel', old, 'x')).toBe(old);
});

test('what is no map is refused', () => {
  for (const [name, ...rest] of [['mget', 'k'], ['mset', 'k', 1], ['mhas', 'k'], ['mkeys'], ['mvals'], ['mdel', 'k']]) {
    expect(faultOf(name as string, list(), ...(rest as Value[]))).toBe(`ILO-R009 ${name}: expects a map, got a list`);
  }
});

test('a map is full before V8 ends the process', () => {
  const full = new MapValue(new Map());
  Object.defineProperty(full, 'size', { value: 2 ** 23 });
  expect(faultOf('mset', full, 'k', 1)).toBe('ILO-R041 map of 8388609 exceeds the limit of 8388608');
});
