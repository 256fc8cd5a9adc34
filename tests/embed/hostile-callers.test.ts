// Callers that are hostile or wrong, on every engine and level of isolation: what is handed in, what is called, which options are given. Each ends in its
// documented error or is taken as what the page on embedding says, the host lives, and the next call is right.
import { describe, expect, test } from 'vitest';
import { compile, IloError } from '../../src/embed/main.ts';
import {
  closeTally,
  count,
  EVERYWHERE,
  ending,
  LEVELS,
  PATIENT,
  plantSecret,
  SECRET,
  timed,
  tool,
} from './hostile/tally.ts';

plantSecret();

const ONCE = { level: 'in-process', engine: 'none' } as const;

/** Data that a caller hands in, and what becomes of it: a code, or `ok` where it is taken as what it is. */
const HANDED: readonly (readonly [what: string, make: () => unknown, ends: RegExp])[] = [
  ['a proxy', () => new Proxy({ x: 1 }, {}), /E001/],
  ['a proxy of an array', () => new Proxy([1], {}), /E001/],
  ['a proxy that was revoked', () => revoked(), /E001/],
  ['a function', () => () => SECRET, /E001/],
  ['a class', () => class {}, /E001/],
  ['an instance of a class', () => new (class Account {})(), /E001/],
  ['a symbol', () => Symbol('x'), /E001/],
  ['a bigint', () => 1n, /E001/],
  ['a promise', () => Promise.resolve(1), /E001/],
  ['a date', () => new Date(0), /E001/],
  ['a regular expression', () => /x/, /E001/],
  ['an error', () => new Error(SECRET), /E001/],
  ['a set', () => new Set([1]), /E001/],
  ['a WeakMap', () => new WeakMap(), /E001/],
  ['a DataView', () => new DataView(new ArrayBuffer(8)), /E001/],
  ['an ArrayBuffer', () => new ArrayBuffer(8), /E001/],
  ['an array of bigints', () => new BigInt64Array(2), /E001/],
  ['a detached buffer', () => detached(), /E001/],
  ['a cycle of objects', () => cycle(), /E001/],
  ['a cycle through a Map', () => mapCycle(), /E001/],
  ['a list that shares itself', () => shared(), /E001/],
  ['a list that nests too deeply', () => nested(10_000), /E001/],
  ['a getter that throws', () => Object.defineProperty({}, 'x', { enumerable: true, get: () => thrown() }), /threw/],
  ['a Map with a key that is an object', () => new Map([[{}, 1]]), /E001/],
  ['a Map with half a key', () => new Map([[0.5, 1]]), /E001/],
  ['an array with holes', () => new Array(3), /ok/],
  ['an array of enormous length', () => Object.assign([], { length: 2 ** 32 - 1 }), /E001/],
  ['an object with a key __proto__', () => JSON.parse('{"__proto__":{"polluted":1},"constructor":2}'), /ok/],
  ['an object without a prototype', () => Object.assign(Object.create(null), { x: 1 }), /ok/],
  ['an object with symbols as keys', () => ({ [Symbol('k')]: SECRET, x: 1 }), /ok/],
  ['an object with toJSON and valueOf', () => ({ toJSON: 1, valueOf: 2, then: 3 }), /ok/],
  ['halves of surrogate pairs', () => ['\ud800', { '\udc00': '\ud83d' }], /ok/],
  ['a map that is none', () => Object.create(Map.prototype), /E001/],
  ['a map of another class', () => new (class extends Map {})(), /E001/],
  [
    'a map with an iterator without end',
    () => Object.assign(new Map([['a', 1]]), { [Symbol.iterator]: endlessly }),
    /ok/,
  ],
  ['a map that grows while it is read', () => growing(), /E001/],
  ['a map whose key cannot be shown', () => new Map([[Object.create(null), 1]]), /E001/],
  [
    'a class whose name cannot be shown',
    () => Object.create({ constructor: Object.defineProperty(() => {}, 'name', { value: Symbol('x') }) }),
    /E001/,
  ],
  [
    'a typed array with a slice of its own',
    () =>
      new (class extends Float64Array {
        override slice(): never {
          return ['x'] as never;
        }
      })(2),
    /ok/,
  ],
  [
    'a typed array that says it is long',
    () => Object.defineProperty(new Float64Array(2), 'length', { value: 2 ** 40 }),
    /ok/,
  ],
  [
    'a typed array whose buffer throws',
    () => Object.defineProperty(new Float64Array(2), 'buffer', { get: thrown }),
    /ok/,
  ],
  ['a typed array of forty million', () => new Float64Array(40_000_000), /E001/],
  ['a typed array a thousand times', () => new Array(1000).fill(new Float64Array(1_000_000)), /E001/],
  ['a text that is too long', () => 'x'.repeat(2 ** 28 + 1), /E001/],
  ['a text of NUL and escapes', () => '\0\u001b[2J\u202e', /ok|2J/],
];

