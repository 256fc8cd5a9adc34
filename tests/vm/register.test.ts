// The register engine: the same answers as the tree engine (optimised or not, run through or stopped between any two
// instructions), code that was damaged, functions with very many registers, deep calls, and the handles of heap values.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { InternalError } from '../../src/base/assert.ts';
import type { CoreUnit } from '../../src/core/core.ts';
import { Shape } from '../../src/core/value/record.ts';
import { buildIr } from '../../src/ir/build.ts';
import { OPCODE_OF, REGISTER_OPS, type RegisterOp } from '../../src/spec/register-ops.ts';
import { checkCode } from '../../src/vm/register/check.ts';
import { MAX_DIRECT, type RegisterUnit } from '../../src/vm/register/code.ts';
import { compileUnit } from '../../src/vm/register/compile.ts';
import { disassemble } from '../../src/vm/register/disassemble.ts';
import { encodeUnit } from '../../src/vm/register/encode.ts';
import { RegisterMachine } from '../../src/vm/register/machine.ts';
import { type Move, orderMoves } from '../../src/vm/register/moves.ts';
import { watchAll, watchHeads } from '../../src/vm/register/watch.ts';
import { TreeMachine } from '../../src/vm/tree/machine.ts';
import {
  exampleRuns,
  first,
  load,
  type MakeMachine,
  type Options,
  observe,
  PROGRAMS,
  programRuns,
  type Run,
} from './register-kit.ts';

const tree: MakeMachine = (unit, services) => new TreeMachine(unit, services);
const reused: MakeMachine = (unit, services) => new RegisterMachine(unit, services, { fresh: false });
const fresh: MakeMachine = (unit, services) => new RegisterMachine(unit, services, { fresh: true });

/** Without any pass over the IR. */
const plain: MakeMachine = (unit, services) => {
  const code = encodeUnit(buildIr(unit), { metered: services.meter !== undefined });
  expect(checkCode(code)).toBeUndefined();
  return new RegisterMachine(unit, services, { fresh: true }, code);
};

/** Stops after every so many instructions. */
const stopping = (steps: number): Options['call'] => {
  return (machine, callee, args) => {
    const register = machine as RegisterMachine;
    register.start(callee, args);
    for (;;) {
      const progress = register.resume(steps);
      if (progress.done) return progress.value;
    }
  };
};

describe('the same answers as the tree engine', () => {
  // The tree engine's own stack ends before the limit of calls does.
  const runs = programRuns(PROGRAMS).filter(({ label }) => !label.startsWith('functions/depth-limit'));
  const examples = exampleRuns();
  const limits = [undefined, { fuel: 1e7, alloc: 1e8 }, { fuel: 25, alloc: 1e8 }, { fuel: 1e7, alloc: 150 }];

  test('there are many', () => {
    expect(runs.length).toBeGreaterThan(500);
    expect(examples.length).toBeGreaterThan(30);
  });

  test.each(limits)('with limits %j', limit => {
    for (const run of runs) {
      const expected = observe(run, tree, { limits: limit });
      expect({ [run.label]: observe(run, reused, { limits: limit }) }).toEqual({ [run.label]: expected });
      expect({ [run.label]: observe(run, plain, { limits: limit }) }).toEqual({ [run.label]: expected });
    }
  });

  const stepped = (run: Run, fuel: number): void => {
    const expected = observe(run, tree, { limits: { fuel } });
    const seen = observe(run, fresh, { limits: { fuel }, call: stopping(1) });
    expect({ [run.label]: seen }).toEqual({ [run.label]: expected });
  };

  test('stopped between any two instructions', () => {
    for (const run of runs) stepped(run, 1e6);
  });

  test('the examples, stopped between any two instructions', { timeout: 120_000 }, () => {
    for (const run of examples) stepped(run, 1e7);
    const ends = examples.map(run => observe(run, fresh) as { readonly value?: string });
    expect(examples.filter((_, i) => ends[i]!.value === undefined).map(({ label }) => label)).toEqual([]);
  });
});

