// The register engine by instructions, in programs whose builtins call back: what they call is stopped in like everything else, so that no
// slice is longer than its instructions, and nobody can see that it was stopped.
import { describe, expect, test } from 'vitest';
import type { Meter } from '../../src/core/meter.ts';
import type { Value } from '../../src/core/value/value.ts';
import { compileUnit } from '../../src/vm/register/compile.ts';
import { RegisterMachine } from '../../src/vm/register/machine.ts';
import { watchHeads } from '../../src/vm/register/watch.ts';
import { StackMachine } from '../../src/vm/stack/machine.ts';
import { TreeMachine } from '../../src/vm/tree/machine.ts';
import { unitOf } from '../fuzz/campaign.ts';
import { generateProgram } from '../fuzz/generate/program.ts';
import { print } from '../fuzz/generate/tree.ts';
import { makeChooser } from '../fuzz/random.ts';
import { someArgument, toValue } from '../fuzz/values.ts';
import { first, lowerAny, type MakeMachine, type Options, observe, type Run } from './register-kit.ts';

const tree: MakeMachine = (unit, services) => new TreeMachine(unit, services);
const stack: MakeMachine = (unit, services) => new StackMachine(unit, services);
const register: MakeMachine = (unit, services) => new RegisterMachine(unit, services, { fresh: false });

const SEED = Number(process.env.SEED ?? 1);
const PROGRAMS = Number(process.env.PROGRAMS ?? 100);

interface Slices {
  readonly seen: unknown;
  readonly count: number;
  /** The fuel of the one that took most. */
  readonly most: number;
}

/** Runs a program in slices of so many instructions. */
function inSlices(run: Run, steps: number, options: Options): Slices {
  let meter: Meter | undefined;
  let count = 0;
  let most = 0;
  const make: MakeMachine = (unit, services) => {
    meter = services.meter;
    return register(unit, services);
  };
  const call = (machine: unknown, callee: number, args: readonly Value[]): Value => {
    const started = machine as RegisterMachine;
    started.start(callee, args);
    for (;;) {
      const before = meter?.fuel ?? 0;
      try {
        const progress = started.resume(steps);
        if (progress.done) return progress.value;
      } finally {
        count++;
        most = Math.max(most, (meter?.fuel ?? 0) - before);
      }
    }
  };
  return { seen: observe(run, make, { ...options, call }), count, most };
}

const loop = 'y=0;@i 0..2000{y=+y i}';

describe('a slice is no longer than its instructions, where the time goes into', () => {
  test.each<[what: string, source: string]>([
    ['map', `f n:n>L n;map (x:n>n;${loop};+y x) [n 2]`],
    ['map with an argument handed on', `f n:n>L n;map (x:n c:n>n;${loop};+x c) n [n 2]`],
    ['flt', `f n:n>L n;flt (x:n>b;${loop};>y x) [n 2]`],
    ['ct', `f n:n>n;ct (x:n>b;${loop};>y x) [n 2]`],
    ['partition', `f n:n>L (L n);partition (x:n>b;${loop};>x 3) [n 2]`],
    ['fld', `f n:n>n;fld (a:n x:n>n;${loop};+a x) [n 2] 0`],
    ['flatmap', `f n:n>L n;flatmap (x:n>L n;${loop};[x y]) [n 2]`],
    ['mapr', `f n:n>R (L n) t;mapr (x:n>R n t;${loop};~+y x) [n 2]`],
    ['grp', `f n:n>M n (L n);grp (x:n>n;${loop};+y x) [n 2]`],
    ['uniqby', `f n:n>L n;uniqby (x:n>n;${loop};+y x) [n 2]`],
    ['srt', `f n:n>L n;srt (x:n>n;${loop};+y x) [n 2]`],
    ['rsrt', `f n:n>L n;rsrt (x:n>n;${loop};+y x) [n 2]`],
    ['a function with captured values', `f n:n>L n;k=+n 1;map (x:n>n;${loop};+y k) [n 2]`],
    ['a function by its name', `f n:n>L n;map g [n 2]\ng x:n>n;${loop};+y x`],
    ['map in map', `f n:n>L n;map (x:n>n;ys=map (z:n>n;${loop};+y z) [x 1];sum ys) [n 2]`],
    ['map behind calls', `f n:n>n;=n 0{ret 0};xs=map (x:n>n;${loop};+y x) [n];r=f -n 1;+r xs.0`],
    ['recursion through map', `f n:n>n;<=n 0{${loop};ret y};xs=map f [(-n 1)];+1 sum xs`],
  ])('%s', (_, source) => {
    const run = first(source, [5]);
    const options: Options = { limits: { fuel: 1e6, alloc: 1e7 } };
    const expected = observe(run, tree, options) as { fuel: number };
    expect(expected).toHaveProperty('value');
    expect(expected.fuel).toBeGreaterThan(2_000);
    const single = inSlices(run, 1, options);
    expect(single.seen).toEqual(expected);
    // A unit of fuel is a call or a round of a loop, each of which has instructions.
    expect(single.most).toBeLessThan(10);
    expect(single.count).toBeGreaterThan(expected.fuel);
    const longer = inSlices(run, 100, options);
    expect(longer.seen).toEqual(expected);
    expect(longer.most).toBeLessThanOrEqual(110);
    expect(Math.abs(longer.count - single.count / 100)).toBeLessThanOrEqual(1);
    // Without limits as well, where other code runs.
    expect(inSlices(run, 1, {}).seen).toEqual(observe(run, tree));
    expect(inSlices(run, 1, {}).count).toBeGreaterThan(2_000);
  });
});

