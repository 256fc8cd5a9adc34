// Lists that a loop builds: where there is an array for them beforehand, and that the answers, charges and faults are those of a list that grows.
import { describe, expect, test } from 'vitest';
import { createVirtualHost } from '../../../src/runtime/host/virtual-host.ts';
import { runProgram } from '../../../src/runtime/program.ts';
import { jsOf, load } from './source.ts';

const reserves = (source: string): boolean => jsOf(source).includes('new Array(');

describe('an array beforehand', () => {
  test.each([
    'f n:n>L n;xs=[];@i 0..n{xs=+=xs i};xs',
    'f n:n>n;xs=[];@i 3..n{xs=+=xs *i 2};len xs',
    'f n:n>L n;xs=[];i=0;wh <i n{xs=+=xs i;i=+i 1};xs',
    'f n:n>L n;xs=[];@i 0..n{y=0;@j 0..i{y=+y j};xs=+=xs y};xs',
  ])('%s', source => {
    expect(reserves(source)).toBe(true);
  });
});

describe('none', () => {
  test.each([
    ['where the loop is left early', 'f n:n>L n;xs=[];@i 0..n{>i 5{brk};xs=+=xs i};xs'],
    ['where a round appends nothing', 'f n:n>L n;xs=[];@i 0..n{>i 5{xs=+=xs i}};xs'],
    ['where a round appends twice', 'f n:n>L n;xs=[];@i 0..n{xs=+=xs i;xs=+=xs i};xs'],
    ['where the loop looks at the list', 'f n:n>L n;xs=[];@i 0..n{xs=+=xs len xs};xs'],
    ['where the list is kept', 'f n:n>L (L n);ys=[];xs=[];@i 0..n{xs=+=xs i;ys=[xs xs]};ys'],
    ['where the list was not empty', 'f n:n>L n;xs=[1];@i 0..n{xs=+=xs i};xs'],
    ['where the list came from elsewhere', 'f xs:L n n:n>L n;@i 0..n{xs=+=xs i};xs'],
    ['where the loop counts by two', 'f n:n>L n;xs=[];i=0;wh <i n{xs=+=xs i;i=+i 2};xs'],
    ['where the end moves', 'f n:n>L n;xs=[];i=0;wh <i n{xs=+=xs i;i=+i 1;n=- n 1};xs'],
    ['for an inner loop that appends to the list of the outer one', 'f n:n>L n;xs=[];@i 0..n{@j 0..n{xs=+=xs j}};xs'],
  ])('%s', (_, source) => {
    expect(reserves(source)).toBe(false);
  });
});

const copies = (source: string): boolean => jsOf(source).includes('copyList(');

describe('a copy at once', () => {
  test('where a round appends the item and does nothing else', () => {
    expect(copies('f xs:L n>L n;ys=[];@x xs{ys=+=ys x};ys')).toBe(true);
  });
  test.each([
    ['where something else is appended', 'f xs:L n>L n;ys=[];@x xs{ys=+=ys +x 1};ys'],
    ['where more goes round', 'f xs:L n>L n;ys=[];s=0;@x xs{ys=+=ys x;s=x};+=ys s'],
    ['where a round prints', 'f xs:L n>L n;ys=[];@x xs{ys=+=ys x;prnt x};ys'],
    ['where a round may fault', 'f xs:L n>L n;ys=[];@x xs{ys=+=ys x;z=/1 x};ys'],
    ['of another list', 'f xs:L n zs:L n>L n;ys=[];n=len xs;@i 0..n{ys=+=ys zs.i};ys'],
    ['for a list that was not empty', 'f xs:L n>L n;ys=[1];@x xs{ys=+=ys x};ys'],
  ])('none %s', (_, source) => {
    expect(copies(source)).toBe(false);
  });
});

const PROGRAMS = [
  'f n:n>L n;xs=[];@i 0..n{xs=+=xs i};xs',
  'f n:n>L n;xs=[];@i 3..n{xs=+=xs *i 0.5};xs',
  'f n:n>L n;xs=[];i=0.5;wh <i n{xs=+=xs i;i=+i 1};xs',
  'f n:n>L n;xs=[];i=-3;wh <i n{xs=+=xs i;i=+i 1};xs',
  'f n:n>L n;xs=[];@i 0..n{xs=+=xs /1 (- i 270)};xs',
  'f n:n>L n;xs=[];@i 0..n{xs=+=xs i};ys=+=xs 1;zs=lst xs 2 9;+zs ys',
  'f n:n>L (L n);zs=[];@i 0..n{zs=+=zs i};ys=[];@x zs{ys=+=ys x};ws=lst ys 0 7;us=+=ys 3;[zs ys ws us]',
  'f n:n>L (L n);zs=[];@i 0..n{zs=+=zs i};ts=take 200 zs;ys=[];@x ts{ys=+=ys x};ys=+=ys n;ts=+=ts 1;[zs ts ys]',
  'f n:n>L (L n);zs=[];@i 0..n{zs=+=zs i};us=lst zs 0 5;vs=+=zs 6;ys=[];@x zs{ys=+=ys x};ys=lst ys 1 8;[zs us vs ys]',
  'f n:n>L n;xs=[];@k 0..2{xs=[];@i 0..n{xs=+=xs i}};xs',
  'g n:n>L n;xs=[];@i 0..n{xs=+=xs i};xs\nf n:n>L (L n);xss=[];@i 0..n{>i 3{brk};xss=+=xss g n};xss',
];

test.each(PROGRAMS)('the same as the tree: %s', source => {
  const unit = load(source);
  for (const n of [0, 1, 255, 256, 257, 300, 9000, 300.5, -5, Number.NaN]) {
    for (const limits of [undefined, { fuel: 1000 }, { fuel: 1e6, alloc: 5000 }]) {
      const [tree, js] = (['tree', 'js'] as const).map(engine => {
        const result = runProgram(unit, 'f', [n], { host: createVirtualHost({}), engine, ...(limits && { limits }) });
        return 'value' in result
          ? { value: result.value, usage: result.usage }
          : { code: result.fault.code, span: result.fault.span, calls: result.fault.calls, usage: result.usage };
      });
      // Lists are compared by their items, whoever owns them.
      expect(JSON.stringify(js, items), `n = ${n}`).toBe(JSON.stringify(tree, items));
    }
  }
});

function items(_: string, value: unknown): unknown {
  const list = value as { readonly view?: () => readonly unknown[] } | null;
  return typeof list?.view === 'function' ? list.view() : value;
}
