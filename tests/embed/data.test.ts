// What crosses the border and how: a defined answer for each kind of JavaScript value, in both directions.
import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { compile, IloError } from '../../src/embed/main.ts';

const SOURCE = [
  'type pt{x:n;y:n}',
  'type job{name:t;tags:L t;at:O n;best:pt}',
  'alias pts L pt',
  'same a:_>_;a',
  'nu a:n>n;a',
  'txt a:t>t;a',
  'yes a:b>b;a',
  'may a:O n>O n;a',
  'list a:L n>n;len a',
  'many a:pts>L n;map (p:pt>n;p.x) a',
  'rec a:job>t;a.name',
  'back a:job>job;a',
  'lookup a:M t n k:t>O n;mget a k',
  'number a:M n t k:n>O t;mget a k',
  'res a:R n t>t;?a{~v:str v;^e:e}',
  'divide a:n b:n>R n t;=b 0 ^"by zero";q=/a b;~q',
  'pick a:S red green>t;a',
  'fun>_;(x:n>n;+x 1)',
].join('\n');

const program = compile(SOURCE);

/** The code and the words of the error that a call ends in. */
function refused(name: string, ...args: unknown[]): string {
  try {
    program.run(name, ...(args as never[]));
  } catch (error) {
    expect(error).toBeInstanceOf(IloError);
    expect((error as IloError).code).toBe('ILO-E001');
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

class Account {
  secret = 'hidden';
}

describe('what goes in', () => {
  test('numbers, text, booleans, nothing', () => {
    expect(program.run('nu', -0)).toBe(-0);
    expect(program.run('nu', Number.NaN)).toBeNaN();
    expect(program.run('nu', Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(program.run('txt', 'a\u0000b€😀')).toBe('a\u0000b€😀');
    expect(program.run('yes', true)).toBe(true);
    expect(program.run('may', null)).toBe(null);
    expect(program.run('may', undefined)).toBe(null);
    expect(program.run('may', 3)).toBe(3);
  });

  test('halves of surrogate pairs become the replacement character', () => {
    expect(program.run('txt', 'a\ud800b')).toBe('a\ufffdb');
    expect(program.run('same', { 'k\udc00': '\ud800' })).toEqual({ 'k\ufffd': '\ufffd' });
  });

  test('arrays, also with holes, and typed arrays', () => {
    expect(program.run('list', [1, 2, 3])).toBe(3);
    expect(program.run('same', [1, undefined, 3] as never)).toEqual([1, null, 3]);
    expect(program.run('list', new Float64Array([1, 2]))).toBe(2);
    expect(program.run('same', new Uint8Array([1, 255]))).toEqual([1, 255]);
    expect(program.run('list', new Float64Array(new SharedArrayBuffer(16)))).toBe(2);
  });

  test('a NaN with a forged payload is the one NaN', () => {
    const forged = new Float64Array(new Uint32Array([1, 0xfffc0000]).buffer);
    for (const engine of ['tree', 'closure', 'stack', 'vm', 'vm-fresh', 'js'] as const) {
      const other = program.with({ engine });
      expect(other.run('same', forged)).toEqual([Number.NaN]);
      expect(other.run('nu', forged[0]!)).toBeNaN();
    }
  });

  test('records, declared and not', () => {
    const job = { name: 'a', tags: ['x'], best: { x: 1, y: 2 }, more: 'is left out' };
    expect(program.run('rec', job)).toBe('a');
    expect(program.run('back', job)).toEqual({ name: 'a', tags: ['x'], at: null, best: { x: 1, y: 2 } });
    expect(
      program.run('many', [
        { x: 1, y: 2 },
        { x: 5, y: 0 },
      ]),
    ).toEqual([1, 5]);
    expect(program.run('same', { a: { b: [] } })).toEqual({ a: { b: [] } });
    expect(program.run('same', vm.runInNewContext('({a: 1})'))).toEqual({ a: 1 });
  });

  test('maps', () => {
    expect(program.run('lookup', { one: 1 }, 'one')).toBe(1);
    expect(program.run('lookup', new Map([['one', 1]]), 'two')).toBe(null);
    expect(program.run('number', { 7: 'seven' }, 7)).toBe('seven');
    expect(program.run('number', new Map([[7, 'seven']]), 7)).toBe('seven');
    expect(refused('number', { x: 'y' }, 7)).toContain('expected an integer as key');
    expect(refused('number', new Map([[{}, 'y']]) as never, 7)).toContain('key');
  });

  test('results', () => {
    expect(program.run('res', { ok: 1 })).toBe('1');
    expect(program.run('res', { err: 'no' })).toBe('no');
    expect(refused('res', { ok: 1, err: 'no' })).toContain('{ok: …} or {err: …}');
    expect(refused('res', 1)).toContain('expected R n t');
  });

  test('keys of prototypes are keys', () => {
    const tricky = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2, "toString": 3}') as never;
    const back = program.run('same', tricky) as Record<string, unknown>;
    expect(Object.keys(back).sort()).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.getPrototypeOf(back)).toBe(null);
    expect(({} as Record<string, unknown>).polluted).toBe(undefined);
    expect(program.run('lookup', {}, 'toString')).toBe(null);
    expect(program.run('lookup', {}, '__proto__')).toBe(null);
    expect(refused('rec', Object.create({ name: 'inherited', tags: [], best: { x: 1, y: 1 } }))).toContain('instance');
  });

  test('getters are read once', () => {
    let reads = 0;
    const data = {
      get x() {
        return ++reads;
      },
    };
    expect(program.run('same', data)).toEqual({ x: 1 });
    expect(reads).toBe(1);
  });

  test.each([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a bigint', 10n],
    ['a proxy', new Proxy({}, {})],
    ['a proxy of an array', new Proxy([], {})],
    ['an instance', new Account()],
    ['a date', new Date(0)],
    ['a regular expression', /x/],
    ['a promise', Promise.resolve(1)],
    ['a set', new Set([1])],
    ['big integers', new BigInt64Array(1)],
    ['a view', new DataView(new ArrayBuffer(8))],
    ['a boxed number', Object(1)],
  ])('%s is refused', (_, data) => {
    expect(refused('same', data)).toContain('argument a of same');
    expect(refused('same', [{ deep: data }])).toContain('argument a of same[0].deep');
  });

  test('a detached buffer is refused', () => {
    const numbers = new Float64Array(4);
    structuredClone(numbers.buffer, { transfer: [numbers.buffer] });
    expect(refused('list', numbers)).toContain('detached');
  });

  test('cycles, depth and explosions end', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle, cycle);
    expect(refused('same', cycle)).toContain('contains itself');
    let shared: unknown = [1];
    for (let i = 0; i < 60; i++) shared = [shared, shared];
    expect(refused('same', shared)).toContain('parts');
    expect(refused('same', new Array(2 ** 31))).toContain('parts');
  });

  test('a throwing getter throws its own error', () => {
    const data = {
      get x(): number {
        throw new RangeError('mine');
      },
    };
    expect(() => program.run('same', data)).toThrow(RangeError);
  });

  test('wrong types are refused with the way to them', () => {
    expect(refused('nu', '1')).toBe('ILO-E001: argument a of nu: expected n, got text');
    expect(refused('list', [1, 'x'])).toBe('ILO-E001: argument a of list[1]: expected n, got text');
    expect(refused('many', [{ x: 1, y: 2 }, { x: 1 }])).toBe('ILO-E001: argument a of many[1].y: expected n, got nil');
    expect(refused('pick', 'blue')).toContain('expected S red green');
    expect(refused('nu')).toBe('ILO-E001: nu takes 1 arguments, got 0');
  });
});

describe('what comes out', () => {
  test('results as objects, records and maps without a prototype', () => {
    expect(program.run('divide', 6, 3)).toEqual({ ok: 2 });
    expect(program.run('divide', 6, 0)).toEqual({ err: 'by zero' });
  });

  test('a function does not come out', () => {
    expect(refused('fun')).toContain('function');
  });

  test('a value that shares its parts without end is refused', () => {
    const doubling = compile('go n:n>_;xs=[1];@i 0..n{xs=[xs,xs]};xs');
    expect(() => doubling.run('go', 60)).toThrow(/parts/);
    expect(() => doubling.run('go', 2000)).toThrow(/deeper|parts/);
  });
});
