// Values that may be nil, `~v` or `^e` in native code: as locals, across calls among native functions, and from and to outside. Value, fault, chain
// of calls, place, fuel and bytes are those of the tree engine; with limits also where code is left at every few points.
import { describe, expect, test } from 'vitest';
import type { CoreUnit } from '../../../src/core/core.ts';
import { List } from '../../../src/core/value/list.ts';
import { RecordValue } from '../../../src/core/value/record.ts';
import { Err, Ok } from '../../../src/core/value/result.ts';
import type { Value } from '../../../src/core/value/value.ts';
import { pausingUnitOf } from '../../../src/jit/native/code.ts';
import { whyNotLeft } from '../../../src/jit/native/slices.ts';
import { IS_NATIVE, runOn, unitOf, whyNot } from './harness.ts';

/** Each has a function `f` of one number or more. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'nil or a number': 'f a:n>n;x=nil;<=a 3{x=*a 2};+(??x 100) 1',
  'nil on some ways of a loop': 'f a:n>n;s=0;x=nil;@i 0..a{=(mod i 3) 0{x=i};=(mod i 3) 1{x=nil};s=+s (??x 0.5)};s',
  'a result that is looked into': 'f a:n>n;r=^"large";<=a 3{r=~+a 1};?r{~v:*v 2;^e:- 1 a}',
  'both of a result': 'f a:n>n;r=^*a 2;<=a 3{r=~+a 1};?r{~v:v;^e:*e 3}',
  'a text that is told apart and given': 'f a:n>t;>=a 5 "five";>=a 3 "three";>=a 0 "";"below"',
  'an error from a callee': 'g a:n>R n t;<a 0 ^"below";>a 6 ^"above";~*a a\nf a:n>R n t;x=g! a;y=g! -x 3;~+x y',
  'an error that is given on, of another type': 'g a:n>R n t;<a 3 ^"below";~a\nf a:n>R b t;x=g! a;~>x 4',
  'an error that ends the run': 'g a:n>R n t;<a 3 ^"below";~a\nf a:n>n;x=g!! a;+x 1',
  'nil that ends the run': 'g a:n>O n;<a 3{nil}{a}\nf a:n>n;x=g!! a;+x 1',
  'nil from a callee': 'g a:n k:n>O n;@i 1..a{=(mod i k) 0{ret i}};nil\nf a:n>n;s=0;@i 0..a{x=g i 4;s=+s (??x -1)};s',
  'truth values or nil': 'g a:n>O b;=(mod a 3) 0{nil}{=(mod a 2) 0}\nf a:n>n;s=0;@i 0..a{x=g i;y=??x true;y{s=+s i}};s',
  'what may be nil as a condition': 'g a:n>O n;=(mod a 3) 0{nil}{-(mod a 4) 1}\nf a:n>n;s=0;@i 0..a{x=g i;x{s=+s i}};s',
  'nil given to a function': 'g x:O n>n;??x 7\nf a:n>n;x=nil;<=a 3{x=a};+(g x) (g nil)',
  'a result given to a function': 'g r:R n t>n;?r{~v:v;^e:0.5}\nf a:n>n;r=^"large";<=a 3{r=~a};+(g r) (g ~4)',
  'three alternatives': 'g a:n>_;=a 1{ret nil};=a 2{ret ~8};=a 3{ret ^"e"};a\nf a:n>n;x=g a;?x{~v:v;^e:-1;_:??x 5}',
  'a list or nil': 'g a:n>O (L n);>a 3{nil}{range 0 a}\nf a:n>n;xs=??(g a) [7,8];s=0;@x xs{s=+s x};s',
  'a list or an error': 'g a:n>R (L n) t;>a 3{^"many"}{~range 0 a}\nf a:n>R n t;xs=g! a;~len xs',
  'a record or an error': 'type p{x:n;y:n}\ng a:n>R p t;>a 3{^"far"}{~p x:a y:1}\nf a:n>R n t;q=g! a;~+q.x q.y',
  'a result with nil in it': 'g a:n>R _ t;>a 3{^"much"}{~nil}\nf a:n>n;?(g a){~v:1;^e:2}',
  'recursion that gives results': 'g a:n>R n t;>a 7 ^"deep";=a 5 ~5;x=g! +a 1;~+x a\nf a:n>R n t;g a',
  'a result in a loop': 'g a:n>R n t;=(mod a 4) 0 ^"four";~a\nf a:n>n;s=0;@i 0..a{r=g i;s=+s (?r{~v:v;^e:0.25})};s',
  'the last of a loop': 'g a:n>R n t;=(mod a 4) 0 ^"four";~a\nf a:n>R n t;r=~0;@i 0..a{r=g i};r',
  'a loop that gives nothing': 'f a:n>_;s=0;@i 0..a{s=+s i}',
};

/** An emulated processor takes its time. */
const IS_SLOW = process.env.ILO_TEST_NODE !== undefined;
const NUMBERS = IS_SLOW ? [0, 2, 4, 12] : [-2, 0, 1, 2, 3, 4, 5, 6, 12, 0.5, Number.NaN];
const STEP = IS_SLOW ? 13 : 1;
const LIMITS = { fuel: 1e5, alloc: 1e5 };

