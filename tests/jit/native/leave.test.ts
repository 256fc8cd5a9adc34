// Leaving native code at points and coming back (slices.ts): with ILO_STRESS=leave limited runs leave at every few units of fuel, go on in the
// register machine now and then, and come back. Value, fault, chain of calls, place, fuel and bytes are those of the tree engine.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CoreUnit } from '../../../src/core/core.ts';
import { List } from '../../../src/core/value/list.ts';
import type { Value } from '../../../src/core/value/value.ts';
import { pausingUnitOf } from '../../../src/jit/native/code.ts';
import { explainNative, listNative } from '../../../src/jit/native/list.ts';
import { SlicedCall, whyNotLeft } from '../../../src/jit/native/slices.ts';
import { IS_NATIVE, runOn, unitOf } from './harness.ts';

const PROGRAMS: readonly (readonly [what: string, source: string, args: readonly Value[]])[] = [
  ['a loop', 'f n:n>n;s=0;@i 0..n{s=+s *i 0.5};s', [100]],
  ['loops in loops', 'f n:n>n;s=0;@i 0..n{@j 0..i{@k 0..j{s=+s *k j}}};s', [15]],
  ['recursion', 'f n:n>n;<n 2 n;+f -n 1 f -n 2', [12]],
  ['a call in a loop', 'g a:n b:n>n;s=0;@i 0..a{s=+s *i b};s\nf n:n>n;s=0;@i 0..n{s=+s g i n};s', [20]],
  [
    'a callee that gives something of another kind',
    'g a:n>b;s=0;@i 0..a{s=+s i};=(mod s 3) 0\nf n:n>n;s=0;@i 0..n{x=g i;x{s=+s i}};s',
    [20],
  ],
  ['a callee that gives a list', 'g a:n>L n;xs=[];@i 0..a{xs=+=xs i};xs\nf n:n>n;s=0;@i 0..n{s=+s len g i};s', [20]],
  ['a list that grows', 'f n:n>L n;xs=[];@i 0..n{xs=+=xs *i i};xs', [30]],
  ['a list that is changed', 'f n:n>n;xs=range 0 n;@i 0..n{xs=lst xs i *i i};s=0;@x xs{s=+s x};s', [40]],
  ['a list of lists', 'f n:n>L (L n);rs=[];@i 0..n{r=range 0 i;rs=+=rs r};rs', [9]],
  ['truth values', 'f n:n>n;odd=false;s=0;@i 0..n{odd=!odd;odd{s=+s i}};s', [50]],
  ['a record', 'type p{x:n;y:n}\nf n:n>n;q=p x:0 y:1;@i 0..n{t=+q.x q.y;q=q with x:t};q.x', [40]],
  ['numbers that stop being whole', 'f n:n>n;s=1;@i 0..n{s=*s 3;s=mod s 9007199254740881};s', [60]],
  ['-0 and NaN', 'f n:n>n;z=0;@i 0..n{z=*z -1;z=- z};q=sqrt -1;@i 0..n{q=+q z};q', [30]],
  ['division by zero in a loop', 'f n:n>n;s=0;@i 0..n{s=+s /1 -i 50};s', [100]],
  [
    'division by zero in a callee',
    'g a:n>n;s=0;@i 0..9{d=-a i;s=+s /1 d};s\nf n:n>n;s=0;@i 20..n{t=-40 i;s=+s g t};s',
    [50],
  ],
  ['an index out of range', 'f n:n>n;xs=range 0 10;s=0;@i 0..n{s=+s at xs i};s', [100]],
  ['too deep', 'f n:n>n;r=f +n 1;+r 1', [0]],
  ['called from elsewhere', 'g a:n>n;s=0;@i 0..a{s=+s i};s\nf n:n>L t;xs=range 0 n;map (x:n>t;r=g x;str r) xs', [12]],
];

const LIMITS = { fuel: 1e6, alloc: 1e6 };

/** Compiled once: an emulated processor takes long. */
const units = new Map<string, CoreUnit>();

/** Text that two runs have in common. */
function summary(engine: 'jit' | 'tree', source: string, args: readonly Value[], limits: object): string {
  let unit = units.get(source);
  if (unit === undefined) {
    unit = unitOf(source);
    units.set(source, unit);
  }
  const result = runOn(engine, unit, 'f', args, { limits, maxDepth: 200 });
  const plain = (value: Value): unknown =>
    value instanceof List ? value.view().map(plain) : Object.is(value, -0) ? '-0' : Number.isNaN(value) ? 'NaN' : value;
  return JSON.stringify('value' in result ? { value: plain(result.value), usage: result.usage } : result);
}

