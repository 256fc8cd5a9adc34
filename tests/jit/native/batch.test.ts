// Functions on whole columns, on every kind of lanes that the processor has: the same bits, faults and fuel as row by row on the tree engine.
import { describe, expect, test } from 'vitest';
import { batchOf, disposeBatches } from '../../../src/jit/native/batch/unit.ts';
import { AT, memoryFor, STATUS } from '../../../src/jit/native/memory.ts';
import { compiled, type Mapped, mapWith, TARGETS } from './batch-kit.ts';
import { unitOf } from './harness.ts';
import { specialValues } from './special-values.ts';

/** Fewer on ARM64, where an emulator runs the tests. */
const VALUES = specialValues().filter((_, i) => process.arch !== 'arm64' || i % 3 === 0 || i > 190);

/** All pairs of special values as two columns. */
const PAIRS = [
  Float64Array.from(VALUES.flatMap(a => VALUES.map(() => a))),
  Float64Array.from(VALUES.flatMap(() => VALUES)),
] as const;

const ON_PAIRS: readonly (readonly [name: string, source: string])[] = [
  ['add', 'f a:n b:n>n;+a b'],
  ['sub', 'f a:n b:n>n;-a b'],
  ['mul', 'f a:n b:n>n;*a b'],
  ['min', 'f a:n b:n>n;min a b'],
  ['max', 'f a:n b:n>n;max a b'],
  ['min with 0', 'f a:n b:n>n;+(min a 0) (min -0 b)'],
  ['max with 0', 'f a:n b:n>n;*(max a 0) (max -0 b)'],
  ['max with a constant', 'f a:n b:n>n;-(max a 2) (min 3 b)'],
  ['less', 'f a:n b:n>b;<a b'],
  ['less or equal', 'f a:n b:n>b;<=a b'],
  ['greater', 'f a:n b:n>b;>a b'],
  ['greater or equal', 'f a:n b:n>b;>=a b'],
  ['equal', 'f a:n b:n>b;=a b'],
  ['not equal', 'f a:n b:n>b;!=a b'],
  ['a branch', 'f a:n b:n>n;<a b 1;2'],
  ['not less as a branch', 'f a:n b:n>n;c=<a b;!c{ret 1};2'],
  ['equal as a branch', 'f a:n b:n>n;=a b 1;2'],
  ['both', 'f a:n b:n>b;& <a b >a 0'],
  ['equal truth values', 'f a:n b:n>b;= (<a b) (>a 1)'],
  ['clamp', 'f a:n b:n>n;clamp a b 2'],
  ['clamp between', 'f a:n b:n>n;clamp 1 a b'],
  ['negative and absolute', 'f a:n b:n>n;+(-0 a) abs b'],
  ['floor', 'f a:n b:n>n;*flr a flr b'],
  ['floor alone', 'f a:n b:n>n;flr a'],
  ['ceiling', 'f a:n b:n>n;cel b'],
  ['rounded', 'f a:n b:n>n;rou a'],
  ['root', 'f a:n b:n>n;-(sqrt a) (sqrt b)'],
  ['truth', 'f a:n b:n>n;a{ret b};2'],
  ['quotient where there is one', 'f a:n b:n>n;=b 0{ret 7};/a b'],
  ['remainder where there is one', 'f a:n b:n>n;=b 0{ret 7};mod a b'],
  ['remainder by 2', 'f a:n b:n>n;mod a 2'],
  ['remainder by -1000', 'f a:n b:n>n;mod a -1000'],
  ['remainder by a fraction', 'f a:n b:n>n;mod a 0.3'],
  ['a range', 'f a:n b:n>n;s=0;@i a..b{s=+s 1;>s 3{brk}};s'],
];

function sameBits(got: Mapped, want: Mapped, columns: readonly Float64Array[]): void {
  for (let at = 0; at < want.bits.length; at++) {
    if (got.bits[at] === want.bits[at]) continue;
    const show = (bits: bigint): string =>
      `0x${bits.toString(16)} ${Number(new Float64Array(BigUint64Array.of(bits).buffer)[0])}`;
    const row = columns.map(column => column[at]);
    expect({ at, row, got: show(got.bits[at]!) }).toEqual({ at, row, got: show(want.bits[at]!) });
  }
  expect(got.fault).toEqual(want.fault);
}

/** What the tree engine gives for all pairs, by source. */
const wanted = new Map<string, Mapped>();

