// Which engine `auto` gives a call to, and that switching between engines in one machine keeps answers right.
import { describe, expect, test } from 'vitest';
import type { CoreUnit } from '../../src/core/core.ts';
import type { Fault } from '../../src/core/fault.ts';
import type { Value } from '../../src/core/value/value.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { type ChosenEngine, chooseEngine, createAutoMachine } from '../../src/runtime/auto.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { loadProgram, MACHINES, runProgram } from '../../src/runtime/program.ts';
import { makeServices } from '../../src/runtime/services.ts';
import { entryOf, type Machine } from '../../src/vm/engine.ts';
import { capture } from '../cli/capture.ts';

function unitOf(source: string) {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (unit === undefined) throw new Error(diagnostics[0]?.message);
  return unit;
}

const FIB = 'f n:n>n;<=n 1 n;a=f -n 1;b=f -n 2;+a b';
const DOWN = 'f n:n>n;<=n 0 0;r=f -n 1;+r 1';
const LOOP = 'f n:n>n;s=0;@i 0..n{s=+s i};s';

test.each([
  ['f x:n>n;*x 2', 'closure'],
  [LOOP, 'js'],
  [FIB, 'js'],
  [DOWN, 'js'],
  // Loops and recursion in what is called count, and not in what is never called.
  [`f n:n>n;g n\n${LOOP.replace('f', 'g')}`, 'js'],
  [`f n:n>n;*n 2\n${LOOP.replace('f', 'g')}`, 'closure'],
  ['f n:n>n;<=n 0 0;r=g -n 1;+r 1\ng n:n>n;f n', 'js'],
  // The same function called twice is no recursion.
  ['f n:n>n;+(g n) (h n)\ng n:n>n;h n\nh n:n>n;n', 'closure'],
  // Builtins that repeat are as fast everywhere.
  ['f n:n>n;fld (a:n b:n>n;+a b) (range 0 n) 0', 'closure'],
])('%s runs on %s', (source, engine) => {
  const unit = unitOf(source);
  expect(chooseEngine(unit, unit.byName.get('f')!).engine).toBe(engine);
});

const MANY = Array.from({ length: 3000 }, (_, i) => `g${i} x:n>n;y=0;@i 0..x{y=+y i};y`).join('\n');

test('in a large file code is made of what is called', () => {
  const unit = unitOf(`${LOOP}\n${MANY}`);
  const choice = chooseEngine(unit, 0);
  expect(choice.engine).toBe('js');
  expect(choice.unit.functions.filter(fn => fn.body.length > 0)).toHaveLength(1);
  expect(runProgram(unit, 'f', [10], { host: createVirtualHost(), engine: 'auto' })).toEqual({ value: 45 });
});

test('in a large file where text may name any function, no code is made', () => {
  const source = `f n:n s:_>n;xs=[];@i 0..n{xs=map s [i]};len xs\n${MANY}`;
  const unit = unitOf(source);
  expect(chooseEngine(unit, 0).engine).toBe('stack');
  const result = runProgram(unit, 'f', [2, 'g7'], { host: createVirtualHost(), engine: 'auto' });
  expect(result).toEqual({ value: 1 });
});

test('prepared calls go to one engine, and calls among them too', () => {
  const unit = unitOf(
    `f n:n>n;fld add (map dbl [n 1]) 0\ndbl x:n>n;*x 2\nadd a:n b:n>n;+a b\n${LOOP.replace('f', 'g')}`,
  );
  const services = makeServices({
    builtins: BUILTINS,
    host: createVirtualHost(),
    maxDepth: 100,
    meter: undefined,
    random: () => 0.5,
    callValue: (callee, args) => machine.callValue(callee, args, ''),
  });
  const machine = MACHINES.auto(unit, services);
  expect(machine.run(0, [3])).toBe(8);
  const [f, g] = [entryOf(machine, 0), entryOf(machine, unit.byName.get('g')!)];
  expect([f(3), g(4), f(4), machine.run(0, [5])]).toEqual([8, 6, 10, 12]);
});

/** The engines that machines were made of while a prepared call of `f` was made again and again; stops when there is machine code. */
function enginesOf(source: string, n: number, hasMachineCode: boolean, calls: number): string[] {
  const unit = unitOf(source);
  const services = makeServices({
    builtins: BUILTINS,
    host: createVirtualHost(),
    maxDepth: 100,
    meter: undefined,
    random: () => 0.5,
    callValue: (callee, args) => machine.callValue(callee, args, ''),
  });
  const made: string[] = [];
  const make = (engine: ChosenEngine, part: CoreUnit): Machine => {
    made.push(engine);
    return MACHINES[engine](part, services);
  };
  const machine = createAutoMachine(unit, make, () => hasMachineCode);
  const f = entryOf(machine, unit.byName.get('f')!);
  const expected = MACHINES.tree(unit, services).run(unit.byName.get('f')!, [n]);
  for (let i = 0; i < calls && !made.includes('jit'); i++) expect(f(n)).toEqual(expected);
  // Faults, arguments that do not fit and function values behave as they did.
  const tree = MACHINES.tree(unit, services);
  for (const args of [[n], [0], ['x'], [n, n]]) {
    const [here, there] = [f, (...given: Value[]) => tree.run(unit.byName.get('f')!, given)].map(call => {
      try {
        return { value: call(...args) };
      } catch (error) {
        const { code, span, calls: chain } = error as Fault;
        return { code, span, calls: chain };
      }
    });
    expect(here).toEqual(there);
  }
  return made;
}