/** Data whose refusal takes a second of work. */
const LARGE: ReadonlySet<string> = new Set([
  'a list that shares itself',
  'a map that grows while it is read',
  'a typed array of forty million',
  'a typed array a thousand times',
]);

function* endlessly(): Generator<[string, number]> {
  for (let i = 0; ; i++) yield [`k${i}`, i];
}
function growing(): unknown {
  const map = new Map<number, unknown>();
  const more = (): unknown => ({
    get x() {
      map.set(map.size, more());
      return 1;
    },
  });
  return map.set(0, more());
}
function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
function detached(): unknown {
  const numbers = new Float64Array(8);
  structuredClone(numbers.buffer, { transfer: [numbers.buffer] });
  return numbers;
}
function cycle(): unknown {
  const one: Record<string, unknown> = {};
  one.other = { one };
  return one;
}
function mapCycle(): unknown {
  const map = new Map<string, unknown>();
  return map.set('self', map);
}
function shared(): unknown {
  let list: unknown[] = [1];
  for (let i = 0; i < 60; i++) list = [list, list];
  return list;
}
function nested(depth: number): unknown {
  let list: unknown[] = [];
  for (let i = 0; i < depth; i++) list = [list];
  return list;
}
function thrown(): never {
  throw new RangeError('threw');
}

describe.each(EVERYWHERE)('what callers hand in, $level on $engine', where => {
  const { level, engine } = where;
  const options = { isolation: level, engine, limits: PATIENT };
  const program = compile('f x:_>_;x\ntool t"" x:_>_\ng x:n>_;t x', options);

  test('as an argument and as the answer of a tool', async () => {
    for (const [what, make, ends] of HANDED) {
      // The same code copies for all engines and levels; what takes long is tried once.
      if (LARGE.has(what) && (level !== 'in-process' || engine !== 'auto')) continue;
      count('data', LARGE.has(what) ? ONCE : where);
      // What a getter throws is the caller's own error, and ends the run as what the tool throws.
      const isGetter = what === 'a getter that throws';
      const handedIn = isGetter
        ? timed(() => program.runAsync('f', make() as never)).catch((error: Error) => error.message)
        : ending(() => program.runAsync('f', make() as never), true);
      expect([what, await handedIn]).toEqual([what, expect.stringMatching(ends)]);
      if (LARGE.has(what)) continue;
      const answering = program.with({ ...options, tools: { t: tool('x:_>_', () => make()) } });
      // A promise is waited for.
      const answers = what === 'a promise' ? /ok/ : isGetter ? /E006/ : ends;
      expect([what, await ending(() => answering.runAsync('g', 1))]).toEqual([what, expect.stringMatching(answers)]);
    }
    expect(await program.runAsync('f', 42)).toBe(42);
  }, 120_000);
});

test.each(LEVELS)('functions and arguments that are not there, isolation %s', async isolation => {
  const program = compile('f x:_>_;x', { isolation, limits: PATIENT });
  for (const name of ['', 'g2', 'toString', '__proto__', 'constructor', 'f ', 'F', '\0']) {
    count('options', ONCE);
    expect([name, await ending(() => program.runAsync(name, 1))]).toEqual([name, 'ILO-E002']);
  }
  for (const args of [[], [1, 2], [1, undefined, 3]]) {
    count('options', ONCE);
    expect(await ending(() => program.runAsync('f', ...args))).toBe('ILO-E001');
  }
  for (const name of [undefined, null, 7, {}, Symbol('f')]) {
    count('options', ONCE);
    expect(await ending(() => program.runAsync(name as never, 1))).toBe('ILO-E002');
  }
});