describe.each(TARGETS.map(target => [target.name, target] as const))('%s', (_, target) => {
  test.each(ON_PAIRS)('on all pairs of special values: %s', (__, source) => {
    const unit = unitOf(source);
    const got = mapWith(unit, 'f', PAIRS, target);
    const want = wanted.get(source) ?? mapWith(unit, 'f', PAIRS, undefined);
    wanted.set(source, want);
    sameBits(got, want, PAIRS);
    // Remainders of large or broken numbers are left to others; all the rest is done on lanes.
    if (!source.includes('mod')) expect(got.single).toBe(PAIRS[0].length % target.lanes);
  });

  test('NaN of every kind is given as the one NaN', () => {
    const kinds = BigUint64Array.of(0x7ff0000000000001n, 0xfff8000000000000n, 0xffffffffffffffffn, 0x7ff8000000001234n);
    const column = new Float64Array(kinds.buffer);
    for (const source of ['f a:n>n;a', 'f a:n>n;-0 a', 'f a:n>n;min a a', 'f a:n>n;>a 0{ret 1};abs a']) {
      const { bits } = mapWith(unitOf(source), 'f', [column], target);
      expect([...bits].map(String)).toEqual([...bits].map(() => String(0x7ff8000000000000n)));
    }
  });

  test.each([...Array(21).keys()])('%s rows', rows => {
    const unit = unitOf('f a:n b:n>n;>a b{ret -a b};*a b');
    const columns = [0, 1].map(at => Float64Array.from({ length: rows }, (_unused, i) => ((i * 7 + at * 5) % 11) - 5));
    const got = mapWith(unit, 'f', columns, target);
    sameBits(got, mapWith(unit, 'f', columns, undefined), columns);
    expect(got.single).toBe(rows % target.lanes);
  });
});

/** Rows leave the loop after different times; some of them divide by zero in the end. */
const LOOP = 'f n:n>n;s=0;@i 0..n{s=+s i;>s 50{brk}};/s (-n 9)';

describe.each(TARGETS.map(target => [target.name, target] as const))('limits on %s', (_, target) => {
  const rows = Float64Array.from({ length: 90 }, (_unused, i) => i % 9);

  test('every amount of fuel', () => {
    const unit = unitOf(LOOP);
    const all = mapWith(unit, 'f', [rows], target, { fuel: 1e6 });
    expect(all.fault).toBeUndefined();
    expect(all.single).toBe(rows.length % target.lanes);
    for (let fuel = 0; fuel <= all.fuel + 1; fuel += 1 + (fuel % 3)) {
      const got = mapWith(unit, 'f', [rows], target, { fuel });
      const want = mapWith(unit, 'f', [rows], undefined, { fuel });
      expect({ fuel, used: got.fuel, fault: got.fault }).toEqual({ fuel, used: want.fuel, fault: want.fault });
    }
  });

  test('a division by zero in each row', () => {
    const unit = unitOf(`g n:n>n;/1 n\n${LOOP.replace('f n', 'h n')}\nf n:n>n;+(g n) (h n)`);
    for (let at = 0; at < 21; at++) {
      const column = new Float64Array(21).fill(4);
      column[at] = at % 2 === 0 ? 0 : 9;
      const got = mapWith(unit, 'f', [column], target, { fuel: 1e6 });
      const want = mapWith(unit, 'f', [column], undefined, { fuel: 1e6 });
      expect(got.fault).toEqual(want.fault);
      expect(got.fuel).toBe(want.fuel);
      expect([...got.bits].map(String)).toEqual([...want.bits].map(String));
    }
  });

  test('a loop without an end comes back again and again', () => {
    const unit = unitOf('f n:n>n;wh > n 0{n=+n 1};n');
    const column = Float64Array.of(0, 0, 0, 0, 0, 0, 1, 0, 0);
    const got = mapWith(unit, 'f', [column], target, { fuel: 3_000_000 });
    expect(got.fault).toContain('ILO-R043');
    expect(got.fuel).toBe(3_000_001);
    expect(Number(got.bits[3])).toBe(0);
  });

  test('calls that may not nest so deeply', () => {
    const unit = unitOf('h n:n>n;+n 1\ng n:n>n;*2 (h n)\nf n:n>n;-1 (g n)');
    for (const maxDepth of [1, 2, 3, 4]) {
      const got = mapWith(unit, 'f', [rows], target, undefined, maxDepth);
      expect(got.fault).toEqual(mapWith(unit, 'f', [rows], undefined, undefined, maxDepth).fault);
    }
  });

  test('a unit that was disposed of has no batches', () => {
    const unit = unitOf(LOOP);
    expect('why' in batchOf(unit, 0, false, target)).toBe(false);
    disposeBatches(unit);
    sameBits(mapWith(unit, 'f', [rows], target), mapWith(unit, 'f', [rows], undefined), [rows]);
  });
});

