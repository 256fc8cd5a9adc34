// Lists, maps and records that are handed over by calls: what a function takes and gives, and that no program can tell.
import { describe, expect, test } from 'vitest';
import { showValue } from '../../../src/core/value/show.ts';
import { buildIr } from '../../../src/ir/build.ts';
import { findGiven, markOwnedAmong } from '../../../src/ir/passes/own.ts';
import type { Gives, Others } from '../../../src/ir/passes/ownership.ts';
import { optimiseFunction } from '../../../src/ir/passes/pipeline.ts';
import { findBorrowed } from '../../../src/ir/passes/roles.ts';
import { createVirtualHost } from '../../../src/runtime/host/virtual-host.ts';
import { loadProgram, runProgram } from '../../../src/runtime/program.ts';

function load(source: string) {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (!unit) throw new Error(diagnostics.map(each => each.message).join('; '));
  return unit;
}

/** What is found of the functions of a source, which are known in their order: none calls itself or one behind it. */
function found(source: string): { readonly taken: readonly number[]; readonly gives: Gives }[] {
  const functions = buildIr(load(source)).functions.map(optimiseFunction);
  const known: { readonly taken: readonly number[]; readonly gives: Gives }[] = [];
  const others: Others = {
    borrows: (callee, param) => findBorrowed(functions[callee]!, others.borrows)[param] === true,
    takes: callee => known[callee]!.taken,
    gives: callee => known[callee]!.gives,
    takesItems: () => [],
    givesItems: () => undefined,
    arity: callee => functions[callee]!.params.length,
  };
  for (const fn of functions) {
    const { taken } = markOwnedAmong(fn, others);
    known.push({ taken, gives: findGiven(fn, others, taken) });
  }
  return known;
}

describe('what the last function takes and gives', () => {
  test.each([
    ['f x:n>L n;[x x]', [], 'always'],
    ['f xs:L n>L n;xs', [], 'never'],
    ['f xs:L n>n;len xs', [], 'never'],
    ['f xs:L n>L n;+=xs 1', [0], 'always'],
    ['f xs:L n x:n>L n;>x 0{xs=lst xs 0 x};xs', [0], 'for what it takes'],
    ['f a:L n b:L n x:n>L n;>x 0{ret b};lst a 0 x', [0], 'never'],
    ['f xs:L n>L (L n);[xs (lst xs 0 1)]', [], 'always'],
    ['f m:M t n>M t n;mset m "a" 1', [0], 'always'],
    ['g xs:L n>L n;+=xs 1\nf xs:L n>L n;g xs', [0], 'always'],
    ['g xs:L n x:n>L n;>x 0{xs=lst xs 0 x};xs\nf x:n>L n;g [1 2] x', [], 'always'],
    ['g xs:L n x:n>L n;>x 0{xs=lst xs 0 x};xs\nf xs:L n x:n>L n;ys=g xs x;g xs 0', [], 'never'],
  ] as const)('%s', (source, taken, gives) => {
    expect(found(source).at(-1)).toEqual({ taken, gives });
  });
});

const HELPERS = `push xs:L n x:n>L n;+=xs x
put xs:L n x:n>L n;>x 2{xs=lst xs 0 x};xs
both xs:L n ys:L n>L (L n);as=lst xs 0 7;bs=lst ys 0 8;[as bs]
same xs:L n>L n;xs
count xs:L n>n;xs=lst xs 0 9;xs=lst xs 1 9;at xs 0
deep xs:L n x:n>L n;<x 1{ret xs};deep (lst xs 0 x) (- x 1)
mark m:M t n k:t>M t n;m=mset m k 1;mset m "b" 2
type pair{a:n;b:n}
swap r:pair>pair;r=r with a:r.b;r with b:1
`;

const PROGRAMS = [
  'xs=range 0 n;ys=push xs 1;zs=push xs 2;[xs ys zs]',
  'xs=range 0 n;xs=push xs 1;ys=xs;xs=push xs 2;[xs ys]',
  'xs=range 0 n;ys=put xs n;zs=lst ys 1 5;[xs ys zs]',
  'xs=range 0 n;ys=put xs n;ys=lst ys 1 5;[xs ys]',
  'xs=range 0 n;both xs xs',
  'xs=range 0 n;ys=same xs;ys=lst ys 0 4;[xs ys]',
  'xs=range 0 n;c=count xs;[xs [c]]',
  'xs=range 0 n;c=count xs;d=count xs;[xs [c d]]',
  'xs=range 0 n;c=count (same xs);[[c] xs]',
  'xs=range 0 n;xss=[xs];xs=push xs 1;+=xss xs',
  'xs=range 0 n;@i 0..5{xs=put xs i};xs',
  'xs=range 0 n;xss=[];@i 0..5{xs=put xs i;xss=+=xss xs};xss',
  'xs=range 0 n;ys=xs;@i 0..5{xs=put xs i;ys=push ys i};[xs ys]',
  'xs=range 0 n;ys=deep xs 3;[xs ys]',
  'xs=deep (range 0 n) 600;xs',
  'xs=range 0 n;ys=map (x:n>n;+ x (count (push xs x))) xs;[xs ys]',
  'm=mset mmap "a" n;k=mark m "c";[mkeys m mkeys k]',
  'r=pair a:n b:2;s=swap r;[r.a r.b s.a s.b]',
  'r=pair a:n b:2;r=swap r;s=r;r=swap r;[r.a r.b s.a s.b]',
  'xs=range 0 n;yss=map (x:n>L n;push xs x) [1 2];[xs yss.0 yss.1]',
];

test.each(PROGRAMS)('the same as the tree: %s', body => {
  const unit = load(`${HELPERS}f n:n>_;${body}`);
  for (const n of [0, 1, 2, 3, 40]) {
    for (const limits of [undefined, { fuel: 1e6 }]) {
      const [tree, js] = (['tree', 'js'] as const).map(engine => {
        const result = runProgram(unit, 'f', [n], { host: createVirtualHost({}), engine, ...(limits && { limits }) });
        return 'value' in result
          ? { value: showValue(result.value), usage: result.usage }
          : { fault: result.fault.code, span: result.fault.span, calls: result.fault.calls, usage: result.usage };
      });
      expect(js, `n = ${n}`).toEqual(tree);
    }
  }
});