describe('options that make no sense', () => {
  const OPTIONS_REFUSED: readonly (readonly [what: string, options: object])[] = [
    ['an unknown one', { fuel: 1 }],
    ['one in another spelling', { Limits: {} }],
    ['an unknown limit', { limits: { memory: 1 } }],
    ['a limit of text', { limits: { fuel: '1' } }],
    ['a limit below zero', { limits: { fuel: -1 } }],
    ['a limit that is no number', { limits: { timeout: Number.NaN } }],
    ['depth without end', { limits: { depth: Number.POSITIVE_INFINITY } }],
    ['limits as a list', { limits: [] }],
    ['limits as null', { limits: null }],
    ['an unknown capability', { capabilities: { exec: true } }],
    ['capabilities as true', { capabilities: true }],
    ['a print that is no function', { capabilities: { print: 'x' } }],
    ['a host with a scheme', { capabilities: { net: ['http://x.example'] } }],
    ['a host of spaces', { capabilities: { net: ['x y'] } }],
    ['an unknown option of net', { capabilities: { net: { hosts: [], proxy: 'x' } } }],
    ['net as true', { capabilities: { net: true } }],
    ['a root that is no directory', { capabilities: { read: ['/no/such/folder'] } }],
    ['roots as a text', { capabilities: { write: '/tmp' } }],
    ['env as true', { capabilities: { env: true } }],
    ['env with numbers', { capabilities: { env: [1] } }],
    ['a clock of text', { capabilities: { clock: 'now' } }],
    ['random as a list', { capabilities: { random: [] } }],
    ['onRequest that is no function', { capabilities: { onRequest: true } }],
    ['tools as a list', { tools: [] }],
    ['a tool that is a function', { tools: { t: () => 1 } }],
    ['a tool without a signature', { tools: { t: { call: () => 1 } } }],
    ['a tool without a function', { tools: { t: { signature: 'x:n>n' } } }],
    ['a tool whose signature is none', { tools: { t: { signature: 'n to n', call: () => 1 } } }],
    ['a tool of another signature', { tools: { t: { signature: 'x:t>t', call: () => 1 } } }],
    ['an engine that is not there', { engine: 'turbo' }],
    ['an engine of a prototype', { engine: 'toString' }],
    ['an isolation that is not there', { isolation: 'container' }],
    ['memory in words', { memory: '64 MiB' }],
    ['too little memory', { memory: 1 }],
    ['a signal that is none', { signal: { aborted: true } }],
    ['a signal that cannot be asked', { signal: Object.create(AbortSignal.prototype) }],
    ['an engine that is a bigint', { engine: 1n }],
    ['a root that is a bigint', { capabilities: { read: [1n] } }],
    ['a host that is a symbol', { capabilities: { net: [Symbol('x')] } }],
    ['onTrace that is no function', { onTrace: {} }],
    ['a file that is no text', { file: 7 }],
    ['readSource that is no function', { readSource: {} }],
    ['options as text', 'fast' as unknown as object],
    ['options as null', null as unknown as object],
  ];
  test.each(OPTIONS_REFUSED)('%s', async (what, options) => {
    count('options', ONCE);
    const source = 'tool t"" x:n>n\nf x:n>n;*x 2';
    expect(await ending(() => compile(source, options))).toMatch(/ILO-E00[25]/);
    const program = compile(source);
    expect(await ending(() => program.with(options))).toMatch(/ILO-E00[25]/);
    expect([what, program.run('f', 21)]).toEqual([what, 42]);
  });
});