describe('what has no lanes', () => {
  test.each([
    ['fib n:n>n;<n 2{ret n};+fib -n 1 fib -n 2', 'fib', 'it calls fib, which cannot stand in place of its call'],
    ['f n:n>n;sin n', 'f', 'it calls sin, which has no machine code'],
    ['f s:t>n;len s', 'f', 'its parameter s is neither a number nor a truth value'],
    ['f>n;1', 'f', 'it has no parameters'],
    ['f n:n>n;xs=[1 2];+n hd xs', 'f', 'it has a list or a record'],
  ])('%s', (source, name, why) => {
    const unit = unitOf(source);
    const batch = batchOf(unit, unit.byName.get(name)!, false, TARGETS[0]);
    expect('why' in batch ? batch.why : undefined).toContain(TARGETS.length > 0 ? why : '');
  });
});

/** A generator of numbers in [0, 1) from a seed. */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** A program in which rows take different ways: branches, returns, loops in loops that rows leave at different times, calls. */
function randomProgram(random: () => number): string {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const expression = (names: readonly string[], depth: number): string => {
    const kind = depth === 0 ? 0 : random();
    if (kind < 0.3) return random() < 0.7 ? pick(names) : pick(['0', '1', '2', '3', '0.5', '10', '7.25', '(- 0 1)']);
    const a = expression(names, depth - 1);
    if (kind < 0.4) return `(${pick(['abs', 'flr', 'cel', 'rou', 'sqrt'])} ${a})`;
    const b = expression(names, depth - 1);
    if (kind < 0.5) return `(${pick(['min', 'max'])} ${a} ${b})`;
    if (kind < 0.55) return `(clamp ${a} ${b} 5)`;
    if (kind < 0.6) return `(/ ${a} ${random() < 0.8 ? pick(['2', '3', '(- 0 4)']) : b})`;
    if (kind < 0.65) return `(mod ${a} ${random() < 0.8 ? pick(['2', '3', '7']) : b})`;
    if (kind < 0.72) return `(g ${a} ${b})`;
    return `(${pick(['+', '-', '*'])} ${a} ${b})`;
  };
  const condition = (names: readonly string[]): string =>
    `${pick(['<', '>', '<=', '>=', '=', '!='])} ${expression(names, 1)} ${expression(names, 1)}`;
  let loops = 0;
  const statements = (names: readonly string[], depth: number, inLoop: boolean): string[] =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, (): string => {
      const kind = random();
      if (depth === 0 || kind < 0.4) return `${pick(['x', 'y', 'z'])}=${expression(names, 2)}`;
      if (kind < 0.5) return `${condition(names)}{${statements(names, depth - 1, inLoop).join(';')}}`;
      if (kind < 0.6) {
        const first = condition(names);
        const both = `c=${first.startsWith('=') ? `(${first})` : first};d=< 1 ${pick(names)};c=${pick(['&', '|'])} c d`;
        return `${both};${pick(['', '!'])}c{${statements(names, depth - 1, inLoop).join(';')}}`;
      }
      if (kind < 0.68) return `${condition(names)}{ret ${expression(names, 1)}}`;
      if (kind < 0.76 && inLoop) return `${condition(names)}{${pick(['brk', 'cnt'])}}`;
      const id = loops++;
      const body = statements([...names, `i${id}`], depth - 1, true).join(';');
      if (random() < 0.4) return `e${id}=(clamp ${pick(names)} 0 6);@i${id} 0..e${id}{${body}}`;
      if (random() < 0.5) return `@i${id} 0..5{${body}}`;
      return `i${id}=0;wh < i${id} (min 6 (abs ${pick(names)})){i${id}=(+ i${id} 1);${body}}`;
    });
  const names = ['a', 'b', 'x', 'y', 'z'];
  const body = statements(names, 3, false).join(';');
  return `g p:n q:n>n;> p q{ret (- p q)};(* p 0.5)\nf a:n b:n>n;x=a;y=b;z=1;${body};${expression(names, 2)}`;
}