describe('suspension', () => {
  const run = first('f n:n>n;s=0;@i 0..n{t=g i;s=+s t};s\ng i:n>n;*i 2', [20]);

  test('a run stops after as many instructions as it was given', () => {
    let machine: RegisterMachine | undefined;
    const make: MakeMachine = (unit, services) => {
      machine = new RegisterMachine(unit, services, { fresh: false });
      return machine;
    };
    let stops = 0;
    const call: Options['call'] = (_, callee, args) => {
      machine!.start(callee, args);
      for (;;) {
        const progress = machine!.resume(7);
        if (progress.done) return progress.value;
        stops++;
      }
    };
    expect(observe(run, make, { call })).toMatchObject({ value: '380' });
    expect(stops).toBeGreaterThan(10);
  });

  test('two machines of one unit take turns', () => {
    const machines: RegisterMachine[] = [];
    const make: MakeMachine = (unit, services) => {
      machines.push(new RegisterMachine(unit, services, { fresh: false }));
      return machines[machines.length - 1]!;
    };
    const call: Options['call'] = (_, callee, args) => {
      const second = make(run.unit, {
        builtin: () => undefined,
        walk: () => undefined,
        tool: () => null,
        maxDepth: 100,
        meter: undefined,
      });
      machines[0]!.start(callee, args);
      (second as RegisterMachine).start(callee, [3]);
      machines[0]!.resume(10);
      expect(second.run === undefined).toBe(false);
      let progress = (second as RegisterMachine).resume(1e6);
      expect(progress).toEqual({ done: true, value: 6 });
      progress = machines[0]!.resume(1e6);
      return progress.done ? progress.value : null;
    };
    expect(observe(run, make, { call })).toMatchObject({ value: '380' });
  });
});

describe('watching', () => {
  const source = 'f n:n>n;s=0;@i 0..n{wh >s 10{s=-s 7};t=g i;s=+s t};s\ng i:n>n;*i 2';

  test('only the heads of loops and functions are watched, and the answer is the same', () => {
    const run = first(source, [20]);
    const unit = compileUnit(run.unit, { metered: false });
    const names = (code: Int32Array): string[] => {
      const found: string[] = [];
      for (let pc = 0; pc < code.length; pc += REGISTER_OPS[unit.code[pc]! & 255]!.width) {
        if ((code[pc]! & 255) === OPCODE_OF.watch) found.push(REGISTER_OPS[unit.code[pc]! & 255]!.name);
      }
      return found;
    };
    expect(names(unit.code)).toEqual([]);
    expect(checkCode({ ...unit, code: watchHeads(unit) })).toContain('watched');
    const heads = names(watchHeads(unit)).length;
    expect(heads).toBeGreaterThanOrEqual(unit.functions.length + 2);
    expect(names(watchAll(unit)).length).toBeGreaterThan(2 * heads);
    let seen = 0;
    const call: Options['call'] = (machine, callee, args) => {
      const register = machine as RegisterMachine;
      register.start(callee, args, watchHeads(unit));
      const progress = register.observe(state => {
        expect(state.code[state.pc]! & 255).toBe(OPCODE_OF.watch);
        seen++;
        return true;
      });
      return progress.done ? progress.value : null;
    };
    expect(observe(run, reused, { call })).toEqual(observe(run, tree));
    expect(seen).toBeGreaterThan(40);
  });
});

describe('many registers', () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `v${i}`);
  const sumOf = (all: readonly string[]): string => all.map((name, i) => `s=+s *${name} ${i % 7};`).join('');

  test.each([200, 252, 253, 254, 255, 256, 257, 300, 1000])('%i variables that live at once', count => {
    const all = names(count);
    const source = `f a:n>n;${all.map((name, i) => `${name}=+a ${i};`).join('')}s=0;${sumOf(all)}@i 0..3{t=g s i;s=+s t};s\ng a:n b:n>n;+a b`;
    const run = first(source, [1]);
    const expected = observe(run, tree);
    expect(observe(run, reused)).toEqual(expected);
    expect(observe(run, plain)).toEqual(expected);
    expect(observe(run, fresh, { call: stopping(1) })).toEqual(expected);
    expect(compileUnit(run.unit, { metered: false }).functions[0]!.frame > MAX_DIRECT).toBe(count > 253);
  });

  test.each([252, 253, 254, 255, 256, 257, 600])('%i parameters', count => {
    const all = names(count);
    const source = `f a:n>n;g ${all.map((_, i) => i).join(' ')}\ng ${all.map(name => `${name}:n`).join(' ')}>n;s=0;${sumOf(all)}s`;
    const run = first(source, [1]);
    const expected = observe(run, tree);
    expect(observe(run, reused)).toEqual(expected);
    expect(observe(run, plain)).toEqual(expected);
    const direct = { ...run, callee: 1, args: all.map((_, i) => i) };
    expect(observe(direct, reused)).toEqual(observe(direct, tree));
  });
});

