// Limits, faults and depth in native code: the same code, place, chain of calls and usage as on the tree engine, at every point where a limit can
// strike; and what happens when the stack or the heap of native code ends first.
import { describe, expect, test } from 'vitest';
import { List } from '../../../src/core/value/list.ts';
import { showValue } from '../../../src/core/value/show.ts';
import type { Value } from '../../../src/core/value/value.ts';
import type { RunOptions } from '../../../src/runtime/program.ts';
import { IS_NATIVE, runOn, unitOf, whyNot } from './harness.ts';

/** An emulator takes its time: there, every third amount. */
const STEP = process.env.ILO_TEST_NODE === undefined ? 1 : 3;

interface Case {
  readonly source: string;
  readonly name: string;
  readonly args: readonly Value[];
}

const CASES: Readonly<Record<string, Case>> = {
  'nested loops': {
    source: 'f n:n>n;s=0;@i 0..n{@j 0..i{s=+s *i j}};wh >s 10{s=/s 2};s',
    name: 'f',
    args: [6],
  },
  recursion: { source: 'fib n:n>n;<=n 1 n;+fib -n 1 fib -n 2', name: 'fib', args: [7] },
  'mutual recursion': {
    source: 'ev n:n>b;=n 0 true;od -n 1\nod n:n>b;=n 0 false;ev -n 1\nf n:n>n;ev n{ret 1};2',
    name: 'f',
    args: [9],
  },
  builtins: {
    source: 'g a:n>n;+mod a 3 (clamp a 1 (max 2 (sqrt (abs a))))\nf n:n>n;s=0;@i 0..n{s=+s g i};s',
    name: 'f',
    args: [5],
  },
  'division by zero': { source: 'g a:n>n;/1 a\nf n:n>n;s=0;@i 0..n{s=+s (g (- 3 i))};s', name: 'f', args: [5] },
  'modulo by zero': { source: 'f n:n>n;s=0;@i 0..n{s=+s mod 5 (- 2 i)};s', name: 'f', args: [5] },
  'lists made, changed and read': {
    source: 'f n:n>L n;xs=[];@i 0..n{xs=+=xs *i i};ys=xs;@i 0..n{ys=lst ys i (+ (at xs i) len ys)};+=ys xs.0',
    name: 'f',
    args: [4],
  },
  'lists of lists': {
    source: 'f n:n>L (L n);rs=[];@i 0..n{r=[i];@j 0..i{r=+=r j};rs=+=rs r};rs',
    name: 'f',
    args: [4],
  },
  'lists of truth values': {
    source: 'f n:n>n;xs=[];@i 0..n{xs=+=xs >i 2};c=0;@x xs{x{c=+c 1}};c',
    name: 'f',
    args: [5],
  },
  'an index out of range': {
    source: 'g xs:L n i:n>n;at xs i\nf n:n>n;s=0;@i 0..n{s=+s g [1,2,3] i};s',
    name: 'f',
    args: [5],
  },
  'an index from the end': { source: 'f n:n>n;xs=[1,2,3];+(at xs -1) (at xs (- 0 n))', name: 'f', args: [2] },
  'small functions': {
    source:
      'sq a:n>n;*a a\nhalf a:n>n;/a 2\nsgn a:n>n;<a 0 -1;=a 0 0;1\nf n:n>n;s=0;@i 0..n{s=+s (half (sq (- i (sgn (- 2 i)))))};s',
    name: 'f',
    args: [6],
  },
  ranges: { source: 'f n:n>n;s=0;@i -2..n{@x (range i (* n 2)){s=+s x}};s', name: 'f', args: [3] },
  records: {
    source:
      'type p{x:n;y:n}\nmove a:p d:n>p;a with x:(+ a.x d)\nf n:n>n;a=p x:1 y:2;@i 0..n{a=move a i;a=a with y:(* a.y 2)};+a.x a.y',
    name: 'f',
    args: [4],
  },
};

function outcome(engine: 'jit' | 'tree', { source, name, args }: Case, options: Partial<RunOptions>) {
  const result = runOn(engine, unitOf(source), name, args, options);
  if ('value' in result) return { value: showValue(result.value), usage: result.usage };
  const { code, message, span, calls } = result.fault;
  return { code, message, span, calls, usage: result.usage };
}

