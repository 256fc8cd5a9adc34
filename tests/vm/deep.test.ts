// Deep recursion: how deep calls nest is what the limit says, on every engine, whichever way the calls take. These tests run in a worker
// thread; tests/cli/process.test.ts has some on the main thread, whose stack is smaller.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Value } from '../../src/core/value/value.ts';
import { ENGINES, type EngineName } from '../../src/runtime/engines.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { loadProgram, type RunOptions, runProgram } from '../../src/runtime/program.ts';
import { bytesOfFrame, callsThatFit } from '../../src/vm/deep.ts';
import { type Call, observe } from './observe.ts';

const names: readonly EngineName[] = ENGINES.map(({ name }) => name);

const letters = (i: number): string => i.toString(26).replace(/[0-9]/g, digit => 'qrstuvwxyz'[Number(digit)]!);
const many = (count: number, piece: (name: string, i: number) => string): string =>
  Array.from({ length: count }, (_, i) => piece(`v${letters(i)}z`, i)).join(';');

/** Each calls itself until its argument is 1 and gives the argument back, with `calls` calls for each step. */
const PROGRAMS: Readonly<
  Record<string, { readonly source: string; readonly calls?: number; readonly depth?: number }>
> = {
  plain: { source: 'f n:n>n;<=n 1 n;r=f -n 1;+r 1' },
  'as an operand': { source: 'f n:n>n;<=n 1 n;+1 (f -n 1)' },
  mutual: { source: 'f n:n>n;<=n 1 n;r=g -n 1;+r 1\ng n:n>n;<=n 1 n;r=f -n 1;+r 1' },
  'in a loop': { source: 'f n:n>n;<=n 1 n;@i 0..3{>i 1{r=f -n 1;ret +r 1}};0' },
  'in loops in loops': { source: 'f n:n>n;<=n 1 n;@i 0..1{@j 0..1{k=0;wh <k 1{k=+k 1;r=f -n 1;ret +r 1}}};0' },
  'among 100 operators': { source: `f n:n>n;<=n 1 n;${'+0 ('.repeat(99)}+1 (f -n 1)${')'.repeat(99)}` },
  'with 1,000 locals': {
    source: `f n:n>n;<=n 1 n;=n 0{s=0;${many(1000, name => `${name}=+n 0`)};${many(1000, name => `s=+s ${name}`)};ret s};r=f -n 1;+r 1`,
    depth: 2000,
  },
  'between heavy and light': {
    source: `f n:n>n;<=n 1 n;s=0;${many(200, name => `${name}=+n 0`)};r=g -n 1;${many(200, name => `s=+s ${name}`)};+r /s *n 200\ng n:n>n;<=n 1 n;r=f -n 1;+r 1`,
  },
  'through a function value': { source: 'f n:n>n;<=n 1 n;g=f;r=g -n 1;+r 1' },
  'through map': { source: 'f n:n>n;<=n 1 n;xs=map f [-n 1];x=hd xs;+x 1' },
  'through a lambda': { source: 'f n:n>n;<=n 1 n;xs=map (x:n>n;f -x 1) [n];x=hd xs;+x 1', calls: 2 },
  'through flt': { source: 'f n:n>n;<=n 1 n;xs=flt (x:n>b;r=f -x 1;>r 0) [n];hd xs', calls: 2 },
  'through fld': { source: 'f n:n>n;<=n 1 n;fld (a:n x:n>n;r=f -x 1;+a r) [n] 1', calls: 2 },
  'through srt': { source: 'f n:n>n;<=n 1 n;xs=srt (x:n>n;f -x 1) [n];hd xs', calls: 2 },
};

function load(source: string) {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (!unit) throw new Error(diagnostics[0]!.message);
  return unit;
}

/** As text first: comparing chains of 10,000 calls item by item takes long. */
function expectSame(seen: unknown, expected: unknown): void {
  if (JSON.stringify(seen) !== JSON.stringify(expected)) expect(seen).toEqual(expected);
}

describe.each(Object.entries(PROGRAMS))('%s', (_, { source, calls = 1, depth = 10_000 }) => {
  const unit = load(source);
  /** The largest argument that so many calls are enough for. */
  const most = Math.floor((depth - 1) / calls) + 1;
  const deepest = (n: Value): Call => ({ unit, name: 'f', args: [n], maxDepth: depth });
  const counted: Call = { ...deepest(Math.min(most, 2000)), limits: { fuel: 1e9, alloc: 1e9 } };
  /** Calls with what the stack machine says of them, which all other engines have to say as well. */
  let expected: readonly (readonly [Call, Record<string, unknown>])[] = [];

  beforeAll(() => {
    const { fuel, bytes } = observe(counted, 'stack').usage as { fuel: number; bytes: number };
    const limits = [{ fuel: fuel >> 1 }, { fuel: fuel - 1 }, { alloc: bytes >> 1 }, { alloc: bytes - 8 }];
    const all = [deepest(most + 1), counted, ...limits.map(each => ({ ...counted, limits: each }))];
    expected = all.map(call => [call, observe(call, 'stack')]);
  });

  test('the stack machine is right', () => {
    for (const n of [most - 1, most]) expect(observe(deepest(n), 'stack').value).toBe(String(n));
    const fault = expected[0]![1];
    expect(fault).toMatchObject({ code: 'ILO-R040', message: `call depth limit of ${depth} reached` });
    expect(fault.calls).toHaveLength(depth);
  });

  test.each(names.filter(name => name !== 'stack'))('%s', engine => {
    for (const n of [most - 1, most]) expect(observe(deepest(n), engine).value).toBe(String(n));
    for (const [call, seen] of expected) expectSame(observe(call, engine), seen);
  });
});