describe('deep calls', () => {
  const source = 'f n:n>n;=n 0{ret 0};r=f -n 1;+r 1';

  test('ten thousand calls', () => {
    expect(observe(first(source, [9_999]), reused)).toMatchObject({ value: '9999' });
    expect(observe(first(source, [9_999]), fresh)).toMatchObject({ value: '9999' });
  });

  test('the limit is the only bound', () => {
    expect(observe(first(source, [300_000]), reused, { maxDepth: 1_000_000 })).toMatchObject({ value: '300000' });
    const seen = observe(first(source, [100]), reused, { maxDepth: 100 });
    expect(seen).toEqual(observe(first(source, [100]), tree, { maxDepth: 100 }));
    expect(seen).toMatchObject({ code: 'ILO-R040', message: 'call depth limit of 100 reached' });
  });

  test('a state is right again after a run that failed deep down', () => {
    const run = first(source, [50]);
    expect(observe({ ...run, args: [1e6] }, reused, { maxDepth: 5000 })).toMatchObject({ code: 'ILO-R040' });
    expect(observe(run, reused)).toMatchObject({ value: '50' });
  });
});

describe('heap values', () => {
  test('handles are used again', () => {
    const source = 'f n:n>n;k=0;keep=["a" "b"];@i 0..n{t=str i;xs=[t keep];k=+k len xs};+k len keep';
    const run = first(source, [50_000]);
    expect(observe(run, reused)).toEqual(observe(run, tree));
    let most = 0;
    const call: Options['call'] = (machine, callee, args) => {
      const register = machine as RegisterMachine;
      register.start(callee, args);
      for (;;) {
        const progress = register.resume(1000);
        if (progress.done) return progress.value;
        most = Math.max(most, register.handles);
      }
    };
    expect(observe(run, reused, { call })).toEqual(observe(run, tree));
    expect(most).toBeGreaterThan(1000);
    expect(most).toBeLessThan(10_000);
  });

  test('values of all frames are kept', () => {
    const source = 'f n:n>t;t=str n;<n 1{ret t};@i 0..200{u=cat [t "x"] ""};r=f -n 1;+t r';
    const run = first(source, [60]);
    expect(observe(run, reused)).toEqual(observe(run, tree));
  });
});

describe('lists and records inside the loop', () => {
  const point = 'type point{x:n;y:n;z:n} ';
  test.each([
    [
      'lists at the sizes where they note their room',
      'f n:n>L n;xs=[];@ i 0..n{xs=+=xs i};[(len xs) xs.0 xs.8191 xs.8192 xs.16384]',
    ],
    [
      'truth values and texts in one list',
      'f n:n>L t;xs=[];@ i 0..n{xs=+=xs "a"};@ i 0..n{xs=lst xs i (str i)};[xs.0 xs.9000]',
    ],
    [
      'an older version that is still used',
      'f n:n>L n;xs=range 0 50;ys=xs;@ i 0..50{xs=lst xs i n;xs=+=xs i};[(sum xs) (sum ys) (len xs) (len ys)]',
    ],
    ['an index outside', 'f n:n>L n;xs=range 0 50;@ i 0..n{xs=lst xs i i};xs'],
    [
      'more records than there are handles before a sweep',
      `${point}f n:n>n;ps=[];@ i 0..n{ps=+=ps (point x:i y:0 z:0)};s=0;@ i 0..n{p=ps.i;q=p with y:i;ps=lst ps i q;s=+s -p.y q.y};s`,
    ],
    [
      'a record in place, from itself',
      `${point}f n:n>point;p=point x:1 y:2 z:3;@ i 0..n{p=p with x:p.y y:p.z z:p.x};p`,
    ],
    [
      'records whose fields change their kind',
      'type cell{a:_;b:_;c:_} f n:n>L _;r=cell a:1 b:2 c:3;kept=r;@ i 0..n{r=r with a:i b:0.5 c:"t"};[kept.a kept.c r.a r.b r.c]',
    ],
    ['pairs', 'type pair{a:n;b:t} f n:n>L _;p=pair a:1 b:"x";@ i 0..n{p=p with a:(+ p.a i)};[p.a p.b]'],
    [
      'more pairs than there are handles before a sweep',
      'type one{a:n} type pair{a:n;b:one} f n:n>n;ps=[];@ i 0..n{ps=+=ps (pair a:i b:(one a:(+ i 1)))};s=0;@ p ps{q=p.b;s=+s -q.a p.a};s',
    ],
  ])('%s', (_, source) => {
    const run = first(source, [20_000]);
    const expected = observe(run, tree);
    for (const make of [reused, fresh, plain]) expect(observe(run, make)).toEqual(expected);
    const short = first(source, [40]);
    expect(observe(short, fresh, { call: stopping(1) })).toEqual(observe(short, tree));
  });
});