test('random programs stopped between any two instructions', { timeout: 120_000 }, () => {
  let calledBack = 0;
  for (let seed = SEED; seed < SEED + PROGRAMS; seed++) {
    const { tree: source, heads, records, favourite } = generateProgram(seed);
    const text = print(source);
    const unit = unitOf(text);
    if (unit === undefined) continue;
    if (/\b(map|flt|ct|fld|flatmap|mapr|partition|grp|uniqby|r?srt) /.test(text)) calledBack++;
    const choose = makeChooser(seed);
    for (const { name, params } of heads) {
      const plain = params.map(({ type }) => someArgument({ choose, records, heads, favourite }, type));
      const run = (): Run => ({
        label: name,
        unit,
        callee: unit.byName.get(name)!,
        args: plain.map(each => toValue(each)),
      });
      for (const fuel of [3_000, 1 + choose.below(100)]) {
        const options: Options = { maxDepth: 50, limits: { fuel, alloc: 1e6 } };
        const label = `seed ${seed}, ${name}, fuel ${fuel}`;
        const expected = { [label]: observe(run(), tree, options) };
        expect({ [label]: inSlices(run(), 1 + choose.below(3), options).seen }).toEqual(expected);
      }
    }
  }
  expect(calledBack).toBeGreaterThan(PROGRAMS / 10);
});

