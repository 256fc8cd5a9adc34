// Loops that are written twice: which ones are, and that nothing is different where the fast form breaks off, at any test and in any round.
import { describe, expect, test } from 'vitest';
import { createVirtualHost } from '../../../src/runtime/host/virtual-host.ts';
import { runProgram } from '../../../src/runtime/program.ts';
import { exactly } from '../../fuzz/values.ts';
import { jsOf, load } from './source.ts';

/** The fast form of the last loop of a program that has one, without indentation. */
function fastForm(source: string): string {
  const js = jsOf(source);
  const last = js.split('\n').findLastIndex(line => /^ *F\d+: for/.test(line));
  if (last < 0) return '';
  const lines = js.split('\n').slice(last);
  const indent = lines[0]!.search(/\S/);
  const end = lines.findIndex((line, i) => i > 0 && line.search(/\S/) <= indent);
  return lines.slice(0, end).join('\n');
}

describe('written twice', () => {
  test('a loop that reads a list has nothing but tests and what they are for', () => {
    const form = fastForm('f xs:L n n:n>n;s=0;@i 0..n{s=+s *2 at xs i};s');
    expect(form).toContain('break F');
    expect(form).not.toMatch(/\bp = |itemAt|\? /);
  });

  test('a list that is changed in place is asked for its owner before the loop', () => {
    const form = fastForm('f n:n>L n;xs=range 0 n;@i 0..n{xs=lst xs i 7};xs');
    expect(form).toMatch(/i\d+\[w\d+\] = \(?7\)?;/);
    expect(form).not.toMatch(/changes|setItem/);
  });

  test('what was tested in a round is not tested again', () => {
    const form = fastForm(
      'f n:n>L n;xs=range 0 n;j=- n 1;@i 0..n{x=at xs i;xs=lst xs i (at xs j);xs=lst xs j x;j=- j 1};xs',
    );
    expect(form.match(/break F/g)).toHaveLength(2);
  });
});

describe('written once', () => {
  test.each([
    ['a loop that has nothing to test', 'f n:n>n;s=0;@i 0..n{s=+ s i};s'],
    [
      'a loop that tests behind a change',
      'f xs:L n n:n>L n;ys=range 0 n;@i 0..n{ys=lst ys i 1;ys=lst ys (at xs i) 2};ys',
    ],
    ['a loop that prints', 'f xs:L n>n;s=0;@i 0..3{x=at xs i;prnt x;s=+ s *1 x};s'],
    ['a loop that calls', 'g n:n>n;>n 9{ret 1};g + n 1\nf xs:L n>n;s=0;@i 0..3{s=+ s (* (at xs i) (g i))};s'],
    ['a loop around another one', 'f xs:L n>n;s=0;@i 0..3{x=at xs i;@j 0..3{s=+ s j};s=+ s *1 x};s'],
  ])('%s', (_, source) => {
    const js = jsOf(source);
    const forms = js.split('\n').filter(line => /^ *F\d+: for/.test(line)).length;
    expect(forms).toBe(0);
  });
});