describe.runIf(IS_NATIVE)('limits', () => {
  test.each(Object.entries(CASES))('%s', (_, each) => {
    for (const limited of [false, true]) expect(whyNot(unitOf(each.source), each.name, limited)).toBeUndefined();
    const same = (options: Partial<RunOptions>): void => {
      expect([options, outcome('jit', each, options)]).toEqual([options, outcome('tree', each, options)]);
    };
    same({});
    const { usage } = outcome('tree', each, { limits: { fuel: 1e6, alloc: 1e9 } });
    for (let fuel = 0; fuel <= usage!.fuel; fuel += STEP) same({ limits: { fuel } });
    for (let alloc = 0; alloc <= usage!.bytes; alloc += 8 * STEP) same({ limits: { alloc } });
    for (let maxDepth = 1; maxDepth < 12; maxDepth += STEP) {
      same({ maxDepth });
      same({ maxDepth, limits: { fuel: 50, alloc: 100 } });
    }
  });

  test('an endless loop ends when its time is up', () => {
    const unit = unitOf('f n:n>n;s=0;wh >n 0{s=+s 1};s');
    expect(whyNot(unit, 'f', true)).toBeUndefined();
    // On a busy machine all of a short time may go by before the first look: then a longer one has to show that it goes on behind it.
    const goesOn = [50, 1000, 10_000].some(timeout => {
      const result = runOn('jit', unit, 'f', [1], { limits: { timeout } });
      expect('fault' in result && result.fault.code).toBe('ILO-R044');
      return result.usage!.fuel > 4096;
    });
    expect(goesOn).toBe(true);
  });

  test('calls nest as deep as the limit says, or go on elsewhere where the stack ends', () => {
    const unit = unitOf('f n:n>n;=n 0 0;r=f -n 1;+r 1');
    expect(whyNot(unit, 'f')).toBeUndefined();
    for (const depth of [1000, 10_000, 100_000, 1_000_000]) {
      const result = runOn('jit', unit, 'f', [depth - 1], { maxDepth: depth });
      expect('value' in result ? result.value : result.fault.message).toBe(depth - 1);
      const fault = runOn('jit', unit, 'f', [depth], { maxDepth: depth });
      expect('fault' in fault && [fault.fault.code, fault.fault.calls.length]).toEqual(['ILO-R040', depth]);
    }
  });

  test('a heap that is full is a matter of speed', () => {
    const unit = unitOf('f n:n>n;s=0;@i 0..n{xs=[];@j 0..9000{xs=+=xs j};s=+s len xs};s');
    expect(whyNot(unit, 'f')).toBeUndefined();
    const result = runOn('jit', unit, 'f', [10_000]);
    expect('value' in result ? result.value : result.fault.message).toBe(9_000 * 10_000);
  }, 60_000);

  test('arguments that are not as declared go elsewhere', () => {
    const unit = unitOf('f a:n b:L n>n;s=a;@x b{s=+s x};s');
    expect(whyNot(unit, 'f')).toBeUndefined();
    const args: readonly (readonly Value[])[] = [
      [1, new List([1, 2])],
      [1, new List([])],
      [1, new List([1, 'x'])],
      ['1', new List([1])],
      [1, 2],
      [1, new List([null])],
      [1],
      [1, new List([1, Number.NaN, -0])],
    ];
    for (const each of args) {
      const [native, tree] = (['jit', 'tree'] as const).map(engine => {
        const result = runOn(engine, unit, 'f', each);
        return 'value' in result ? result.value : [result.fault.code, result.fault.message, result.fault.span];
      });
      expect(native).toEqual(tree);
    }
  });

  test('records come out with all that is in them', () => {
    for (const source of [
      'type p{x:n;y:O n}\nf>p;p x:0 y:nil',
      'type p{x:n;y:b}\nf>L p;[p x:1 y:true p x:-0 y:false]',
      'type p{x:n;y:L n}\ntype q{p:p;z:b}\nf>q;q p:(p x:1 y:[1,2]) z:true',
    ]) {
      const unit = unitOf(source);
      expect(whyNot(unit, 'f')).toBeUndefined();
      const [native, tree] = (['jit', 'tree'] as const).map(engine => {
        const result = runOn(engine, unit, 'f', []);
        return 'value' in result ? showValue(result.value) : result.fault;
      });
      expect(native).toEqual(tree);
    }
  });

  test('lists that native code was given do not change', () => {
    const unit = unitOf('f a:L n>L n;a=+=a 9;a=lst a 0 7;a');
    const given = new List([1, 2, 3]);
    const result = runOn('jit', unit, 'f', [given]);
    expect('value' in result && showValue(result.value)).toBe('[7, 2, 3, 9]');
    expect(showValue(given)).toBe('[1, 2, 3]');
  });
});
