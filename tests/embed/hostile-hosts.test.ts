// Hosts that misbehave, on every engine and level of isolation: tools, sinks and clocks that throw or lie, buffers that are taken away, programs that
// are disposed in the middle, prototypes that were written to. Each run ends in its documented error, the host lives, and the next program is right.
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile, type Program, type RunOptions } from '../../src/embed/main.ts';
import type { EngineName } from '../../src/runtime/engines.ts';
import {
  closeTally,
  count,
  ENGINE_NAMES,
  EVERYWHERE,
  ending,
  PATIENT,
  plantSecret,
  SECRET,
  took,
  tool,
  type Where,
} from './hostile/tally.ts';
import { GIVES, type HostileTool, THROWS, WAITS } from './hostile/tools.ts';

const root = resolve(import.meta.dirname, '../..');

type Somewhere = Where & { readonly engine: EngineName };

plantSecret();

const base = compile('tool h"" x:n>R n t\ntool m"" x:n>n\nf x:n>R n t;h x\ng x:n>n;m x\nrec x:n>n;r=m x;rec r');

const on = ({ level, engine }: Somewhere, options: RunOptions): RunOptions => ({
  limits: PATIENT,
  ...options,
  isolation: level,
  engine,
});

const withTool = (where: Somewhere, call: (...args: never[]) => unknown, options: RunOptions = {}): Program =>
  base.with(on(where, { ...options, tools: { h: tool('x:n>R n t', call), m: tool('x:n>n', call) } }));

async function tryTool(where: Somewhere, [what, call, f, g]: HostileTool, waits: boolean): Promise<void> {
  count('tools', where);
  const program = withTool(where, call);
  const ways = [(name: string) => program.runAsync(name, 1)];
  if (where.level === 'in-process' && !waits) ways.push(async name => program.run(name, 1));
  for (const run of ways) {
    expect([what, await ending(() => run('f'), true)]).toEqual([what, expect.stringMatching(f)]);
    expect([what, await ending(() => run('g'), true)]).toEqual([what, expect.stringMatching(g)]);
  }
  if (!waits || where.level !== 'in-process') return;
  // Who blocks cannot wait: ILO-E004, unless it throws before there is anything to wait for.
  expect([what, await ending(() => program.run('g', 1))]).toEqual([what, expect.stringMatching(/E004|E006/)]);
}

