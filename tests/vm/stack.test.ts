// The stack engine beside the tree engine, and its parts: bytecode as text, the checker, calls without the JavaScript stack.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CoreUnit } from '../../src/core/core.ts';
import { Fault } from '../../src/core/fault.ts';
import { Meter } from '../../src/core/meter.ts';
import { List } from '../../src/core/value/list.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { createVirtualHost } from '../../src/runtime/host/virtual-host.ts';
import { loadProgram, type RunOptions, runProgram } from '../../src/runtime/program.ts';
import { makeServices } from '../../src/runtime/services.ts';
import { STACK_OP_NUMBERS, STACK_OPS, type StackOp } from '../../src/spec/stack-ops.ts';
import { checkStack, StackCodeError } from '../../src/vm/stack/check.ts';
import type { StackCode } from '../../src/vm/stack/code.ts';
import { compileStack } from '../../src/vm/stack/compile.ts';
import { disassembleStack } from '../../src/vm/stack/disassemble.ts';
import { Emitter, newLabel } from '../../src/vm/stack/emitter.ts';
import { StackMachine } from '../../src/vm/stack/machine.ts';
import { lowerAny } from './register-kit.ts';

function load(source: string): CoreUnit {
  const { unit, diagnostics } = loadProgram(source, { readFile: () => ({ err: 'none' }) });
  if (!unit) throw new Error(diagnostics.map(each => each.message).join('; '));
  return unit;
}

const bytecode = (source: string, metered = false): StackCode => compileStack(load(source), metered);

/** Everything that has to be the same on all engines. */
function outcome(unit: CoreUnit, engine: 'tree' | 'stack', args: readonly Value[], options: Partial<RunOptions> = {}) {
  const host = createVirtualHost({});
  const result = runProgram(unit, unit.functions[0]!.name, args, { host, engine, random: () => 0.5, ...options });
  const usage = result.usage;
  if ('value' in result) return { value: showValue(result.value), usage };
  const { code, message, span, calls, file } = result.fault;
  return { code, message, span, calls, file, usage };
}

describe('bytecode', () => {
  test('arithmetic names its operands', () => {
    expect(disassembleStack(bytecode('tot p:n q:n r:n>n;s=*p q;t=*s r;+s t'))).toBe(
      [
        'fn tot params 3 slots 5',
        '     0  mul.slots.to %0 %1 %3',
        '     4  mul.slots.to %3 %2 %4',
        '     8  add.slots %3 %4',
        '    11  return',
        '',
      ].join('\n'),
    );
  });

  test('charges are only there when there is something to charge', () => {
    const source = 'f n:n>L n;xs=[];@i 0..n{xs=+=xs i};xs';
    const metered = disassembleStack(bytecode(source, true));
    expect(metered.match(/charge\.\w+( \d+)?/g)).toEqual([
      'charge.call',
      'charge.bytes 16',
      'charge.round',
      'charge.bytes 8',
    ]);
    expect(disassembleStack(bytecode(source))).not.toContain('charge');
  });

  test('conditions become jumps, and what nothing reaches is not written', () => {
    const text = disassembleStack(bytecode('f a:n b:n>t;&>a 1 !<b 2{"x"}{"y"}'));
    expect(text).toContain('jump.unless.gt');
    expect(text).not.toMatch(/\bnot\b|truthy/);
    const endless = disassembleStack(bytecode('f>n;wh true{ret 1}'));
    expect(endless.match(/return/g)).toHaveLength(1);
  });

  test('comparisons with a jump name their operands, and a round ends with the question for the next', () => {
    expect(disassembleStack(bytecode('f n:n>n;s=0;@i 0..n{>i 3{s=+s i};<=n i{brk}};s'))).toBe(
      [
        'fn f params 1 slots 5',
        '     0  push.const 0',
        '     2  store %1',
        '     4  push.const 0',
        '     6  load %0',
        '     8  range.start %3',
        '    10  range.next %3 %2 -> 32',
        '    14  jump.unless.gt.number %2 3 -> 22',
        '    18  add.slots.to %1 %2 %1',
        '    22  jump.unless.le.slots %0 %2 -> 28',
        '    26  jump -> 32',
        '    28  range.again %3 %2 -> 14',
        '    32  load %1',
        '    34  return',
        '',
      ].join('\n'),
    );
  });

  test('a result goes into its slot at once, unless something else comes to the store', () => {
    const span = { start: 0, end: 1 };
    const written = (jumps: boolean): Int32Array => {
      const out = new Emitter(false);
      const label = newLabel();
      out.begin();
      out.emit('push.const', undefined, out.constant(1));
      if (jumps) out.jump('jump.some.keep', label);
      out.emit('sub.slot.number', span, 0, 0);
      out.place(label);
      out.emit('store', undefined, 1);
      return out.finish([]).words;
    };
    expect(written(false)).toContain(STACK_OP_NUMBERS['sub.slot.number.to']);
    expect(written(false)).not.toContain(STACK_OP_NUMBERS.store);
    expect(written(true)).toContain(STACK_OP_NUMBERS.store);
  });

  test.each([
    ['f a:n b:n>n;b=-a b;a=*a a;a=-a 3;c=*a 2;d=+c a;b=+d b;b', [5, 3]],
    ['f a:t b:t>t;c=+a b;c=+c c;+c a', ['x', 'y']],
    ['f a:_ b:_>n;c=-a b;c', ['x', 1]],
    ['f a:_ b:_>n;c=1;c=*a 3;c', [true, 1]],
    ['f a:_ b:_>n;c=+a b;c', [null, 1]],
  ] as [string, Value[]][])('a result in its slot is what the tree gives: %s', (source, args) => {
    const unit = lowerAny(source);
    expect(outcome(unit, 'stack', args)).toEqual(outcome(unit, 'tree', args));
  });

  test('-0 and 0 are two constants', () => {
    const out = new Emitter(false);
    expect([0, -0, 0, -0, Number.NaN, Number.NaN].map(value => out.constant(value))).toEqual([0, 1, 0, 1, 2, 2]);
  });

  test('the case labels of the run loop have the numbers of the table', () => {
    const text = ['loop', 'cold'].map(name => readFileSync(`src/vm/stack/${name}.ts`, 'utf8')).join('');
    const labels = [...text.matchAll(/case (\d+):? \/\* ([\w.]+) \*\//g)].map(([, number, name]) => [
      name,
      Number(number),
    ]);
    const sorted = labels.sort((a, b) => Number(a[1]) - Number(b[1]));
    expect(sorted, 'run node scripts/stack-labels.mjs').toEqual(Object.entries(STACK_OP_NUMBERS));
    expect(text.match(/case \d+/g)).toHaveLength(labels.length);
  });
});

