// The memory that all register machines of a process share: machines that run inside each other, code that has no room, and calls
// that nest more deeply than the shared registers reach.
import { describe, expect, it } from 'vitest';
import type { Host } from '../../src/core/host.ts';
import type { Value } from '../../src/core/value/value.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { makeServices } from '../../src/runtime/services.ts';
import { OPCODE_OF } from '../../src/spec/register-ops.ts';
import type { RunServices } from '../../src/vm/engine.ts';
import { RegisterMachine } from '../../src/vm/register/machine.ts';
import { Memory } from '../../src/vm/register/memory.ts';
import { testHost } from '../programs/expectations.ts';
import { load } from './register-kit.ts';

/** A machine on which the builtin `rnd` does what the test wants. */
function machineOf(source: string, options: { rnd?: () => Value; fresh?: boolean; maxDepth?: number } = {}) {
  const unit = load(source);
  const plain = makeServices({
    builtins: BUILTINS,
    host: testHost() as Host,
    meter: undefined,
    maxDepth: options.maxDepth ?? 10_000,
    random: () => 0.5,
    callValue: (callee, values) => machine.callValue(callee, values, ''),
  });
  const services: RunServices = {
    ...plain,
    builtin: name => (name === 'rnd' && options.rnd !== undefined ? options.rnd : plain.builtin(name)),
  };
  const machine = new RegisterMachine(unit, services, { fresh: options.fresh ?? false });
  const call = (name: string, ...args: Value[]): Value => machine.run(unit.byName.get(name)!, args);
  return { call, entry: machine.entry(0) };
}

/** Keeps lists and numbers in registers across a call, one call below the first. */
const KEEPS = 'f n:n>n;xs=[n 2];t=g *n 10;+t +xs.0 xs.1\ng n:n>n;ys=[n];r=rnd();+r ys.0';

describe.each([{ fresh: false }, { fresh: true }])('machines that run inside each other %o', ({ fresh }) => {
  it('keep their registers', () => {
    const inner = machineOf('h n:n>n;zs=[n +n 1 +n 2];s=0;@z zs{s=+s z};s', { fresh });
    const seen: Value[] = [];
    const outer = machineOf(KEEPS, {
      fresh,
      rnd: () => {
        const value = inner.call('h', 100);
        seen.push(value, inner.entry(7));
        return value;
      },
    });
    // 303 from inside, 50 from g, 5 and 2 from f.
    expect([outer.call('f', 5), outer.entry(5), inner.call('h', 1), outer.call('f', 1)]).toEqual([360, 360, 6, 316]);
    expect(seen).toEqual([303, 24, 303, 24, 303, 24]);
  });

  it('keep them when what is called is nothing but arithmetic', () => {
    const inner = machineOf('h a:n b:n c:n>n;s=*a b;+s c', { fresh });
    expect(inner.entry(6, 7, 8)).toBe(50);
    const outer = machineOf(KEEPS, { fresh, rnd: () => inner.entry(100, 200, 300) });
    expect([outer.call('f', 5), outer.entry(5), inner.entry(1, 2, 3)]).toEqual([20_357, 20_357, 5]);
  });

  it('may call each other back', () => {
    let depth = 0;
    const again = (): Value => {
      depth++;
      const value = depth > 3 ? 1 : depth % 2 === 1 ? inner.call('f', 2) : outer.call('f', 3);
      depth--;
      return value;
    };
    const outer = machineOf(KEEPS, { fresh, rnd: again });
    const inner = machineOf(KEEPS, { fresh, rnd: again });
    // f n is 11 n + 2 and what rnd gives.
    const expected = 13 + (24 + (35 + (24 + 1)));
    expect([outer.call('f', 1), outer.call('f', 1), inner.call('f', 1)]).toEqual([expected, expected, expected]);
  });

  it('leave the memory to each other after an error', () => {
    const inner = machineOf('h n:n>n;m=- n n;/ n m', { fresh });
    const outer = machineOf(KEEPS, {
      fresh,
      rnd: () => {
        expect(() => inner.call('h', 1)).toThrow('division by zero');
        return 4;
      },
    });
    expect([outer.call('f', 1), outer.call('f', 2)]).toEqual([17, 28]);
  });
});