describe('prepared calls that take long', () => {
  const sums = 'f n:n>n;s=0;@i 0..n{s=+s /i n};s';
  const rows = 'f n:n>n;xs=[];@i 0..n{xs=+=xs (half i)};at xs 2\nhalf x:n>n;/x 2';
  test.each([sums, rows, FIB.replace('<=n 1 n', '<=n 1 (/1 1)')])('go on in machine code: %s', source => {
    const n = source.startsWith('f n:n>n;<=') ? 12 : 20_000;
    expect(enginesOf(source, n, true, 100_000)).toEqual(['js', 'jit']);
  });
  test('stay where they are when there is none', () => {
    expect(enginesOf(sums, 300_000, false, 50)).toEqual(['js']);
  });
  test('stay where they are when they only call small functions on numbers', () => {
    const source = 'f n:n>n;s=0;@i 0..n{s=+s (half i)};s\nhalf x:n>n;/x 2';
    expect(enginesOf(source, 300_000, true, 50)).toEqual(['js']);
  });
});

test('deep recursion needs no second start', () => {
  const result = runProgram(unitOf(DOWN), 'f', [9000], { host: createVirtualHost(), engine: 'auto' });
  expect(result).toMatchObject({ value: 9000 });
});

test('functions that are handed to builtins are called on the same engine', () => {
  const unit = unitOf('f n:n>n;xs=[];@i 0..n{xs=+=xs i};fld add (map dbl xs) 0\ndbl x:n>n;*x 2\nadd a:n b:n>n;+a b');
  expect(runProgram(unit, 'f', [10], { host: createVirtualHost(), engine: 'auto' })).toMatchObject({ value: 90 });
});

test('--explain-engine says what ran, after the output', async () => {
  const auto = await capture(['--engine', 'auto', '--explain-engine', '-nh', FIB, '10']);
  expect(auto).toMatchObject({ code: 0, out: '55\n' });
  expect(auto.err).toMatch(/^engine: f ran on js, chosen by auto: it calls itself\n$/);
  const given = await capture([FIB, '--explain-engine', '--vm', '-nh', '10']);
  expect(given.err).toBe('engine: f ran on vm: a flag chose it\n');
  const native = await capture([FIB, '--explain-engine', '--engine', 'jit', '-nh', '10']);
  expect(native.err).toMatch(
    /^engine: f ran on jit: a flag chose it; machine code was (never entered|entered once)\n {2}f: (has machine code, and runs in slices may leave it at \d points|js, because .*)\n$/,
  );
  const failed = await capture(['f x:n>n;/x 0', '1', '--engine', 'auto', '--explain-engine', '-t']);
  expect(failed.err).toMatch(/^engine: f ran on closure, chosen by auto: nothing/);
  expect(failed.err).toContain('division by zero');
});

describe('--explain-engine says which calls went on on the stack machine', () => {
  const explained = async (engine: string, source: string, ...words: string[]): Promise<readonly string[]> =>
    (await capture([source, '--engine', engine, '--explain-engine', '-nh', '-t', ...words])).err.trimEnd().split('\n');
  const chosen = (engine: string): string => `engine: f ran on ${engine}: a flag chose it`;

  test.each(['tree', 'closure', 'js'])('%s', async engine => {
    const deep = await explained(engine, DOWN, '9990');
    expect(deep).toEqual([
      chosen(engine),
      expect.stringMatching(/^engine: a call inside \d+ others went on on the stack/),
    ]);
    const depth = Number(/inside (\d+)/.exec(deep[1]!)![1]);
    expect(depth).toBeGreaterThan(10);
    // The figure is exact: with one call less nothing goes on there, and nothing is said.
    expect(await explained(engine, DOWN, String(depth - 1))).toEqual([chosen(engine)]);
    expect(await explained(engine, DOWN, String(depth))).toEqual(deep);
  });

  test('more calls than one, also when the run ends in a fault', async () => {
    const several = await explained('js', `${DOWN.replaceAll('f', 'g')}\nf n:n>n;s=0;@i 0..3{s=+s g n};s`, 'f', '2000');
    expect(several[1]).toMatch(
      /^engine: 3 calls inside \d+ others or more went on on the stack machine, with all beneath: they nest/,
    );
    const failed = await explained('js', 'f n:n>n;<=n 0{ret /1 n};r=f -n 1;+r 1', '2000');
    expect(failed.slice(1, 3)).toEqual([
      expect.stringMatching(/^engine: a call inside \d+ others/),
      expect.stringContaining('ILO-R003'),
    ]);
  });

  test('engines without such calls say nothing', async () => {
    for (const engine of ['stack', 'vm', 'vm-fresh']) {
      expect([engine, await explained(engine, DOWN, '9990')]).toEqual([engine, [chosen(engine)]]);
    }
    expect(await explained('auto', DOWN, '5')).toEqual(['engine: f ran on js, chosen by auto: it calls itself']);
  });
});
