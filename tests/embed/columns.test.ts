// `map` and `mapInto`: columns as callers have them, and what they may do to their buffers.
import { describe, expect, test } from 'vitest';
import type { EngineChoice, TraceEvent } from '../../src/embed/api.ts';
import { compile } from '../../src/embed/main.ts';

const TOT = 'tot p:n q:n r:n>n;s=*p q;t=*s r;+s t';
const ENGINES: readonly EngineChoice[] = ['auto', 'jit', 'js', 'tree'];
const ROWS = 1003;

const column = (scale: number): Float64Array => Float64Array.from({ length: ROWS }, (_, i) => (i - 500) * scale);
const expected = (p: number, q: number, r: number): number => p * q + p * q * r;

describe.each(ENGINES)('on %s', engine => {
  test('a Float64Array is given, or filled', () => {
    const program = compile(TOT, { engine });
    const [p, q, r] = [column(1), column(0.5), column(0.25)];
    const out = program.map('tot', p, q, r) as Float64Array;
    expect([...out]).toEqual([...p].map((value, i) => expected(value, q[i]!, r[i]!)));
    const own = new Float64Array(ROWS);
    expect(program.mapInto('tot', own, p, q, r)).toBe(own);
    expect([...own]).toEqual([...out]);
    expect(program.stats.fuel).toBe(ROWS);
  });

  test('what is written may share memory with what is read', () => {
    const program = compile('f a:n b:n>n;+a b', { engine });
    const want = Array.from({ length: 100 }, (_, i) => i + i + 1);
    const memories = [new ArrayBuffer(8 * 120), new SharedArrayBuffer(8 * 120)];
    for (const buffer of memories) {
      const all = new Float64Array(buffer);
      all.forEach((_, i) => {
        all[i] = i;
      });
      // Each result goes where the next row's numbers are.
      const out = new Float64Array(buffer, 16, 100);
      program.mapInto('f', out, all.subarray(0, 100), all.subarray(1, 101));
      expect([...out]).toEqual(want);
    }
    const shared = new SharedArrayBuffer(8 * 100);
    const twin = structuredClone(shared);
    new Float64Array(shared).fill(1);
    program.mapInto('f', new Float64Array(twin), new Float64Array(shared), new Float64Array(shared));
    expect(new Set(new Float64Array(shared))).toEqual(new Set([2]));
  });

  test('columns at any offset, of other types, of buffers that can be resized', () => {
    const program = compile('f a:n b:n c:n>n;+a *b c', { engine });
    for (const offset of [0, 1, 2, 3]) {
      const a = new Float64Array(new ArrayBuffer(8 * 64), 8 * offset, 50).fill(3);
      const buffer = new (ArrayBuffer as unknown as new (bytes: number, options: object) => ArrayBuffer)(8 * 50, {
        maxByteLength: 8 * 100,
      });
      const b = new Float64Array(buffer).fill(2);
      const out = program.map('f', a, b, new Int16Array(50).fill(5)) as Float64Array;
      expect(out.length).toBe(50);
      expect(new Set(out)).toEqual(new Set([13]));
    }
  });

  test.runIf(engine === 'jit')('so many rows that results go past the caches, at every offset', () => {
    const program = compile('f a:n b:n>n;-*a b a', { engine, limits: { fuel: 1e9 } });
    const rows = 2 ** 17 + 7;
    const a = Float64Array.from({ length: rows }, (_, i) => i % 1001);
    const b = Float64Array.from({ length: rows }, (_, i) => i % 17);
    for (const offset of [0, 1, 2, 3]) {
      const memory = new Float64Array(rows + 8).fill(-7);
      const out = memory.subarray(offset, offset + rows);
      program.mapInto('f', out, a, b);
      expect(out.findIndex((value, i) => value !== a[i]! * b[i]! - a[i]!)).toBe(-1);
      expect(new Set([...memory.subarray(0, offset), ...memory.subarray(offset + rows)])).toEqual(new Set([-7]));
    }
    expect(program.stats.fuel).toBe(rows);
  });

  test('truth values', () => {
    const program = compile('f a:n on:b>b;c=>a 3;&c on', { engine });
    const numbers = Float64Array.from({ length: 40 }, (_, i) => i % 7);
    const on = Array.from({ length: 40 }, (_, i) => i % 2 === 0);
    expect(program.map('f', numbers, on)).toEqual([...numbers].map((value, i) => value > 3 && on[i]));
    expect(() => program.map('f', numbers, numbers)).toThrow(/ILO-E001: column on\[0\]: expected b/);
  });

  test('columns that do not fit are refused', () => {
    const program = compile(TOT, { engine });
    const fine = column(1);
    expect(() => program.map('tot', fine, fine)).toThrow('ILO-E001: tot takes 3 columns, got 2');
    expect(() => program.map('tot', fine, fine, fine.subarray(1))).toThrow('ILO-E001: column r has 1002 rows');
    expect(() => program.mapInto('tot', new Float64Array(3), fine, fine, fine)).toThrow('ILO-E001: mapInto tot needs');
    const gone = new Float64Array(ROWS);
    structuredClone(gone, { transfer: [gone.buffer] });
    expect(() => program.map('tot', fine, gone, fine)).toThrow('ILO-E001: column q has 0 rows');
    // An array that takes the buffer of another column away while it is read.
    const victim = new Float64Array(ROWS);
    const evil = Array.from({ length: ROWS }, () => 1);
    Object.defineProperty(evil, 5, {
      get: () => {
        if (victim.length > 0) structuredClone(victim, { transfer: [victim.buffer] });
        return 1;
      },
    });
    expect(() => program.map('tot', victim, evil, fine)).toThrow('ILO-E001: a column has changed');
    // Columns that say of themselves what they are not: machine code would read and write beyond their memory.
    const longer = (column: Float64Array): Float64Array =>
      Object.defineProperty(column, 'length', { value: 10 * ROWS });
    const short = new Float64Array(ROWS).fill(1);
    expect(program.map('tot', fine, longer(new Float64Array(fine)), short)).toHaveLength(ROWS);
    expect(() => program.map('tot', fine, longer(new Float64Array(8)), short)).toThrow('ILO-E001: column q has 8 rows');
    const wide = new Float64Array(10 * ROWS);
    expect(() => program.mapInto('tot', longer(new Float64Array(8)), wide, wide, wide)).toThrow('ILO-E001');
    for (const column of [
      null,
      { length: ROWS },
      { length: 1e12 },
      new Proxy(fine, {}),
      new Proxy([1], {}),
      'x'.repeat(ROWS),
    ]) {
      expect(() => program.map('tot', column as never, fine, fine)).toThrow('ILO-E001: column p: expected an array');
    }
    program.dispose();
    expect(() => program.map('tot', fine, fine, fine)).toThrow('ILO-E003');
  });

  test('a fault is the one of its row, and limits hold for the whole', () => {
    const divide = compile('inverse a:n>n;/1 a', { engine });
    const values = new Float64Array(ROWS).fill(2);
    values[777] = 0;
    expect(() => divide.map('inverse', values)).toThrow(/ILO-R003/);
    expect(divide.stats.fuel).toBe(778);
    const limited = compile('f n:n>n;s=0;@i 0..n{s=+s i};s', { engine, limits: { fuel: 5000 } });
    expect(() => limited.map('f', new Float64Array(ROWS).fill(100))).toThrow(/ILO-R043/);
    expect(limited.stats.fuel).toBe(5001);
    expect([...(limited.map('f', new Float64Array(40).fill(100)) as Float64Array)]).toEqual(new Array(40).fill(4950));
    expect(limited.stats.fuel).toBe(40 * 101);
    const endless = compile('f n:n>n;wh > n 0{n=+n 1};n', { engine, limits: { timeout: 30 } });
    expect(() => endless.map('f', new Float64Array(100).fill(1))).toThrow(/ILO-R044|ILO-R043/);
  });

  test('rows of other values are one run, too', () => {
    const seen: string[] = [];
    const onTrace = ({ name, stats, error }: TraceEvent): void => {
      seen.push(`${name} ${stats.fuel} ${error}`);
    };
    const longer = compile('more s:t n:n>R t t;>n 9 ^"much";r="";@i 0..n{r=+r s};~r', {
      engine,
      onTrace,
      limits: { fuel: 100 },
    });
    expect(longer.map('more', ['a', 'b', 'c'], [1, 10, 2])).toEqual([{ ok: 'a' }, { err: 'much' }, { ok: 'cc' }]);
    const { fuel } = longer.stats;
    expect(fuel).toBeGreaterThan(3);
    expect(() => longer.map('more', new Array(200).fill('a'), new Array(200).fill(1))).toThrow(/ILO-R043/);
    expect(seen).toEqual([`more ${fuel} undefined`, 'more 101 ILO-R043']);
    expect(() => longer.map('more', ['a', 1], [1, 1])).toThrow(/ILO-E001/);
    expect(longer.map('more', ['x'], [3])).toEqual([{ ok: 'xxx' }]);
    const stopped = AbortSignal.abort();
    expect(() => longer.with({ signal: stopped }).map('more', ['x'], [3])).toThrow(/ILO-E007/);
  });
});
