// Lists and maps against a plain model: whatever is done to newer versions, every older version stays what it was.
import { describe, expect, test } from 'vitest';
import { List } from '../../src/core/value/list.ts';
import { MapValue } from '../../src/core/value/map.ts';

/** A small generator (mulberry32), so that a failure can be repeated from its printed seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8].map(n => n * 7919);

describe('versions', () => {
  test.each(SEEDS)('lists, seed %i', seed => {
    const random = seeded(seed);
    const versions: [List, number[]][] = [[new List([]), []]];
    for (let step = 0; step < 400; step++) {
      const [list, model] = versions[random(4) === 0 ? random(versions.length) : versions.length - 1]!;
      const action = random(4);
      if (action === 0 && model.length > 0) {
        const index = random(model.length);
        versions.push([list.set(index, step), model.with(index, step)]);
      } else if (action === 1) {
        const [other, otherModel] = versions[random(versions.length)]!;
        if (otherModel.length + model.length < 500) versions.push([list.concat(other), [...model, ...otherModel]]);
      } else {
        versions.push([list.append(step), [...model, step]]);
      }
      const [checked, expected] = versions[random(versions.length)]!;
      expect(checked.length).toBe(expected.length);
      expect([...checked.view()]).toEqual(expected);
    }
    for (const [list, model] of versions) expect([...list.view()]).toEqual(model);
  });

  test.each(SEEDS)('maps, seed %i', seed => {
    const random = seeded(seed);
    const keys = ['a', 'b', '1', 1, 2, '__proto__', 'constructor', -3];
    const versions: [MapValue, Map<string | number, number>][] = [[new MapValue(new Map()), new Map()]];
    for (let step = 0; step < 400; step++) {
      const [map, model] = versions[random(3) === 0 ? random(versions.length) : versions.length - 1]!;
      const key = keys[random(keys.length)]!;
      const next = new Map(model);
      if (random(3) === 0) {
        next.delete(key);
        versions.push([map.delete(key), next]);
      } else {
        next.set(key, step);
        versions.push([map.set(key, step), next]);
      }
      const [checked, expected] = versions[random(versions.length)]!;
      expect(checked.size).toBe(expected.size);
      for (const each of keys) expect(checked.get(each)).toBe(expected.get(each));
    }
    for (const [map, model] of versions) expect(new Map(map.view())).toEqual(model);
  });

  test('a list joined to itself', () => {
    const list = new List([1, 2]);
    const twice = list.concat(list);
    expect([...twice.view()]).toEqual([1, 2, 1, 2]);
    expect([...list.view()]).toEqual([1, 2]);
  });
});