describe('stopped between any two instructions, a run does what it does in one piece', () => {
  const sources: readonly (readonly [what: string, source: string])[] = [
    ['a division by zero in a function', 'f n:n>L n;map (x:n>n;/1 -x n) [1 2 n 9]'],
    [
      'a fault in a function of a function',
      'f n:n>L n;map (x:n>n;ys=map (y:n>n;g y) [x n];sum ys) [1 2 3]\ng x:n>n;/1 -x 4',
    ],
    ['a result of the wrong kind', 'f n:n>_;ys=[1 n];flt (x:n>_;=x 1{ret true};x) ys'],
    ['a result without order', 'f n:n>_;srt (x:n>_;=x 1{ret "a"};x) [1 2 n]'],
    ['a result that is no list', 'f n:n>_;flatmap (x:n>_;=x n{ret 1};[x]) [1 2 n]'],
    ['a key that is a list', 'f n:n>_;grp (x:n>_;[x]) [1 n]'],
    ['an error that ends a walk', 'f n:n>R (L n) t;mapr (x:n>R n t;>x 2{ret ^"big"};~x) [1 2 3 n 5]'],
    ['a panic', 'f n:n>L n;map (x:n>n;num!! "x") [1 n]'],
    ['an empty list', 'f n:n>L n;xs=[];map (x:n>n;/x 0) xs'],
    ['sorting without a function', 'f n:n>L n;srt [3 n 1]'],
    ['a builtin as the function', 'f n:n>L n;map abs [-1 n]'],
    ['a builtin that faults as the function', 'f n:n>_;map num [1 n]'],
    ['a function of two parameters', 'f n:n>_;g2=(a:n b:n>n;+a b);map g2 [1 n]'],
    ['recursion through a builtin', 'f n:n>n;<=n 0{ret 0};xs=map f [(-n 1) (-n 1)];+1 sum xs'],
    [
      'recursion through builtins without an end',
      'f n:n>n;xs=map (x:n>n;ys=srt (y:n>n;f +y 1) [x 1];sum ys) [n];+1 sum xs',
    ],
    [
      'texts and records',
      'type p{x:n;t:t}\nf n:n>L t;ps=map (x:n>p;s=str x;t=+"a" s;p x:x t:t) [1 n 3];map (q:p>t;r=q with x:n;s=str r.x;+r.t s) ps',
    ],
    ['a list that grows beside its walk', 'f n:n>_;xs=[1 2 n];ys=map (x:n>n;zs=+=xs x;len zs) xs;[xs ys]'],
    ['output', 'f n:n>_;map (x:n>n;prnt x;*x 2) [1 n]'],
    [
      'many registers',
      `f n:n>n;${Array.from({ length: 260 }, (_, i) => `v${i}=+n ${i}`).join(';')};xs=map (x:n>n;+x n) [v0 v259];+(sum xs) ${'+v1 '.repeat(3)}v258`,
    ],
    [
      'more handles than there are before a sweep',
      'f n:n>n;xs=map (i:n>L n;ys=map (j:n>L n;[i j]) (range 0 40);ys.3) (range 0 40);len xs',
    ],
  ];

  /** Compares a run in one piece and in slices with other engines', under limits that strike in many places. */
  function same(run: Run): void {
    for (const [label, each] of limits) {
      const options = { maxDepth: 300, ...each };
      const expected = { [label]: observe(run, tree, options) };
      expect({ [label]: observe(run, stack, options) }).toEqual(expected);
      expect({ [label]: observe(run, register, options) }).toEqual(expected);
      for (const steps of [1, 7]) expect({ [label]: inSlices(run, steps, options).seen }).toEqual(expected);
    }
  }

  const limits: readonly (readonly [string, Options])[] = [
    ['none', {}],
    ['few calls', { maxDepth: 30 }],
    ['two calls', { maxDepth: 2, limits: { fuel: 1e6, alloc: 1e7 } }],
    ['plenty', { maxDepth: 300, limits: { fuel: 1e6, alloc: 1e7 } }],
    ...[1, 3, 5, 8, 21].map(fuel => [`fuel ${fuel}`, { maxDepth: 300, limits: { fuel, alloc: 1e7 } }] as const),
    ...[50, 200, 800].map(alloc => [`bytes ${alloc}`, { maxDepth: 300, limits: { fuel: 1e6, alloc } }] as const),
  ];

  test.each(sources)('%s', (_, source) => {
    same(first(source, [4]));
  });

  // What the verifier does not let through, but other languages may.
  test.each([
    ['a builtin that calls back as the function', 'f n:n>_;map srt [[3 1 n] [2 1]]'],
    ['one that calls functions of the program', 'f n:n>_;map map [g h] [[1 n] [2]]\ng x:n>n;+x 1\nh x:n>n;*x 10'],
    ['one that is handed a function', 'f n:n>_;map srt g [[3 1 n] [2 1]]\ng x:n>n;-0 x'],
    ['one that faults in a function', 'f n:n>_;map map [g h] [[1 n] [2]]\ng x:n>n;/1 -x n\nh x:n>n;*x 10'],
    ['one that gets too few arguments', 'f n:n>_;map map [1 n]'],
    ['a builtin as a value', 'f n:n>_;m=srt;m [3 n 1]'],
    ['one that calls back as a value', 'f n:n>_;m=map;xs=m g [3 n];m g xs\ng x:n>n;+x 1'],
    ['one that gets too many arguments', 'f n:n>_;m=map;m g [3 n] 1 2 3\ng x:n>n;+x 1'],
    ['a text that names a function', 'f n:n>_;map "g" [3 n]\ng x:n>n;+x 1'],
    ['a text that names none', 'f n:n>_;map "nothing" [3 n]'],
    ['too many parameters', 'f n:n>_;k=g;map k [1 n]\ng x:n y:n>n;+x y'],
  ])('unverified: %s', (_, source) => {
    same({ label: source, unit: lowerAny(source), callee: 0, args: [4] });
  });

  test('calls through builtins nest as deep as the limit says, without the stack of JavaScript', () => {
    const run = first('f n:n>n;<=n 0{ret 0};xs=map f [(-n 1)];+1 xs.0', [9_999]);
    expect(inSlices(run, 1_000, {}).seen).toMatchObject({ value: '9999' });
    const deeper = { ...run, args: [10_000] };
    expect(inSlices(deeper, 1_000, {}).seen).toEqual(observe(deeper, stack));
    expect(inSlices({ ...run, args: [20_000] }, 1e6, { maxDepth: 1e5 }).seen).toMatchObject({ value: '20000' });
  });

  test('a run that faults or is left leaves nothing behind in the machine', () => {
    const run = first('f n:n>n;xs=map (x:n>n;/6 -x n) [1 2 3];sum xs', [4]);
    const make: MakeMachine = (unit, services) => register(unit, services);
    const call: Options['call'] = (machine, callee, args) => {
      const started = machine as RegisterMachine;
      const finish = (arg: number): Value => {
        started.start(callee, [arg]);
        for (;;) {
          const progress = started.resume(1);
          if (progress.done) return progress.value;
        }
      };
      expect(() => finish(2)).toThrow('division by zero');
      started.start(callee, args);
      started.resume(12);
      // A run to its end in between.
      expect(started.run(callee, [5])).toBe(-6.5);
      return finish(4);
    };
    expect(observe(run, make, { call })).toEqual(observe(run, tree));
  });

  test('where only the heads of loops and functions are watched', () => {
    const run = first(`f n:n>n;s=0;@i 0..n{xs=map (x:n>n;${loop};+y x) [i n];s=+s sum xs};s`, [4]);
    const call: Options['call'] = (machine, callee, args) => {
      const started = machine as RegisterMachine;
      started.start(callee, args, watchHeads(compileUnit(run.unit, { metered: false })));
      for (;;) {
        const progress = started.resume(1);
        if (progress.done) return progress.value;
      }
    };
    expect(observe(run, register, { call })).toEqual(observe(run, tree));
  });
});
