// Core as text, and with it the shape of what lowering makes.
import { expect, test } from 'vitest';
import { printUnit } from '../../src/core/print.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { lower } from '../../src/lang/ilo/lower/lower.ts';
import { parse } from '../../src/lang/ilo/parse.ts';
import { verify } from '../../src/lang/ilo/verify.ts';

function coreOf(source: string): string {
  const { program, diagnostics } = parse(source);
  expect([...diagnostics, ...verify(program, BUILTINS).diagnostics]).toEqual([]);
  return printUnit(lower(program, BUILTINS));
}

test('guards return, `!` is an early return, calls are resolved', () => {
  const source = 'g a:n>R n t;>a 3 ^"big";~a\nmain xs:L n>R n t;s=0;@x xs{=x 2{cnt};v=g! x;s=+s v};~s';
  expect(coreOf(source)).toBe(`fn g(%0:a n) -> R n t slots 1
  if any.gt(%0:a, 3)
    return new.err("big")
  return new.ok(%0:a)

fn main(%0:xs L n) -> R n t slots 5
  %1:s = 0
  foreach %2 in %0:xs
    if any.eq(%2:x, 2)
      continue
    %3 = call g(%2:x)
    if or(is.err(%3), is.nil(%3))
      return %3
    %4:v = payload(%3)
    %1:s = any.add(%1:s, %4:v)
  return new.ok(%1:s)
`);
});

test('loops, records, matches and captured variables', () => {
  const source =
    'type p{x:n}\nmain>L _;s=0;@i 0..3{s=+s i};wh <s 9{s=+s 1;brk};q=p x:s;r=q with x:1;k=map (v:n>n;+v s) [1];y=?s{1:2;_:+q.x r.x};[y k]';
  expect(coreOf(source)).toBe(`fn main() -> L _ slots 8
  %0:s = 0
  range %1 from 0 to 3
    %0:s = num.add(%0:s, %1:i)
  while num.lt(%0:s, 9)
    %0:s = num.add(%0:s, 1)
    break
  %2:q = p{x: %0:s}
  %3:r = %2:q with {x: 1}
  %4:k = map(fn __lit_0[%0:s], [1])
  %5 = null
  %6 = %0:s
  if any.eq(%6, 1)
    %5 = 2
  else
    %5 = num.add(%2:q.x, %3:r.x)
  %7:y = %5
  return [%7:y, %4:k]

fn __lit_0(%0:v n, %1:s _) -> n slots 2
  return num.add(%0:v, %1:s)
`);
});
