// Whole numbers in general registers: that they are found where they should be, and that everything a double can do differently (-0, NaN,
// fractions, what is beyond 2^52) comes out as on the tree engine, be it by a check that leaves.
import { describe, expect, test } from 'vitest';
import type { Value } from '../../../src/core/value/value.ts';
import { listNative } from '../../../src/jit/native/list.ts';
import { IS_NATIVE, runOn, unitOf, whyNot } from './harness.ts';

const SPECIAL = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2.5,
  3,
  7,
  -7,
  100,
  1e6,
  2 ** 31,
  2 ** 52,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
  1e300,
];
const ALL = [
  ...SPECIAL,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -(2 ** 31),
  -3,
  1 / 3,
  4503599627370497,
];

/** Functions of two numbers. Each loops a few times only, whatever it is given. */
const PROGRAMS: readonly (readonly [name: string, source: string])[] = [
  ['a sum', 'f a:n b:n>n;s=0;@i 0..9{s=+s i};+ s a'],
  ['a sum beyond 2^52', 'f a:n b:n>n;s=4503599627370490;@i 0..9{s=+s i};s'],
  ['a sum below -2^52', 'f a:n b:n>n;s=-4503599627370490;@i 0..9{s=-s i};s'],
  ['a product beyond 2^63', 'f a:n b:n>n;p=3;@i 0..50{p=* p 7};p'],
  ['a product with -0', 'f a:n b:n>n;p=0;@i 0..9{p=* i -5};p'],
  ['a product that ends with -0', 'f a:n b:n>n;p=1;s=0;@i -4..1{p=* i -5;s=+ s p};p'],
  ['a product of nothing and less', 'f a:n b:n>n;p=1;s=0;@i -4..1{j=+ i 3;p=* j (- i 4);s=+ s p;= i -3{ret p}};p'],
  ['a remainder that ends with -0', 'f a:n b:n>n;p=1;s=0;@i -9..-2{p=mod i 3;s=+ s p};p'],
  [
    'a remainder by a number that grows',
    'f a:n b:n>n;s=0;k=1;wh <k 40{d=1;wh <=d k{s=+ s (* d (mod k d));d=+d 1};k=+k 7};s',
  ],
  ['a remainder by what may be zero', 'f a:n b:n>n;s=0;k=3;wh >=k -1{s=+ s (mod 7 k);k=-k 1};s'],
  ['a remainder by what is below zero', 'f a:n b:n>n;s=0;k=3;wh >k -3{= k 0{k=- k 1};s=+ s (mod 7 k);k=-k 1};s'],
  ['a remainder of what is below zero', 'f a:n b:n>n;s=1;k=1;wh <k 9{s=mod (- k 5) k;k=+k 1;< (/ 1 s) 0{ret k}};s'],
  [
    'a remainder of what is large',
    'f a:n b:n>n;s=0;k=3;p=1;wh <k 60{p=* p 3;> p 4000000000000000{p=1};s=+ s (mod p (* k 100000000));k=+k 1};s',
  ],
  [
    'a remainder by a large constant',
    'f a:n b:n>n;s=0;k=3;p=1;wh <k 60{p=* p 3;> p 4000000000000000{p=1};s=+ s (mod p 5000000000);k=+k 1};s',
  ],
  ['a product with -0 that is divided by', 'f a:n b:n>n;s=0;@i 0..9{p=* (- i 4) (- i 3);s=+s p};s'],
  ['a negative zero that is kept', 'f a:n b:n>n;k=5;@i 0..5{k=- 0 (* k i)};k'],
  ['bounds', 'f a:n b:n>n;s=0;@i a..b{s=+s i;>s 3{brk};< s -9{brk}};s'],
  ['the first of a range', 'f a:n b:n>n;r=7;@i a..b{r=i;brk};r'],
  ['a bound that is far', 'f a:n b:n>n;s=0;@i 0..a{s=+s 2;> s 20{brk}};s'],
  [
    'edges of 32 bits',
    'f a:n b:n>n;s=0;@i 0..9{s=+ s i;p=- s 2147483648;q=+ p -2147483649;r=- q -2147483648;s=- r -2147483649};s',
  ],
  [
    'edges of 32 bits in place',
    'f a:n b:n>n;s=0;wh <s 9{s=+s 1};s=- s 2147483648;s=+ s 2147483648;s=- s -2147483648;s=+ s -2147483648;- s a',
  ],
  ['edges of 12 bits', 'f a:n b:n>n;s=0;@i 0..9{s=+ s i;p=- s 4096;q=+ p -4096;r=- q -4095;s=- r -4097};s'],
  ['a bound that is whole', 'f a:n b:n>n;s=0;@i -3..4{k=+ i 1;@j k..3{s=+ (* s 2) (- j i)}};s'],
  ['a bound that may be too large', 'f a:n b:n>n;s=0;k=a;@i 0..3{k=+ k i;@j k..9{s=+ s j;brk}};s'],
  ['below a double', 'f a:n b:n>n;k=-3;wh < k a{k=+k 1;> k 9{brk}};k'],
  ['below or equal to a double', 'f a:n b:n>n;k=-3;wh <= k a{k=+k 1;> k 9{brk}};k'],
  ['above a double', 'f a:n b:n>n;k=9;wh > k a{k=-k 1;< k -9{brk}};k'],
  ['above or equal to a double', 'f a:n b:n>n;k=9;wh >= k a{k=-k 1;< k -9{brk}};k'],
  ['a double below', 'f a:n b:n>n;k=9;wh < a k{k=-k 1;< k -9{brk}};k'],
  ['a double above or equal', 'f a:n b:n>n;k=-3;wh >= a k{k=+k 1;> k 9{brk}};k'],
  ['equal to a double', 'f a:n b:n>n;s=0;@i 0..9{= i a{s=+ s 100};!= i b{s=+ s 1}};s'],
  ['equal to each other', 'f a:n b:n>n;s=0;@i 0..9{j=- 8 i;= i j{s=+ s 100};!= i 4{s=+ s 1}};s'],
  ['above a fraction', 'f a:n b:n>n;s=0;@i 0..9{> i 2.5{s=+ s 1};<= i 6.5{s=+ s 10};< i -0.5{s=+ s 100}};s'],
  ['remainders', 'f a:n b:n>n;s=0;@i 0..99{s=+ s (mod i 7);s=+ s (mod (* i i) 1000);s=- s (mod i 8)};s'],
  ['remainders of what is negative', 'f a:n b:n>n;s=5;@i -9..9{s=* s (mod i 3);s=+ s 1};/ 1 (+ s 0.5)'],
  ['remainders of what is large', 'f a:n b:n>n;s=1;@i 1..60{s=mod (* s 48271) 2147483647};s'],
  ['halves', 'f a:n b:n>n;x=27;c=0;wh > x 1{r=mod x 2;= r 0{x=/ x 2}{x=+ 1 (* 3 x)};c=+ c 1};c'],
  [
    'halves of what is given',
    'f a:n b:n>n;c=0;@i 1..40{x=i;wh > x 1{r=mod x 2;= r 0{x=/ x 2}{x=+ 1 (* 3 x)};c=+ c 1}};+ c a',
  ],
  ['halves of what is odd', 'f a:n b:n>n;s=0;@i 0..9{r=mod i 2;= r 1{s=+ s (/ i 2)}};s'],
  ['quarters', 'f a:n b:n>n;s=0;@i 0..64{r=mod i 8;= r 0{s=+ s (/ i 4)};= r 4{s=+ s (/ i 8)}};s'],
  ['an index that is given', 'f a:n b:n>n;xs=[3 5 8 13];s=0;i=a;wh < i 4{s=+ s (at xs i);i=+ i 1;> s 99{brk}};s'],
  ['an index from the end', 'f a:n b:n>n;xs=[3 5 8 13];s=0;@i -4..4{s=+ s (* i (at xs i))};s'],
  ['an index below the length', 'f a:n b:n>n;xs=range 0 9;s=0;@i 0..(len xs){s=+ s xs.i;xs=lst xs i (* i 2)};+ s xs.8'],
  ['an index that leaves', 'f a:n b:n>n;xs=range 0 9;s=0;@i 0..9{j=+ i a;s=+ s xs.j};s'],
  ['items as indices', 'f a:n b:n>n;xs=[1 2 3 4 0];j=a;s=0;@i 0..9{j=xs.j;s=+ (* s 2) j};s'],
  ['where an item is written', 'f a:n b:n>n;xs=range 0 9;k=b;wh < k 9{xs=lst xs k a;k=+ k 3;< k -3{brk}};+ xs.3 xs.6'],
  [
    'a sieve',
    'f a:n b:n>n;p=[];@i 0..50{p=+=p true};c=0;@i 2..50{p.i{c=+ c 1;k=* i i;wh < k 50{p=lst p k false;k=+ k i}}};c',
  ],
  ['squares far away', 'f a:n b:n>n;c=0;@i 67108860..67108870{k=* i i;wh < k 50{k=+ k i};c=+ c k};c'],
  ['a length that is compared', 'f a:n b:n>n;xs=[];wh < (len xs) 5{xs=+=xs (len xs)};s=0;@x xs{s=+ (* s 10) x};s'],
  ['a truth of a whole number', 'f a:n b:n>n;s=0;@i -2..3{c=i;c{s=+ s 1}};s'],
  ['powers of two as divisors', 'f a:n b:n>n;s=/ a 2;s=+ s (/ b -8);s=+ s (/ a 0.25);- s (/ (* a b) 4503599627370496)'],
  [
    'an index used twice',
    'f a:n b:n>n;xs=range 0 9;k=b;wh < k 9{x=at xs k;xs=lst xs k (+ x a);k=+ k 2;< k -3{brk}};+ xs.3 (at xs a)',
  ],
  ['a factor that is small', 'f a:n b:n>n;s=0;@i 0..3{k=* a 2047;s=+ s (* k -3);j=* i 2047;s=+ s (* j i)};s'],
  ['a function that is called', 'g x:n>n;*x 0.5\nf a:n b:n>n;s=0;@i 0..9{s=+ s (g i)};s'],
];