const PROGRAMS = process.arch === 'arm64' ? 25 : 60;

describe.each(TARGETS.map(target => [target.name, target] as const))('random programs on %s', (name, target) => {
  test.each([undefined, { fuel: 1e9 }])('limits %s', limits => {
    const seed = Math.floor(Date.now() % 1e9);
    let batches = 0;
    for (let i = 0; i < PROGRAMS; i++) {
      const random = randomFrom(seed + i * 7919);
      const source = randomProgram(random);
      const unit = unitOf(source);
      const columns = [0, 1].map(() =>
        Float64Array.from({ length: 43 }, () =>
          random() < 0.3 ? VALUES[Math.floor(random() * VALUES.length)]! : Math.round(random() * 40 - 20) / 4,
        ),
      );
      const batch = batchOf(unit, unit.byName.get('f')!, limits !== undefined, target);
      if ('why' in batch) {
        expect({ source, why: batch.why }).toEqual({ source, why: 'it is too large' });
        continue;
      }
      batches++;
      const got = mapWith(unit, 'f', columns, target, limits);
      const want = mapWith(unit, 'f', columns, undefined, limits);
      const differs = want.bits.findIndex((bits, at) => bits !== got.bits[at]);
      expect({ name, seed, i, differs, source, fault: got.fault, fuel: got.fuel }).toEqual({
        ...{ name, seed, i, differs: -1, source, fault: want.fault, fuel: want.fuel },
      });
    }
    expect(batches).toBeGreaterThan((PROGRAMS * 5) / 6);
  });
});

describe.runIf(TARGETS.length > 0)('memory of columns', () => {
  const rows = 16;
  const unit = unitOf('f a:n>n;+a 1');
  /** Enters code for all rows; gives its status. */
  const enter = (column: Float64Array, out: Float64Array): number => {
    const { place } = compiled(unit, 'f', TARGETS[0]!);
    const memory = memoryFor(1)!;
    memory.words[AT.arena >> 2] = place.arena;
    memory.words[AT.offset >> 2] = place.offset;
    memory.words[AT.maxDepth >> 2] = 1;
    memory.words[AT.frameBytes >> 2] = 1;
    memory.words[AT.rounds >> 2] = 100;
    memory.words[AT.columnsFirst >> 2] = 0;
    memory.enterColumns([column, out], 0, rows);
    return memory.words[AT.status >> 2]!;
  };
  const resizable = (bytes: number): ArrayBuffer & { resize: (bytes: number) => void } =>
    Reflect.construct(ArrayBuffer, [bytes, { maxByteLength: 2 * bytes }]);

  test.each([
    ['plain', () => new ArrayBuffer(8 * rows)],
    ['shared', () => new SharedArrayBuffer(8 * rows)],
    ['resizable', () => resizable(8 * rows)],
    ['shared and growable', () => Reflect.construct(SharedArrayBuffer, [8 * rows, { maxByteLength: 4096 }])],
  ] as const)('%s buffers are read and written', (_, make) => {
    const column = new Float64Array(make()).fill(2);
    const out = new Float64Array(make());
    expect(enter(column, out)).toBe(STATUS.ok);
    expect([...out]).toEqual(new Array(rows).fill(3));
  });

  test('what is detached, too short or no Float64Array is refused, whichever it is', () => {
    const right = (): Float64Array => new Float64Array(rows);
    const detached = right();
    structuredClone(detached.buffer, { transfer: [detached.buffer as ArrayBuffer] });
    const buffer = resizable(8 * rows);
    const shrunk = new Float64Array(buffer);
    const outOfBounds = new Float64Array(buffer, 8 * 8, 8);
    buffer.resize(8 * 8);
    const others = [new Float32Array(rows), new BigInt64Array(rows), new DataView(new ArrayBuffer(8 * rows)), [], null];
    for (const wrong of [detached, shrunk, outOfBounds, right().subarray(1), ...others] as Float64Array[]) {
      expect(enter(wrong, right())).toBe(STATUS.outOfRange);
      expect(enter(right(), wrong)).toBe(STATUS.outOfRange);
    }
    expect(enter(right(), right())).toBe(STATUS.ok);
  });
});