function plain(value: Value): unknown {
  if (value instanceof Ok) return { ok: plain(value.value) };
  if (value instanceof Err) return { err: plain(value.value) };
  if (value instanceof List) return value.view().map(plain);
  if (value instanceof RecordValue) return value.values.map(plain);
  return Object.is(value, -0) ? '-0' : Number.isNaN(value) ? 'NaN' : value;
}

function summary(engine: 'jit' | 'tree', unit: CoreUnit, args: readonly Value[], limits?: object): string {
  const result = runOn(engine, unit, 'f', args, limits === undefined ? {} : { limits, maxDepth: 100 });
  return JSON.stringify('value' in result ? { value: plain(result.value), usage: result.usage } : result);
}

function under(stress: string, run: () => void): void {
  const before = process.env.ILO_STRESS;
  process.env.ILO_STRESS = `${before},${stress}`;
  try {
    run();
  } finally {
    process.env.ILO_STRESS = before;
  }
}

describe.skipIf(!IS_NATIVE)('what may be nil or a result', () => {
  test.each(Object.entries(PROGRAMS))('%s', (_, source) => {
    for (const limited of [false, true]) {
      const unit = unitOf(source);
      for (const { name } of unit.functions) expect([name, whyNot(unit, name, limited)]).toEqual([name, undefined]);
      const limits = limited ? LIMITS : undefined;
      for (const each of NUMBERS) {
        expect([each, summary('jit', unit, [each], limits)]).toEqual([each, summary('tree', unit, [each], limits)]);
      }
    }
  });

  test.each(Object.entries(PROGRAMS))('with few registers: %s', (_, source) => {
    under('regs', () => {
      const unit = unitOf(source);
      for (const each of NUMBERS) expect(summary('jit', unit, [each])).toBe(summary('tree', unit, [each]));
    });
  });

  test.each(Object.entries(PROGRAMS))('left at points, with every amount of fuel and memory: %s', (_, source) => {
    under('leave', () => {
      const unit = unitOf(source);
      const native = pausingUnitOf(unit);
      const fn = native.functionAt(unit.byName.get('f')!)!;
      expect(whyNotLeft(fn.code, native.landings)).toBeUndefined();
      for (const each of [2, 4, 12]) {
        expect(summary('jit', unit, [each], LIMITS)).toBe(summary('tree', unit, [each], LIMITS));
        for (let amount = 0; amount < 40; amount += STEP) {
          for (const limits of [{ fuel: amount }, { fuel: 1e5, alloc: 4 * amount }]) {
            expect(summary('jit', unit, [each], limits)).toBe(summary('tree', unit, [each], limits));
          }
        }
      }
    });
  });

  test('from and to outside', () => {
    const values: readonly Value[] = [
      ...[null, 0, -0, Number.NaN, true, '', 'known', 'unknown'],
      ...[1, 'known', 'unknown', null, false].flatMap(each => [new Ok(each), new Err(each)]),
      new List([1, 2]),
      new Ok(new List([1])),
      new Ok(new Ok(1)),
    ];
    const types = ['O n', 'O b', 'R n t', 'R n n', 'R b n', 'O (L n)', 'R (L n) t', 't', 'O t', 'S known unknown'];
    for (const type of types) {
      const unit = unitOf(`f a:${type} b:${type} more:b>${type};z="known";more{b}{a}`);
      expect([type, whyNot(unit, 'f')]).toEqual([type, undefined]);
      for (const value of values) {
        for (const args of [
          [value, values[0]!, false],
          [values[0]!, value, true],
        ] as const) {
          expect(summary('jit', unit, args)).toBe(summary('tree', unit, args));
          expect(summary('jit', unit, args, LIMITS)).toBe(summary('tree', unit, args, LIMITS));
        }
      }
    }
  });

  test('what takes several registers counts several times', () => {
    const unit = unitOf('f a:O n b:O n c:O n d:O n>n;+(??a 1) (??d 2)\ng a:O n b:O n c:O n d:O n e:n>n;+(??a 1) e');
    expect(whyNot(unit, 'f')).toBeUndefined();
    expect(whyNot(unit, 'g')).toMatch(/more than eight/);
  });
});
