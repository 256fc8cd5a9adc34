// Records that keep their values in themselves and records that have an array answer alike.
import { describe, expect, test } from 'vitest';
import { deepEqual } from '../../src/core/value/equal.ts';
import { RecordValue, recordOf, Shape } from '../../src/core/value/record.ts';
import { showValue } from '../../src/core/value/show.ts';

const NAMES = [[], ['x'], ['x', 'y'], ['x', 'y', 'z']];

test('which are inline', () => {
  const isInline = (names: readonly string[], may: boolean): boolean => new Shape('p', names, may).isInline;
  expect(NAMES.map(names => isInline(names, true))).toEqual([true, true, true, false]);
  expect(NAMES.map(names => isInline(names, false))).toEqual([false, false, false, false]);
});

describe.each(NAMES.map(names => [names.length, names] as const))('%i fields', (count, names) => {
  const values = [null, 'b', 3].slice(0, count);
  const records = [true, false].map(may => recordOf(new Shape('p', names, may), values.slice()));

  test.each(records.map(record => [record.shape.isInline, record] as const))('inline: %s', (_, record) => {
    expect(record.values).toEqual(values);
    expect(record.size).toBe(count);
    names.forEach((name, i) => {
      expect(record.get(name)).toBe(values[i]);
      expect(record.at(i)).toBe(values[i]);
    });
    expect(record.get('w')).toBeUndefined();
    const changed = record.copy();
    names.forEach((_name, i) => {
      changed.put(i, i + 10);
    });
    expect(changed.values).toEqual(names.map((_name, i) => i + 10));
    expect(record.values).toEqual(values);
    expect(changed.shape).toBe(record.shape);
    const more = record.with([...names.map((name, i) => [name, i] as const), ['w', true]]);
    expect(more.values).toEqual([...names.map((_name, i) => i), true]);
    expect(more.shape.names).toEqual([...names, 'w']);
    const [first] = names;
    if (first !== undefined) {
      const same = record.with([[first, 7]]);
      expect([same.shape, same.values]).toEqual([record.shape, [7, ...values.slice(1)]]);
    }
    expect(record).toBeInstanceOf(RecordValue);
  });

  test('alike', () => {
    const [inline, withArray] = records;
    expect(deepEqual(inline!, withArray!)).toBe(true);
    expect(showValue(inline!)).toBe(showValue(withArray!));
  });
});