describe.each([{ fresh: false }, { fresh: true }])('arithmetic that a builtin calls %o', ({ fresh }) => {
  it('leaves the frame below as it is', () => {
    const program = 'f n:n>n;a=+n 1;b=*n 2;s=fld (s:n x:n>n;a=*s 2;b=*x x;+a b) [3 n 4] 0;c=*a b;d=+s c;+d n';
    const { call, entry } = machineOf(program, { fresh });
    expect([call('f', 10), entry(10), call('f', 1)]).toEqual([252 + 220 + 10, 482, 54 + 4 + 1]);
  });

  it('counts as a call', () => {
    const options = { fresh, maxDepth: 3 };
    const { call } = machineOf('f n:n>n;<=n 0 0;xs=map (x:n>n;*x 2) [n n];m=-n 1;r=f m;+r xs.1', options);
    expect([call('f', 1), call('f', 2)]).toEqual([2, 6]);
    expect(() => call('f', 3)).toThrow('call depth limit of 3 reached');
    expect(call('f', 2)).toBe(6);
  });

  it('fails as it does elsewhere', () => {
    const { call, entry } = machineOf('f n:n>n;xs=map (x:n>n;y=-x 2;/6 y) [5 4 n];sum xs', { fresh });
    expect([call('f', 3), entry(5)]).toEqual([11, 7]);
    expect(() => call('f', 2)).toThrow('division by zero');
    expect(() => entry(2)).toThrow('division by zero');
    const many = machineOf('f n:n>n;xs=map (x:n y:n>n;+x y) [1 2 n];sum xs', { fresh });
    expect(() => many.call('f', 2)).toThrow('2');
  });
});

describe('what does not fit', () => {
  it('goes on in registers of its own', () => {
    const deep = machineOf('f n:n>n;<=n 0 0;r=f -n 1;+r n', { maxDepth: 200_000 });
    const half = 150_000 / 2;
    expect([deep.call('f', 150_000), deep.call('f', 10), deep.call('f', 150_000)]).toEqual([
      half * 150_001,
      55,
      half * 150_001,
    ]);
  });

  it('holds the targets of jumps as places of its own', () => {
    const memory = new Memory();
    const unit = () => ({ code: Int32Array.of(OPCODE_OF.jump, 0, OPCODE_OF.load_x, 7), loaded: undefined });
    expect([memory.load(unit()), memory.load(unit())]).toEqual([0, 4]);
    expect([...memory.code.subarray(0, 8)]).toEqual([
      OPCODE_OF.jump,
      0,
      OPCODE_OF.load_x,
      7,
      OPCODE_OF.jump,
      4,
      OPCODE_OF.load_x,
      7,
    ]);
  });

  it('is loaded again once the memory was given up', () => {
    const memory = new Memory();
    const unit = (length: number) => ({ code: new Int32Array(length).fill(length << 8), loaded: undefined });
    // Each word is a copy between registers.
    const [first, second, third] = [unit(150_000), unit(100_000), unit(120_000)];
    expect([memory.load(first), memory.load(second), memory.load(first)]).toEqual([0, 150_000, 0]);
    expect([memory.load(third), memory.load(second), memory.load(unit(2 ** 18 + 1))]).toEqual([0, 120_000, undefined]);
    expect([memory.code[0], memory.code[120_000]]).toEqual([120_000 << 8, 100_000 << 8]);
    memory.user = { depth: 1, floats: memory.floats, bottom: 3, top: () => 9 };
    expect([memory.load(first), memory.load(second), memory.bottom()]).toEqual([undefined, 120_000, 9]);
  });
});