describe.runIf(IS_NATIVE)('whole numbers', () => {
  test.each(PROGRAMS)('%s', (_, source) => {
    const unit = unitOf(source);
    expect(whyNot(unit, 'f')).toBeUndefined();
    const outcome = (engine: 'jit' | 'tree', args: readonly Value[]): unknown => {
      const result = runOn(engine, unit, 'f', args);
      return 'value' in result ? result.value : `${result.fault.code} ${JSON.stringify(result.fault.span)}`;
    };
    for (const a of ALL) {
      for (const b of SPECIAL) {
        const [got, want] = [outcome('jit', [a, b]), outcome('tree', [a, b])];
        if (!Object.is(got, want)) expect({ a, b, got }).toEqual({ a, b, got: want });
      }
    }
  });

  test('a function whose checks fail again and again is compiled without them', () => {
    const unit = unitOf('f n:n>n;a=0;b=1;@i 0..n{c=+ a b;a=b;b=c};a');
    for (let round = 0; round < 4; round++) {
      for (const n of [10, 90]) {
        const [got, want] = (['jit', 'tree'] as const).map(engine => runOn(engine, unit, 'f', [n]));
        expect(got).toEqual(want);
      }
      expect(whyNot(unit, 'f')).toBeUndefined();
    }
  });

  const listing = (source: string): string => {
    const text = listNative(unitOf(source), source, false);
    return text.slice(text.indexOf('\nf:'), text.indexOf('\nwhat seldom runs:'));
  };

  test.runIf(process.arch === 'x64')('a bound that is whole is not converted', () => {
    const text = listing('f n:n>n;s=0;@i 0..n{k=+ i 1;@j k..n{s=+ s (- j i)}};s');
    // `n`, once, before the loops; and the result.
    expect(text.match(/cvt\w+/g)).toEqual(['cvttsd2si', 'cvtsi2sd']);
  });

  test.runIf(process.arch === 'x64')('an index that was compared with the length is not compared again', () => {
    const text = listing('f xs:L n k:n>n;s=0;@i 0..k{x=at xs i;xs=lst xs i (+ x 1);s=+ s (at xs i)};s');
    // The index in the first access, and the loop; whether `k` is whole, and whether the list may be changed, is asked too.
    expect(text.match(/cmp +\w+,DWORD PTR \[\w+-0x8\]/g)?.length).toBe(1);
  });

  test.runIf(process.arch === 'x64')('loops over lists convert nothing', () => {
    const text = listing('f xs:L n>n;s=0;@i 0..(len xs){s=+ s xs.i};s');
    expect(text).not.toContain('cvt');
    // The index is below the length: nothing is compared but that.
    expect(text.match(/cmp/g)?.length).toBe(1);
  });
});
