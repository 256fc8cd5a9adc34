// What isolated programs print: all of it, in order, also beside tools and questions and when a program is ended with force.
import { afterAll, describe, expect, test } from 'vitest';
import { compile, drainPools, type IloError, type Input, type RunOptions } from '../../src/embed/main.ts';

afterAll(drainPools);

describe.each(['worker', 'process'] as const)('isolation %s', isolation => {
  const printing = (source: string, options: RunOptions = {}) => {
    const printed: string[] = [];
    const program = compile(source, {
      isolation,
      limits: { timeout: 20_000 },
      ...options,
      capabilities: { ...options.capabilities, print: text => void printed.push(text.trimEnd()) },
    });
    const run = async (...args: Input[]): Promise<readonly unknown[]> => {
      const end = await program.runAsync('f', ...args).catch((error: IloError) => error.code);
      return [end, program.stats.hostCalls, printed];
    };
    return run;
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`);

  test('lines come all and in order, each by itself', async () => {
    const run = printing('f n:n>n;@i 0..n{prnt fmt "line {}" i};n');
    expect(await run(30_000)).toEqual([30_000, 30_000, numbers(30_000)]);
  });

  test('lines before an end by a limit', async () => {
    const run = printing('f n:n>n;@i 0..n{prnt fmt "line {}" i};wh true{1};n', {
      limits: { fuel: 50_000, timeout: 20_000 },
    });
    expect(await run(100)).toEqual(['ILO-R043', 100, numbers(100)]);
    const late = printing('f n:n>n;@i 0..n{prnt fmt "line {}" i};wh true{1};n', {
      limits: { fuel: Number.POSITIVE_INFINITY, timeout: 300 },
    });
    expect(await late(100)).toEqual(['ILO-R044', 100, numbers(100)]);
  });

  test('lines before an end with force, in the middle of a builtin or of a loop', async () => {
    const limits = { fuel: Number.POSITIVE_INFINITY, timeout: 200, alloc: Number.POSITIVE_INFINITY };
    // Two seconds in one builtin: ended with force.
    const long = printing(
      'f n:n>n;@i 0..n{prnt fmt "line {}" i};xs=range 0 1000000;ys=range 1000000 2000000;zs=setunion xs ys;len zs',
      {
        limits,
      },
    );
    expect(await long(100)).toEqual(['ILO-R044', 100, numbers(100)]);
    const signal = new AbortController();
    const cancelled = printing('f n:n>n;@i 0..n{prnt fmt "line {}" i};wh true{1};n', {
      limits: { ...limits, timeout: 20_000 },
      signal: signal.signal,
    });
    setTimeout(() => signal.abort(), 1500);
    expect(await cancelled(100)).toEqual(['ILO-E007', 100, numbers(100)]);
  });

  test('lines, tools and questions keep their order', async () => {
    const order: string[] = [];
    const program = compile(
      'tool t"" x:n>n\nf>n;prnt "a";prnt "b";x=t 1;prnt "c";y=now();prnt "d";z=rnd();prnt "e";x',
      {
        isolation,
        limits: { timeout: 20_000 },
        capabilities: {
          print: text => void order.push(text.trimEnd()),
          clock: () => order.push('now'),
          random: () => {
            order.push('rnd');
            return 0.5;
          },
        },
        tools: { t: { signature: 'x:n>n', call: (x: number) => order.push('tool') && x } },
      },
    );
    expect(await program.runAsync('f')).toBe(1);
    expect(order).toEqual(['a', 'b', 'tool', 'c', 'now', 'd', 'rnd', 'e']);
  });

  test('lines are there while the program waits', async () => {
    let seen: () => void = () => {};
    const line = new Promise<void>(resolve => {
      seen = resolve;
    });
    const signal = new AbortController();
    const run = compile('tool t"" x:n>n\nf>n;prnt "waiting";sleep 1000000000;1', {
      isolation,
      limits: { timeout: 60_000 },
      signal: signal.signal,
      capabilities: { clock: true, print: () => seen() },
      tools: { t: { signature: 'x:n>n', call: (x: number) => x } },
    }).runAsync('f');
    await line;
    signal.abort();
    await expect(run).rejects.toThrow('ILO-E007');
  });
});