/** Small programs that use every kind of instruction, with arguments for the first function. */
const CORPUS: readonly (readonly [source: string, args: readonly Value[]])[] = [
  ['tot p:n q:n r:n>n;s=*p q;t=*s r;+s t', [10, 20, 30]],
  ['f n:n>n;<=n 1 n;a=f -n 1;b=f -n 2;+a b', [7]],
  ['f n:n>L n;xs=[];@i 0..n{>i 3{cnt};>i 8{brk};xs=+=xs *i 2};xs', [6]],
  ['f s:t>t;r="";@c spl s ""{r=+r c;r=+r "-"};r', ['abc']],
  ['type p{x:n;y:n}\nf a:n>n;r=p x:a y:2;s=r with x:5;{x;y}=s;+x +y r.x', [3]],
  ['g x:n>R n t;>x 3 ^"big";~x\nf x:n>t;r=g x;?r{~v:str v;^e:e}', [2]],
  ['f xs:L n>n;k=2;ys=map (x:n>n;*x k) xs;sum ys', [new List([1, 2, 3])]],
  ['f n:n>n;i=0;s=0;wh <i n{i=+i 1;=i 3{cnt};s=+s i};s', [6]],
  ['f a:_ b:_>_;c=>a b;&c =a b', [1, 2]],
  ['f n:n>n;wh >n 0{v=n;n=-n 1};+v 1', [0]],
  ['f c:b>n;wh c{x=1;c=false};x', [false]],
  ['f n:_ m:_>_;a=+n m;b=-n m;c=*n m;d=+n 1;e=-n 1;g=*n 2;[a b c d e g]', [5, 2]],
  ['f n:_ m:_>n;<n m 1;<=n m 2;>n 9 3;>=n 8 4;<m 1 5;<=m 1 6;>m n 7;>=m n 8;9', [5, 2]],
  ['f xs:L n>n;s=0;@x xs{<x 0{cnt};>x 9{brk};@y xs{s=+s *x y}};s', [new List([1, -2, 3])]],
];