describe('truth values', () => {
  test.each([
    ['made in a loop', 'f n:n>L b;xs=[];@i 0..n{xs=+=xs (<i 3);xs=+=xs !(>=i 4);xs=+=xs (=i 2);xs=+=xs (<=n i)};xs'],
    [
      'of numbers that are no numbers',
      'f n:n>L b;big=pow 10 308;h=*big 10;x=-h h;[(=x x) (<x 1) !(<x 1) (=h h) (>=h x)]',
    ],
    ['a test of each item', 'third x:n>b;=(mod x 3) 0\nf n:n>L n;flt third (range 0 n)'],
    ['its opposite', 'odd x:n>b;!(=(mod x 2) 0)\nf n:n>L n;flt odd (range 0 n)'],
    ['of each item', 'third x:n>b;=(mod x 3) 0\nf n:n>L b;map third (range 0 n)'],
    ['a remainder of each item', 'last x:n>n;mod x 10\nf n:n>n;sum (map last (range 0 n))'],
    ['a test that fails', 'fits x:n>b;=(mod 12 -x 3) 0\nf n:n>L n;flt fits (range 0 n)'],
    ['of negative numbers', 'third x:n>b;=(mod -x 20 3) 0\nf n:n>L n;flt third (range 0 n)'],
    ['in a register that held one', 'f3 x:n>n;a=<x 3;y=+x 1;*y 2\nf n:n>n;sum (map f3 (range 0 n))'],
  ])('%s', (_, source) => {
    const run = { ...first(source, [30]), callee: load(source).byName.get('f')! };
    const expected = observe(run, tree);
    for (const make of [reused, fresh, plain]) expect(observe(run, make)).toEqual(expected);
    expect(observe(run, fresh, { call: stopping(1) })).toEqual(expected);
  });
});

describe('moves at once', () => {
  test('all small cases', () => {
    // Every way for three targets to take their values from four registers.
    for (let choice = 0; choice < 64; choice++) {
      const moves = [0, 1, 2].map((to): Move => ({ to, from: (choice >> (2 * to)) & 3, isNumber: false }));
      const registers = ['a', 'b', 'c', 'd', 'spare'];
      for (const { to, from } of orderMoves(moves, () => 4)) registers[to] = registers[from]!;
      expect(registers.slice(0, 3)).toEqual(moves.map(({ from }) => 'abcd'[from]));
    }
  });
});

