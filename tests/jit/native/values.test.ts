// Every operation on numbers that has machine code, on all pairs of values where something is special, against the tree engine.
import { describe, expect, test } from 'vitest';
import type { CoreUnit } from '../../../src/core/core.ts';
import { IS_NATIVE, runOn, unitOf, whyNot } from './harness.ts';
import { closureOf } from './native-call.ts';
import { specialValues } from './special-values.ts';

const ALL_VALUES = specialValues();
/** An emulator takes its time: there, every third, which is every neighbour and both signs of some. */
const VALUES = process.env.ILO_TEST_NODE === undefined ? ALL_VALUES : ALL_VALUES.filter((_, i) => i % 3 === 0);

/** The bits of a number, all NaN alike; what is no number as it is. */
function same(a: unknown, b: unknown): boolean {
  return Object.is(a, b);
}

const BINARY: readonly (readonly [name: string, source: string])[] = [
  ['add', 'f a:n b:n>n;+a b'],
  ['sub', 'f a:n b:n>n;-a b'],
  ['mul', 'f a:n b:n>n;*a b'],
  ['div', 'f a:n b:n>n;/a b'],
  ['mod', 'f a:n b:n>n;mod a b'],
  ['min', 'f a:n b:n>n;min a b'],
  ['max', 'f a:n b:n>n;max a b'],
  ['less', 'f a:n b:n>b;<a b'],
  ['less or equal', 'f a:n b:n>b;<=a b'],
  ['greater', 'f a:n b:n>b;>a b'],
  ['greater or equal', 'f a:n b:n>b;>=a b'],
  ['equal', 'f a:n b:n>b;=a b'],
  ['not equal', 'f a:n b:n>b;!=a b'],
  ['less as a branch', 'f a:n b:n>n;<a b 1;2'],
  ['not less as a branch', 'f a:n b:n>n;c=<a b;!c{ret 1};2'],
  ['not greater or equal as a branch', 'f a:n b:n>n;c=>=a b;!c{ret 1};2'],
  ['equal as a branch', 'f a:n b:n>n;=a b 1;2'],
  ['clamp', 'f a:n b:n>n;clamp a b 2'],
  ['clamp between', 'f a:n b:n>n;clamp 1 a b'],
];

const UNARY: readonly (readonly [name: string, source: string])[] = [
  ['negative', 'f a:n>n;-0 a'],
  ['abs', 'f a:n>n;abs a'],
  ['floor', 'f a:n>n;flr a'],
  ['ceiling', 'f a:n>n;cel a'],
  ['rounded', 'f a:n>n;rou a'],
  ['root', 'f a:n>n;sqrt a'],
  ['truth', 'f a:n>n;a{ret 1};2'],
  ['equal to a constant', 'f a:n>b;=a 7'],
  ['equal to zero', 'f a:n>b;=a 0'],
  ['half', 'f a:n>n;/a 2'],
  ['remainder by 2', 'f a:n>n;mod a 2'],
  ['remainder by 3', 'f a:n>n;mod a 3'],
  ['remainder by -1000', 'f a:n>n;mod a -1000'],
  ['remainder by a fraction', 'f a:n>n;mod a 0.3'],
  ['remainder by a large number', 'f a:n>n;mod a 4294967296'],
  ['end of a range', 'f a:n>n;s=0;@i 0..a{s=+s 1;>s 3{brk}};s'],
];

describe.runIf(IS_NATIVE)('operations on special values', () => {
  test('there are enough of them', () => {
    expect(ALL_VALUES.length).toBe(200);
    expect(new Set(ALL_VALUES.map(String)).size).toBeGreaterThan(190);
  });

  const outcome = (unit: CoreUnit, args: readonly number[]): ((engine: 'jit' | 'tree') => unknown) => {
    return engine => {
      const result = runOn(engine, unit, 'f', args);
      return 'value' in result ? result.value : `${result.fault.code} ${JSON.stringify(result.fault.span)}`;
    };
  };

  test.each(BINARY)('%s', (_, source) => {
    const unit = unitOf(source);
    expect(whyNot(unit, 'f')).toBeUndefined();
    const native = closureOf(unit, 'f');
    const oracle = closureOf(unit, 'f', 'tree');
    for (const a of VALUES) {
      for (const b of VALUES) {
        const got = native([a, b]);
        const want = oracle([a, b]);
        if (!same(got, want)) expect({ a, b, got }).toEqual({ a, b, got: want });
      }
    }
  });

  test.each(UNARY)('%s', (_, source) => {
    const unit = unitOf(source);
    expect(whyNot(unit, 'f')).toBeUndefined();
    for (const a of VALUES) {
      const run = outcome(unit, [a]);
      expect([a, run('jit')]).toEqual([a, run('tree')]);
      expect(same(run('jit'), run('tree'))).toBe(true);
    }
  });

  test('random bits', () => {
    let state = 12345;
    const next = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      return state;
    };
    const view = new DataView(new ArrayBuffer(8));
    const random = (): number => {
      view.setInt32(0, next());
      view.setInt32(4, next());
      return view.getFloat64(0);
    };
    for (const source of [
      'f a:n b:n>n;mod a b',
      'f a:n b:n>n;+(mod a 7) (mod b 64)',
      'f a:n b:n>n;+min a b max (rou a) (flr b)',
      'f a:n b:n>n;/(sqrt a) (- b a)',
    ]) {
      const unit = unitOf(source);
      expect(whyNot(unit, 'f')).toBeUndefined();
      const native = closureOf(unit, 'f');
      const oracle = closureOf(unit, 'f', 'tree');
      for (let i = 0; i < 20_000; i++) {
        const scale = i % 3;
        const a = scale === 0 ? random() : next() / (scale === 1 ? 1 : 1024);
        const b = scale === 0 ? random() : next() >> (i % 31);
        const got = native([a, b]);
        const want = oracle([a, b]);
        if (!same(got, want)) expect({ source, a, b, got }).toEqual({ source, a, b, got: want });
      }
    }
  });
});