describe('the same answers', () => {
  test.each(CORPUS)('%s', (source, args) => {
    const unit = load(source);
    for (const limits of [undefined, { fuel: 1e9, alloc: 1e9 }]) {
      const options = limits === undefined ? {} : { limits };
      expect(outcome(unit, 'stack', args, options)).toEqual(outcome(unit, 'tree', args, options));
    }
  });

  test.each(CORPUS)('each limit strikes at the same point: %s', (source, args) => {
    const unit = load(source);
    const { usage } = outcome(unit, 'tree', args, { limits: { fuel: 1e9 } });
    const same = (options: Partial<RunOptions>): void =>
      expect(outcome(unit, 'stack', args, options)).toEqual(outcome(unit, 'tree', args, options));
    for (let fuel = 0; fuel <= Math.min(usage!.fuel, 60); fuel++) same({ limits: { fuel } });
    for (let alloc = 0; alloc <= Math.min(usage!.bytes, 600); alloc += 8) same({ limits: { alloc } });
    for (let maxDepth = 0; maxDepth < 8; maxDepth++) same({ maxDepth });
  });

  test('a limit that strikes inside a function that a builtin calls', () => {
    const unit = load('f n:n>L n;map g (range 0 n)\ng x:n>n;y=h x;+y 1\nh x:n>n;[x];*x 2');
    for (let fuel = 0; fuel < 30; fuel++) {
      const options = { limits: { fuel, alloc: 160 } };
      expect(outcome(unit, 'stack', [5], options)).toEqual(outcome(unit, 'tree', [5], options));
    }
    for (const maxDepth of [0, 1, 2, 3]) {
      expect(outcome(unit, 'stack', [5], { maxDepth })).toEqual(outcome(unit, 'tree', [5], { maxDepth }));
    }
  });
});

describe('calls', () => {
  test('nest as deep as the limit says, whatever the stack of JavaScript holds', () => {
    const unit = load('f n:n>n;<=n 0 0;r=f -n 1;+r 1');
    expect(outcome(unit, 'stack', [9_999])).toEqual({ value: '9999', usage: undefined });
    expect(outcome(unit, 'stack', [10_000])).toMatchObject({ code: 'ILO-R040' });
    expect(outcome(unit, 'stack', [300_000], { maxDepth: 1e6 })).toEqual({ value: '300000', usage: undefined });
  });

  test('through function values nest as deep', () => {
    const unit = load('f n:n>n;g=h;g n\nh n:n>n;<=n 0 0;k=h;r=k -n 1;+r 1');
    expect(outcome(unit, 'stack', [9_000])).toEqual({ value: '9000', usage: undefined });
  });

  test('through builtins nest as deep', () => {
    const unit = load('f n:n>n;xs=map g [n];hd xs\ng n:n>n;<=n 0 0;xs=map g [-n 1];x=hd xs;+x 1');
    expect(outcome(unit, 'stack', [9_998])).toEqual({ value: '9998', usage: undefined });
    expect(outcome(unit, 'stack', [9_999])).toMatchObject({ code: 'ILO-R040' });
    expect(outcome(unit, 'stack', [200_000], { maxDepth: 1e6 })).toEqual({ value: '200000', usage: undefined });
  });

  test.each([
    ['a builtin that calls a builtin', 'f n:n>L n;map abs [n -1 -2]', [-3], '[3, 1, 2]'],
    [
      'a builtin that calls a builtin that calls',
      'f n:n>L (L n);map map [g h] [[1 n] [2]]\ng x:n>n;+x 1\nh x:n>n;*x 10',
      [5],
    ],
    ['a builtin as a value', 'f n:n>L n;m=map;m g [1 n]\ng x:n>n;+x 1', [5], '[2, 6]'],
    ['a text that names a function', 'f n:n>L n;map "g" [1 n]\ng x:n>n;+x 1', [5]],
    ['a text that names none', 'f n:n>L n;map "nothing" [1 n]', [5]],
    ['too many parameters', 'f n:n>L n;k=g;map k [1 n]\ng x:n y:n>n;+x y', [5]],
    ['keys', 'f n:n>L n;a=srt g [3 1 n];b=rsrt a;+b (srt [2 1])\ng x:n>n;-0 x', [2], '[3, 2, 1, 1, 2]'],
    ['a fault in the callback', 'f n:n>L n;map g [2 1 n 4]\ng x:n>n;/1 x', [0]],
    ['a fault of the builtin', 'f n:n>L n;flt g [2 1 n 4]\ng x:n>n;x', [0]],
  ])('%s', (_, source, args, value?: string) => {
    const unit = lowerAny(source);
    for (const limits of [undefined, { fuel: 1e9, alloc: 1e9 }]) {
      const options = limits === undefined ? {} : { limits };
      const seen = outcome(unit, 'stack', args, options);
      expect(seen).toEqual(outcome(unit, 'tree', args, options));
      if (value !== undefined) expect(seen.value).toBe(value);
    }
  });

  test('a machine is right again after a fault', () => {
    const unit = load('f n:n>n;<=n 0 /1 n;r=f -n 1;+r 1');
    const machine = machineOf(unit, compileStack(unit, false), undefined);
    expect(() => machine.run(0, [5])).toThrow(Fault);
    expect(() => machine.run(0, [0])).toThrow(Fault);
    const other = load('f n:n>n;<=n 0 0;r=f -n 1;+r 1');
    const again = machineOf(other, compileStack(other, false), undefined);
    expect([again.run(0, [5]), again.run(0, [7])]).toEqual([5, 7]);
  });
});