/** Programs whose function f takes a number. */
const PROGRAMS: readonly (readonly [string, string])[] = [
  ['an index that runs out', 'f n:n>n;xs=range 0 20;s=0;@i 0..n{s=+ s (at xs i)};s'],
  ['an index that runs out while the list is changed', 'f n:n>L n;xs=range 0 20;@i 0..n{xs=lst xs i *2 at xs i};xs'],
  ['an item that is no number', 'f n:n>n;xs=[1 2 "a" 4];s=0;i=0;wh <i n{x=at xs (mod i 4);s=+ s *1 x;i=+ i 1};s'],
  [
    'an index that is not whole, late',
    'f n:n>n;xs=range 0 50;k=0;s=0;@i 0..n{s=+ s (at xs k);>i 5{k=+ k 0.5}{k=+ k 1}};s',
  ],
  ['a list that somebody else holds', 'f n:n>L (L n);xs=range 0 40;ys=xs;@i 0..n{xs=lst xs i 9};[xs ys]'],
  [
    'a list that is held from the middle of the loop on',
    'f n:n>L (L n);xs=range 0 40;ys=[];@i 0..n{xs=lst xs i 9;=i 3{ys=xs}};[xs ys]',
  ],
  ['a list with an older version', 'f n:n>L n;xs=range 0 40;ys=lst xs 1 5;@i 0..n{xs=lst xs i 9};+ xs ys'],
  ['a list that an older version leads to', 'f n:n>L n;xs=range 0 40;ys=lst xs 1 5;@i 0..n{ys=lst ys i 9};+ xs ys'],
  [
    'rounds that were made before it breaks off',
    'f n:n>L n;xs=range 0 50;k=0;@i 0..n{xs=lst xs i + 1 at xs k;>i 5{k=+ k 0.5}};xs',
  ],
  ['a part of a list', 'f n:n>L (L n);zs=range 0 90;xs=tl zs;@i 0..n{xs=lst xs i 9};[xs zs]'],
  [
    'a list that a parameter brings',
    'g xs:L n n:n>L n;@i 0..n{xs=lst xs i -1};xs\nf n:n>L (L n);xs=range 0 40;ys=g xs n;[xs ys]',
  ],
  [
    'two lists',
    'f n:n>L (L n);xs=range 0 40;ys=range 5 45;@i 0..n{t=at xs i;xs=lst xs i (at ys i);ys=lst ys i t};[xs ys]',
  ],
  [
    'lists that change places',
    'f n:n>L (L n);xs=range 0 40;ys=range 5 45;@i 0..n{xs=lst xs i 1;t=xs;xs=ys;ys=t};[xs ys]',
  ],
  ['a change on one of two ways', 'f n:n>L n;xs=range 0 40;@i 0..n{=0 mod i 3{xs=lst xs i 0}};xs'],
  [
    'another list on one of two ways',
    'f n:n>L n;xs=range 0 40;zs=range 3 43;@i 0..n{=i 7{xs=zs}{xs=lst xs i 0}};+ xs zs',
  ],
  [
    'a list of lists',
    'f n:n>L (L n);xss=[[1 2 3] [4 5 6] [7 8 9]];@i 0..n{r=at xss i;r=lst r 1 0;xss=lst xss i r};xss',
  ],
  ['what the loop leaves in variables', 'f n:n>L n;xs=range 0 30;a=0;b=1;@i 0..n{a=at xs i;b=+ a i};[a b n]'],
  [
    'brk and cnt',
    'f n:n>L n;xs=range 0 30;ys=[];s=0;@i 0..n{x=at xs i;=x 3{cnt};>x 12{brk};s=+ s x;ys=+= ys x};+ ys [s]',
  ],
  ['ret from the loop', 'f n:n>n;xs=range 0 30;s=0;@i 0..n{x=at xs i;s=+ s x;>s 100{ret * s -1}};s'],
  ['a list that grows to its end', 'f n:n>L n;xs=range 0 30;ys=[];@i 0..n{ys=+= ys *2 at xs i};ys'],
  ['a divisor that becomes zero', 'f n:n>n;s=0;@i 0..n{s=+ s / 60 - 25 i};s'],
  ['truth values and others', 'f n:n>n;xs=[true false true];c=0;i=0;wh <i n{b=at xs i;b{c=+ c 1};i=+ i 1};c'],
  ['texts that are joined', 'f n:n>t;xs=["a" "b" "c"];s="";@i 0..n{s=+ s (at xs (mod i 3))};s'],
  ['fields', 'type p{x:n;y:n}\nf n:n>n;q=p x:1 y:2;s=0;@i 0..n{q=q with x:(+ q.x i) y:(- q.y q.x);s=+ s q.y};+ s q.x'],
  [
    'records in a list',
    'type p{x:n;y:n}\nf n:n>n;ps=[(p x:1 y:2) (p x:3 y:4)];s=0;@i 0..n{q=at ps (mod i 2);ps=lst ps (mod i 2) (q with x:(+ q.x 1));s=+ s q.x};s',
  ],
  ['entries of a map', 'f n:n>n;m=mset mmap "k0" 1;@i 0..n{k=fmt "k{}" (mod i 4);m=mset m k i};len mkeys m'],
  ['loops in loops', 'f n:n>L n;xs=range 0 30;@i 0..n{@j 0..i{xs=lst xs j + (at xs j) i}};xs'],
  ['a first item that stays', 'f n:n>n;xs=range 7 30;s=0;@i 0..n{s=+ s xs.0;xs=lst xs 0 (+ xs.0 1)};s'],
  ['nil among numbers', 'f n:n>n;m=mset mmap "a" 1;s=0;@i 0..n{v=mget m "a";s=+ s ??v 0;=i 6{m=mdel m "a"}};s'],
];

describe.each(PROGRAMS)('%s', (_, source) => {
  test('is the same as on the tree', () => {
    const unit = load(source);
    for (const n of [0, 1, 2, 3, 5, 8, 13, 21, 29, 34, 300]) {
      for (const limits of [{}, { fuel: 3_000 }]) {
        const [tree, js] = (['tree', 'js'] as const).map(engine => {
          const result = runProgram(unit, 'f', [n], { host: createVirtualHost({}), engine, limits });
          if ('value' in result) return { value: exactly(result.value), usage: result.usage };
          const { code, message, span } = result.fault;
          return { code, message, span, usage: result.usage };
        });
        expect(js, `f ${n}`).toEqual(tree);
      }
    }
  });
});