describe.skipIf(!IS_NATIVE)('leaving native code', () => {
  const before = process.env.ILO_STRESS;
  beforeAll(() => {
    process.env.ILO_STRESS = `${before},leave`;
  });
  afterAll(() => {
    process.env.ILO_STRESS = before;
  });

  test.each(PROGRAMS)('%s', (_, source, args) => {
    expect(summary('jit', source, args, LIMITS)).toBe(summary('tree', source, args, LIMITS));
  });

  test('it leaves and comes back', () => {
    const { goOn } = SlicedCall.prototype;
    let times = 0;
    SlicedCall.prototype.goOn = function (): ReturnType<typeof goOn> {
      times++;
      return goOn.call(this);
    };
    try {
      for (const [, source, args] of PROGRAMS.slice(0, 6)) {
        const from = times;
        summary('jit', source, args, LIMITS);
        expect(times - from).toBeGreaterThan(2);
      }
    } finally {
      SlicedCall.prototype.goOn = goOn;
    }
  });

  test('every amount of fuel and memory', () => {
    for (const [, source, args] of PROGRAMS.slice(1, 6)) {
      for (let fuel = 0; fuel < 60; fuel++) {
        expect(summary('jit', source, args, { fuel })).toBe(summary('tree', source, args, { fuel }));
        const limits = { fuel: 1e6, alloc: 8 * fuel };
        expect(summary('jit', source, args, limits)).toBe(summary('tree', source, args, limits));
      }
    }
  });

  // Code with checks takes `x` for whole, so `b` is 0 or 1, `a` is 0 where it is less, and the product fits 64 bits. The register machine goes past the
  // check with 2.5 and comes to the last loop with 1 in `a`, 1.5 in `b`, and nothing left of `x`.
  test('what went past a check that fails goes on in code that rests on none', () => {
    const large = 2 ** 52;
    const last = `@k 0..3{c=* (* a ${large}) ${large};s=+ s (at xs (+ c k))}`;
    const loops = '@j 0..n{s=+s j};x=p;@i 0..3{s=+s (at xs x);x=+x 1}';
    const source = `f n:n p:n xs:L n>n;s=0;${loops};>=x 0{b=mod x 2;a=mod (len xs) 2;<a b{${last}}};s`;
    const xs = new List(Array.from({ length: 11 }, (_, i) => i));
    for (let n = 0; n < 8; n++) {
      // A function that has left often is compiled anew: so each run has its own.
      const run = (engine: 'jit' | 'tree') => runOn(engine, unitOf(source), 'f', [n, 2.5, xs], { limits: LIMITS });
      expect(run('jit')).toEqual(run('tree'));
    }
  });

  test('points are listed, with what is alive there and where it lands', () => {
    const source = 'g a:n>O n;<a 0{nil}{a}\nf n:n xs:L n>n;s=0;@i 0..n{x=g i;s=+s (??x 1)};+s len xs';
    const lines = listNative(unitOf(source), source, true).split('\n');
    const points = lines.slice(0, lines.indexOf(''));
    const head =
      '; runs in slices may leave f, for a place in its code of the register machine, with what is alive and in which register:';
    expect(points.map(line => line.replace(/(?<=\b[rv]|\+(?=[1-9]))\d+/g, '')).join('\n')).toBe(
      [
        head,
        ';   the entry -> +0: n n r, xs L n r',
        ';   the loop 2:20 -> +: xs L n r, v n r, v n r, v n r',
        ';   the call of g 2:30 -> +: xs L n r, v n r, v n r, v n r',
        head.replace('leave f', 'leave g'),
        ';   the entry -> +0: a n r',
      ].join('\n'),
    );
    const unit = unitOf(source);
    expect(explainNative(unit, [...unit.functions.keys()], false).map(each => each.points)).toEqual([
      'and runs in slices may leave it at one point',
      'and runs in slices may leave it at 3 points',
    ]);
  });

  test('all points of these programs can be left', () => {
    for (const [what, source] of PROGRAMS) {
      const unit = unitOf(source);
      const native = pausingUnitOf(unit);
      unit.functions.forEach((_, index) => {
        const fn = native.functionAt(index);
        if (fn !== undefined) expect([what, whyNotLeft(fn.code, native.landings)]).toEqual([what, undefined]);
      });
    }
  });
});
