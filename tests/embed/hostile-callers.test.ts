// Callers and requests that are hostile or wrong, on all levels of isolation: what is handed in, what is called, which options are given. Each ends in its
// documented error or is taken as what the page on embedding says, the host lives, and the next call is right; the last test prints the count.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, drainPools, IloError, type Isolation, type Tool } from '../../src/embed/main.ts';
import { ENGINES } from '../../src/runtime/engines.ts';

const SECRET = 'planted-8d1f6c';
const LEVELS: readonly Isolation[] = ['in-process', 'worker', 'process'];
let tried = 0;

beforeAll(() => {
  process.env.ILO_PLANTED_SECRET = SECRET;
});
afterAll(() => {
  delete process.env.ILO_PLANTED_SECRET;
  drainPools();
});

const tool = (signature: string, call: (...args: never[]) => unknown): Tool => ({ signature, call });

/** How a call ended: `ok`, or the code of its error, which says nothing that is secret. */
async function ending(run: () => unknown): Promise<string> {
  try {
    await run();
    return 'ok';
  } catch (error) {
    expect(String((error as Error).message)).not.toContain(SECRET);
    return error instanceof IloError ? error.code : String((error as Error).message);
  }
}

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
  ['a text of NUL and escapes', () => '\0\u001b[2J\u202e', /ok/],
];

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

describe.each(LEVELS)('what callers hand in, isolation %s', isolation => {
  const limits = { timeout: 10_000 };
  const program = compile('f x:_>_;x\ntool t"" x:_>_\ng x:n>_;t x', { isolation, limits });
  test.each(HANDED)('%s', async (what, make, ends) => {
    tried += 2;
    const handedIn = await ending(() => program.runAsync('f', make() as never));
    expect(handedIn).toMatch(ends);
    const answering = program.with({ limits, tools: { t: tool('x:_>_', () => make()) } });
    // A promise is waited for; what a getter throws ends the run as what the tool throws.
    const answered = await ending(() => answering.runAsync('g', 1));
    expect(answered).toMatch(what === 'a promise' ? /ok/ : what === 'a getter that throws' ? /E006/ : ends);
    expect(await program.runAsync('f', 42)).toBe(42);
  });

  test('functions and arguments that are not there', async () => {
    for (const name of ['', 'g2', 'toString', '__proto__', 'constructor', 'f ', 'F', '\0']) {
      tried++;
      expect([name, await ending(() => program.runAsync(name, 1))]).toEqual([name, 'ILO-E002']);
    }
    for (const args of [[], [1, 2], [1, undefined, 3]]) {
      tried++;
      expect(await ending(() => program.runAsync('f', ...args))).toBe('ILO-E001');
    }
    for (const name of [undefined, null, 7, {}, Symbol('f')]) {
      tried++;
      await expect(program.runAsync(name as never, 1)).rejects.toMatchObject({ code: 'ILO-E002' });
    }
  });
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
    ['onTrace that is no function', { onTrace: {} }],
    ['a file that is no text', { file: 7 }],
    ['readSource that is no function', { readSource: {} }],
    ['options as text', 'fast' as unknown as object],
    ['options as null', null as unknown as object],
  ];
  test.each(OPTIONS_REFUSED)('%s', async (what, options) => {
    tried++;
    const source = 'tool t"" x:n>n\nf x:n>n;*x 2';
    expect(await ending(() => compile(source, options))).toMatch(/ILO-E00[25]/);
    const program = compile(source);
    expect(await ending(() => program.with(options))).toMatch(/ILO-E00[25]/);
    expect([what, program.run('f', 21)]).toEqual([what, 42]);
  });
});

const THROWS = (): never => {
  throw null;
};
const CAPABILITIES: readonly (readonly [what: string, source: string, capabilities: object, ends: string])[] = [
  ['print throws null', 'f>n;prnt "x";1', { print: THROWS }, 'ILO-E006'],
  ['print gives a promise', 'f>n;prnt "x";1', { print: async () => 1 }, 'ok'],
  ['clock throws null', 'f>n;now()', { clock: THROWS }, 'ILO-E006'],
  ['clock gives a text', 'f>n;now()', { clock: () => 'x' }, 'ILO-E001'],
  ['clock gives a proxy', 'f>n;now()', { clock: () => new Proxy({}, {}) }, 'ILO-E001'],
  ['random throws null', 'f>n;rnd()', { random: THROWS }, 'ILO-E006'],
  ['random gives 7', 'f>n;rnd()', { random: () => 7 }, 'ILO-E001'],
  ['random gives no number', 'f>n;rnd()', { random: () => Number.NaN }, 'ILO-E001'],
  ['random gives a promise', 'f>n;rnd()', { random: async () => 0 }, 'ILO-E001'],
  ['onRequest throws null', 'f>R t t;rd "x"', { read: ['.'], onRequest: THROWS }, 'ILO-E006'],
  ['onRequest gives a promise of true', 'f>R t t;rd "x"', { read: ['.'], onRequest: async () => true }, 'ILO-R042'],
  [
    'onRequest gives a rejected promise',
    'f>R t t;rd "x"',
    { read: ['.'], onRequest: () => Promise.reject(1) },
    'ILO-R042',
  ],
  ['onRequest gives a text', 'f>R t t;rd "x"', { read: ['.'], onRequest: () => 'yes' }, 'ILO-R042'],
  ['onRequest gives nothing', 'f>R t t;wr "x" "y"', { write: ['.'], onRequest: () => undefined }, 'ILO-R042'],
  ['onRequest refuses', 'f>R t t;get "http://x.example/"', { net: ['x.example'], onRequest: () => false }, 'ILO-R042'],
];

test.each(CAPABILITIES)('%s', async (_, source, capabilities, ends) => {
  for (const { name: engine } of ENGINES) {
    tried++;
    const program = compile(source, { engine, capabilities });
    expect([engine, await ending(() => program.run('f'))]).toEqual([engine, ends]);
  }
  expect(await ending(() => compile(source, { capabilities }).runAsync('f'))).toBe(ends);
});

test('a secret of the environment is nowhere, on no level', async () => {
  const peeks = [
    'f>R t t;env "ILO_PLANTED_SECRET"',
    'f>_;rd "/proc/self/environ"',
    'f>_;rd "/proc/self/../self/environ"',
    'f>_;get "file:///proc/self/environ"',
  ];
  for (const isolation of LEVELS) {
    for (const source of peeks) {
      tried++;
      const printed: string[] = [];
      const run = compile(source, {
        isolation,
        limits: { timeout: 10_000 },
        capabilities: { print: text => void printed.push(text), env: ['ILO_OTHER'], net: ['example.com'] },
      }).runAsync('f');
      const said = await run.then(
        result => JSON.stringify(result),
        error => `${(error as IloError).code} ${(error as Error).message} ${JSON.stringify(error)}`,
      );
      expect(said + printed.join('')).not.toContain(SECRET);
      expect([isolation, source, said]).toEqual([isolation, source, expect.stringContaining('ILO-R042')]);
    }
  }
});

test('how many there were', () => {
  console.log(`${tried} hostile calls, requests and options`);
  expect(tried).toBeGreaterThanOrEqual(50);
});