function machineOf(unit: CoreUnit, code: StackCode, meter: Meter | undefined): StackMachine {
  const services = makeServices({
    builtins: BUILTINS,
    host: createVirtualHost({}),
    maxDepth: 100,
    meter,
    random: () => 0.5,
    callValue: (value, args): Value => machine.callValue(value, args, ''),
  });
  const machine: StackMachine = new StackMachine(unit, services, code);
  return machine;
}

describe('the checker', () => {
  const SOURCE = 'f n:n>L n;xs=[];@i 0..n{xs=+=xs i};xs';

  /** Where the first instruction of a kind begins. */
  function find(code: StackCode, op: StackOp): number {
    for (let pc = 0; pc < code.words.length; ) {
      const number = code.words[pc]!;
      if (number === STACK_OP_NUMBERS[op]) return pc;
      pc += 1 + Object.values(STACK_OPS)[number]!.operands.length;
    }
    throw new Error(`no ${op}`);
  }

  /** The code with one word of the first `op` changed: word 0 is the instruction itself. */
  function changed(op: StackOp, word: number, value: number): StackCode {
    const code = bytecode(SOURCE, true);
    code.words[find(code, op) + word] = value;
    return code;
  }

  test('accepts what the compiler writes', () => {
    for (const [source] of CORPUS) {
      checkStack(bytecode(source, false));
      checkStack(bytecode(source, true));
    }
  });

  test.each<[rule: string, op: StackOp, word: number, value: number]>([
    ['no instruction has the number', 'store', 0, 999],
    ['slot exists', 'store', 1, 50],
    ['slot exists', 'load', 1, -1],
    ['target exists', 'range.next', 3, 10_000],
    ['only jumps and loops go back', 'range.next', 3, 1],
    ['a loop goes back', 'range.again', 3, 32],
    ['target exists', 'range.again', 3, -1],
    ['jumps lead to instructions', 'range.next', 3, 28],
    ['there are enough values', 'charge.round', 0, STACK_OP_NUMBERS['num.neg']],
    ['a call is charged', 'charge.call', 0, STACK_OP_NUMBERS['charge.round']],
    ['a charge is right', 'charge.bytes', 1, 0],
    ['all ways to a place agree', 'store', 0, STACK_OP_NUMBERS.jump],
    ['something comes here', 'store', 0, STACK_OP_NUMBERS.return],
    ['loop exists', 'range.start', 1, 50],
    ['a loop has its places', 'range.start', 1, 0],
  ])('%s', (rule, op, word, value) => {
    const code = changed(op, word, value);
    expect(() => checkStack(code)).toThrow(StackCodeError);
    expect(() => checkStack(code)).toThrow(rule);
  });

  test('a loop that pays nothing is rejected', () => {
    const code = bytecode(SOURCE, true);
    const behind = find(code, 'charge.round') + 1;
    code.words[find(code, 'range.again') + 3] = behind;
    expect(() => checkStack(code)).toThrow('every loop is charged');
  });

  test('unmetered code may not charge', () => {
    expect(() => checkStack({ ...bytecode(SOURCE, true), metered: false })).toThrow('unmetered code charges nothing');
  });

  test('code that stops anywhere is rejected', () => {
    const code = bytecode(SOURCE, true);
    expect(() => checkStack(code)).not.toThrow();
    for (let length = 0; length < code.words.length; length++) {
      expect(() => checkStack({ ...code, words: code.words.slice(0, length) })).toThrow(StackCodeError);
    }
  });

  test('every single bit: rejected, or a run that ends in a value or a fault', () => {
    let rejected = 0;
    let run = 0;
    for (const [source, args] of CORPUS) {
      const unit = load(source);
      const code = compileStack(unit, true);
      for (let word = 0; word < code.words.length; word++) {
        for (let bit = 0; bit < 32; bit++) {
          const words = code.words.slice();
          words[word]! ^= 1 << bit;
          try {
            const meter = new Meter({ fuel: 2_000, alloc: 100_000 }, () => 0);
            const value = machineOf(unit, { ...code, words }, meter).run(0, args);
            expect(value).not.toBeUndefined();
            run++;
          } catch (error) {
            if (error instanceof StackCodeError) rejected++;
            else if (error instanceof Fault) run++;
            else throw new Error(`${source}: word ${word}, bit ${bit}`, { cause: error });
          }
        }
      }
    }
    expect(rejected).toBeGreaterThan(5_000);
    expect(run).toBeGreaterThan(200);
  });
});
