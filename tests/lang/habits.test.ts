// What is written from habit in other languages: one mistake gives one message, and the message says what to write instead.
import { expect, it, test } from 'vitest';
import { typeAdvice, wordAdvice } from '../../src/lang/ilo/habits.ts';
import { BUILTIN_NAMES } from '../../src/spec/builtin-names.ts';
import { codes, lines } from './verify-harness.ts';

it.each<[string, string, string]>([
  ['f x:n>n;while x{x=0};x', 'ILO-T005', 'wh condition{'],
  ['f xs:L n>n;for x in xs{prnt x};1', 'ILO-T005', '@x xs{'],
  ['f x:n>n;>x 3{1} else {2}', 'ILO-P001', 'condition{a}{b}'],
  ['f x:n>t;x > 3 ? "a" : "b"', 'ILO-P001', '`?condition a b`'],
  ['f x:n>O n;None', 'ILO-L003', '`nil`'],
  ['f x:n>O n;null', 'ILO-T004', '`nil`'],
  ['f(x:n)>n;x', 'ILO-P003', 'without parentheses'],
  ['x=5\nf>n;x', 'ILO-P003', 'inside of functions'],
  ['f x:n>n;max(x, 3)', 'ILO-P003', '`max a b`'],
  ['f xs:L n>L n;map (x:n;*x 2) xs', 'ILO-P003', 'type of its result'],
  ['f xs:L n>n;xs[0]', 'ILO-T005', 'xs.0'],
  ['f s:t>t;s.upr()', 'ILO-P001', 'no methods'],
  ['f x:string>t;x', 'ILO-T003', '`t`'],
  ['f x:[n]>n;hd x', 'ILO-P007', '`L n`'],
  ['f x:n>t;“a”', 'ILO-L001', 'straight quotes'],
  ['f x:n>n;x += 1;x', 'ILO-T011', 'x=+x v'],
  ['f x:n>n;y=*x 2', 'ILO-T008', "';y'"],
  ['f x:n>n;--x 1', 'ILO-T008', 'begin a comment'],
  ['f xs:L n>n;-len xs 1', 'ILO-P001', 'parentheses'],
  ['f x:n>b;x == 3', 'ILO-T008', "'=a b'"],
  ['f s:t>n;+(num s) 1', 'ILO-T009', '?r{~v'],
  ['f m:M t n>n;+(mget m "a") 1', 'ILO-T009', '??v default'],
  ['g x:n>t;str x\nf x:n>t;>x 9 g x;"b"', 'ILO-P016', '(f x)'],
  ['f x:n>n;=x 1 2 3', 'ILO-P016', '(f x)'],
  ['f x:n>n;x 5 "a"{1}', 'ILO-T005', 'only functions'],
])('%s', (program, code, advice) => {
  expect(codes(program)).toEqual([code]);
  expect(lines(program)[0]).toContain(advice);
});

test('a program may declare any of the words, and is checked as usual', () => {
  expect(codes('reduce x:n>n;*x 2\nf x:n>n;for=+x 1;reduce for')).toEqual([]);
  expect(codes('type text{a:n}\nf x:text>n;x.a')).toEqual([]);
});

test('no builtin is taken for a foreign word', () => {
  const names = BUILTIN_NAMES.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]);
  expect(names.filter(name => wordAdvice(name) !== undefined)).toEqual([]);
  expect(['n', 't', 'b'].filter(name => typeAdvice(name) !== undefined)).toEqual([]);
});
