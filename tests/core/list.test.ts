// Lists share storage between versions and parts; to the program each is a value that never changes. Every list here is kept
// beside a plain array that says what it must hold.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_LIST_ITEMS } from '../../src/core/limits.ts';
import { List, UNNOTED_ITEMS } from '../../src/core/value/list.ts';

interface Pair {
  readonly list: List;
  readonly model: readonly number[];
}

/** One step: an operation on one of the lists made so far, with numbers that choose its arguments. */
const step = fc.record({
  operation: fc.constantFrom('append', 'concat', 'set', 'part', 'tail', 'view', 'get'),
  which: fc.nat(),
  other: fc.nat(),
  a: fc.nat(),
  b: fc.nat(),
});

function apply(
  pairs: Pair[],
  { operation, which, other, a, b }: typeof step extends fc.Arbitrary<infer T> ? T : never,
): void {
  const { list, model } = pairs[which % pairs.length]!;
  switch (operation) {
    case 'append':
      pairs.push({ list: list.append(a), model: [...model, a] });
      return;
    case 'concat': {
      const second = pairs[other % pairs.length]!;
      if (model.length + second.model.length > 400) return;
      pairs.push({ list: list.concat(second.list), model: [...model, ...second.model] });
      return;
    }
    case 'set':
      if (model.length > 0) pairs.push({ list: list.set(a % model.length, b), model: model.with(a % model.length, b) });
      return;
    case 'part': {
      const [start, end] = [a % (model.length + 1), b % (model.length + 1)].sort((x, y) => x - y) as [number, number];
      pairs.push({ list: list.part(start, end), model: model.slice(start, end) });
      return;
    }
    case 'tail':
      if (model.length > 0) pairs.push({ list: list.part(1, model.length), model: model.slice(1) });
      return;
    case 'view':
      expect(list.view()).toEqual(model);
      return;
    case 'get':
      expect([list.get(a % (model.length + 1)), list.get(-1)]).toEqual([model[a % (model.length + 1)], undefined]);
  }
}

test('no operation on one list shows in another', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.nat({ max: 100 }), (steps, length) => {
      const model = Array.from({ length }, (_, i) => i);
      const pairs: Pair[] = [{ list: new List([...model]), model }];
      for (const one of steps) apply(pairs, one);
      for (const pair of pairs) {
        expect(pair.list.length).toBe(pair.model.length);
        expect(pair.list.view()).toEqual(pair.model);
      }
    }),
    { numRuns: 300, seed: 7 },
  );
});

describe('linear patterns on 200,000 items', () => {
  const COUNT = 200_000;
  const numbers = (): List => new List(Array.from({ length: COUNT }, (_, i) => i));

  test('head and tail', () => {
    let total = 0;
    for (let list = numbers(); list.length > 0; list = list.part(1, list.length)) total += list.get(0) as number;
    expect(total).toBe((COUNT * (COUNT - 1)) / 2);
  });

  test('a queue', () => {
    let queue = numbers().part(0, 1000);
    for (let i = 0; i < COUNT; i++) queue = queue.part(1, queue.length).append(queue.get(0)!);
    expect([queue.length, queue.get(0)]).toEqual([1000, COUNT % 1000]);
  });

  test('appending and replacing', () => {
    let list = new List([]);
    for (let i = 0; i < COUNT; i++) list = list.append(i);
    for (let i = 0; i < COUNT; i++) list = list.set(i, -i);
    expect(list.get(COUNT - 1)).toBe(1 - COUNT);
  });
});

test('the largest list is reached where a list notes that it has grown: between, nobody looks at the limit', () => {
  expect(MAX_LIST_ITEMS % UNNOTED_ITEMS).toBe(0);
});
