// Programs in threads and in processes of their own: the same answers and errors, and an end for whatever does not end by itself.
import { afterAll, describe, expect, test } from 'vitest';
import { MOST_PROGRAMS } from '../../src/embed/isolation/messages.ts';
import { poolOf } from '../../src/embed/isolation/pool.ts';
import { compile, drainPools, type IloError } from '../../src/embed/main.ts';

const LEVELS = ['worker', 'process'] as const;

afterAll(() => drainPools());

async function rejected(work: Promise<unknown>): Promise<IloError> {
  try {
    await work;
  } catch (error) {
    return error as IloError;
  }
  throw new Error('nothing was thrown');
}

describe.each(LEVELS)('isolation %s', level => {
  const source = [
    'type pt{x:n;y:n}',
    'tool ask"" q:t>R t t',
    'sq n:n>n;*n n',
    'move p:pt>pt;nx=+p.x 1;p with x:nx',
    'spin>n;i=0;wh true{i=+i 1};i',
    'div a:n b:n>n;/a b',
    'talk q:t>t;prnt "asking";r=ask q;?r{~v:v;^e:fmt "no: {}" e}',
    'hold n:n>n;xs=[];@i 0..n{s=fmt "{}{}" i "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";xs=+=xs s};len xs',
  ].join('\n');
  const program = compile(source, { isolation: level, limits: { timeout: 10_000 } });

  test('runs, with data in both directions', async () => {
    expect(await program.runAsync('sq', 12)).toBe(144);
    expect(await program.runAsync('move', { x: 1, y: 2 })).toEqual({ x: 2, y: 2 });
    expect(program.stats.fuel).toBeGreaterThan(0);
  });

  test('errors have their code, place and chain', async () => {
    expect(await rejected(program.runAsync('div', 1, 0))).toMatchObject({
      code: 'ILO-R003',
      place: { line: 6 },
      calls: ['div'],
    });
    expect(await rejected(program.runAsync('sq', 'x'))).toMatchObject({ code: 'ILO-E001' });
    const short = program.with({ limits: { fuel: 1000 } });
    expect(await rejected(short.runAsync('spin'))).toMatchObject({
      code: 'ILO-R043',
      name: 'LimitError',
      place: { line: 5 },
    });
    expect(() => program.run('sq', 1)).toThrow(/ILO-E010/);
    expect(() => program.fn.sq!(1)).toThrow(/ILO-E010/);
  });

  test('tools and printing come back to the caller', async () => {
    const printed: string[] = [];
    const call = async (q: string): Promise<string> => {
      if (q === 'bad') throw new Error('broken');
      return `${q}!`;
    };
    const talking = program.with({
      limits: { timeout: 10_000 },
      tools: { ask: { signature: 'q:t>R t t', call: call as never } },
      capabilities: { print: text => printed.push(text) },
    });
    expect(await talking.runAsync('talk', 'hi')).toBe('hi!');
    expect(await talking.runAsync('talk', 'bad')).toBe('no: broken');
    expect(printed).toEqual(['asking\n', 'asking\n']);
  });

  test('cancelling ends a loop', async () => {
    const cancel = new AbortController();
    const endless = program.with({
      signal: cancel.signal,
      limits: { fuel: Number.POSITIVE_INFINITY, timeout: 60_000 },
    });
    const run = endless.runAsync('spin');
    setTimeout(() => cancel.abort(), 50);
    expect((await rejected(run)).code).toBe('ILO-E007');
    expect(await program.runAsync('sq', 3)).toBe(9);
  });

  test('memory beyond the cap ends the program and nothing else', async () => {
    const limits = { fuel: 1e10, alloc: Number.POSITIVE_INFINITY, timeout: 60_000 };
    const small = program.with({ memory: 32, limits });
    const error = await rejected(small.runAsync('hold', 5_000_000));
    expect([error.code, error.name]).toEqual(['ILO-R045', 'LimitError']);
    expect(await small.runAsync('sq', 4)).toBe(16);
  }, 60_000);

  test('nothing of the environment is there', async () => {
    process.env.ILO_PLANTED_SECRET = 'planted';
    const peek = compile('f>t;r=env "ILO_PLANTED_SECRET";?r{~v:v;^e:"none"}', {
      isolation: level,
      limits: { timeout: 10_000 },
    });
    expect((await rejected(peek.runAsync('f'))).code).toBe('ILO-R042');
    const granted = peek.with({ capabilities: { env: ['ILO_PLANTED_SECRET'] }, limits: { timeout: 10_000 } });
    expect(await granted.runAsync('f')).toBe('planted');
    const values = peek.with({ capabilities: { env: { OTHER: 'x' } }, limits: { timeout: 10_000 } });
    expect(await values.runAsync('f')).toBe('none');
    delete process.env.ILO_PLANTED_SECRET;
  });

  test('more runs than there are threads', async () => {
    const runs = Array.from({ length: 20 }, (_, n) => program.runAsync('sq', n));
    expect(await Promise.all(runs)).toEqual(Array.from({ length: 20 }, (_, n) => n * n));
  });
});

test('options that make no sense are refused at once', () => {
  expect(() => compile('f>n;1', { isolation: 'elsewhere' } as never)).toThrow(/ILO-E002/);
  expect(() => compile('f>n;1', { isolation: 'worker', memory: 1 })).toThrow(/ILO-E002/);
});

test('of many programs only so many are remembered, and one that was forgotten runs again', async () => {
  const pool = poolOf('worker', 300);
  const programs = Array.from({ length: MOST_PROGRAMS + 20 }, (_, i) =>
    compile(`f>n;${i}`, { isolation: 'worker', memory: 300 }),
  );
  for (const [i, program] of programs.entries()) expect(await program.runAsync('f')).toBe(i);
  expect(await programs[0]!.runAsync('f')).toBe(0);
  const patience = {
    signal: undefined,
    cancelled: () => new Error(),
    milliseconds: 1000,
    outOfTime: () => new Error(),
  };
  const isolated = await pool.acquire(patience);
  expect(isolated.known.size).toBe(MOST_PROGRAMS);
  pool.release(isolated);
});
