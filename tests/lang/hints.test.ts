import { expect, test } from 'vitest';
import { explainProgram } from '../../src/lang/ilo/explain.ts';
import { collectHints, renderHints } from '../../src/lang/ilo/hints.ts';
import { parse } from '../../src/lang/ilo/parse.ts';

function hints(source: string): string[] {
  const { program, diagnostics } = parse(source);
  expect(diagnostics).toEqual([]);
  return collectHints(program);
}

test('programs in the usual form get no hints', () => {
  expect(hints('f xs:L n>n;=len xs 0 0;x=hd xs;>=x 3{ret 1};+*x 2 1')).toEqual([]);
});

test('== outside text and comments', () => {
  const hint = ['hint: `==` → `=` saves 1 char (both mean equality in ilo)'];
  expect(hints('f x:n>b;==x 3')).toEqual(hint);
  expect(hints('f x:n>b;(x == 3)')).toEqual(hint);
  expect(hints('-- a == b\nf x:n>t;"=="')).toEqual([]);
  expect(hints('f x:n>t;"\\"==" -- "==\n')).toEqual([]);
  expect(hints('f x:n>b;y="a" -- "\n  ==x 3')).toEqual(hint);
});

test('the first long name in the source', () => {
  expect(hints('f xs:L n>n;+length xs head xs')).toEqual(['hint: `length` → `len` (canonical short form)']);
  expect(hints('f xs:L n>t;str (len (reverse xs))')).toEqual(['hint: `reverse` → `rev` (canonical short form)']);
  expect(hints('-- length\nf r:p>n;r.length')).toEqual([]);
});

test('pairs of operators that read in the wrong order', () => {
  const [hint] = hints('f a:n b:n c:n>n;+-a b c');
  expect(hint).toMatch(/^hint: `\+-a b c` parses as `\(a-b\)\+c`/);
  expect(hint).toContain('`-+a b c`');
  expect(hints('f a:n b:n c:n>n;/*a b c')).toHaveLength(1);
  expect(hints('f a:n b:n c:n>n;x=*/a b c;x')).toHaveLength(1);
  expect(hints('f a:n b:n c:n>n;- +a b c')).toHaveLength(1);
});

test('no hint where the order is plain', () => {
  expect(hints('f a:n b:n c:n>n;++a b c')).toEqual([]);
  expect(hints('f a:n b:n c:n>n;+*a b c')).toEqual([]);
  expect(hints('f a:n b:n c:n>n;(+-a b c)')).toEqual([]);
  expect(hints('f a:n b:n c:n>n;+(-a b) c')).toEqual([]);
  expect(hints('f a:n b:n c:n>n;(a - b + c)')).toEqual([]);
  expect(hints('f a:n b:n>n;*a /a b')).toEqual([]);
});

test('results that a block drops', () => {
  const [hint] = hints('f x:n>R n t;<x 0{^"negative"};~x');
  expect(hint).toContain('`cond ^e`');
  expect(hints('f x:n>R n t;@i 0..3{<x i{~i}};~x')).toHaveLength(1);
  expect(hints('f x:n>R n t;?x{1:>x 0{~1};~2;_:~x}')).toHaveLength(1);
  expect(hints('f x:n>R n t;<x 0 ^"negative";~x')).toEqual([]);
  expect(hints('f x:n>R n t;<x 0{ret ^"negative"};~x')).toEqual([]);
  expect(hints('f x:n>R n t;<x 0{^"negative"}{~x}')).toEqual([]);
  expect(hints('f x:n>R n t;<x 0{prnt x;~1};~x')).toEqual([]);
});

test('as lines and as JSON', () => {
  expect(renderHints([], 'json')).toBe('');
  expect(renderHints([], 'text')).toBe('');
  expect(renderHints(['hint: a', 'hint: b'], 'ansi')).toBe('hint: a\nhint: b\n');
  expect(renderHints(['hint: "a"'], 'json')).toBe('{"hints":["hint: \\"a\\""]}\n');
});

test('a program explained', () => {
  const source =
    'type p{x:n;y:L t}\nf a:n r:R n t>n\n  >a 3 0\n  !>a 1{ret 1}\n  b=[1\n    2]\n  {x}=r\n  ?r{~v:v;^_:0}\n  +a 1\n';
  expect(explainProgram(parse(source).program, 'demo.ilo')).toBe(
    [
      'file: demo.ilo',
      '',
      'type p {x:n; y:L t}   -- type def',
      '',
      'f a:n r:R n t>n       -- fn start',
      '   a:n                -- param → number',
      '   r:R n t            -- param → Result ok=number err=text',
      '   >n                 -- returns number',
      '   >a 3 0             -- guard',
      '   !>a 1{ret 1}       -- guard !',
      '   b=[1 2]            -- bind → b',
      '   {x}=r              -- destructure → x',
      '   ?r{~v:v;^_:0}      -- match',
      '   +a 1               -- return',
      '',
    ].join('\n'),
  );
});

test('the column of the roles follows the longest line', () => {
  const text = explainProgram(parse('f x:n>t;"a long text that goes on";@i 0..3{x};wh true{brk};str x').program);
  const columns = text
    .trimEnd()
    .split('\n')
    .map(line => line.indexOf('-- '));
  expect(new Set(columns)).toEqual(new Set([3 + '"a long text that goes on"'.length + 2]));
  expect(text).toContain('-- for range → i\n');
  expect(text).toContain('-- while\n');
});
