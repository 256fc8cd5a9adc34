// Limits: what is counted, where each one strikes, and that a run after a struck limit is right again.
import { describe, expect, test } from 'vitest';
import type { Limits } from '../../src/core/meter.ts';
import type { Value } from '../../src/core/value/value.ts';
import { ENGINES } from '../../src/runtime/engines.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { loadProgram, type RunResult, runProgram } from '../../src/runtime/program.ts';

const UNLIMITED = { fuel: 1e12, alloc: 1e12 };

describe.each(ENGINES.map(engine => engine.name))('%s', engine => {
  function run(source: string, limits: Limits, args: readonly Value[] = [], maxDepth?: number): RunResult {
    const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
    if (!unit) throw new Error(diagnostics.map(each => each.message).join('; '));
    const options = { host: createVirtualHost({}), engine, limits };
    return runProgram(unit, unit.functions[0]!.name, args, maxDepth === undefined ? options : { ...options, maxDepth });
  }

  test.each([
    ['one call', 'f>n;1', 1, 0],
    ['a call of a function', 'f>n;a=g 1;+a 1\ng x:n>n;+x 1', 2, 0],
    ['ten rounds', 'f>n;s=0;@i 0..10{s=+s i};s', 11, 0],
    ['ten rounds of wh', 'f>n;i=0;wh <i 10{i=+i 1};i', 11, 0],
    ['rounds over a list', 'f>n;s=0;@x [1 2 3]{s=+s x};s', 4, 40],
    ['appending', 'f>L n;xs=[];@i 0..3{xs=+=xs i};xs', 4, 40],
    ['joining text counts the right side', 'f>t;a="xy";b="abc";+a b', 1, 6],
    ['records', 'type p{x:n;y:n}\nf>p;a=p x:1 y:2;a with x:3', 1, 64],
    ['results', 'f>R n t;~5', 1, 24],
  ])('%s', (_, source, fuel, bytes) => {
    expect(run(source, UNLIMITED).usage).toMatchObject({ fuel, bytes });
  });

  test('fuel strikes exactly where it ends', () => {
    const source = 'f>n;s=0;@i 0..10{s=+s i};s';
    expect(run(source, { fuel: 11 })).toMatchObject({ value: 45 });
    expect(run(source, { fuel: 10 })).toMatchObject({ fault: { code: 'ILO-R043', span: { start: 8, end: 24 } } });
  });

  test('an endless loop ends', () => {
    const source = 'f>n;i=0;wh true{i=+i 1};i';
    expect(run(source, { fuel: 100_000 })).toMatchObject({ fault: { code: 'ILO-R043' } });
    expect(run(source, { timeout: 20 })).toMatchObject({ fault: { code: 'ILO-R044' } });
  });

  test('endless recursion ends at the depth limit, at the call', () => {
    const result = run('f n:n>n;r=f +n 1;+r 0', {}, [0], 50);
    expect(result).toMatchObject({ fault: { code: 'ILO-R040', message: 'call depth limit of 50 reached' } });
    expect('fault' in result && result.fault.calls).toHaveLength(50);
  });

  test('allocation strikes before the memory is taken', () => {
    expect(run('f>n;xs=range 0 1000000;len xs', { alloc: 1000 })).toMatchObject({ fault: { code: 'ILO-R045' } });
    expect(run('f>n;s="ab";@i 0..60{s=+s s};len s', { alloc: 1e6 })).toMatchObject({ fault: { code: 'ILO-R045' } });
  });

  test('output', () => {
    expect(run('f>n;@i 0..1000{prnt "line"};0', { output: 100 })).toMatchObject({ fault: { code: 'ILO-R046' } });
  });

  test('without limits nothing is counted', () => {
    expect(run('f>n;1', {})).toEqual({ value: 1 });
  });
});