describe.each(EVERYWHERE)('$level on $engine', where => {
  test('tools that throw, lie or never settle', async () => {
    for (const hostile of [...THROWS, ...GIVES]) await tryTool(where, hostile, false);
    for (const hostile of WAITS) await tryTool(where, hostile, true);
    count('tools', where);
    const never = withTool(where, () => new Promise(() => {}), { limits: { timeout: 60 } });
    expect(await Promise.all(['f', 'g'].map(name => ending(() => never.runAsync(name, 1))))).toEqual([
      'ILO-R044',
      'ILO-R044',
    ]);
  });

  test('endless loops and recursion through functions of the host', async () => {
    const here = where.level === 'in-process';
    count('callbacks', where, 4);
    const plain = withTool(where, (x: number) => x + 1, { limits: { ...PATIENT, depth: 100 } });
    expect(await ending(() => plain.runAsync('rec', 1))).toBe('ILO-R040');
    if (here) expect(await ending(() => plain.run('rec', 1))).toBe('ILO-R040');
    // A few deep: in isolation the outer runs keep their threads, and the inner ones may have to wait until the time of one is over.
    let depth = 0;
    const again: Program = withTool(where, (x: number) => (++depth > 3 ? x : again.runAsync('g', x)), {
      limits: { timeout: here ? 20_000 : 150 },
    });
    expect(await ending(() => again.runAsync('g', 1))).toMatch(here ? /^ok$/ : /^ok$|R044/);
    const blocking: Program = withTool(where, (x: number) => blocking.run('rec', x));
    expect(await ending(() => (here ? blocking.run('rec', 1) : blocking.runAsync('rec', 1)))).toMatch(
      here ? /E006|R040/ : /E010/,
    );
    const printing: Program = compile(
      'f>n;prnt "x";1',
      on(where, { capabilities: { print: () => void printing.run('f') } }),
    );
    expect(await ending(() => (here ? printing.run('f') : printing.runAsync('f')))).toMatch(
      here ? /E006|R040/ : /E010/,
    );
  });

  test('forged NaNs in typed arrays are the one NaN', async () => {
    const forged = new Float64Array(4);
    // As a register machine might write a reference, a small integer, or a signalling NaN.
    new BigUint64Array(forged.buffer).set([
      0xfff8_0000_0000_0001n,
      0x7ff8_dead_beef_cafen,
      0xffff_ffff_ffff_ffffn,
      0x7ff0_0000_0000_0001n,
    ]);
    const program = compile(
      'tool t"" x:n>L n\nf xs:L n>L b;map (x:n>b;=x x) xs\ng xs:L n>n;sum xs\nh x:n>t;str x\na x:n>n;xs=t x;sum xs',
      on(where, { tools: { t: tool('x:n>L n', () => forged) } }),
    );
    count('nans', where, 4);
    expect(await program.runAsync('f', forged)).toEqual([false, false, false, false]);
    expect(await program.runAsync('g', forged)).toBe(Number.NaN);
    expect(await program.runAsync('a', 1)).toBe(Number.NaN);
    for (const x of forged) expect(await program.runAsync('h', x)).toBe('NaN');
  });

  test('buffers that are detached or resized during the call', async () => {
    count('buffers', where, 3);
    const resizable = new (ArrayBuffer as unknown as new (size: number, options: object) => ArrayBuffer)(8000, {
      maxByteLength: 16000,
    });
    let numbers = new Float64Array(0);
    const takeAway = (): number => {
      if (numbers.length > 0) structuredClone(numbers.buffer, { transfer: [numbers.buffer] });
      (resizable as unknown as { resize: (size: number) => void }).resize(8);
      return 1;
    };
    const program = compile(
      'tool t"" x:n>n\nf xs:L n ys:L n>n;a=t 1;b=sum xs;c=sum ys;d=+a b;+d c\np xs:L n>n;prnt "x";sum xs\nm x:n>n;y=t x;+x y',
      on(where, { tools: { t: tool('x:n>n', takeAway) }, capabilities: { print: () => void takeAway() } }),
    );
    numbers = new Float64Array(1000).fill(1);
    expect(await program.runAsync('f', numbers, new Float64Array(resizable).fill(1))).toBe(2001);
    numbers = new Float64Array(1000).fill(1);
    expect(await program.runAsync('p', numbers)).toBe(1000);
    numbers = new Float64Array(100).fill(1);
    const column = program.with({ isolation: 'in-process' });
    expect(column.map('m', numbers)).toEqual(new Float64Array(100).fill(2));
  });

  test('disposed and cancelled at the wrong moment', async () => {
    const isGone = async (program: Program): Promise<void> => {
      count('dispose', where);
      program.dispose();
      program.dispose();
      expect(await ending(() => program.runAsync('g', 1))).toBe('ILO-E003');
      expect(await ending(() => program.run('g', 1))).toBe('ILO-E003');
    };
    await isGone(withTool(where, () => 1));
    for (const answer of [() => 1, async () => 1]) {
      const inTool: Program = withTool(where, () => {
        inTool.dispose();
        return answer();
      });
      expect(await ending(() => inTool.runAsync('g', 1))).toBe('ok');
      await isGone(inTool);
    }
    const inPrint: Program = compile(
      'g x:n>n;prnt "x";x',
      on(where, { capabilities: { print: () => inPrint.dispose() } }),
    );
    expect(await ending(() => inPrint.runAsync('g', 1))).toBe('ok');
    await isGone(inPrint);
    const between = compile('g x:n>n;s=0;@i 0..200000{s=+s x};s', on(where, {}));
    setImmediate(() => between.dispose());
    expect(await ending(() => between.runAsync('g', 1))).toBe('ok');
    await isGone(between);
    const reading = compile('g x:_>n;1', on(where, {}));
    const getter = {
      get x() {
        reading.dispose();
        return 1;
      },
    };
    expect(await ending(() => reading.runAsync('g', getter))).toMatch(/^ok$|E003/);
    await isGone(reading);
    const cancel = new AbortController();
    const cancelled: Program = withTool(
      where,
      () => {
        cancel.abort();
        cancel.abort();
        return new Promise(() => {});
      },
      { signal: cancel.signal },
    );
    cancel.signal.addEventListener('abort', () => cancelled.dispose());
    expect(await ending(() => cancelled.runAsync('g', 1))).toBe('ILO-E007');
    await isGone(cancelled);
  });
});

