// The first runs of a function begin without generated code and may be made again: nobody outside can tell.
import { expect, test } from 'vitest';
import { compile, IloError } from '../../src/embed/main.ts';

/** Each uses more than the allowance of first runs. */
const LONG: Readonly<Record<string, string>> = {
  'a loop': 'f n:n>n;s=0;@i 0..n{s=+s i};s',
  'builtins that repeat, in a program that does not': 'sq x:n>n;*x x\nf n:n>n;xs=map sq (range 0 n);sum xs',
  recursion: 'go k:n s:n>n;<=k 0 s;go -k 1 +s k\nf n:n>n;t=0;@j 0..100{u=go 500 0;t=+t u};+t n',
};

test.each(Object.entries(LONG))('%s: the same result and the same use as on every engine', (_, source) => {
  const auto = compile(source);
  const results = [1, 2, 3].map(() => [auto.run('f', 30_000), auto.stats.fuel, auto.stats.bytes]);
  for (const engine of ['tree', 'closure', 'vm', 'js'] as const) {
    const other = compile(source, { engine });
    expect([other.run('f', 30_000), other.stats.fuel, other.stats.bytes], engine).toEqual(results[0]);
  }
  expect(results[0]![1]).toBeGreaterThan(20_000);
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

test.each(Object.entries(LONG))('%s: limits strike where they do on every engine', (_, source) => {
  for (const fuel of [100, 20_001, 25_000]) {
    const ends = (['auto', 'closure', 'js'] as const).map(engine => {
      try {
        return compile(source, { engine, limits: { fuel } }).run('f', 30_000);
      } catch (error) {
        if (!(error instanceof IloError)) throw error;
        const { code, place, calls, stats } = error;
        return { code, place, calls, fuel: stats?.fuel, bytes: stats?.bytes };
      }
    });
    expect(ends[0]).toMatchObject({ code: 'ILO-R043' });
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  }
});

const SPIN = 's=0;@i 0..30000{s=+s i}';

const TOUCHING: Readonly<Record<string, string>> = {
  'printing in the function': `f>n;prnt "x";${SPIN};s`,
  'printing in another one': `say>n;prnt "x";1\nf>n;say();${SPIN};s`,
  'printing in a function that is handed on': `say x:n>n;prnt "x";x\nf>n;xs=map say [1];${SPIN};+s len xs`,
  'printing in an inline function': `f>n;xs=map (x:n>n;prnt "x";x) [1];${SPIN};+s len xs`,
  'printing behind a variable of the same name': `f>n;prnt "x";g 1\ng prnt:n>n;${SPIN};s`,
};

test.each(Object.entries(TOUCHING))('%s happens once', (_, source) => {
  const printed: string[] = [];
  compile(source, { capabilities: { print: text => printed.push(text) } }).run('f');
  expect(printed).toEqual(['x\n']);
});

test('a tool is called once, and random numbers are drawn once', () => {
  let calls = 0;
  const call = (x: number): number => {
    calls++;
    return x + 1;
  };
  const asking = compile(`tool ask"" x:n>n\nf>n;a=ask 1;${SPIN};+s a`, {
    tools: { ask: { signature: 'x:n>n', call } },
  });
  expect(asking.run('f')).toBe(449985002);
  expect(calls).toBe(1);
  const random = (): number => {
    calls++;
    return 0.5;
  };
  const rolling = compile(`f>n;a=rnd;${SPIN};+s a`, { capabilities: { random } });
  expect(rolling.run('f')).toBe(449985000.5);
  expect(calls).toBe(2);
});

test('a function called often, then another one once, with callbacks in both', () => {
  const { fn } = compile('d x:n>n;*x 2\na n:n>n;xs=map d (range 0 n);sum xs\nb n:n>n;xs=map d (range 0 n);len xs');
  for (let i = 0; i < 50; i++) expect(fn.a!(10)).toBe(90);
  expect(fn.b!(3)).toBe(3);
  expect(fn.a!(10)).toBe(90);
});