describe('code', () => {
  test('the labels of the loop are those of the table', () => {
    const labels = (path: string): string[] =>
      [...readFileSync(path, 'utf8').matchAll(/case (\d+):? \/\* (\w+) \*\//g)].map(([, opcode, name]) => {
        expect(`${name} ${opcode}`).toBe(`${name} ${OPCODE_OF[name as keyof typeof OPCODE_OF]}`);
        return name!;
      });
    const found = new Set(['loop', 'straight', 'cold'].flatMap(name => labels(`src/vm/register/${name}.ts`)));
    // What stands for a builtin runs by the builtin's name when it does not run in the loop.
    const rest = REGISTER_OPS.filter(row => !row.operands.some(({ role }) => role === 'builtin'));
    expect(rest.map(row => row.name).filter(name => !found.has(name))).toEqual([]);
    expect(REGISTER_OPS.length).toBeLessThanOrEqual(256);
  });

  test('prints', () => {
    const unit = load('tot p:n q:n r:n>n;s=*p q;t=*s r;+s t');
    expect(disassemble(encodeUnit(buildIr(unit), { metered: false }))).toMatchInlineSnapshot(`
      "tot: 3 arguments, 3 registers
           0  mul_vv         r0, r0, r1
           1  mul_vv         r1, r0, r2
           2  add_nn         r0, r0, r1
           3  return         r0
      "
    `);
  });

  test('a sum at the end of a loop does what is behind it as well, and only that', () => {
    const unit = compileUnit(load('f n:n>n;s=0;@i 0..n{s=+s i};s'), { metered: false });
    expect(disassemble(unit)).toContain(`
     5  add_nn_loop    r2, r2, r1
     6  loop_lt_nn     r1, r0, 1, -> 5`);
    const code = unit.code.slice();
    code[6] = (code[6]! & ~255) | OPCODE_OF.if_lt_nn;
    expect(checkCode({ ...unit, code })).toContain('a sum before something else than a loop');
  });

  test('constants that a loop uses are loaded before it, and a step in a register is part of its end', () => {
    const source = 'f n:n>n;s=0;@i 1..n{k=i;wh <k n{s=+s *0.5 k;k=+k i}};s';
    expect(disassemble(compileUnit(load(source), { metered: false }))).toContain(`
    20  load_k         r4, 0.5
    21  unless_lt_nn   r2, r3, -> 32
    23  move_n         r5, r2
    24  unless_lt_nn   r5, r0, -> 30
    26  mul_nn         r6, r4, r5
    27  add_nn         r1, r1, r6
    28  loop_add_lt_nn r5, r0, r2, -> 26
    30  loop_lt_nn     r2, r3, 1, -> 23`);
    // Where charges are made, code must be the same as the IR says at each of them.
    expect(disassemble(compileUnit(load(source), { metered: true }))).toMatch(/load_k .*0\.5\n.*mul_nn/);
    const run = first(source, [9]);
    const expected = observe(run, tree);
    for (const make of [reused, fresh]) expect(observe(run, make)).toEqual(expected);
    expect(observe(run, fresh, { call: stopping(1) })).toEqual(expected);
  });

  test.each([
    ['in a branch that is not taken', 'f n:n>L n;xs=[];@i 0..n{=i 100{xs=+=xs 7}{xs=+=xs 8}};xs'],
    ['in a loop that never runs', 'f n:n>n;s=1;@i 0..-n 9{s=+s *2.5 i};s'],
    ['passed on and used', 'f n:n>L b;xs=[];ok=false;@i 0..n{xs=+=xs ok;xs=+=xs true;ok=true};xs'],
    ['in a loop that is left and gone on with', 'f n:n>n;s=0;@i 0..n{=(mod i 2) 0{cnt};>i 6{brk};s=+s *1.5 i};s'],
    ['texts and nil', 'f n:n>L t;xs=[];@i 0..n{x=mget mmap "k";=x nil{xs=+=xs "none"}{xs=+=xs "some"}};xs'],
    [
      'a step that is the limit, the counter, or negative',
      'f n:n>L n;a=1;wh <a n{a=+a a};b=-0 9;wh <b n{b=+b n};c=0;d=-0 1;m=5;wh <c m{m=+m d};[a b c m]',
    ],
  ])('constants and steps of loops: %s', (_, source) => {
    const run = first(source, [9]);
    const expected = observe(run, tree);
    for (const make of [reused, fresh]) expect(observe(run, make)).toEqual(expected);
    expect(observe(run, fresh, { call: stopping(1) })).toEqual(expected);
  });

  const corpus = [
    'f n:n>n;s=0;@i 0..n{s=+s i};s',
    'f n:n>n;i=0;wh >n 0{i=+i 1};i',
    'f n:n>n;<n 2{ret n};a=f -n 1;b=f -n 2;+a b',
    'f n:n>L t;xs=["a" "b"];t=str n;xs=+=xs t;map (x:t>t;+x t) xs',
    'type p{x:n;y:n}\nf n:n>n;a=p x:n y:2;b=a with x:3;+b.x b.y',
    'f n:n>R n t;>n 3{^"big"}{~*n 1.5}',
  ];

  /**
   * Runs damaged code within limits: any fault is right, an exception of another kind is a bug. Code that charges has come to its end long
   * before so many instructions.
   */
  function runDamaged(core: CoreUnit, unit: RegisterUnit): void {
    const make: MakeMachine = (each, services) => new RegisterMachine(each, services, { fresh: true }, unit);
    let isLeftRunning = false;
    const call: Options['call'] = (machine, callee, args) => {
      const register = machine as RegisterMachine;
      register.start(callee, args);
      const progress = register.resume(unit.metered ? 100_000 : 2_000);
      isLeftRunning = !progress.done;
      return progress.done ? progress.value : null;
    };
    observe({ label: '', unit: core, callee: 0, args: [4] }, make, {
      call,
      maxDepth: 50,
      limits: { fuel: 500, alloc: 1e6 },
    });
    if (unit.metered && isLeftRunning) throw new Error(`runs for free:\n${disassemble(unit)}`);
  }

  /** What is there only without limits: builtins in place, and loops whose ends are one instruction. */
  const unmetered = [
    corpus[0]!,
    'f n:n>n;s=0;@i 1..n{k=i;wh <k n{s=+s *0.5 k;k=+k i}};s',
    'f n:n>n;xs=[[1 2] [3 4]];s=0;@i 0..n{j=mod i 2;s=+s xs.i.j;xs=lst xs 0 [5 i]};+s flr sqrt len xs',
    'type p{x:n;y:n}\nf n:n>n;a=p x:n y:2;m=mmap;@i 0..n{a=a with y:i;m=mset m "k" a.y};+a.x ??(mget m "k") 0',
  ];

  test.each([...corpus.map(source => [source, true] as const), ...unmetered.map(source => [source, false] as const)])(
    'every flipped bit is rejected or harmless: %s',
    (source, metered) => {
      const core = load(source);
      const unit = compileUnit(core, { metered });
      let rejected = 0;
      for (const table of ['code', 'lists', 'info', 'constantWords'] as const) {
        for (let i = 0; i < unit[table].length; i++) {
          for (let bit = 0; bit < 32; bit++) {
            const damaged = Int32Array.from(unit[table]);
            damaged[i]! ^= 1 << bit;
            const changed = { ...unit, [table]: damaged };
            if (checkCode(changed) === undefined) runDamaged(core, changed);
            else rejected++;
          }
        }
      }
      expect(rejected).toBeGreaterThan(100);
    },
  );

  test.each(corpus)('every table that is shorter or says something else is rejected or harmless: %s', source => {
    const core = load(source);
    const unit = compileUnit(core, { metered: true });
    expect(checkCode(unit)).toBeUndefined();
    const tables = ['constants', 'texts', 'names', 'fieldLists', 'shapes', 'closures', 'builtins', 'sites'] as const;
    for (const table of tables) {
      const items: readonly unknown[] = unit[table];
      const others = [...items, 'no such name', 'map', 'f', -1, 2.5, 1e9];
      const site = { shape: new Shape('p', ['x', 'y'], true), indexes: [7], index: 7 };
      const fitting = others.filter(other => typeof other === typeof items[0]);
      for (let i = 0; i < items.length; i++) {
        // Whoever names an item of a table cut off before it is rejected; nothing names an item that is not used.
        expect(checkCode({ ...unit, [table]: items.slice(0, i) }), `${table} cut to ${i}`).toBeDefined();
        for (const other of table === 'sites' ? [site] : fitting) {
          const changed = { ...unit, [table]: items.map((item, at) => (at === i ? other : item)) } as RegisterUnit;
          if (checkCode(changed) === undefined) runDamaged(core, changed);
        }
      }
    }
  });

  test('what a table says of others is looked at', () => {
    const unit = compileUnit(load(corpus[3]!), { metered: true });
    const changed = (change: Partial<RegisterUnit>) => checkCode({ ...unit, ...change });
    expect(changed({ builtins: unit.builtins.map(() => 'no such name') })).toContain('no builtin');
    expect(changed({ texts: [...unit.texts].reverse() })).toContain('constants');
    const record = compileUnit(load('type p{x:n;y:n}\nf a:p>p;p x:a.x y:a.y'), { metered: true });
    const shape = record.shapes[0]!;
    const remembers = (indexes: readonly number[], index: number) =>
      checkCode({ ...record, sites: record.sites.map(() => ({ shape, indexes, index })) });
    expect(remembers([1], shape.isInline ? -2 : 1)).toBeUndefined();
    expect(remembers([2], shape.isInline ? -3 : 2)).toContain('site');
    expect(remembers([1], 5)).toContain('site');
  });

  describe('what is not charged is rejected', () => {
    /** What the checker says when each instruction of a kind in turn is changed. */
    function changing(source: string, op: RegisterOp, change: (code: Int32Array, pc: number) => void): string[] {
      const unit = compileUnit(load(source), { metered: true });
      const problems: string[] = [];
      // Behind the function stands its typed version.
      for (let pc = 0; pc < unit.functions[0]!.end; pc += REGISTER_OPS[unit.code[pc]! & 255]!.width) {
        if ((unit.code[pc]! & 255) !== OPCODE_OF[op]) continue;
        const code = unit.code.slice();
        change(code, pc);
        problems.push(checkCode({ ...unit, code }) ?? 'accepted');
      }
      return problems;
    }

    /** The same when it is replaced by copies of a register to itself. */
    const without = (source: string, op: RegisterOp): string[] =>
      changing(source, op, (code, pc) => code.fill(OPCODE_OF.move, pc, pc + REGISTER_OPS[OPCODE_OF[op]]!.width));

    const noFuel = expect.stringContaining('no fuel is charged at 0');
    const freeLoop = expect.stringContaining('a loop that charges no fuel');

    test.each([
      'f n:n>n;i=0;wh >n 0{i=+i 1};i',
      'f n:n>n;s=0;@i 0..n{s=+s i};s',
      'f n:n>n;s=0;@i 0..n{>i 3{cnt};=i n{brk};s=+s i};s',
      'f n:n>n;s=0;@i 0..n{@j 0..i{>j 3{brk};s=+s j}};s',
    ])('a function and each of its loops: %s', source => {
      const loops = source.split('@').length + source.split('wh ').length - 2;
      const wanted = [noFuel, ...Array.from({ length: loops }, () => freeLoop)];
      expect(without(source, 'fuel')).toEqual(wanted);
      const nothing = changing(source, 'fuel', (code, pc) => {
        code[pc + 1] = 0;
      });
      expect(nothing).toEqual(wanted);
    });

    test.each([
      ['a list', 'f n:n>L n;[n]', 'charge_items'],
      ['a longer list', 'f n:n>L n;xs=[];+=xs n', 'charge_append'],
      ['a record', 'type p{x:n;y:n}\nf n:n>p;p x:n y:n', 'charge_items'],
      ['a result', 'f n:n>R n t;~n', 'charge_items'],
      ['a function', 'f n:n>L n;map (x:n>n;+x n) [1]', 'charge_items'],
    ] as const)('%s', (_, source, op) => {
      const unpaid = expect.stringContaining('a value that is not charged');
      const problems = without(source, op);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems).toEqual(problems.map(() => unpaid));
      if (op !== 'charge_items') return;
      const fewer = changing(source, op, (code, pc) => {
        code[pc + 1] = 0;
      });
      expect(fewer).toEqual(fewer.map(() => unpaid));
    });

    test('and a jump in between a charge and its value', () => {
      const source = 'f n:n>L n;xs=[];>n 3{xs=[1]};=n 0{xs=[n n]};xs';
      const unit = compileUnit(load(source), { metered: true });
      const made = [...unit.code.keys()].filter(pc => (unit.code[pc]! & 255) === OPCODE_OF.list_new);
      const code = unit.code.slice();
      const jump = code.findIndex(
        word => (word & 255) === OPCODE_OF.unless_le_ni || (word & 255) === OPCODE_OF.unless_gt_ni,
      );
      code[jump + 1] = made[made.length - 1]!;
      expect(checkCode({ ...unit, code })).toContain('a value that is not charged');
    });
  });

  test('cut code is rejected', () => {
    const unit = compileUnit(load(corpus[1]!), { metered: true });
    for (let length = 0; length < unit.code.length; length++) {
      expect(checkCode({ ...unit, code: unit.code.slice(0, length) })).toBeDefined();
    }
    const code = (): unknown => compileUnit(load(corpus[1]!), { metered: true });
    expect(code).not.toThrow(InternalError);
  });
});