const run = (source: string, args: readonly Value[], engine: EngineName, options: Partial<RunOptions> = {}) =>
  runProgram(load(source), 'f', args, { host: createVirtualHost({}), engine, ...options });

test.each(names)('%s: what comes of it is the same', engine => {
  const same = (source: string, n: number): void => {
    const call = { unit: load(source), name: 'f', args: [n], maxDepth: 10_000 };
    expectSame(observe(call, engine), observe(call, 'stack'));
  };
  // A fault far down, in a function or in what a builtin is handed; output from everywhere; values of every kind on the way back.
  same('f n:n>n;<=n 1{ret /1 -n n};r=f -n 1;+r 1', 5000);
  same('f n:n>n;<=n 1{xs=[1];ret at xs 3};r=f -n 1;+r 1', 5000);
  same('f n:n>n;<=n 1 n;xs=map (x:n>n;y=f -x 1;/y 0) [n];hd xs', 900);
  same('f n:n>n;<=n 1 n;m=mod n 500;=m 0{prnt n};r=f -n 1;k=mod r 500;=k 0{prnt r};+r 1', 5000);
  same('f n:n>L n;<=n 1 [];xs=f -n 1;+=xs n', 5000);
  same('type p{x:n;y:_}\nf n:n>p;<=n 1{ret p x:0 y:nil};q=f -n 1;p x:n y:q.x', 5000);
  same('f n:n>R n t;<=n 1{ret ^"end"};r=f! -n 1;k=+r 1;~k', 5000);
});

test.each(names)('%s: endless recursion ends at any limit', engine => {
  for (const source of ['f n:n>n;r=f +n 1;+r 0', 'f n:n>n;xs=map f [n];hd xs', 'f n:n>n;g=f;r=g n;+r 0']) {
    for (const maxDepth of [1, 20, 400, 100_000]) {
      const result = run(source, [1], engine, { maxDepth });
      expect(result).toMatchObject({ fault: { code: 'ILO-R040', message: `call depth limit of ${maxDepth} reached` } });
      expect('fault' in result && result.fault.calls).toHaveLength(maxDepth);
    }
  }
});

test.each(names)('%s: a host that has used up the stack gets a fault', engine => {
  const unit = load('f n:n>n;<=n 1 n;r=f -n 1;+r 1');
  const call = () => runProgram(unit, 'f', [5000], { host: createVirtualHost({}), engine });
  call();
  const below = (frames: number): unknown => (frames === 0 ? call() : [below(frames - 1)][0]);
  let most = 100;
  const holds = (frames: number): boolean => {
    try {
      (function fill(left: number): unknown {
        return left === 0 ? 0 : [fill(left - 1)][0];
      })(frames);
      return true;
    } catch {
      return false;
    }
  };
  while (holds(most * 1.1)) most = Math.floor(most * 1.1);
  // With the last third of the stack left all is well, and later it is a fault.
  for (const share of [0.6, 0.9, 0.93]) {
    const result = below(Math.floor(most * share)) as ReturnType<typeof call>;
    if ('fault' in result) expect(result.fault.code).toBe('ILO-R040');
    else expect(result.value).toBe(5000);
    if (share < 0.7) expect(result).toEqual({ value: 5000 });
  }
  expect(call()).toEqual({ value: 5000 });
});

test('what a frame takes grows with what stands around a call', () => {
  const costs = { call: 1000, statement: 100, before: 1, chained: 3, expression: 10 };
  const bytes = (source: string): number => bytesOfFrame(load(source).functions[0]!, costs);
  expect(bytes('f n:n>n;+n 1')).toBe(1001);
  expect(bytes('f n:n>n;f n')).toBe(1001);
  expect(bytes('f n:n>n;x=1;y=+x 1;f y')).toBe(1003);
  expect(bytes('f n:n>n;+1 +2 (f n)')).toBe(1021);
  expect(bytes('f n:n>n;@i 0..n{x=f n};+1 +2 +3 4')).toBe(1102);
  expect([100, 640, 641, 90_000, 100_000].map(callsThatFit)).toEqual([800, 250, 100, 1, 0]);
});