const throwsNull = (): never => {
  throw null;
};
const muteError = (): never => {
  throw Object.defineProperty(new Error(), 'message', { get: throwsNull });
};
const CAPABILITIES: readonly (readonly [what: string, source: string, capabilities: object, ends: string])[] = [
  ['print throws null', 'f>n;prnt "x";1', { print: throwsNull }, 'ILO-E006'],
  ['print throws a mute error', 'f>n;prnt "x";1', { print: muteError }, 'ILO-E006'],
  ['print gives a promise', 'f>n;prnt "x";1', { print: async () => 1 }, 'ok'],
  ['print gives a promise that is rejected', 'f>n;prnt "x";1', { print: () => Promise.reject(null) }, 'ok'],
  ['clock throws null', 'f>n;now()', { clock: throwsNull }, 'ILO-E006'],
  ['clock gives a text', 'f>n;now()', { clock: () => 'x' }, 'ILO-E001'],
  ['clock gives a proxy', 'f>n;now()', { clock: () => new Proxy({}, {}) }, 'ILO-E001'],
  ['random throws null', 'f>n;rnd()', { random: throwsNull }, 'ILO-E006'],
  ['random gives 7', 'f>n;rnd()', { random: () => 7 }, 'ILO-E001'],
  ['random gives no number', 'f>n;rnd()', { random: () => Number.NaN }, 'ILO-E001'],
  ['random gives a promise', 'f>n;rnd()', { random: async () => 0 }, 'ILO-E001'],
  ['onRequest throws null', 'f>R t t;rd "x"', { read: ['.'], onRequest: throwsNull }, 'ILO-E006'],
  ['onRequest gives a promise', 'f>R t t;rd "x"', { read: ['.'], onRequest: async () => true }, 'ILO-R042'],
  ['onRequest rejects', 'f>R t t;rd "x"', { read: ['.'], onRequest: () => Promise.reject(1) }, 'ILO-R042'],
  ['onRequest gives a text', 'f>R t t;rd "x"', { read: ['.'], onRequest: () => 'yes' }, 'ILO-R042'],
  ['onRequest gives nothing', 'f>R t t;wr "x" "y"', { write: ['.'], onRequest: () => undefined }, 'ILO-R042'],
  ['onRequest refuses', 'f>R t t;get "http://x.example/"', { net: ['x.example'], onRequest: () => false }, 'ILO-R042'],
];

test.each(CAPABILITIES)('%s', async (_, source, capabilities, ends) => {
  for (const where of EVERYWHERE) {
    count('capabilities', where);
    const ended = await ending(() => compile(source, on(where, { capabilities })).runAsync('f'), true);
    expect([where, ended]).toEqual([where, ends]);
    if (where.level !== 'in-process') continue;
    expect([where, await ending(() => compile(source, on(where, { capabilities })).run('f'))]).toEqual([where, ends]);
  }
});

// With these nothing can be computed: everything is refused.
const REFUSED = ['elements of every array', 'an element of every array, far behind', 'elements of everything'];
const HIDDEN = 'an element that is not shown';
// The language itself trips over this one, in our code, in Node's own and in the host's.
const TRIPS = 'return, which every loop calls';

test('prototypes that were written to change nothing', () => {
  const args = [join(import.meta.dirname, 'hostile/polluted-host.mjs'), join(root, 'dist/embed.cjs'), SECRET];
  const out = execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const results = JSON.parse(out) as (Somewhere & {
    readonly what: string;
    readonly said: unknown[];
    readonly milliseconds: number;
  })[];
  for (const { what, level, engine, said, milliseconds } of results) {
    count('polluted', { level, engine });
    took('polluted', `${what}, ${level} on ${engine}`, milliseconds);
    const right = ['ILO-R043', 'mine', 'ILO-R042', [1, 2], { ok: 2 }];
    if (level === 'in-process') right.push('ILO-R043', { ok: 2 });
    if (what === TRIPS) {
      for (const one of said) expect([...right, 'ILO-R099']).toContainEqual(one);
      continue;
    }
    const isRefused = REFUSED.includes(what) || what === HIDDEN;
    expect([what, level, engine, ...said]).toEqual([what, level, engine, ...(isRefused ? ['ILO-E011'] : right)]);
  }
  expect(new Set(results.map(({ engine }) => engine))).toEqual(new Set(ENGINE_NAMES));
  expect(out).not.toContain(SECRET);
}, 120_000);

closeTally('hosts', ['tools', 'callbacks', 'nans', 'buffers', 'dispose', 'capabilities', 'polluted']);
