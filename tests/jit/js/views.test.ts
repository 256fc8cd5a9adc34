// Lists read before the loops that read them: where that is done, and that nothing is different where it was done for nothing.
import { describe, expect, test } from 'vitest';
import { createVirtualHost } from '../../../src/runtime/host/virtual-host.ts';
import { runProgram } from '../../../src/runtime/program.ts';
import { jsOf, load } from './source.ts';

/** The lines in front of the loops that bring something into a variable. */
function hoists(source: string): number {
  const js = jsOf(source);
  return js.split('\n').filter(line => line.includes('none();')).length;
}

describe('read before the loop', () => {
  // Each function is there twice, once with types: see versions.ts.
  test('a list from outside', () => {
    expect(hoists('f xs:L n>n;s=0;@i 0..9{s=+s *2 at xs i};s')).toBe(2);
  });
  test('a row, before the inner loop only', () => {
    expect(hoists('f xss:L (L n) n:n>n;s=0;@i 0..n{@j 0..n{x=at at xss i j;s=+s *x 2}};s')).toBe(2 * 3);
  });
  test('across calls of functions that leave lists alone', () => {
    const source = 'half x:n>n;/x (- x 3)\nf xs:L n>n;s=0;@i 0..9{s=+s half at xs i};s';
    expect(jsOf(source)).toMatch(/= g\d+\(c/);
    expect(hoists(source)).toBe(2);
  });
});

describe('not read before the loop', () => {
  test.each([
    ['a list that the loop changes', 'f xs:L n>L n;@i 0..9{xs=lst xs i *2 at xs i};xs'],
    ['a list beside one that grows', 'f xs:L n>L n;ys=xs;@i 0..9{ys=+=ys at xs i};ys'],
    ['what a sum may join', 'f xs:L n>L n;ys=xs;@i 0..2{ys=+ys xs;x=at xs 0};ys'],
    [
      'with a call of a function that changes one',
      'g xs:L n>L n;+=xs 1\nf xs:L n>n;s=0;@i 0..9{s=+s *1 at xs i;g xs};s',
    ],
    ['with a call of a function value', 'f xs:L n g:F n n>n;s=0;@i 0..9{x=at xs i;s=+s (g x)};s'],
  ])('%s', (_, source) => {
    expect(hoists(source)).toBe(0);
  });
});

const PROGRAMS: readonly (readonly [string, string, string])[] = [
  ['a part of a list', 'f>n;ys=range 0 100;xs=tl ys;s=0;@i 0..99{s=+s *1 at xs i};s', '4950'],
  ['an old version', 'f>n;xs=range 0 50;ys=lst xs 3 100;s=0;@i 0..50{s=+s *1 at xs i};+s at ys 3', '1325'],
  ['an old version that was appended to', 'f>n;xs=[1 2 3];ys=+=xs 4;s=0;@i 0..3{s=+s *1 at xs i};+s len ys', '10'],
  ['a loop without rounds over no list', 'g x:L n>n;s=0;@i 0..0{s=+s *1 at x i};s\nf>n;r=jpar!! "null";g r', '0'],
  ['an index that is not whole', 'f>n;xs=[1 2 3];k=0.5;s=0;@i 0..2{s=+s *1 at xs k};s', '2'],
  ['an index below', 'f>n;xs=[1 2 3];k=-1;s=0;@i 0..2{s=+s *1 at xs k};s', '6'],
  ['a row that is not there', 'f>n;xss=[[1] [2]];k=2;s=0;@i 0..1{s=+s *1 at at xss k i};s', ''],
  ['a row that is not there, never asked for', 'f>n;xss=[[1] [2]];k=2;s=0;@i 0..0{s=+s *1 at at xss k i};s', '0'],
  ['a short row', 'f>n;xss=[[1 2] [3]];s=0;@i 0..2{@j 0..2{s=+s *1 at at xss i j}};s', ''],
  ['a text', 'f>t;x="abc";s="";@i 0..3{s=+s at x i};s', 'abc'],
  ['len of what changes type', 'f>n;x="abc";s=0;@i 0..3{s=+s len x};s', '9'],
];

test.each(PROGRAMS)('the same as the tree: %s', (_, source, expected) => {
  const unit = load(source);
  for (const limits of [{}, { fuel: 100_000 }]) {
    const [tree, js] = (['tree', 'js'] as const).map(engine => {
      const result = runProgram(unit, 'f', [], { host: createVirtualHost({}), engine, limits });
      return 'value' in result
        ? { value: result.value, usage: result.usage }
        : { code: result.fault.code, message: result.fault.message, span: result.fault.span, usage: result.usage };
    });
    expect(js).toEqual(tree);
    if (expected !== '')
      expect(js).toMatchObject({ value: Number.isNaN(Number(expected)) ? expected : Number(expected) });
    else expect(js).toHaveProperty('code');
  }
});