test('saved runs that are none', () => {
  const source = 'tool t"" x:_>_\nf x:_>_;y=t x;y';
  const program = compile(source);
  const saved = new TextDecoder().decode(program.begin('f', [1]).save());
  const deep = `${'["l",'.repeat(50_000)}1${']'.repeat(50_000)}`;
  const texts = [
    '',
    'null',
    '[]',
    '{}',
    '{"format":"ilo-run-1"}',
    saved.slice(0, -1),
    saved.replace('"fuel":', '"fuel":1e999,"was":'),
    saved.replace('"fuel":', '"fuel":-'),
    saved.replace(/"args":\[.*\],"log"/, '"args":[],"log"'),
    saved.replace(/"args":\[.*\],"log"/, '"args":[["x",1]],"log"'),
    saved.replace(/"args":\[.*\],"log"/, `"args":[${deep}],"log"`),
    saved.replace('"log":[]', `"log":[["tool t",${deep}]]`),
    saved.replace('"log":[]', '"log":[["tool t",{}]]'),
    saved.replace('"log":[]', '"log":[["tool t",["r"]]]'),
    saved.replace('"log":[]', '"log":[["print",1]]'),
    saved.replace(/"program":"../, '"program":"zz'),
  ];
  for (const text of texts) {
    count('options', ONCE);
    expect([text.slice(0, 80), codeOf(() => program.restore(new TextEncoder().encode(text)))]).toEqual([
      text.slice(0, 80),
      'ILO-E008',
    ]);
  }
  for (const bytes of [null, undefined, 7, 'x', {}, new Proxy(new Uint8Array(3), {}), new Uint8Array([0xff])]) {
    count('options', ONCE);
    expect(codeOf(() => program.restore(bytes as never))).toBe('ILO-E008');
  }
  // The function is called something else.
  count('options', ONCE);
  expect(codeOf(() => program.restore(new TextEncoder().encode(saved.replace('"f"', '"g"'))))).toBe('ILO-E008');
  count('options', ONCE);
  expect(codeOf(() => program.begin('f', 1).fail(7 as never))).toBe('ILO-E001');
  // A getter of an answer that answers the same call.
  const run = compile(source).begin('f', 1);
  const answer = {
    get x() {
      run.answer(1);
      return 2;
    },
  };
  count('options', ONCE);
  expect(codeOf(() => run.answer(answer))).toBe('ILO-E009');
  expect(run.result).toBe(1);
});

test('files of imports that are none', () => {
  const given: readonly (readonly [() => unknown, string])[] = [
    [() => 7, 'ILO-E001'],
    [() => new Proxy({}, {}), 'ILO-E001'],
    [
      () => {
        throw null;
      },
      'ILO-E006',
    ],
    [() => undefined, 'ILO-P017'],
    [() => 'use "a.ilo"\nf>n;1', 'ILO-P018'],
  ];
  for (const [readSource, code] of given) {
    count('options', ONCE);
    expect(codeOf(() => compile('use "a.ilo"\ng>n;1', { file: 'main.ilo', readSource } as object))).toBe(code);
  }
  let files = 0;
  const endless = () => `use "a${++files}.ilo"\ng${files}>n;1`;
  count('options', ONCE);
  expect(codeOf(() => compile('use "a.ilo"\nf>n;1', { file: 'main.ilo', readSource: endless }))).toBe('ILO-P022');
  // One beside the other: no file is deeper than the first.
  const beside = Array.from({ length: 5000 }, (_, i) => `use "b${i}.ilo"`).join('\n');
  count('options', ONCE);
  expect(codeOf(() => compile(`${beside}\nf>n;1`, { file: 'main.ilo', readSource: () => '' }))).toBe('ILO-P022');
});

test('a secret of the environment is nowhere, on no engine and level', async () => {
  const peeks = [
    'f>R t t;env "ILO_PLANTED_SECRET"',
    'f>_;rd "/proc/self/environ"',
    'f>_;rd "/proc/self/../self/environ"',
    'f>_;get "file:///proc/self/environ"',
  ];
  for (const where of EVERYWHERE) {
    for (const source of peeks) {
      count('outside', where);
      const printed: string[] = [];
      const run = compile(source, {
        isolation: where.level,
        engine: where.engine,
        limits: PATIENT,
        capabilities: { print: text => void printed.push(text), env: ['ILO_OTHER'], net: ['example.com'] },
      }).runAsync('f');
      const said = await run.then(
        result => JSON.stringify(result),
        error => `${(error as IloError).code} ${(error as Error).message} ${JSON.stringify(error)}`,
      );
      expect(said + printed.join('')).not.toContain(SECRET);
      expect([where, source, said]).toEqual([where, source, expect.stringContaining('ILO-R042')]);
    }
  }
});

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'ok';
  } catch (error) {
    expect(error).toBeInstanceOf(IloError);
    return (error as IloError).code;
  }
}

closeTally('callers', ['data', 'outside'], ['options']);
