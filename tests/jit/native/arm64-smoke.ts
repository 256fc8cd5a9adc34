// A few programs on whatever processor this is, against the tree engine: what arm64-emulated.test.ts runs under an emulator.
import { expect, test } from 'vitest';
import type { Value } from '../../../src/core/value/value.ts';
import { IS_NATIVE, runOn, unitOf, whyNot } from './harness.ts';

const PROGRAMS: readonly (readonly [name: string, source: string, args: readonly (readonly Value[])[]])[] = [
  ['calls', 'f n:n>n;<=n 1 n;+f -n 1 f -n 2', [[15], [0.5]]],
  ['loops', 'f n:n>n;s=0;@i 0..n{=mod i 3 0{cnt};s=+s *i i};s', [[100], [-1]]],
  [
    'remainders',
    'f a:n b:n>n;mod a b',
    [
      [7, 3],
      [-7, 3],
      [5e-324, 1e308],
      [1e308, 3e-308],
      [1, 0],
    ],
  ],
  [
    'rounding',
    'f a:n b:n>n;+rou a +flr b cel min a b',
    [
      [-0.5, 2.5],
      [-0, 0],
      [Number.NaN, 1],
    ],
  ],
  ['lists', 'f n:n>n;xs=[];@i 0..n{xs=+=xs *i i};s=0;@x xs{s=+s x};s', [[50], [0]]],
  ['depth', 'f n:n>n;=n 0 0;+1 f -n 1', [[200], [400]]],
];

test.each(PROGRAMS)('%s', (_, source, all) => {
  expect(IS_NATIVE).toBe(true);
  const unit = unitOf(source);
  expect(whyNot(unit, 'f', true)).toBeUndefined();
  for (const args of all) {
    for (const fuel of [1e9, 40]) {
      const options = { maxDepth: 300, limits: { fuel, alloc: 1e9 } };
      const outcome = (engine: 'jit' | 'tree'): unknown => {
        const { usage, ...result } = runOn(engine, unit, 'f', args, options);
        if ('value' in result) return { usage, value: result.value };
        return { usage, code: result.fault.code, span: result.fault.span, calls: result.fault.calls };
      };
      expect(outcome('jit')).toEqual(outcome('tree'));
    }
  }
});
